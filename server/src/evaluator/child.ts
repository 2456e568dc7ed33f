/**
 * Starts the process that evaluates, and shows it to the supervisor as
 * something that takes messages, gives messages, and ends.
 */
import { fork } from 'node:child_process';
import { join } from 'node:path';
import type { FromEvaluator, ToEvaluator } from './rpc';

/** How a child ended. */
export interface ChildExit {
  readonly reason: 'memory' | 'crash';
  /** The last lines it wrote, for the log. */
  readonly log: string;
}

export interface Child {
  send(message: ToEvaluator): void;
  /** Ends it at once. `onExit` is still called. */
  kill(): void;
}

export interface ChildEvents {
  onMessage(message: FromEvaluator): void;
  /** Called exactly once. */
  onExit(exit: ChildExit): void;
}

/** Starts a child that may use `memory` MiB. */
export type Launch = (memory: number, events: ChildEvents) => Child;

/** How many bytes of a child's standard error are kept. */
const keptLog = 4000;

/** Node ends itself with this code, or with SIGABRT, when its heap is full. */
const abortCode = 134;

/** The bundle of the process stands beside the bundle that contains this file. */
export function launchEvaluator(memory: number, events: ChildEvents): Child {
  const process = fork(join(__dirname, 'evaluator.js'), [String(memory)], {
    serialization: 'advanced',
    execArgv: [`--max-old-space-size=${memory}`, '--expose-gc'],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let log = '';
  let fatal: 'memory' | 'crash' | undefined;
  let ended = false;
  const end = (code: number | null, signal: string | null): void => {
    if (ended) return;
    ended = true;
    const outOfMemory = signal === 'SIGABRT' || code === abortCode || log.includes('heap out of memory');
    events.onExit({ reason: fatal ?? (outOfMemory ? 'memory' : 'crash'), log });
  };
  process.stderr!.on('data', (data: Buffer) => {
    log = (log + data.toString()).slice(-keptLog);
  });
  process.on('message', (message: FromEvaluator) => {
    if (message.kind === 'fatal') fatal ??= message.reason;
    else events.onMessage(message);
  });
  process.on('exit', end);
  process.on('error', (error) => {
    log += error.message;
    end(null, null);
  });
  return {
    send: (message) => {
      // A child that just ended has not been heard of yet; its exit settles everything.
      if (process.connected) process.send(message, () => {});
    },
    kill: () => void process.kill('SIGKILL'),
  };
}
