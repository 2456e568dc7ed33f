/**
 * What a command sees of the process that runs it. A test gives it another one,
 * so that many runs fit into one process.
 */
import type { Bytes } from '../base/bytes';
import type { CodeStorage } from '../evaluator/code-cache';
import type { Host } from '../host/host';

export interface HostSettings {
  /** The experimental features that are on. */
  readonly features: ReadonlySet<string>;
  /** Nix's name of the system, or empty for this machine's. */
  readonly system: string;
  /** Milliseconds after which a pipe that nobody writes to is no longer waited for; by default it is, as by C++ Nix. */
  readonly pipePatience?: number;
}

export interface World {
  createHost(settings: HostSettings): Host;
  /** Where compiled code is kept from one run to the next, if it is. */
  readonly codeStorage: CodeStorage | undefined;
  /** Whether a run that needs more than this thread has is made again where there is more: see attempt.ts. */
  readonly canStartAgain?: boolean;
  /** Bytes of heap that the run may take. */
  readonly heapLimit?: number;
  /** When the run began, in milliseconds since 1970; where it is made again, the first time. */
  readonly started?: number;
  /** All of standard input. @throws HostError */
  readInput(): Bytes;
  /**
   * To standard output; what was written is there when the command ends, however it ends, and
   * before anything that is written to standard error after it.
   */
  write(text: Bytes): void;
  /** Has all that was written be there at once. */
  flush?(): void;
  /** To a file that the user named. @throws HostError */
  writeFile(name: string, content: Bytes): void;
  /** One message to standard error, at once, without what would disturb a terminal. */
  writeError(text: Bytes): void;
  /** Shows a line on a terminal, in the place of the last one and until something else is written. */
  showProgress?(line: Bytes): void;
  /** Hears that an evaluation is a large one; only a process of its own has a use for that. */
  becomesLarge?(): void;
  /** Hears that very many values are about to be made that all stay. */
  keepsMuch?(): void;
  /** Has something done when the command has ended and all it wrote is there. */
  afterwards(work: () => void): void;
}
