/** What the programs of the command line have in common: a command gets the process for a world. */
import { assumeSmallStack, isStackOverflow } from '../base/stack';
import { prepareShortRun, restoreFlags } from '../base/v8-flags';
import { Interruption } from '../values/error';
import { heapOfAttempts, type Attempted } from './attempt';
import type { Command } from './evaluation-commands';
import { ProcessWorld } from './process-world';

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

/** A program, which a process or a thread runs once. */
export type Program = (request: Request) => Ended;

export function programOf(command: Command): Program {
  return ({ args, after }) => {
    prepareShortRun();
    try {
      return after === 'attempt'
        ? attempt(command, args)
        : finish(command, args, new ProcessWorld({ earlier: after }));
    } finally {
      restoreFlags();
    }
  };
}

function attempt(command: Command, args: readonly string[]): Ended {
  assumeSmallStack();
  const world = new ProcessWorld({ heapLimit: heapOfAttempts() });
  try {
    return finish(command, args, world);
  } catch (error) {
    if (!(error instanceof Interruption) && !isStackOverflow(error)) throw error;
    return { attempted: world.giveUp(), learnt: false };
  }
}

function finish(command: Command, args: readonly string[], world: ProcessWorld): Ended {
  const exitCode = command(args, world);
  const isWritten = world.end();
  return { exitCode: isWritten ? exitCode : exitCode || 1, learnt: world.learnt };
}
