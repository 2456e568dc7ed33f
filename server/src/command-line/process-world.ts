/** The world of a command that somebody typed: the disk, the standard streams. */
import * as fs from 'node:fs';
import { isatty } from 'node:tty';
import { encodeUtf8, type Bytes } from '../base/bytes';
import { prepareLargeRun, prepareMuchToKeep } from '../base/v8-flags';
import type { CodeStorage } from '../evaluator/code-cache';
import { DiskHost } from '../host/disk-host';
import { HostError, type Host } from '../host/host';
import { SegmentFolder } from '../host/segment-folder';
import type { Attempted } from './attempt';
import { codeFolder } from './code-folder';
import { isNamedPipe, readPipe, ReadOnce, readStandardInput } from './input';
import { Output } from './output';
import { ProgressLine } from './progress-line';
import { terminalText } from './terminal-text';
import type { HostSettings, World } from './world';

/** Written before the end once so much has gathered. */
const flushAt = 1 << 20;

/** Whether standard error is a terminal that can do more than print. */
const isTerminal = isatty(2) && (process.env['TERM'] ?? 'dumb') !== 'dumb';

/** Whether it shows colors, and nobody has asked for none; as in C++ Nix. */
const showsColors =
  isTerminal && process.env['NO_COLOR'] === undefined && process.env['NOCOLOR'] === undefined;

interface ProcessWorldOptions {
  /** What an attempt of the same run has left. */
  readonly earlier?: Attempted | undefined;
  readonly heapLimit?: number;
}

export class ProcessWorld implements World {
  /** Bytes of heap after which the run is to be made again where there is more. */
  readonly heapLimit: number;
  readonly started: number;
  private readonly output: Output;
  private readonly errors: Output;
  private readonly once: ReadOnce;
  private readonly progress = new ProgressLine((text) => {
    if (isTerminal) fs.writeSync(2, text, null, 'latin1');
  });
  private input: Bytes | undefined;
  private pending: Bytes[] = [];
  private pendingLength = 0;
  private readonly work: (() => void)[] = [];
  /** Whether something was kept that was not there before. */
  learnt = false;
  readonly codeStorage = codeFolder && this.openStorage(new SegmentFolder(codeFolder));

  constructor({ earlier, heapLimit = Infinity }: ProcessWorldOptions = {}) {
    this.heapLimit = heapLimit;
    this.started = earlier?.started ?? Date.now();
    this.output = new Output(1, earlier?.written ?? 0);
    this.errors = new Output(2, earlier?.errorsWritten ?? 0);
    this.once = new ReadOnce(earlier?.read);
  }

  private openStorage(folder: SegmentFolder): CodeStorage {
    return {
      read: (name) => folder.read(name),
      write: (name, bytes) => {
        this.learnt = true;
        folder.write(name, bytes);
      },
      flush: () => folder.flush(),
    };
  }

  /**
   * Ends here, and says what the thread has to know that makes this run again. What is kept for
   * later runs serves that one, too: it need not compile the same code.
   */
  giveUp(): Attempted {
    this.finishWork();
    const { output, errors, once, started } = this;
    return { written: output.length, errorsWritten: errors.length, read: once.texts, started };
  }

  get canStartAgain(): boolean {
    return this.heapLimit !== Infinity;
  }

  createHost({ features, system, pipePatience = Infinity }: HostSettings): Host {
    return new DiskHost({
      environment: 'all',
      system,
      features,
      currentTime: Math.floor(this.started / 1000),
      keepsTypes: true,
      readIrregular: (path, read) =>
        this.once.read(() =>
          pipePatience < Infinity && isNamedPipe(path) ? readPipe(path, pipePatience) : read(),
        ),
    });
  }

  readInput(): Bytes {
    return (this.input ??= this.once.read(readStandardInput));
  }

  write(text: Bytes): void {
    this.pending.push(text);
    this.pendingLength += text.length;
    if (this.pendingLength >= flushAt) this.flush();
  }

  flush(): void {
    this.progress.clear();
    if (this.pendingLength === 0) return;
    const text = this.pending.join('');
    this.pending = [];
    this.pendingLength = 0;
    this.output.write(text);
  }

  writeFile(name: string, content: Bytes): void {
    try {
      fs.writeFileSync(name, content, 'latin1');
    } catch (error) {
      const reason = (error as NodeJS.ErrnoException).message;
      throw new HostError('other', encodeUtf8(`cannot write '${name}': ${reason}`));
    }
  }

  writeError(text: Bytes): void {
    this.flush();
    this.errors.write(terminalText(text, showsColors));
  }

  showProgress(line: Bytes): void {
    this.progress.show(line);
  }

  becomesLarge(): void {
    prepareLargeRun();
  }

  keepsMuch(): void {
    prepareMuchToKeep();
  }

  afterwards(work: () => void): void {
    this.work.push(work);
  }

  /** Writes what is left and does what was to be done then. Gives whether all of the output was written. */
  end(): boolean {
    this.flush();
    this.finishWork();
    const { problem } = this.output;
    if (problem !== undefined) this.errors.write(`error: cannot write to standard output: ${problem}\n`);
    return problem === undefined;
  }

  private finishWork(): void {
    for (const work of this.work) work();
  }
}
