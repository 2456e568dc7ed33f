// Runs a command in a folder of its own, with its output caught.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { decodeUtf8, encodeUtf8 } from '../../../server/src/base/bytes';
import { runCommand } from '../../../server/src/command-line/run-command';
import type { HostSettings, World } from '../../../server/src/command-line/world';
import { DiskHost } from '../../../server/src/host/disk-host';
import { nixPathOf } from '../../../server/src/host/host-path';
import { nixFolders, type NixFolders } from '../../../server/src/host/nix-folders';

export interface Outcome {
  readonly code: number;
  readonly out: string;
  /** What of it was to be there before the end. */
  readonly flushed: string;
  readonly err: string;
  /** The lines that a terminal would show for a moment. */
  readonly progress: readonly string[];
}

class FolderHost extends DiskHost {
  override readonly home: string;
  override readonly nixFolders: NixFolders;

  constructor(
    settings: HostSettings,
    folder: string,
    private readonly variables: Readonly<Record<string, string>>,
  ) {
    super(settings);
    this.home = nixPathOf(folder);
    // What this machine has of Nix is of no matter to a test.
    this.nixFolders = nixFolders(this.home, (name) =>
      name === 'NIX_STATE_DIR' ? `${this.home}/nix` : undefined,
    );
  }

  override get workingDirectory(): string {
    return this.home;
  }

  override getEnvironment(name: string): string | undefined {
    return this.variables[name];
  }
}

/** A folder with some files, removed by `remove`. */
export class Folder {
  readonly path = mkdtempSync(join(tmpdir(), 'nixray-'));

  constructor(
    files: Readonly<Record<string, string>> = {},
    private readonly variables: Readonly<Record<string, string>> = {},
  ) {
    for (const [name, text] of Object.entries(files)) {
      const file = join(this.path, name);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    }
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }

  /** The folder's own path reads `/here` in the output. */
  run(args: readonly string[], input = ''): Outcome {
    let out = '';
    let err = '';
    let flushed = '';
    const progress: string[] = [];
    const world: World = {
      createHost: (settings) => new FolderHost(settings, this.path, this.variables),
      codeStorage: undefined,
      afterwards: (work) => work(),
      readInput: () => encodeUtf8(input),
      write: (text) => void (out += text),
      writeFile: (name, content) => writeFileSync(resolve(this.path, name), content, 'latin1'),
      showProgress: (line) => void progress.push(this.anonymous(line)),
      flush: () => void (flushed = out),
      writeError: (text) => void (err += text),
    };
    const code = runCommand(args, world);
    return {
      code,
      progress,
      flushed: this.anonymous(flushed),
      out: this.anonymous(out),
      err: this.anonymous(err),
    };
  }

  private anonymous(text: string): string {
    return decodeUtf8(text).replaceAll(nixPathOf(this.path), '/here');
  }
}

/** Runs a command in an empty folder. */
export function run(args: readonly string[], input = ''): Outcome {
  const folder = new Folder();
  try {
    return folder.run(args, input);
  } finally {
    folder.remove();
  }
}
