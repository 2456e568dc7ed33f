/**
 * Which files on disk the editor tells about: Nix files and lock files wherever
 * they are, and whatever else of the workspace an evaluation has read, as long as
 * that is not much one by one.
 */
import { decodeUtf8, type Bytes } from '../base/bytes';
import { baseNameOf, directoryOf } from '../host/path';
import type { Editor, Watcher } from './editor';
import { fileUri } from './uris';

const always = ['**/*.nix', '**/flake.lock'];

/** Editors pay for each watcher. When there are more, one for all files takes their place. */
const maxWatched = 500;

/** What means something of its own in a glob, or in the braces of one. */
const globCharacters = /[*?{}[\]!,]/;

export class WatchedFiles {
  /** What evaluations have read. */
  private readonly known = new Set<Bytes>();
  /** The folders around that. */
  private readonly around = new Set<Bytes>();
  private waiting: Bytes[] = [];
  private timer: NodeJS.Timeout | undefined;
  /** How many files are watched one by one. */
  private watched = 0;
  private watchesAll = false;
  /** Whether the editor tells more than it has to. */
  private tellsMore = false;
  /** By their ids; undefined for one that failed. */
  private registrations: Promise<string | undefined>[] = [];

  /** @param pause milliseconds in which paths are gathered, so that they make one registration */
  constructor(
    private readonly editor: Editor,
    private readonly pause = 500,
  ) {}

  start(): void {
    this.register(always.map((globPattern) => ({ globPattern })));
  }

  /** An evaluation has read these paths. */
  add(paths: Iterable<Bytes>): void {
    for (const path of paths) {
      if (this.known.has(path)) continue;
      this.known.add(path);
      this.addFolders(path);
      if (!isAlwaysWatched(path)) this.waiting.push(path);
    }
    if (this.waiting.length > 0) this.timer ??= setTimeout(() => this.watchWaiting(), this.pause);
  }

  /** Whether a change that the editor tells about may concern somebody; it may tell about more than it has to. */
  concerns(path: Bytes): boolean {
    return (
      !this.tellsMore ||
      isAlwaysWatched(path) ||
      this.known.has(path) ||
      // What was read of a folder is what stands in it.
      this.known.has(directoryOf(path)) ||
      this.around.has(path)
    );
  }

  private addFolders(path: Bytes): void {
    for (let folder = directoryOf(path); !this.around.has(folder); folder = directoryOf(folder))
      this.around.add(folder);
  }

  private watchWaiting(): void {
    this.timer = undefined;
    const paths = this.waiting;
    this.waiting = [];
    if (this.watchesAll) return;
    this.watched += paths.length;
    // Without patterns that are relative to a folder, a path cannot be told from a pattern.
    const { relativePatternSupport } = this.editor.capabilities.workspace?.didChangeWatchedFiles ?? {};
    if (relativePatternSupport !== true || this.watched > maxWatched) void this.watchAll();
    else this.register(paths.map((path) => this.watcherOf(path)));
  }

  private watcherOf(path: Bytes): Watcher {
    const name = baseNameOf(path);
    const baseUri = fileUri(directoryOf(path));
    if (!globCharacters.test(name)) {
      const plain = decodeUtf8(name);
      return { globPattern: { baseUri, pattern: `{${plain},${plain}/*}` } };
    }
    // Editors do not agree on how such a character is written in a pattern.
    this.tellsMore = true;
    return { globPattern: { baseUri, pattern: '{*,*/*}' } };
  }

  /** The others are kept until this one is there, so that nothing is missed. */
  private async watchAll(): Promise<void> {
    const others = this.registrations;
    this.registrations = [];
    this.watchesAll = this.tellsMore = true;
    if ((await this.editor.watchFiles([{ globPattern: '**/*' }])) === undefined) return;
    for (const id of await Promise.all(others)) if (id !== undefined) await this.editor.unwatchFiles(id);
  }

  private register(watchers: Watcher[]): void {
    this.registrations.push(this.editor.watchFiles(watchers));
  }
}

function isAlwaysWatched(path: Bytes): boolean {
  return path.endsWith('.nix') || path.endsWith('/flake.lock');
}
