/**
 * Which files on disk the editor tells about: Nix files, lock files, and
 * whatever else the evaluation of an open document has read.
 */
import type { Bytes } from '../base/bytes';
import type { Editor } from './editor';

const always = ['**/*.nix', '**/flake.lock'];

export class WatchedFiles {
  constructor(private readonly editor: Editor) {}

  async start(): Promise<void> {
    await this.editor.watchFiles(always.map((globPattern) => ({ globPattern })));
  }

  /** Whether a change of the path is told by the patterns above, wherever the folders are. */
  static isAlwaysWatched(path: Bytes): boolean {
    return path.endsWith('.nix') || path.endsWith('/flake.lock');
  }
}
