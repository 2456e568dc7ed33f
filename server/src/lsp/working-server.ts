/**
 * The server once it is initialized: its parts, put together, and the routes to
 * them. It is loaded behind the answer to `initialize`, which need not wait for
 * a parser and a table of builtins.
 */
import { workspaceSyntax } from '../syntax/parse';
import {
  ErrorCodes,
  ResponseError,
  type CancellationToken,
  type InitializeParams,
} from 'vscode-languageserver/node';
import type { InitializationOptions } from '../../../shared/src/protocol';
import { WorkspaceSymbols } from '../features/workspace-symbols';
import { DiskHost } from '../host/disk-host';
import { Activity } from './activity';
import { DiagnosticsPublisher } from './diagnostics-publisher';
import { Documents } from './documents';
import type { Editor } from './editor';
import { Evaluation } from './evaluation';
import { Folders } from './folders';
import type { Parts } from './parts';
import { notifications, requests } from './routes';
import { SettingsSource } from './settings-source';
import { WatchedFiles } from './watched-files';

/** How long evaluation waits for the editor's settings, in milliseconds. */
const settingsPatience = 1000;

export class WorkingServer {
  private readonly parts: Parts;
  private starting: Promise<void> | undefined;

  constructor(editor: Editor, params: InitializeParams) {
    this.parts = createParts(editor);
    const options = params.initializationOptions as InitializationOptions | null | undefined;
    this.parts.folders.initialize(params);
    this.parts.evaluation.trusted = options?.trusted !== false;
    this.parts.settings.initialize(options);
    editor.followsValues = options?.followsValues === true;
    editor.followsCommandLinks = options?.followsCommandLinks === true;
    if (Array.isArray(options?.commands))
      for (const command of options.commands) this.parts.clientCommands.add(command);
  }

  /** Starts evaluation, once. */
  start(): void {
    this.starting ??= startEvaluation(this.parts);
  }

  answer(method: string, params: unknown, token: CancellationToken): unknown {
    // An editor that asks without having said `initialized` gets an answer all the same.
    this.start();
    const handle = Object.hasOwn(requests, method) ? requests[method] : undefined;
    if (handle === undefined)
      throw new ResponseError(ErrorCodes.MethodNotFound, `Unhandled method ${method}`);
    return handle(this.parts, params, token);
  }

  async hear(method: string, params: unknown): Promise<void> {
    const handle = Object.hasOwn(notifications, method) ? notifications[method] : undefined;
    await handle?.(this.parts, params);
  }

  dispose(): void {
    this.parts.evaluation.supervisor.dispose();
    for (const download of this.parts.downloads) download.cancel();
  }
}

function createParts(editor: Editor): Parts {
  const documents = new Documents();
  const folders = new Folders();
  const disk = new DiskHost();
  const settings = new SettingsSource(editor);
  const activity = new Activity(editor);
  const watchedFiles = new WatchedFiles(editor);
  const evaluation = new Evaluation(editor, activity, settings, folders, watchedFiles);
  const diagnostics = new DiagnosticsPublisher(editor, documents, settings, evaluation, folders, disk);
  return {
    editor,
    documents,
    folders,
    disk,
    settings,
    activity,
    evaluation,
    diagnostics,
    watchedFiles,
    symbols: new WorkspaceSymbols(disk, workspaceSyntax),
    clientCommands: new Set(),
    downloads: new Set(),
  };
}

/** Starts the process that evaluates as soon as the settings are known, before anyone asks for a value. */
async function startEvaluation(parts: Parts): Promise<void> {
  parts.watchedFiles.start();
  void parts.editor.watchSettings();
  await Promise.race([parts.settings.pull(), delay(settingsPatience)]);
  parts.evaluation.start();
  parts.diagnostics.renewAll();
}

function delay(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
