// The byte code beside its source: a read-only document that follows edits. The
// cursor on either side marks the matching part of the other one.
//
// A part is marked only while both sides are current: between an edit and the
// new byte code nothing is marked, since ranges would point into another text.
import * as vscode from 'vscode';
import {
  bytecodeMethod,
  languageId,
  type BytecodeParams,
  type BytecodeResult,
  type Range,
} from '../../shared/src/protocol';
import { fileName } from './file-name';
import { linesAt, renderBytecode, renderMessage, type BytecodeText } from './bytecode-text';
import { bytecodeLanguage, bytecodeScheme, bytecodeUri, sourceUri } from './bytecode-uri';
import type { Server } from './server';

/** How long the view waits after an edit; typing fast asks once, not for every letter. */
const delay = 120;

interface View {
  readonly uri: vscode.Uri;
  readonly source: vscode.Uri;
  bytecode: BytecodeText;
  /** The version of the source that the byte code was made from. */
  version: number;
  timer: NodeJS.Timeout | undefined;
}

export class BytecodeView implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly views = new Map<string, View>();
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  private readonly mark = vscode.window.createTextEditorDecorationType({
    backgroundColor: new vscode.ThemeColor('editor.wordHighlightStrongBackground'),
    overviewRulerColor: new vscode.ThemeColor('editorOverviewRuler.wordHighlightStrongForeground'),
    overviewRulerLane: vscode.OverviewRulerLane.Center,
  });
  private readonly subscriptions: vscode.Disposable[];

  readonly onDidChange = this.changed.event;

  constructor(private readonly server: Server) {
    this.subscriptions = [
      vscode.workspace.registerTextDocumentContentProvider(bytecodeScheme, this),
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.documentChanged(document)),
      vscode.workspace.onDidCloseTextDocument((document) => this.documentClosed(document)),
      vscode.window.onDidChangeTextEditorSelection(({ textEditor }) => this.followCursor(textEditor)),
      server.onDidChangeState((state) => {
        if (state === 'running') for (const view of this.views.values()) this.refreshLater(view);
      }),
    ];
  }

  dispose(): void {
    for (const view of this.views.values()) clearTimeout(view.timer);
    for (const subscription of this.subscriptions) subscription.dispose();
    this.mark.dispose();
    this.changed.dispose();
  }

  /** The command: shows the byte code of the active editor's document beside it. */
  async open(): Promise<void> {
    const editor = vscode.window.activeTextEditor;
    if (editor?.document.languageId === bytecodeLanguage) return;
    if (editor?.document.languageId !== languageId) {
      void vscode.window.showInformationMessage('Open a Nix file to see its byte code.');
      return;
    }
    const document = await vscode.workspace.openTextDocument(bytecodeUri(editor.document.uri));
    await vscode.window.showTextDocument(document, {
      viewColumn: vscode.ViewColumn.Beside,
      preserveFocus: true,
      preview: false,
    });
    this.followCursor(editor);
  }

  /** The editor asks for the content when the document is opened and after each `onDidChange`. */
  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const view = this.viewOf(uri);
    await this.load(view);
    return view.bytecode.text;
  }

  private viewOf(uri: vscode.Uri): View {
    const key = uri.toString();
    let view = this.views.get(key);
    if (view === undefined) {
      view = { uri, source: sourceUri(uri), bytecode: renderMessage(''), version: -1, timer: undefined };
      this.views.set(key, view);
    }
    return view;
  }

  private async load(view: View): Promise<void> {
    const document = await openDocument(view.source);
    if (document === undefined) {
      view.bytecode = renderMessage(`There is no document ${view.source.fsPath} any more.`);
      return;
    }
    const version = document.version;
    const params: BytecodeParams = { textDocument: { uri: view.source.toString() } };
    const reply = await this.server.request<BytecodeParams, BytecodeResult>(bytecodeMethod, params);
    // An edit in between has asked for another refresh, which will bring the current text.
    if ('problem' in reply && reply.superseded) return;
    if (document.version !== version && view.version !== -1) return;
    view.version = version;
    if ('problem' in reply) view.bytecode = renderMessage(reply.problem);
    else if (reply.result === null) view.bytecode = renderMessage('This document has no byte code.');
    else view.bytecode = renderBytecode(fileName(view.source), reply.result);
  }

  private refreshLater(view: View): void {
    clearTimeout(view.timer);
    view.timer = setTimeout(() => this.changed.fire(view.uri), delay);
  }

  private documentChanged(document: vscode.TextDocument): void {
    if (document.uri.scheme === bytecodeScheme) {
      const view = this.views.get(document.uri.toString());
      for (const editor of vscode.window.visibleTextEditors) {
        if (view !== undefined && editor.document.uri.toString() === view.source.toString())
          this.followCursor(editor);
      }
      return;
    }
    const view = this.views.get(bytecodeUri(document.uri).toString());
    if (view !== undefined) this.refreshLater(view);
  }

  private documentClosed(document: vscode.TextDocument): void {
    const key = document.uri.toString();
    const view = this.views.get(key);
    if (view === undefined) return;
    clearTimeout(view.timer);
    this.views.delete(key);
    for (const editor of editorsOf(view.source)) editor.setDecorations(this.mark, []);
  }

  private followCursor(editor: vscode.TextEditor): void {
    const { document } = editor;
    if (document.uri.scheme === bytecodeScheme) {
      const view = this.views.get(document.uri.toString());
      if (view !== undefined) this.markSource(view, editor);
      return;
    }
    const view = this.views.get(bytecodeUri(document.uri).toString());
    if (view !== undefined) this.markBytecode(view, editor);
  }

  /** From the source to the byte code: every instruction of the innermost expression. */
  private markBytecode(view: View, source: vscode.TextEditor): void {
    source.setDecorations(this.mark, []);
    for (const editor of editorsOf(view.uri)) {
      const lines = isCurrent(view, source.document, editor.document)
        ? linesAt(view.bytecode, source.selection.active)
        : [];
      const ranges = lines.map((line) => editor.document.lineAt(line).range);
      this.markAndReveal(editor, ranges);
    }
  }

  /** From the byte code to the source: the range of the line's instruction or chunk. */
  private markSource(view: View, bytecode: vscode.TextEditor): void {
    bytecode.setDecorations(this.mark, []);
    const line = view.bytecode.lines[bytecode.selection.active.line];
    for (const editor of editorsOf(view.source)) {
      const current = isCurrent(view, editor.document, bytecode.document);
      this.markAndReveal(editor, current && line !== undefined ? [toRange(line.range)] : []);
    }
  }

  private markAndReveal(editor: vscode.TextEditor, ranges: vscode.Range[]): void {
    editor.setDecorations(this.mark, ranges);
    if (ranges.length > 0)
      editor.revealRange(ranges[0]!, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
  }
}

/** Whether the byte code belongs to the source's present text, and is what its document shows. */
function isCurrent(view: View, source: vscode.TextDocument, shown: vscode.TextDocument): boolean {
  return view.version === source.version && view.bytecode.text === shown.getText();
}

function editorsOf(uri: vscode.Uri): vscode.TextEditor[] {
  const key = uri.toString();
  return vscode.window.visibleTextEditors.filter((editor) => editor.document.uri.toString() === key);
}

function toRange({ start, end }: Range): vscode.Range {
  return new vscode.Range(start.line, start.character, end.line, end.character);
}

async function openDocument(uri: vscode.Uri): Promise<vscode.TextDocument | undefined> {
  try {
    return await vscode.workspace.openTextDocument(uri);
  } catch {
    return undefined;
  }
}
