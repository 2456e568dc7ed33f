/**
 * Which files on disk the editor tells about: Nix files and lock files wherever
 * they are, and one by one whatever else of the workspace an evaluation has read.
 */
import { decodeUtf8, type Bytes } from '../base/bytes';
import { baseNameOf, directoryOf } from '../host/path';
import type { Editor } from './editor';
import { fileUri } from './uris';

const always = ['**/*.nix', '**/flake.lock'];

/** Editors pay for each watcher. */
const maxWatched = 500;

/** Milliseconds in which paths are gathered, so that they make one registration. */
const pause = 500;

/** What means something of its own in a glob, or in the braces of one. */
const globCharacters = /[*?{}[\]!,]/;

export class WatchedFiles {
  private readonly known = new Set<Bytes>();
  private waiting: Bytes[] = [];
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly editor: Editor) {}

  async start(): Promise<void> {
    await this.editor.watchFiles(always.map((globPattern) => ({ globPattern })));
  }

  /** An evaluation has read these paths. */
  add(paths: Iterable<Bytes>): void {
    for (const path of paths) {
      if (this.known.size >= maxWatched || isAlwaysWatched(path) || this.known.has(path)) continue;
      this.known.add(path);
      if (!globCharacters.test(baseNameOf(path))) this.waiting.push(path);
    }
    if (this.waiting.length > 0) this.timer ??= setTimeout(() => this.register(), pause);
  }

  private register(): void {
    this.timer = undefined;
    const paths = this.waiting;
    this.waiting = [];
    // Without patterns that are relative to a folder, a path cannot be told from a pattern.
    if (this.editor.capabilities.workspace?.didChangeWatchedFiles?.relativePatternSupport !== true) return;
    const watchers = paths.map((path) => {
      const name = decodeUtf8(baseNameOf(path));
      // What was read of a folder is what stands in it.
      return { globPattern: { baseUri: fileUri(directoryOf(path)), pattern: `{${name},${name}/*}` } };
    });
    void this.editor.watchFiles(watchers);
  }
}

function isAlwaysWatched(path: Bytes): boolean {
  return path.endsWith('.nix') || path.endsWith('/flake.lock');
}
