// The command *Evaluate Selection*: the value of what is selected, or of the
// expression at the cursor, stands at the line's end until the text changes. A value
// that does not fit there opens in a document of its own beside the source.
import * as vscode from 'vscode';
import {
  evaluateMethod,
  languageId,
  type EvaluateParams,
  type EvaluateResult,
} from '../../shared/src/protocol';
import { say } from './say';
import type { Server } from './server';
import type { ValueDocuments } from './value-documents';
import { valueMarkdown } from './value-markdown';
import { fullAnswer, inlineAnswer, placeText } from './value-text';

/** Deeper than a hover, since a document has room. */
const valueDepth = 8;

export class SelectionEvaluator implements vscode.Disposable {
  private readonly decoration = vscode.window.createTextEditorDecorationType({
    after: { margin: '0 0 0 1.5em', fontStyle: 'italic' },
    rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
  });
  private readonly subscriptions: vscode.Disposable[];
  private running: vscode.CancellationTokenSource | undefined;

  constructor(
    private readonly server: Server,
    private readonly documents: ValueDocuments,
    private readonly output: vscode.LogOutputChannel,
  ) {
    this.subscriptions = [vscode.workspace.onDidChangeTextDocument(({ document }) => this.forget(document))];
  }

  dispose(): void {
    this.running?.cancel();
    for (const subscription of this.subscriptions) subscription.dispose();
    this.decoration.dispose();
  }

  /** The command. A second one, while the first is under way, takes its place. */
  async evaluate(): Promise<void> {
    const editor = vscode.window.activeTextEditor;
    if (editor?.document.languageId !== languageId) {
      void vscode.window.showInformationMessage('Open a Nix file and select an expression to evaluate it.');
      return;
    }
    if (!vscode.workspace.isTrusted) {
      void vscode.window.showInformationMessage('Nixray evaluates nothing in an untrusted workspace.');
      return;
    }
    this.running?.cancel();
    const cancellation = (this.running = new vscode.CancellationTokenSource());
    const { selection } = editor;
    const { version } = editor.document;
    const reply = await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Window, title: 'Nixray: evaluating' },
      () =>
        this.server.request<EvaluateParams, EvaluateResult>(
          evaluateMethod,
          question(editor.document, selection),
          cancellation.token,
        ),
    );
    if (cancellation.token.isCancellationRequested) return;
    // A value of another text than the one that is shown would be a lie.
    if (editor.document.version !== version) return;
    if ('problem' in reply) void vscode.window.showWarningMessage(reply.problem);
    else if (reply.result === null) say('there is no expression here');
    else await this.show(editor, selection, reply.result);
  }

  private async show(
    editor: vscode.TextEditor,
    selection: vscode.Selection,
    result: EvaluateResult,
  ): Promise<void> {
    const { text, complete } = inlineAnswer(result);
    const color = new vscode.ThemeColor(
      result.error ? 'editorError.foreground' : 'editorCodeLens.foreground',
    );
    editor.setDecorations(this.decoration, [
      {
        range: new vscode.Range(selection.start, editor.document.lineAt(selection.end.line).range.end),
        hoverMessage: valueMarkdown(result),
        renderOptions: { after: { contentText: result.error ? text : `= ${text}`, color } },
      },
    ]);
    const where = placeText(editor.document.uri.toString(), selection.start.line + 1);
    this.output.info(`${where}: ${fullAnswer(result)}`);
    if (!complete) await this.documents.show(`The value at ${where}`, editor.document.uri, result);
  }

  private forget(document: vscode.TextDocument): void {
    for (const editor of vscode.window.visibleTextEditors) {
      if (editor.document === document) editor.setDecorations(this.decoration, []);
    }
  }
}

function question(document: vscode.TextDocument, selection: vscode.Selection): EvaluateParams {
  const { start, end, active, isEmpty } = selection;
  const at = ({ line, character }: vscode.Position) => ({ line, character });
  const textDocument = { uri: document.uri.toString() };
  if (isEmpty) return { textDocument, position: at(active), depth: valueDepth };
  return { textDocument, range: { start: at(start), end: at(end) }, depth: valueDepth };
}
