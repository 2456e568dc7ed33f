/**
 * The server: its parts, put together, and its life from `initialize` to `exit`.
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
  type Connection,
} from 'vscode-languageserver/node';
import type { InitializationOptions } from '../../../shared/src/protocol';
import { Activity } from './activity';
import { initializeResult } from './capabilities';
import { DiagnosticsPublisher } from './diagnostics-publisher';
import { Documents } from './documents';
import { Editor } from './editor';
import { Evaluation } from './evaluation';
import { Folders } from './folders';
import type { Parts } from './parts';
import { notifications, requests } from './routes';
import { SettingsSource } from './settings-source';
import { WatchedFiles } from './watched-files';

type Phase = 'new' | 'running' | 'shut-down';

/** How long evaluation waits for the editor's settings, in milliseconds. */
const settingsPatience = 1000;

/** Serves the protocol until the input ends; then the process ends. */
export function startServer(input: NodeJS.ReadableStream, output: NodeJS.WritableStream): void {
  const connection = createConnection(new StreamMessageReader(input), new StreamMessageWriter(output));
  const parts = createParts(connection);
  let phase: Phase = 'new';
  let starting: Promise<void> | undefined;
  const start = (): Promise<void> => (starting ??= startEvaluation(parts));

  connection.onInitialize((params) => {
    phase = 'running';
    parts.editor.capabilities = params.capabilities ?? {};
    parts.folders.initialize(params);
    const options = params.initializationOptions as InitializationOptions | null | undefined;
    parts.evaluation.trusted = options?.trusted !== false;
    parts.settings.initialize(options);
    return initializeResult;
  });
  connection.onInitialized(() => void start());
  connection.onShutdown(() => {
    phase = 'shut-down';
    parts.evaluation.supervisor.dispose();
  });
  endWith(input, output, () => phase === 'shut-down');
  registerRoutes(connection, parts, () => phase, start);
  surviveFailures(parts.editor);
  connection.listen();
}

function createParts(connection: Connection): Parts {
  const editor = new Editor(connection);
  const documents = new Documents();
  const folders = new Folders();
  const settings = new SettingsSource(editor);
  const activity = new Activity(editor);
  const evaluation = new Evaluation(editor, activity, settings, folders);
  const watchedFiles = new WatchedFiles(editor);
  const diagnostics = new DiagnosticsPublisher(editor, documents, settings, evaluation, watchedFiles);
  return { editor, documents, folders, settings, activity, evaluation, diagnostics, watchedFiles };
}

/** Starts the process that evaluates as soon as the settings are known, before anyone asks for a value. */
async function startEvaluation(parts: Parts): Promise<void> {
  void parts.watchedFiles.start();
  void parts.editor.watchSettings();
  await Promise.race([parts.settings.pull(), delay(settingsPatience)]);
  parts.evaluation.start();
  parts.diagnostics.renewAll();
}

function registerRoutes(
  connection: Connection,
  parts: Parts,
  phase: () => Phase,
  start: () => Promise<void>,
): void {
  for (const [method, handle] of Object.entries(requests)) {
    connection.onRequest(method, (params: unknown, token: CancellationToken) => {
      if (phase() === 'new') {
        throw new ResponseError(ErrorCodes.ServerNotInitialized, 'The server is not initialized.');
      }
      if (phase() === 'shut-down') {
        throw new ResponseError(ErrorCodes.InvalidRequest, 'The server is shut down.');
      }
      // An editor that asks without having said `initialized` gets an answer all the same.
      void start();
      return handle(parts, params, token);
    });
  }
  for (const [method, handle] of Object.entries(notifications)) {
    connection.onNotification(method, async (params: unknown) => {
      if (phase() !== 'running') return;
      try {
        await handle(parts, params);
      } catch (error) {
        parts.editor.logError(error, method);
      }
    });
  }
}

/** A failure outside any handler is the server's fault and no reason to lose the user's work with it. */
function surviveFailures(editor: Editor): void {
  process.on('uncaughtException', (error) => editor.logError(error, 'Uncaught exception'));
  process.on('unhandledRejection', (error) => editor.logError(error, 'Unhandled rejection'));
}

/** An editor that is gone needs no server. */
function endWith(input: NodeJS.ReadableStream, output: NodeJS.WritableStream, inOrder: () => boolean): void {
  input.on('end', () => process.exit(inOrder() ? 0 : 1));
  input.on('close', () => process.exit(inOrder() ? 0 : 1));
  // Nobody listens any more, not even to a report of this.
  output.on('error', () => process.exit(1));
}

function delay(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
