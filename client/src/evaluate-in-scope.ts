// The command *Evaluate in Scope…*: a prompt for any expression, which is evaluated
// in the scope at the cursor while it is typed. Enter shows all of the value in a
// document. The last expressions are offered again.
import * as vscode from 'vscode';
import { evaluateMethod, type EvaluateParams, type EvaluateResult } from '../../shared/src/protocol';
import { placeOfCommand, type Place } from './cursor';
import { readHistory, remember } from './history';
import type { Reply, Server } from './server';
import type { ValueDocuments } from './value-documents';
import { fullAnswer, placeText, rowAnswer } from './value-text';

const historyKey = 'nixray.expressions';

/** Milliseconds without a key before what is typed is evaluated. */
const pause = 120;

/** As deep as a hover while one types, and as a document has room for in the end. */
const previewDepth = 2;
const depth = 8;

interface Item extends vscode.QuickPickItem {
  readonly expression: string;
}

const forget: vscode.QuickInputButton = {
  iconPath: new vscode.ThemeIcon('close'),
  tooltip: 'Forget this expression',
};

export class ScopePrompt {
  constructor(
    private readonly server: Server,
    private readonly documents: ValueDocuments,
    private readonly output: vscode.LogOutputChannel,
    private readonly memory: vscode.Memento,
  ) {}

  /** The command. */
  open(): void {
    const place = placeOfCommand();
    if (place !== undefined) new OpenPrompt(this, place).show();
  }

  get history(): string[] {
    return readHistory(this.memory.get(historyKey));
  }

  async setHistory(history: readonly string[]): Promise<void> {
    await this.memory.update(historyKey, history);
  }

  evaluate(
    place: Place,
    expression: string,
    levels: number,
    token?: vscode.CancellationToken,
  ): Promise<Reply<EvaluateResult | null>> {
    return this.server.request<EvaluateParams, EvaluateResult>(
      evaluateMethod,
      { ...place, expression, depth: levels },
      token,
    );
  }

  /** Evaluates an expression for good, shows the answer and keeps the expression. */
  async answer(place: Place, expression: string): Promise<void> {
    await this.setHistory(remember(this.history, expression));
    const reply = await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Window, title: 'Nixray: evaluating' },
      () => this.evaluate(place, expression, depth),
    );
    if ('problem' in reply) return void vscode.window.showWarningMessage(reply.problem);
    if (reply.result === null) return;
    const { uri } = place.textDocument;
    const where = placeText(uri, place.position.line + 1);
    this.output.info(`${expression}, at ${where}: ${fullAnswer(reply.result)}`);
    await this.documents.show(`${oneLine(expression)} at ${where}`, vscode.Uri.parse(uri), reply.result);
  }
}

/** The prompt while it is open. */
class OpenPrompt {
  private readonly input = vscode.window.createQuickPick<Item>();
  private running = new vscode.CancellationTokenSource();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly prompt: ScopePrompt,
    private readonly place: Place,
  ) {
    const { input } = this;
    input.title = `Evaluate in the scope at ${placeText(place.textDocument.uri, place.position.line + 1)}`;
    input.placeholder = 'A Nix expression; all names that are known at the cursor can be used';
    input.ignoreFocusOut = true;
    input.onDidChangeValue(() => this.changed());
    input.onDidAccept(() => this.accept());
    input.onDidTriggerItemButton(({ item }) => void this.forget(item.expression));
    input.onDidHide(() => this.dispose());
  }

  show(): void {
    this.list(undefined);
    this.input.show();
  }

  private dispose(): void {
    clearTimeout(this.timer);
    this.running.cancel();
    this.input.dispose();
  }

  private get typed(): string {
    return this.input.value.trim();
  }

  private changed(): void {
    clearTimeout(this.timer);
    this.running.cancel();
    this.input.busy = this.typed !== '';
    this.list(undefined);
    if (this.typed !== '') this.timer = setTimeout(() => void this.preview(), pause);
  }

  private async preview(): Promise<void> {
    const running = (this.running = new vscode.CancellationTokenSource());
    const { typed } = this;
    const reply = await this.prompt.evaluate(this.place, typed, previewDepth, running.token);
    if (running.token.isCancellationRequested || typed !== this.typed) return;
    this.input.busy = false;
    this.list('problem' in reply ? reply.problem : reply.result === null ? '' : answerText(reply.result));
  }

  /** What is typed with its answer, if that is known, and the expressions of before. */
  private list(answer: string | undefined): void {
    const { typed } = this;
    const earlier = this.prompt.history.filter((expression) => expression !== typed);
    const items: Item[] = earlier.map((expression) => ({
      label: oneLine(expression),
      expression,
      iconPath: new vscode.ThemeIcon('history'),
      buttons: [forget],
    }));
    // It is shown whatever the editor thinks of how well it matches.
    if (typed !== '')
      items.unshift({ label: typed, detail: answer ?? '…', expression: typed, alwaysShow: true });
    this.input.items = items;
    if (typed !== '') this.input.activeItems = [items[0]!];
  }

  private accept(): void {
    const expression = this.input.activeItems[0]?.expression ?? this.typed;
    this.input.hide();
    if (expression !== '') void this.prompt.answer(this.place, expression);
  }

  private async forget(expression: string): Promise<void> {
    await this.prompt.setHistory(this.prompt.history.filter((each) => each !== expression));
    this.list(undefined);
  }
}

function answerText(result: EvaluateResult): string {
  const text = rowAnswer(result);
  return result.error === undefined ? `= ${text}` : text;
}

function oneLine(expression: string): string {
  return expression.replace(/\s+/g, ' ');
}
