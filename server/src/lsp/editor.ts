/**
 * What the server says to the editor of its own accord. It asks for nothing that
 * the editor has not announced, and a message that cannot be sent is no failure.
 */
import type {
  ClientCapabilities,
  Connection,
  Diagnostic as ProtocolDiagnostic,
  FileSystemWatcher,
} from 'vscode-languageserver/node';
import { settingsSection } from '../../../shared/src/settings';
import { statusMethod, valuesChangedMethod, type StatusParams } from '../../../shared/src/protocol';

export type Watcher = FileSystemWatcher;

const watchMethod = 'workspace/didChangeWatchedFiles';

/** Milliseconds in which changes count as one. */
const refreshDelay = 300;

export interface Progress {
  end(): void;
}

/** As {@link Progress}, with what has been done so far, and a button to call it off. */
export interface CancellableProgress extends Progress {
  /** @param percentage from 0 to 100; left out where it is not known */
  report(message: string, percentage?: number): void;
  onCancel(listener: () => void): void;
}

export class Editor {
  capabilities: ClientCapabilities = {};
  /** Whether the editor shows values of its own accord, and wants to hear when they change. */
  followsValues = false;
  /** Whether a link in Markdown may run a command of the client, as `command:NAME?ARGUMENTS`. */
  followsCommandLinks = false;
  private progresses = 0;
  private registrations = 0;
  private refreshTimer: NodeJS.Timeout | undefined;

  constructor(private readonly connection: Connection) {}

  publishDiagnostics(uri: string, version: number | undefined, diagnostics: ProtocolDiagnostic[]): void {
    const params = version === undefined ? { uri, diagnostics } : { uri, version, diagnostics };
    this.send(this.connection.sendDiagnostics(params));
  }

  status(params: StatusParams): void {
    this.send(this.connection.sendNotification(statusMethod, params));
  }

  /** Shows a message that the user has to acknowledge or will see fade. */
  warn(message: string): void {
    this.send(
      this.connection.sendNotification('window/showMessage', { type: 2, message: `Nixray: ${message}` }),
    );
  }

  inform(message: string): void {
    this.send(
      this.connection.sendNotification('window/showMessage', { type: 3, message: `Nixray: ${message}` }),
    );
  }

  log(message: string): void {
    this.connection.console.log(message);
  }

  logError(error: unknown, where: string): void {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.connection.console.error(`${where}: ${text}`);
  }

  /** The section of the settings, or undefined where the editor cannot be asked or does not answer. */
  async settings(): Promise<unknown> {
    if (this.capabilities.workspace?.configuration !== true) return undefined;
    try {
      return await this.connection.workspace.getConfiguration(settingsSection);
    } catch (error) {
      this.logError(error, 'workspace/configuration');
      return undefined;
    }
  }

  /** Asks to be told about files on disk. Gives the id of the registration; undefined if there is none. */
  async watchFiles(watchers: Watcher[]): Promise<string | undefined> {
    if (this.capabilities.workspace?.didChangeWatchedFiles?.dynamicRegistration !== true) return undefined;
    return this.register(watchMethod, { watchers });
  }

  /** Ends a registration of files. */
  async unwatchFiles(id: string): Promise<void> {
    // The protocol spells it so.
    const unregisterations = [{ id, method: watchMethod }];
    try {
      await this.connection.sendRequest('client/unregisterCapability', { unregisterations });
    } catch (error) {
      this.logError(error, `end of the registration ${id}`);
    }
  }

  async watchSettings(): Promise<void> {
    if (this.capabilities.workspace?.didChangeConfiguration?.dynamicRegistration !== true) return;
    await this.register('workspace/didChangeConfiguration', { section: settingsSection });
  }

  /** Shows that something takes time, if the editor can. */
  async beginProgress(title: string, message: string): Promise<Progress | undefined> {
    if (this.capabilities.window?.workDoneProgress !== true) return undefined;
    const token = `nixray-${++this.progresses}`;
    try {
      await this.connection.sendRequest('window/workDoneProgress/create', { token });
    } catch {
      return undefined;
    }
    const report = (value: object): void =>
      this.send(this.connection.sendNotification('$/progress', { token, value }));
    report({ kind: 'begin', title, message });
    return { end: () => report({ kind: 'end' }) };
  }

  /** Shows how something goes on that the user asked for; an editor that cannot show it is told nothing. */
  async beginCancellable(title: string, message: string): Promise<CancellableProgress> {
    // The library hears of the button itself, before the routes could.
    const shown = await this.connection.window.createWorkDoneProgress().catch(() => undefined);
    shown?.begin(title, 0, message, true);
    return {
      report: (text, percentage) => {
        if (percentage === undefined) shown?.report(text);
        else shown?.report(percentage, text);
      },
      onCancel: (listener) => void shown?.token.onCancellationRequested(listener),
      end: () => shown?.done(),
    };
  }

  /** Asks the editor to ask again for the values that it shows, once for many changes. */
  refreshValues(): void {
    const { inlayHint, codeLens } = this.capabilities.workspace ?? {};
    clearTimeout(this.refreshTimer);
    this.refreshTimer = setTimeout(() => {
      if (inlayHint?.refreshSupport === true) this.refresh('workspace/inlayHint/refresh');
      if (codeLens?.refreshSupport === true) this.refresh('workspace/codeLens/refresh');
      if (this.followsValues) this.send(this.connection.sendNotification(valuesChangedMethod));
    }, refreshDelay).unref();
  }

  private refresh(method: string): void {
    this.send(this.connection.sendRequest(method));
  }

  private async register(method: string, registerOptions: object): Promise<string | undefined> {
    const id = `nixray-${method}-${++this.registrations}`;
    try {
      await this.connection.sendRequest('client/registerCapability', {
        registrations: [{ id, method, registerOptions }],
      });
      return id;
    } catch (error) {
      this.logError(error, `registration of ${method}`);
      return undefined;
    }
  }

  private send(sent: Promise<unknown>): void {
    // The connection may close between any two messages.
    sent.catch(() => {});
  }
}
