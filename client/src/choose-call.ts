// The command *Choose Call*: lists the places that may call the function at the
// cursor; from then on the values inside of it are those of the chosen call, until
// the text of either file changes.
import * as vscode from 'vscode';
import {
  callsMethod,
  chooseCallMethod,
  languageId,
  type CallsParams,
  type CallsResult,
  type ChooseCallParams,
  type FunctionCall,
  type Position,
} from '../../shared/src/protocol';
import type { Server } from './server';
import { place } from './value-text';

interface CallItem extends vscode.QuickPickItem {
  readonly call: FunctionCall;
}

/** A lens gives the function's place; without it, the cursor's is meant. */
export async function chooseCall(server: Server, uri?: string, position?: Position): Promise<void> {
  const question = questionOf(uri, position);
  if (question === undefined) {
    void vscode.window.showInformationMessage('Open a Nix file and put the cursor into a function.');
    return;
  }
  const reply = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Window, title: 'Nixray: looking for calls' },
    () => server.request<CallsParams, CallsResult>(callsMethod, question),
  );
  if ('problem' in reply) return void vscode.window.showWarningMessage(reply.problem);
  const calls = reply.result?.calls;
  if (calls === undefined)
    return void vscode.window.setStatusBarMessage('Nixray: the cursor is in no function', 4000);
  if (calls.length === 0)
    return void vscode.window.showInformationMessage('Nixray knows no call of this function.');
  const picked = await vscode.window.showQuickPick(calls.map(itemOf), {
    title: 'The call whose values are shown',
    matchOnDescription: true,
  });
  if (picked !== undefined) await choose(server, { ...question, call: picked.call.location });
}

function questionOf(uri: string | undefined, position: Position | undefined): CallsParams | undefined {
  if (uri !== undefined && position !== undefined) return { textDocument: { uri }, position };
  const editor = vscode.window.activeTextEditor;
  if (editor?.document.languageId !== languageId) return undefined;
  const { line, character } = editor.selection.active;
  return { textDocument: { uri: editor.document.uri.toString() }, position: { line, character } };
}

function itemOf(call: FunctionCall): CallItem {
  const { uri, range } = call.location;
  return {
    call,
    label: call.chosen ? `$(check) ${call.text}` : call.text,
    description: place(uri, range.start.line + 1),
  };
}

async function choose(server: Server, choice: ChooseCallParams): Promise<void> {
  const reply = await server.request<ChooseCallParams, boolean>(chooseCallMethod, choice);
  if ('problem' in reply) void vscode.window.showWarningMessage(reply.problem);
  else if (reply.result !== true)
    void vscode.window.showWarningMessage('The call is not there any more; choose again.');
}
