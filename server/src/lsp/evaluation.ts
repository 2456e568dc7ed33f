/**
 * Whether there is evaluation, and with which settings: what the user allows,
 * by trust and by setting, as the supervisor needs it.
 */
import type { Settings } from '../../../shared/src/settings';
import type { Bytes } from '../base/bytes';
import { launchEvaluator } from '../evaluator/child';
import { cacheFolder } from '../host/cache-folder';
import type { EvaluatorSettings } from '../evaluator/service';
import { Supervisor, type Replacement } from '../evaluator/supervisor';
import type { Activity } from './activity';
import type { Editor } from './editor';
import type { Folders } from './folders';
import type { SettingsSource } from './settings-source';
import type { WatchedFiles } from './watched-files';

export class Evaluation {
  readonly supervisor: Supervisor;
  trusted = true;
  /** An entry of the search path that a user has asked for since the server started; it comes first. */
  fetchedNixpkgs: string | undefined;
  /** False until the settings are known, so that nothing is evaluated with the wrong ones. */
  private started = false;
  /** Resolved when evaluation was started, or when it is not worth waiting any longer. */
  readonly ready: Promise<void>;
  private setReady!: () => void;
  /** What the user was told, by document and reason, until the document evaluates again. */
  private readonly told = new Map<Bytes | undefined, string>();

  constructor(
    private readonly editor: Editor,
    private readonly activity: Activity,
    private readonly settings: SettingsSource,
    private readonly folders: Folders,
    watchedFiles: WatchedFiles,
  ) {
    this.ready = new Promise((resolve) => (this.setReady = resolve));
    this.supervisor = new Supervisor(launchEvaluator, {
      replaced: (replacement) => this.replaced(replacement),
      gaveUp: (message) => this.gaveUp(message),
      busy: (busy) => activity.busy(busy),
      read: (paths) => watchedFiles.add(paths),
      log: (message) => editor.log(message),
    });
  }

  /** Why nothing is evaluated, or undefined if it is. */
  get obstacle(): string | undefined {
    if (!this.trusted) return 'Nothing is evaluated, since the workspace is not trusted.';
    if (!this.settings.current['evaluation.enabled']) return 'Evaluation is switched off by a setting.';
    return this.started ? undefined : 'The server is starting.';
  }

  start(): void {
    this.started = true;
    this.update();
    this.setReady();
  }

  /** Settings, folders or trust have changed. */
  update(): void {
    if (!this.started) return;
    this.supervisor.configure(
      evaluatorSettings(this.settings.current, this.folders.paths, this.fetchedNixpkgs),
    );
    const { obstacle } = this;
    this.supervisor.setEnabled(obstacle === undefined, obstacle);
    this.activity.disabled(obstacle);
  }

  /** A document has evaluated without harm; from now on trouble with it is news again. */
  succeeded(path: Bytes): void {
    this.told.delete(path);
    this.activity.succeeded();
  }

  private gaveUp(message: string): void {
    this.activity.restarted(message);
    this.editor.warn(message);
  }

  private replaced({ reason, message, path }: Replacement): void {
    this.activity.restarted(message);
    if (this.told.get(path) === reason) return;
    this.told.set(path, reason);
    this.editor.warn(`${message} Evaluation was started again.`);
  }
}

function evaluatorSettings(
  settings: Settings,
  folders: readonly Bytes[],
  fetchedNixpkgs: string | undefined,
): EvaluatorSettings {
  return {
    timeout: settings['evaluation.timeout'],
    memory: settings['evaluation.memory'],
    maxCallDepth: settings['evaluation.maxCallDepth'],
    environment: settings['evaluation.environment'],
    system: settings['evaluation.system'],
    searchPath: [...(fetchedNixpkgs === undefined ? [] : [fetchedNixpkgs]), ...settings.searchPath],
    arguments: settings.arguments,
    folders,
    reach: settings['diagnostics.evaluation'] === 'reachable' ? 'reachable' : 'file',
    cacheFolder: cacheFolder(settings['cache.directory']),
  };
}
