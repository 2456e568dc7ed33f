/**
 * An editor for tests: it starts the built server, speaks the protocol over its
 * standard streams, and remembers what the server said.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import picomatch from 'picomatch';
import {
  CancellationTokenSource,
  createMessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
  type MessageConnection,
} from 'vscode-jsonrpc/node';
import type {
  Diagnostic as ProtocolDiagnostic,
  FileSystemWatcher,
  Hover,
} from 'vscode-languageserver-protocol';

/** The server's messages are plain text. */
export type Diagnostic = ProtocolDiagnostic & { message: string };

/** Tests of another build name its server here. */
const serverPath = process.env.NIXRAY_SERVER ?? join(__dirname, '../../dist/server.js');

export interface Publication {
  uri: string;
  version?: number;
  diagnostics: Diagnostic[];
}

export interface EditorOptions {
  folder?: string;
  folders?: string[];
  initializationOptions?: unknown;
  /** What the server gets when it asks for its settings; without it, it cannot ask. */
  settings?: unknown;
  progress?: boolean;
  /** Whether it can make files in an edit of the workspace. */
  makesFiles?: boolean;
  /** Whether it asks its user about edits that need it. */
  asksAboutEdits?: boolean;
  /** The formats of hovers that it shows, the best first; without them, it does not say. */
  hoverFormats?: readonly string[];
}

export class Editor {
  readonly publications: Publication[] = [];
  readonly messages: string[] = [];
  readonly logs: string[] = [];
  readonly statuses: { state: string; message?: string }[] = [];
  readonly registrations: { id: string; method: string; registerOptions?: unknown }[] = [];
  readonly progress: {
    kind: string;
    token?: string | number;
    message?: string;
    percentage?: number;
    cancellable?: boolean;
  }[] = [];
  settings: unknown;
  private readonly listeners = new Set<() => void>();
  private readonly versions = new Map<string, number>();

  private constructor(
    readonly process: ChildProcess,
    readonly connection: MessageConnection,
  ) {
    connection.onNotification('textDocument/publishDiagnostics', (params: Publication) => {
      this.publications.push(params);
      this.notify();
    });
    connection.onNotification('window/showMessage', ({ message }: { message: string }) => {
      this.messages.push(message);
      this.notify();
    });
    connection.onNotification('window/logMessage', ({ message }: { message: string }) => {
      this.logs.push(message);
    });
    connection.onNotification('nixray/status', (status: { state: string }) => {
      this.statuses.push(status);
      this.notify();
    });
    connection.onNotification(
      '$/progress',
      ({ token, value }: { token: string; value: { kind: string } }) => {
        this.progress.push({ token, ...value });
        this.notify();
      },
    );
    connection.onRequest('window/workDoneProgress/create', () => null);
    connection.onRequest('client/registerCapability', ({ registrations }) => {
      this.registrations.push(...registrations);
      this.notify();
      return null;
    });
    connection.onRequest('client/unregisterCapability', ({ unregisterations }) => {
      for (const { id } of unregisterations as { id: string }[]) {
        const index = this.registrations.findIndex((registration) => registration.id === id);
        if (index < 0) throw new Error(`There is no registration ${id}`);
        this.registrations.splice(index, 1);
      }
      this.notify();
      return null;
    });
    connection.onRequest('workspace/configuration', ({ items }: { items: unknown[] }) =>
      items.map(() => this.settings ?? null),
    );
    connection.listen();
  }

  /** Starts a server without saying anything to it. */
  static spawn(): Editor {
    if (!existsSync(serverPath)) throw new Error(`Build the server first: there is no ${serverPath}`);
    const child = spawn(process.execPath, [serverPath, '--stdio'], { stdio: ['pipe', 'pipe', 'pipe'] });
    child.stderr.resume();
    const reader = new StreamMessageReader(child.stdout);
    // It would wait for the rest of a message for ever, and so would this process, if the server is killed meanwhile.
    reader.partialMessageTimeout = 0;
    const connection = createMessageConnection(reader, new StreamMessageWriter(child.stdin));
    return new Editor(child, connection);
  }

  /** Starts a server and initializes it. */
  static async start(options: EditorOptions = {}): Promise<Editor> {
    const editor = Editor.spawn();
    await editor.initialize(options);
    return editor;
  }

  async initialize(options: EditorOptions): Promise<{ capabilities: Record<string, unknown> }> {
    this.settings = options.settings;
    const folders = options.folders ?? (options.folder === undefined ? [] : [options.folder]);
    const result = await this.connection.sendRequest<{ capabilities: Record<string, unknown> }>(
      'initialize',
      {
        processId: process.pid,
        rootUri: null,
        capabilities: {
          workspace: {
            configuration: options.settings !== undefined,
            didChangeWatchedFiles: { dynamicRegistration: true, relativePatternSupport: true },
            workspaceFolders: true,
            ...(options.makesFiles === true && {
              workspaceEdit: { documentChanges: true, resourceOperations: ['create'] },
            }),
            ...(options.asksAboutEdits === true && {
              workspaceEdit: { documentChanges: true, changeAnnotationSupport: { groupsOnLabel: true } },
            }),
          },
          window: { workDoneProgress: options.progress === true },
          textDocument: {
            ...(options.hoverFormats && { hover: { contentFormat: options.hoverFormats } }),
            publishDiagnostics: { relatedInformation: true, versionSupport: true },
            codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: ['quickfix'] } } },
          },
        },
        workspaceFolders: folders.map((path) => ({ uri: uriOf(path), name: path })),
        initializationOptions: options.initializationOptions ?? null,
      },
    );
    await this.connection.sendNotification('initialized', {});
    return result;
  }

  open(uri: string, text: string): void {
    this.versions.set(uri, 1);
    this.send('textDocument/didOpen', { textDocument: { uri, languageId: 'nix', version: 1, text } });
  }

  /** Replaces the whole text. */
  type(uri: string, text: string): number {
    return this.edit(uri, [{ text }]);
  }

  /** Sends changes, and gives the new version. */
  edit(uri: string, contentChanges: unknown[]): number {
    const version = (this.versions.get(uri) ?? 0) + 1;
    this.versions.set(uri, version);
    this.send('textDocument/didChange', { textDocument: { uri, version }, contentChanges });
    return version;
  }

  close(uri: string): void {
    this.send('textDocument/didClose', { textDocument: { uri } });
  }

  send(method: string, params: unknown): void {
    void this.connection.sendNotification(method, params);
  }

  request<T = unknown>(method: string, params: unknown): Promise<T> {
    return this.connection.sendRequest<T>(method, params);
  }

  /** Whether the server wants to hear of a file of the workspace, by the globs that it has registered. */
  watches(uri: string): boolean {
    return this.registrations
      .filter(({ method }) => method === 'workspace/didChangeWatchedFiles')
      .flatMap(({ registerOptions }) => (registerOptions as { watchers: FileSystemWatcher[] }).watchers)
      .some(({ globPattern }) => matches(globPattern, uri));
  }

  /** A request that can be cancelled. */
  cancellable(method: string, params: unknown): { answer: Promise<unknown>; cancel(): void } {
    const source = new CancellationTokenSource();
    return {
      answer: this.connection.sendRequest(method, params, source.token),
      cancel: () => source.cancel(),
    };
  }

  hover(uri: string, line: number, character: number): Promise<Hover | null> {
    return this.request('textDocument/hover', { textDocument: { uri }, position: { line, character } });
  }

  /** The content of the first fenced block of a hover, or undefined if there is none. */
  async value(uri: string, line: number, character: number): Promise<string | undefined> {
    const hover = await this.hover(uri, line, character);
    const text = (hover?.contents as { value: string } | undefined)?.value;
    return /^```+nix\n([^]*?)\n```/.exec(text ?? '')?.[1];
  }

  /** The last publication for a document. */
  published(uri: string): Publication | undefined {
    return this.publications.findLast((publication) => publication.uri === uri);
  }

  /** Waits until a condition holds; it is looked at whenever the server has said something. */
  async until<T>(what: string, condition: () => T | undefined | false, milliseconds = 60_000): Promise<T> {
    const found = condition();
    if (found !== undefined && found !== false) return found;
    return new Promise((resolve, reject) => {
      const finish = (): void => {
        clearTimeout(timer);
        this.listeners.delete(look);
      };
      const look = (): void => {
        const value = condition();
        if (value === undefined || value === false) return;
        finish();
        resolve(value);
      };
      const timer = setTimeout(() => {
        finish();
        reject(new Error(`Waited in vain for ${what}. Last: ${JSON.stringify(this.publications.at(-1))}`));
      }, milliseconds);
      this.listeners.add(look);
    });
  }

  /** Waits for the last publication of a document to be as wanted. */
  diagnostics(
    uri: string,
    what: string,
    wanted: (diagnostics: Diagnostic[], publication: Publication) => boolean,
    milliseconds?: number,
  ): Promise<Diagnostic[]> {
    return this.until(
      what,
      () => {
        const last = this.published(uri);
        return last !== undefined && wanted(last.diagnostics, last) && last.diagnostics;
      },
      milliseconds,
    );
  }

  /** Ends the server as an editor does, and gives its exit code. */
  async stop(): Promise<number | null> {
    const exited = this.exited();
    await this.request('shutdown', undefined);
    this.send('exit', undefined);
    return exited;
  }

  exited(): Promise<number | null> {
    if (this.process.exitCode !== null) return Promise.resolve(this.process.exitCode);
    return new Promise((resolve) => this.process.once('exit', (code) => resolve(code)));
  }

  /** Ends the server, whatever it is doing. */
  kill(): void {
    this.connection.dispose();
    this.process.kill('SIGKILL');
  }

  private notify(): void {
    for (const listener of [...this.listeners]) listener();
  }
}

function matches(glob: FileSystemWatcher['globPattern'], uri: string): boolean {
  if (typeof glob === 'string') return picomatch(glob, { dot: true })(fileURLToPath(uri));
  const folder = typeof glob.baseUri === 'string' ? glob.baseUri : glob.baseUri.uri;
  const inside = `${folder}/`;
  const rest = uri.startsWith(inside) ? decodeURIComponent(uri.slice(inside.length)) : undefined;
  return rest !== undefined && picomatch(glob.pattern, { dot: true })(rest);
}

export function uriOf(path: string): string {
  return pathToFileURL(path).href;
}
