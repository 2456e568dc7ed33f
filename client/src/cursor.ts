// The place that a command is about: what a lens gives, or the cursor in a Nix file.
import * as vscode from 'vscode';
import { languageId, type Position, type TextDocumentIdentifier } from '../../shared/src/protocol';

export interface Place {
  readonly textDocument: TextDocumentIdentifier;
  readonly position: Position;
}

/** Undefined, and the user is told so, where there is no Nix file or no trust. */
export function placeOfCommand(uri?: string, position?: Position): Place | undefined {
  if (!vscode.workspace.isTrusted) {
    void vscode.window.showInformationMessage('Nixray evaluates nothing in an untrusted workspace.');
    return undefined;
  }
  if (uri !== undefined && position !== undefined) return { textDocument: { uri }, position };
  const editor = vscode.window.activeTextEditor;
  if (editor?.document.languageId !== languageId) {
    void vscode.window.showInformationMessage(
      'Open a Nix file and put the cursor where you want to know more.',
    );
    return undefined;
  }
  const { line, character } = editor.selection.active;
  return { textDocument: { uri: editor.document.uri.toString() }, position: { line, character } };
}
