/**
 * The server's life from `initialize` to `exit`. What it takes to answer
 * `initialize` is here; everything else is loaded behind it.
 *
 * A request before `initialize` or after `shutdown` is refused, as the protocol
 * has it. Whatever a handler throws becomes an answer or a line in the log, and
 * the server lives on.
 */
import {
  createConnection,
  ErrorCodes,
  ResponseError,
  StreamMessageReader,
  StreamMessageWriter,
  type CancellationToken,
  type InitializeParams,
} from 'vscode-languageserver/node';
import { initializeResult } from './capabilities';
import { Editor } from './editor';
import type { WorkingServer } from './working-server';

type Phase = 'new' | 'running' | 'shut-down';

/** Milliseconds in which the answer to `initialize` surely is on its way. */
const loadingDelay = 10;

const foldersMethod = 'workspace/didChangeWorkspaceFolders';

/** Serves the protocol until the input ends; then the process ends. */
export function startServer(input: NodeJS.ReadableStream, output: NodeJS.WritableStream): void {
  const connection = createConnection(new StreamMessageReader(input), new StreamMessageWriter(output));
  const editor = new Editor(connection);
  const life = new Life(editor);
  connection.onInitialize((params) => {
    life.initialize(params);
    // The library has just taken this notification for an event of its own, which comes before the routes.
    connection.onNotification(foldersMethod, (folders: unknown) => void life.hear(foldersMethod, folders));
    return initializeResult;
  });
  connection.onInitialized(() => void life.working().then((server) => server.start()));
  connection.onShutdown(() => life.shutDown());
  // Everything that waits for the same promise goes on in the order in which it came.
  connection.onRequest((method: string, params: unknown, token: CancellationToken) =>
    life.answer(method, params, token),
  );
  connection.onNotification((method: string, params: unknown) => void life.hear(method, params));
  endWith(input, output, life);
  surviveFailures(editor);
  connection.listen();
}

class Life {
  private phase: Phase = 'new';
  private params: InitializeParams | undefined;
  private loading: Promise<WorkingServer> | undefined;

  constructor(private readonly editor: Editor) {}

  get inOrder(): boolean {
    return this.phase === 'shut-down';
  }

  initialize(params: InitializeParams): void {
    this.phase = 'running';
    this.params = params;
    this.editor.capabilities = params.capabilities ?? {};
    setTimeout(() => void this.working(), loadingDelay);
  }

  /** The server behind `initialize`, loaded when it is first needed. */
  working(): Promise<WorkingServer> {
    return (this.loading ??= import('./working-server').then(
      ({ WorkingServer }) => new WorkingServer(this.editor, this.params!),
    ));
  }

  async answer(method: string, params: unknown, token: CancellationToken): Promise<unknown> {
    if (this.phase === 'new') {
      throw new ResponseError(ErrorCodes.ServerNotInitialized, 'The server is not initialized.');
    }
    if (this.phase === 'shut-down') {
      throw new ResponseError(ErrorCodes.InvalidRequest, 'The server is shut down.');
    }
    const server = await this.working();
    return server.answer(method, params, token);
  }

  async hear(method: string, params: unknown): Promise<void> {
    if (this.phase !== 'running') return;
    try {
      const server = await this.working();
      await server.hear(method, params);
    } catch (error) {
      this.editor.logError(error, method);
    }
  }

  async shutDown(): Promise<void> {
    this.phase = 'shut-down';
    const server = await this.loading;
    server?.dispose();
  }
}

/** A failure outside any handler is the server's fault and no reason to lose the user's work with it. */
function surviveFailures(editor: Editor): void {
  process.on('uncaughtException', (error) => editor.logError(error, 'Uncaught exception'));
  process.on('unhandledRejection', (error) => editor.logError(error, 'Unhandled rejection'));
}

/** An editor that is gone needs no server. */
function endWith(input: NodeJS.ReadableStream, output: NodeJS.WritableStream, life: Life): void {
  const end = (): never => process.exit(life.inOrder ? 0 : 1);
  input.on('end', end);
  input.on('close', end);
  // Nobody listens any more, not even to a report of this.
  output.on('error', () => process.exit(1));
}
