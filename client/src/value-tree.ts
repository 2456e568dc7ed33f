// The view of a document's value, which opens level by level. The server is asked
// for a level when it is opened, and again after every change.
//
// Rows stay where they are while new values are on their way, so that nothing
// blinks; a value that takes longer than a moment is hidden until it is there, so
// that no old value stands beside a new text.
import * as vscode from 'vscode';
import {
  describeValueMethod,
  languageId,
  valueTreeMethod,
  type DescribeValueParams,
  type EvaluateResult,
  type ValuePart,
  type ValueTreeParams,
  type ValueTreeResult,
} from '../../shared/src/protocol';
import { settingsSection } from '../../shared/src/settings';
import { fileName } from './file-name';
import type { Server } from './server';
import { attributePath, pageLength, ValueNode, valueIcons, type MoreNode } from './value-node';
import { valueMarkdown } from './value-markdown';

const viewId = 'nixray.value';

/** Milliseconds without an edit before the values are asked for again. */
const pause = 100;

/** Milliseconds for which the values before an edit are shown beside the text after it, at most. */
const patience = 250;

/** The server gives no more parts at once. */
const maxPage = 1000;

type Item = ValueNode | MoreNode;

/** What is shown where there is no value; see `viewsWelcome` in the manifest. */
type State = 'value' | 'no-document' | 'untrusted' | 'disabled' | 'stopped';

export class ValueTree implements vscode.TreeDataProvider<Item>, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<Item | undefined>();
  private readonly view: vscode.TreeView<Item>;
  private readonly subscriptions: vscode.Disposable[];
  private document: vscode.TextDocument | undefined;
  private root: ValueNode | undefined;
  /** The answers since the last change. */
  private answers = new Map<ValueNode, Promise<ValueTreeResult | undefined>>();
  private cancellation = new vscode.CancellationTokenSource();
  private timer: NodeJS.Timeout | undefined;
  /** Whether the view stays with its document when another one is activated. */
  private locked = false;
  /** A document that was opened from the view, which therefore stays with its own. */
  private visited: string | undefined;

  readonly onDidChangeTreeData = this.changed.event;

  constructor(private readonly server: Server) {
    void setContext('nixray.active', true);
    this.view = vscode.window.createTreeView(viewId, { treeDataProvider: this, showCollapseAll: true });
    this.subscriptions = [
      this.view,
      vscode.window.onDidChangeActiveTextEditor((editor) => this.follow(editor)),
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (document === this.document && contentChanges.length > 0) this.refreshLater();
      }),
      vscode.workspace.onDidCloseTextDocument((document) => {
        if (document === this.document) this.show(undefined);
      }),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration(settingsSection)) this.refresh();
      }),
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.refresh()),
      server.onDidChangeState(() => this.refresh()),
      server.onValuesChanged(() => this.refresh()),
    ];
    this.setLocked(false);
    this.follow(vscode.window.activeTextEditor);
    this.refresh();
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.cancellation.cancel();
    for (const subscription of this.subscriptions) subscription.dispose();
    this.changed.dispose();
  }

  /** The command: brings the view to the front, with the value of the active editor's document. */
  async focus(): Promise<void> {
    this.visited = undefined;
    if (!this.locked) this.follow(vscode.window.activeTextEditor);
    await vscode.commands.executeCommand(`${viewId}.focus`);
  }

  setLocked(locked: boolean): void {
    this.locked = locked;
    void setContext('nixray.valueTree.locked', locked);
    if (!locked) this.follow(vscode.window.activeTextEditor);
  }

  /** A document that is opened on behalf of the view does not take its place. */
  visit(uri: vscode.Uri): void {
    if (uri.toString() !== this.document?.uri.toString()) this.visited = uri.toString();
  }

  showMore(node: ValueNode): void {
    node.limit += pageLength;
    this.answers.delete(node);
    this.changed.fire(node);
  }

  /** Asks for everything that is shown again. */
  refresh(): void {
    clearTimeout(this.timer);
    this.cancellation.cancel();
    this.cancellation = new vscode.CancellationTokenSource();
    this.answers = new Map();
    void setContext('nixray.valueTree.state', this.state);
    this.changed.fire(undefined);
  }

  private refreshLater(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.refresh(), pause);
  }

  /** Shows the value of the document that is looked at, if it is Nix. */
  private follow(editor: vscode.TextEditor | undefined): void {
    if (editor === undefined || this.locked) return;
    const { document } = editor;
    if (document.uri.toString() === this.visited) return;
    this.visited = undefined;
    const isServed = document.uri.scheme === 'file' || document.uri.scheme === 'untitled';
    if (isServed && document.languageId === languageId) this.show(document);
  }

  private show(document: vscode.TextDocument | undefined): void {
    if (document === this.document) return;
    this.document = document;
    this.root = undefined;
    this.view.description = document === undefined ? '' : vscode.workspace.asRelativePath(document.uri);
    this.refresh();
  }

  private get state(): State {
    if (this.document === undefined) return 'no-document';
    if (!vscode.workspace.isTrusted) return 'untrusted';
    if (!vscode.workspace.getConfiguration(settingsSection).get('evaluation.enabled', true))
      return 'disabled';
    return this.server.state === 'stopped' || this.server.state === 'failed' ? 'stopped' : 'value';
  }

  // --- What the editor asks for -------------------------------------------------------

  async getChildren(item?: Item): Promise<Item[]> {
    if (item === undefined) return this.roots();
    if ('more' in item) return [];
    await this.renew(item, () => this.changed.fire(item));
    const children: Item[] = [...(item.children ?? [])];
    return item.left > 0 && children.length > 0 ? [...children, { more: item }] : children;
  }

  getParent(item: Item): Item | undefined {
    return 'more' in item ? item.more : item.parent;
  }

  getTreeItem(item: Item): vscode.TreeItem {
    return 'more' in item ? moreItem(item) : treeItem(item);
  }

  /** The tooltip is the value as a hover shows it. */
  async resolveTreeItem(
    treeItem: vscode.TreeItem,
    item: Item,
    token: vscode.CancellationToken,
  ): Promise<vscode.TreeItem> {
    if ('more' in item) return treeItem;
    const result = await this.describe(item, false, token);
    if (result !== undefined) treeItem.tooltip = valueMarkdown(result);
    return treeItem;
  }

  /** The text of a value; undefined where there is none, or where the text has changed meanwhile. */
  async describe(
    node: ValueNode,
    deep: boolean,
    token?: vscode.CancellationToken,
  ): Promise<EvaluateResult | undefined> {
    const params = { textDocument: { uri: node.uri }, path: [...node.path], deep };
    const reply = await this.server.request<DescribeValueParams, EvaluateResult>(
      describeValueMethod,
      params,
      token,
    );
    return 'result' in reply ? (reply.result ?? undefined) : undefined;
  }

  private async roots(): Promise<ValueNode[]> {
    const { document } = this;
    if (document === undefined || this.state !== 'value') return [];
    const label = fileName(document.uri);
    const isNew = this.root === undefined;
    const root = (this.root ??= ValueNode.root(document.uri.toString(), label, {
      kind: 'unevaluated',
      text: '',
      opens: true,
    }));
    await this.renew(root, () => this.changed.fire(undefined));
    // Where nothing is known yet, the editor shows that it waits.
    if (isNew && root.children === undefined) await this.answerOf(root);
    return root === this.root ? [root] : [];
  }

  /**
   * Brings a value and its parts up to date. What takes longer than a moment is
   * hidden, and `late` is called when it is there.
   */
  private async renew(node: ValueNode, late: () => void): Promise<void> {
    const known = node.children !== undefined;
    const answer = this.answerOf(node);
    if (!known) {
      await answer;
      return;
    }
    const inTime = await Promise.race([answer.then(() => true), delay(patience).then(() => false)]);
    if (inTime) return;
    node.outdate();
    void answer.then((result) => {
      if (result !== undefined) late();
    });
  }

  /** The answer for a value since the last change, put into its node; undefined if there was another change meanwhile. */
  private answerOf(node: ValueNode): Promise<ValueTreeResult | undefined> {
    let answer = this.answers.get(node);
    if (answer === undefined) this.answers.set(node, (answer = this.ask(node)));
    return answer;
  }

  private async ask(node: ValueNode): Promise<ValueTreeResult | undefined> {
    const { answers, document } = this;
    const version = document?.version;
    const result = await this.level(node);
    // Another change has been made; the editor asks again for its sake.
    if (answers !== this.answers || document?.version !== version || result === undefined) return undefined;
    const wasUnevaluated = node.row.kind === 'unevaluated' && node.parent !== undefined;
    const { source } = node.row;
    node.row = source === undefined ? result.value : { source, ...result.value };
    node.outdated = false;
    node.setParts(result.parts, result.total);
    // Its own row stands in the level above, which was there before.
    if (wasUnevaluated) this.changed.fire(node);
    return result;
  }

  /** A value with the parts that are to be shown, page by page. */
  private async level(node: ValueNode): Promise<ValueTreeResult | undefined> {
    const parts: ValuePart[] = [];
    const textDocument = { uri: node.uri };
    const path = [...node.path];
    for (;;) {
      const count = Math.min(maxPage, node.limit - parts.length);
      const reply = await this.server.request<ValueTreeParams, ValueTreeResult>(
        valueTreeMethod,
        { textDocument, path, start: parts.length, count },
        this.cancellation.token,
      );
      if (!('result' in reply) || reply.result === null) return undefined;
      const page = reply.result;
      parts.push(...page.parts);
      if (page.parts.length < count || parts.length >= Math.min(node.limit, page.total))
        return { ...page, parts };
    }
  }
}

function treeItem(node: ValueNode): vscode.TreeItem {
  const { kind, text, opens, source } = node.row;
  const item = new vscode.TreeItem(node.label, stateOf(node));
  item.id = node.id;
  item.description = node.outdated ? '…' : source === undefined ? text : `${text} — ${source}`;
  item.iconPath = kind === 'error' ? errorIcon : new vscode.ThemeIcon(valueIcons[kind]);
  item.contextValue = `${kind}${attributePath(node) === '' ? '' : ' named'}${opens ? ' opens' : ''}`;
  item.accessibilityInformation = { label: `${node.label}, ${kind}: ${text}` };
  item.command = { command: 'nixray.goToValueDefinition', title: 'Go to Definition', arguments: [node] };
  return item;
}

const errorIcon = new vscode.ThemeIcon('error', new vscode.ThemeColor('list.errorForeground'));

/** The document's value, and what its function gives, are open from the start. */
function stateOf({ parent, path, row }: ValueNode): vscode.TreeItemCollapsibleState {
  if (!row.opens) return vscode.TreeItemCollapsibleState.None;
  const last = path.at(-1);
  return parent === undefined || (last !== undefined && 'result' in last)
    ? vscode.TreeItemCollapsibleState.Expanded
    : vscode.TreeItemCollapsibleState.Collapsed;
}

function moreItem({ more }: MoreNode): vscode.TreeItem {
  const item = new vscode.TreeItem(`Show ${Math.min(pageLength, more.left)} more`);
  item.id = `${more.id} more`;
  item.description = `of ${more.left}`;
  item.iconPath = new vscode.ThemeIcon('ellipsis');
  item.command = { command: 'nixray.showMoreOfValue', title: 'Show More', arguments: [more] };
  return item;
}

function setContext(name: string, value: unknown): Thenable<unknown> {
  return vscode.commands.executeCommand('setContext', name, value);
}

function delay(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
