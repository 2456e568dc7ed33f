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
import type { Server } from './server';
import { frameText, fullAnswer, inlineAnswer, place } from './value-text';

const valueScheme = 'nixray-value';

/** Deeper than a hover, since a document has room. */
const valueDepth = 8;

export class SelectionEvaluator implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly documents = new Map<string, string>();
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  private readonly decoration = vscode.window.createTextEditorDecorationType({
    after: { margin: '0 0 0 1.5em', fontStyle: 'italic' },
    rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
  });
  private readonly subscriptions: vscode.Disposable[];
  private running: vscode.CancellationTokenSource | undefined;

  readonly onDidChange = this.changed.event;

  constructor(
    private readonly server: Server,
    private readonly output: vscode.LogOutputChannel,
  ) {
    this.subscriptions = [
      vscode.workspace.registerTextDocumentContentProvider(valueScheme, this),
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.forget(document)),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.documents.delete(uri.toString())),
    ];
  }

  dispose(): void {
    this.running?.cancel();
    for (const subscription of this.subscriptions) subscription.dispose();
    this.decoration.dispose();
    this.changed.dispose();
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return (
      this.documents.get(uri.toString()) ??
      '# This value is no longer known; evaluate the expression again.\n'
    );
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
    else if (reply.result === null)
      vscode.window.setStatusBarMessage('Nixray: there is no expression here', 4000);
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
        hoverMessage: hover(result),
        renderOptions: { after: { contentText: result.error ? text : `= ${text}`, color } },
      },
    ]);
    const where = place(editor.document.uri.toString(), selection.start.line + 1);
    this.output.info(`${where}: ${fullAnswer(result)}`);
    if (!complete) await this.openDocument(where, result);
  }

  private async openDocument(where: string, result: EvaluateResult): Promise<void> {
    const uri = vscode.Uri.from({
      scheme: valueScheme,
      path: `/Value at ${where.replace(':', ' line ')}.nix`,
    });
    this.documents.set(uri.toString(), `# The value at ${where}\n${fullAnswer(result)}\n`);
    this.changed.fire(uri);
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(document, {
      viewColumn: vscode.ViewColumn.Beside,
      preserveFocus: true,
      preview: true,
    });
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

/** The value with its type, or the error with links to the places of its trace. */
function hover(result: EvaluateResult): vscode.MarkdownString {
  const markdown = new vscode.MarkdownString();
  if (result.error === undefined) {
    markdown.appendCodeblock(result.value, languageId).appendText(result.type);
  } else {
    markdown.appendCodeblock(`error: ${result.error.message}`, languageId);
    for (const frame of result.error.trace) {
      markdown.appendMarkdown('\n- ').appendText(frameText(frame));
      if (frame.location === undefined) continue;
      const { uri, range } = frame.location;
      const target = vscode.Uri.parse(uri).with({
        fragment: `L${range.start.line + 1},${range.start.character + 1}`,
      });
      markdown.appendMarkdown(` ([open](${target.toString()}))`);
    }
  }
  if (result.source !== undefined) markdown.appendText(`\n${result.source}`);
  return markdown;
}
