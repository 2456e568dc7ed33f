/** The program of the command line: gives a command the process for a world. */
import { assumeSmallStack, isStackOverflow } from '../base/stack';
import { prepareShortRun, restoreFlags } from '../base/v8-flags';
import { Interruption } from '../values/error';
import { heapOfAttempts, type Attempted } from './attempt';
import { ProcessWorld } from './process-world';
import { runCommand } from './run-command';

export interface Request {
  readonly args: readonly string[];
  /** `attempt` where a thread with more of everything can make the run again; else what was attempted before. */
  readonly after: 'attempt' | Attempted | undefined;
}

/** Exactly one of `exitCode` and `attempted` is there. */
export interface Ended {
  readonly exitCode?: number;
  /** The run needs more than this thread has. */
  readonly attempted?: Attempted;
  /** Whether the run did work that an earlier one had not done: then most of this program has run. */
  readonly learnt: boolean;
}

export function run({ args, after }: Request): Ended {
  prepareShortRun();
  try {
    return after === 'attempt' ? attempt(args) : finish(args, new ProcessWorld({ earlier: after }));
  } finally {
    restoreFlags();
  }
}

function attempt(args: readonly string[]): Ended {
  assumeSmallStack();
  const world = new ProcessWorld({ heapLimit: heapOfAttempts() });
  try {
    return finish(args, world);
  } catch (error) {
    if (!(error instanceof Interruption) && !isStackOverflow(error)) throw error;
    return { attempted: world.attempted(), learnt: false };
  }
}

function finish(args: readonly string[], world: ProcessWorld): Ended {
  const exitCode = runCommand(args, world);
  world.end();
  return { exitCode, learnt: world.learnt };
}
