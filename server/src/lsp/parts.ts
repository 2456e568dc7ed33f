/** The parts of the server that handlers work with. Each has one duty; this record only holds them. */
import type { FetchTask } from '../download/task';
import type { WorkspaceSymbols } from '../features/workspace-symbols';
import type { DiskHost } from '../host/disk-host';
import type { Activity } from './activity';
import type { DiagnosticsPublisher } from './diagnostics-publisher';
import type { Documents } from './documents';
import type { Editor } from './editor';
import type { Evaluation } from './evaluation';
import type { Folders } from './folders';
import type { SettingsSource } from './settings-source';
import type { WatchedFiles } from './watched-files';

export interface Parts {
  readonly editor: Editor;
  readonly documents: Documents;
  readonly folders: Folders;
  /** The files of this machine; nothing is kept of them. */
  readonly disk: DiskHost;
  readonly settings: SettingsSource;
  readonly activity: Activity;
  readonly evaluation: Evaluation;
  readonly diagnostics: DiagnosticsPublisher;
  readonly watchedFiles: WatchedFiles;
  readonly symbols: WorkspaceSymbols;
  /** Commands of the client that may be offered to the user. */
  readonly clientCommands: Set<string>;
  /** What is being downloaded. */
  readonly downloads: Set<FetchTask>;
}
