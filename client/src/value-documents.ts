// Documents that show values in full: read-only, beside the source, the places of an
// error's trace as links. A document says so when its value may be another one now.
import * as vscode from 'vscode';
import type { EvaluateResult } from '../../shared/src/protocol';
import type { Server } from './server';
import { linkTo } from './value-markdown';
import { documentBody, type TextLink } from './value-text';

const valueScheme = 'nixray-value';

interface Shown {
  readonly title: string;
  readonly source: string;
  readonly text: string;
  readonly links: readonly TextLink[];
  outdated: boolean;
}

export class ValueDocuments
  implements vscode.TextDocumentContentProvider, vscode.DocumentLinkProvider, vscode.Disposable
{
  private readonly shown = new Map<string, Shown>();
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  private readonly subscriptions: vscode.Disposable[];

  readonly onDidChange = this.changed.event;

  constructor(server: Server) {
    this.subscriptions = [
      vscode.workspace.registerTextDocumentContentProvider(valueScheme, this),
      vscode.languages.registerDocumentLinkProvider({ scheme: valueScheme }, this),
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0) this.outdate((source) => source === document.uri.toString());
      }),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.shown.delete(uri.toString())),
      server.onValuesChanged(() => this.outdate(() => true)),
    ];
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
    this.changed.dispose();
  }

  /** Opens a document that shows a value, or gives the one of that title the new value. */
  async show(title: string, source: vscode.Uri, result: EvaluateResult): Promise<void> {
    // The title is that of the tab; a slash in it would begin a folder.
    const name = title.replace(/[:/\\]/g, ' ').replace(/\s+/g, ' ');
    // By its end the document gets its language.
    const uri = vscode.Uri.from({ scheme: valueScheme, path: `/${name.replace(/\.nix$/, '')}.nix` });
    this.shown.set(uri.toString(), {
      title,
      source: source.toString(),
      ...documentBody(result),
      outdated: false,
    });
    this.changed.fire(uri);
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(document, {
      viewColumn: vscode.ViewColumn.Beside,
      preserveFocus: true,
      preview: true,
    });
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    const shown = this.shown.get(uri.toString());
    if (shown === undefined) return '# This value is no longer known; evaluate the expression again.\n';
    const note = shown.outdated ? ', as it was before the last edits' : '';
    return `# ${shown.title}${note}\n${shown.text}\n`;
  }

  provideDocumentLinks({ uri }: vscode.TextDocument): vscode.DocumentLink[] {
    const links = this.shown.get(uri.toString())?.links ?? [];
    // The title is the first line.
    return links.map(
      ({ line, start, end, target }) =>
        new vscode.DocumentLink(new vscode.Range(line + 1, start, line + 1, end), linkTo(target)),
    );
  }

  private outdate(concerns: (source: string) => boolean): void {
    for (const [uri, shown] of this.shown) {
      if (shown.outdated || !concerns(shown.source)) continue;
      shown.outdated = true;
      this.changed.fire(vscode.Uri.parse(uri));
    }
  }
}
