// The server's process as the rest of the extension sees it: start, restart,
// requests, and one clear message when it cannot run.
//
// A server that crashes is started again by itself; one that never came up, or
// that crashes again and again, stays down until the user restarts it. Requests
// never throw: a reply is a result or a sentence about what is wrong.
import { existsSync } from 'node:fs';
import * as vscode from 'vscode';
import {
  CloseAction,
  ErrorAction,
  LanguageClient,
  LSPErrorCodes,
  ResponseError,
  RevealOutputChannelOn,
  State,
  TransportKind,
  type LanguageClientOptions,
  type ServerOptions,
} from 'vscode-languageclient/node';
import {
  chooseCallCommand,
  fetchNixpkgsCommand,
  languageId,
  showValueCommand,
  statusMethod,
  valuesChangedMethod,
  type InitializationOptions,
  type StatusParams,
} from '../../shared/src/protocol';
import { settingsSection } from '../../shared/src/settings';
import { answerForPresentText } from './steady-answers';
import { TraceChannel } from './trace-channel';

/** `failed` means that the server is down and stays down until it is restarted by command. */
export type ServerState = 'starting' | 'running' | 'stopped' | 'failed';

export type Reply<R> =
  | { readonly result: R }
  /** Superseded: the document was edited meanwhile, so nobody wants the answer any more. */
  | { readonly problem: string; readonly superseded?: true };

/** More crashes than this within the time below, and the server stays down. */
const crashLimit = 4;
const crashPeriod = 3 * 60_000;

/** A server that has not come up by then is taken for one that hangs. */
const startTimeout = 30_000;

const didNotStart = "Nixray's server did not start. The output has the details.";

const documentSelector = [
  { scheme: 'file', language: languageId },
  { scheme: 'untitled', language: languageId },
];

/**
 * The client library's client, but for its messages: it pops them up in its own
 * words and at its own times, while here each goes to the output, and the user
 * is told once by `fail`.
 */
class QuietClient extends LanguageClient {
  override error(message: string, data?: unknown): void {
    super.error(message, data, false);
  }
}

export class Server implements vscode.Disposable {
  private client: QuietClient | undefined;
  /** Ends the wait for a start that is under way. */
  private giveUp: (() => void) | undefined;
  private current: ServerState = 'stopped';
  private crashes: number[] = [];
  /** Starts and stops are done one after the other, since a client in between can do neither. */
  private queue: Promise<void> = Promise.resolve();
  private readonly trace: TraceChannel;
  private readonly stateChanged = new vscode.EventEmitter<ServerState>();
  private readonly statusReceived = new vscode.EventEmitter<StatusParams>();

  private readonly valuesChanged = new vscode.EventEmitter<void>();

  readonly onDidChangeState = this.stateChanged.event;
  readonly onStatus = this.statusReceived.event;
  /** Any value may be another one, though its document was not edited. */
  readonly onValuesChanged = this.valuesChanged.event;

  constructor(
    private readonly serverPath: string,
    private readonly output: vscode.LogOutputChannel,
  ) {
    this.trace = new TraceChannel(output);
  }

  get state(): ServerState {
    return this.current;
  }

  start(): Promise<void> {
    return this.enqueue(() => this.startNow());
  }

  stop(): Promise<void> {
    this.giveUp?.();
    return this.enqueue(() => this.stopNow());
  }

  restart(): Promise<void> {
    this.crashes = [];
    void this.stop();
    return this.start();
  }

  /** Sends a request; when the server is starting, the request waits for it. */
  async request<P, R>(method: string, params: P, token?: vscode.CancellationToken): Promise<Reply<R | null>> {
    await this.queue;
    const client = this.client;
    if (client === undefined || this.current !== 'running') {
      return { problem: "Nixray's server is not running." };
    }
    try {
      // A token that is not there would count as one more parameter.
      const result =
        token === undefined
          ? await client.sendRequest<R | null>(method, params)
          : await client.sendRequest<R | null>(method, params, token);
      return { result };
    } catch (error) {
      // The server's own word on why it has no answer is a whole sentence, and no fault.
      if (error instanceof ResponseError && error.code === LSPErrorCodes.RequestFailed)
        return { problem: error.message };
      const reason = error instanceof Error ? error.message : String(error);
      if (error instanceof ResponseError && error.code === LSPErrorCodes.ContentModified)
        return { problem: reason, superseded: true };
      if (!token?.isCancellationRequested) this.output.warn(`${method}: ${reason}`);
      return { problem: `Nixray's server could not answer: ${reason}` };
    }
  }

  /** Sends a notification; without a running server there is nobody to tell. */
  async notify<P>(method: string, params: P): Promise<void> {
    await this.queue;
    if (this.current !== 'running') return;
    await this.client
      ?.sendNotification(method, params)
      .catch((error) => this.output.warn(`${method}: ${error}`));
  }

  dispose(): void {
    void this.stop();
    this.trace.dispose();
    this.stateChanged.dispose();
    this.statusReceived.dispose();
    this.valuesChanged.dispose();
  }

  private enqueue(step: () => Promise<void>): Promise<void> {
    this.queue = this.queue.then(step).catch((error) => this.output.error(String(error)));
    return this.queue;
  }

  private async startNow(): Promise<void> {
    if (!existsSync(this.serverPath)) {
      this.fail(
        `Nixray's server is missing: there is no file ${this.serverPath}. Install the extension again.`,
      );
      return;
    }
    this.setState('starting');
    const client = new QuietClient('nixray', 'Nixray', this.serverOptions(), this.clientOptions());
    this.client = client;
    client.onDidChangeState(({ newState }) => this.followClient(client, newState));
    client.onNotification(statusMethod, (params: StatusParams) => this.statusReceived.fire(params));
    client.onNotification(valuesChangedMethod, () => this.valuesChanged.fire());
    const outcome = await this.outcomeOfStart(client);
    if (outcome === 'running' || outcome === 'given up') return;
    this.fail(
      outcome === 'hangs'
        ? `Nixray's server has not answered within ${startTimeout / 1000} seconds of its start.`
        : didNotStart,
    );
  }

  /** Waits for a start to end in one way or another; the client itself waits for ever. */
  private async outcomeOfStart(client: QuietClient): Promise<'running' | 'failed' | 'hangs' | 'given up'> {
    let timer: NodeJS.Timeout | undefined;
    const hangs = new Promise<'hangs'>(
      (resolve) => (timer = setTimeout(() => resolve('hangs'), startTimeout)),
    );
    const givenUp = new Promise<'given up'>((resolve) => (this.giveUp = () => resolve('given up')));
    // A server that ends while it starts makes the promise succeed; its state tells the truth.
    const started = client.start().then(
      () => (client.state === State.Running ? 'running' : 'failed'),
      () => 'failed' as const,
    );
    try {
      return await Promise.race([started, hangs, givenUp]);
    } finally {
      clearTimeout(timer);
      this.giveUp = undefined;
    }
  }

  private async stopNow(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    this.setState('stopped');
    if (client === undefined) return;
    const { serverProcess, state } = client;
    try {
      // What has never come up cannot be asked to shut down.
      if (state === State.Starting) serverProcess?.kill();
      else await client.dispose();
    } catch (error) {
      this.output.info(
        `The server did not shut down in order: ${error instanceof Error ? error.message : error}`,
      );
      serverProcess?.kill();
    }
  }

  /** The editor's own runtime runs the server, so that no Node.js needs to be installed. */
  private serverOptions(): ServerOptions {
    const run = { module: this.serverPath, transport: TransportKind.stdio };
    return { run, debug: { ...run, options: { execArgv: ['--nolazy', '--inspect=6011'] } } };
  }

  private clientOptions(): LanguageClientOptions {
    return {
      documentSelector,
      diagnosticCollectionName: 'nixray',
      outputChannel: this.output,
      traceOutputChannel: this.trace.channel,
      revealOutputChannelOn: RevealOutputChannelOn.Never,
      initializationOptions: (): InitializationOptions => ({
        trusted: vscode.workspace.isTrusted,
        commands: [chooseCallCommand, showValueCommand, fetchNixpkgsCommand],
        followsValues: true,
        followsCommandLinks: true,
      }),
      initializationFailedHandler: () => false,
      synchronize: { configurationSection: settingsSection },
      // A hover shows text of files, too: no other command may be run from it.
      markdown: { supportThemeIcons: true, isTrusted: { enabledCommands: [chooseCallCommand] } },
      middleware: {
        provideInlayHints: (document, range, token, next) =>
          answerForPresentText(document, token, () => next(document, range, token)),
      },
      errorHandler: {
        error: (_error, _message, count) => ({
          action: (count ?? 0) <= 3 ? ErrorAction.Continue : ErrorAction.Shutdown,
          handled: true,
        }),
        closed: () => ({ action: this.afterCrash(), handled: true }),
      },
    };
  }

  /** Called when the connection ends though nobody asked the server to stop. */
  private afterCrash(): CloseAction {
    const now = Date.now();
    this.crashes = [...this.crashes.filter((time) => now - time < crashPeriod), now];
    // The one who waits for a start that fails reports it.
    if (this.current !== 'running') return CloseAction.DoNotRestart;
    if (this.crashes.length <= crashLimit) return CloseAction.Restart;
    this.fail(`Nixray's server ended unexpectedly ${this.crashes.length} times within three minutes.`);
    return CloseAction.DoNotRestart;
  }

  private followClient(client: QuietClient, state: State): void {
    if (client !== this.client || this.current === 'failed') return;
    if (state === State.Running) this.setState('running');
    else if (state === State.Starting) this.setState('starting');
    else if (state === State.StartFailed) this.fail(didNotStart);
  }

  private setState(state: ServerState): void {
    if (this.current === state) return;
    this.current = state;
    this.stateChanged.fire(state);
  }

  /** Says once what is wrong, and offers the ways out. */
  private fail(message: string): void {
    if (this.current === 'failed') return;
    this.setState('failed');
    this.output.error(message);
    void vscode.window.showErrorMessage(message, 'Restart Server', 'Show Output').then((choice) => {
      if (choice === 'Restart Server') void this.restart();
      if (choice === 'Show Output') this.output.show();
    });
  }
}
