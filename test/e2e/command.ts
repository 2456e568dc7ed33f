/** The built command line in a folder of a test, with a cache of its own. */
import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import type { TestFolder } from './folder';

const program = join(__dirname, '../../dist/nixray.js');

export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  readonly input?: string;
  /** Flags of Node. */
  readonly flags?: readonly string[];
  /** A script for `sh` that runs the command as `"$@"`. */
  readonly script?: string;
}

export class CommandLine {
  constructor(private readonly folder: TestFolder) {}

  /** Runs a command to its end. One that hangs is ended, with no status. */
  run(args: readonly string[], options: CommandOptions = {}): Ended {
    const [file, ...rest] = this.commandLine(args, options);
    const { status, stdout, stderr } = spawnSync(file!, rest, {
      ...this.surroundings(),
      input: options.input ?? '',
      encoding: 'utf8',
      timeout: 60_000,
      killSignal: 'SIGKILL',
    });
    return { status, stdout, stderr };
  }

  /** Starts a command whose output can be read while it runs. */
  start(args: readonly string[]): ChildProcess {
    const [file, ...rest] = this.commandLine(args, {});
    return spawn(file!, rest, this.surroundings());
  }

  /** Makes a pipe in the folder, to which each text is written once somebody reads it. */
  makePipe(name: string, ...texts: readonly string[]): void {
    const path = join(this.folder.path, name);
    execFileSync('mkfifo', [path]);
    // The pause lets the reader see that one text has ended before the next one begins.
    const script = 'pipe=$1; shift; for text; do printf %s "$text" > "$pipe"; sleep 0.5; done';
    if (texts.length > 0) spawn('sh', ['-c', script, 'sh', path, ...texts], { stdio: 'ignore' });
  }

  private commandLine(args: readonly string[], { flags = [], script }: CommandOptions): string[] {
    const node = [process.execPath, ...flags, program, ...args];
    return script === undefined ? node : ['sh', '-c', script, 'sh', ...node];
  }

  private surroundings(): { cwd: string; env: NodeJS.ProcessEnv } {
    const cwd = this.folder.path;
    return { cwd, env: { ...process.env, NIXRAY_CACHE_DIRECTORY: join(cwd, 'cache') } };
  }
}
