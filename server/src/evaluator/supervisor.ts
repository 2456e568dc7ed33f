/**
 * Runs calls in the process that evaluates, one at a time, and replaces the
 * process when it runs out of memory or does not let itself be interrupted.
 *
 * - A call of the foreground interrupts one of the background, which is tried
 *   again afterwards. Calls of the foreground take turns: one that takes long
 *   is interrupted when another one waits, and its next turn is longer.
 * - Every call has an outcome, whatever happens to the process.
 * - The call during which a process ended is not tried again, since it would
 *   most likely end the next process as well; all others are. One that only did
 *   not make way in time for another gets a second try.
 */
import { defaultMemory } from '../base/default-limits';
import type { Bytes } from '../base/bytes';
import type { Child, ChildExit, Launch } from './child';
import { Job, JobQueue, type Outcome, type Priority, type Stop } from './job';
import {
  wasCancelled,
  type ArgumentsOfQuestion,
  type Call,
  type FromEvaluator,
  type Question,
  type Result,
} from './rpc';
import { Run, type InterruptionCause } from './run';
import type { CallReference, EvaluatorSettings } from './service';
import { ToldState } from './told-state';

/** Milliseconds. */
export interface Patience {
  /** How much longer than its time limit a call may run before it is interrupted from outside. */
  readonly overtime: number;
  /** How long an interrupted call may take to stop, if nobody waits for the evaluator. */
  readonly grace: number;
  /** The same, if a call of the foreground waits. */
  readonly graceWhileWaiting: number;
  /** How long the first turn of a call is, if another one waits. */
  readonly turn: number;
  /** How long a process may take to start. */
  readonly start: number;
}

const defaultPatience: Patience = {
  overtime: 250,
  grace: 3000,
  graceWhileWaiting: 500,
  turn: 500,
  start: 15_000,
};

/** After so many processes that ended before they answered anything, no further one is started. */
const maxFailedStarts = 3;

/** What no user waits for as a rule. */
const ofBackground: ReadonlySet<Question> = new Set(['values', 'argumentSource', 'diagnose']);

/** A process was replaced. */
export interface Replacement {
  readonly reason: 'timeout' | 'memory' | 'crash';
  /** A sentence for the user. */
  readonly message: string;
  /** The document whose evaluation was under way. */
  readonly path: Bytes | undefined;
}

export interface SupervisorEvents {
  replaced(replacement: Replacement): void;
  /** The process does not start, however often it is tried; `message` is a sentence for the user. */
  gaveUp(message: string): void;
  /** Whether anything runs or waits. Called when that changes. */
  busy(busy: boolean): void;
  /** Evaluation has read these files of the workspace, whatever it was for. */
  read(paths: readonly Bytes[]): void;
  log(message: string): void;
}

const doesNotStart = 'The process that evaluates does not start. Restart the server to try again.';

/** How the process says that a call is over. */
type Conclusion = Extract<FromEvaluator, { kind: 'answer' | 'interrupted' | 'again' | 'failure' }>;

/** A call that was handed in. */
export interface Pending<T> {
  readonly outcome: Promise<Outcome<T>>;
  /** Ends it with the outcome `cancelled`, unless it has one. */
  cancel(): void;
}

/**
 * Whether a call may have had nothing to do with the end of its process: it made
 * room for another one, or the process died without a word, maybe before it had
 * read the call. Such a call is tried once more.
 */
function isInnocent(
  exit: ChildExit,
  interruption: InterruptionCause | undefined,
  wasReady: boolean,
): boolean {
  return interruption === 'preempted' || (interruption === undefined && exit.reason === 'crash' && wasReady);
}

export class Supervisor {
  private readonly queue = new JobQueue();
  private readonly told = new ToldState();
  private readonly patience: Patience;
  private settings: EvaluatorSettings | undefined;
  private enabled = false;
  private child: Child | undefined;
  private ready = false;
  private startTimer: NodeJS.Timeout | undefined;
  private failedStarts = 0;
  private run: Run | undefined;
  private lastId = 0;
  private wasBusy = false;

  constructor(
    private readonly launch: Launch,
    private readonly events: SupervisorEvents,
    patience: Partial<Patience> = {},
  ) {
    this.patience = { ...defaultPatience, ...patience };
  }

  /** A different memory limit takes a new process. */
  configure(settings: EvaluatorSettings): void {
    const memoryChanged = this.settings !== undefined && this.settings.memory !== settings.memory;
    this.settings = settings;
    this.told.configure(settings);
    this.failedStarts = 0;
    if (this.child === undefined) this.startChild();
    else if (memoryChanged) this.restart();
    else this.pump();
  }

  /** While it is not enabled, there is no process, and every call has the outcome `disabled`. */
  setEnabled(enabled: boolean, why = ''): void {
    if (enabled === this.enabled) return;
    this.enabled = enabled;
    if (enabled) return this.startChild();
    this.discardChild();
    this.endRun()?.stop('disabled', why);
    for (const job of this.queue.clear()) job.stop('disabled', why);
    this.reportBusy();
  }

  setDocument(path: Bytes, text: Bytes): void {
    this.told.setDocument(path, text);
    this.preemptBackground();
  }

  closeDocument(path: Bytes): void {
    this.told.closeDocument(path);
    this.preemptBackground();
  }

  filesChanged(paths: readonly Bytes[]): void {
    this.told.filesChanged(paths);
    this.preemptBackground();
  }

  chooseCall(path: Bytes, offset: number, call: CallReference | undefined): void {
    this.told.chooseCall(path, offset, call);
    this.preemptBackground();
  }

  /** Asks the evaluator a question, as urgently as it is asked as a rule. */
  ask<Q extends Question>(method: Q, ...args: ArgumentsOfQuestion<Q>): Pending<Result<Q>> {
    return this.call(method, args, ofBackground.has(method) ? 'background' : 'foreground');
  }

  /** Asks a question for the answer to which a user waits. */
  askAtOnce<Q extends Question>(method: Q, ...args: ArgumentsOfQuestion<Q>): Pending<Result<Q>> {
    return this.call(method, args, 'foreground');
  }

  /** Ends the process for good. */
  dispose(): void {
    this.setEnabled(false, 'The server is shutting down.');
  }

  private call<Q extends Question>(
    method: Q,
    args: ArgumentsOfQuestion<Q>,
    priority: Priority,
  ): Pending<Result<Q>> {
    const job = new Job({ method, args } as Call, priority);
    const outcome = job.outcome as Promise<Outcome<Result<Q>>>;
    if (!this.enabled) job.stop('disabled', 'Evaluation is switched off.');
    else if (this.gaveUp) job.stop('crash', doesNotStart);
    else this.enqueue(job);
    return { outcome, cancel: () => this.cancel(job) };
  }

  private enqueue(job: Job): void {
    this.queue.add(job);
    if (job.priority === 'foreground') {
      this.preemptBackground();
      if (this.run?.interruption !== undefined) this.limitGrace(this.run);
      else if (this.run !== undefined) this.limitTurn(this.run);
    }
    this.pump();
    this.reportBusy();
  }

  private cancel(job: Job): void {
    job.stop('cancelled', 'The request was cancelled.');
    if (!this.queue.remove(job) && this.run?.job === job) this.interrupt(this.run, 'cancelled');
    this.reportBusy();
  }

  private get gaveUp(): boolean {
    return this.child === undefined && this.failedStarts >= maxFailedStarts;
  }

  /** Gives the process its next call, if it can take one. */
  private pump(): void {
    if (this.run !== undefined || !this.ready) return;
    const job = this.queue.next();
    if (job === undefined) return;
    for (const notice of this.told.take()) this.child!.send({ kind: 'notice', notice });
    const run = new Run(++this.lastId, job);
    this.run = run;
    const left = Math.max(0, (this.settings?.timeout ?? Infinity) - job.used);
    run.atLimit(left + this.patience.overtime, () => this.interrupt(run, 'timeout'));
    if (this.queue.hasForeground) this.limitTurn(run);
    this.child!.send({ kind: 'call', id: run.id, call: job.call });
  }

  private preemptBackground(): void {
    const { run } = this;
    if (run?.job.priority === 'background' && run.interruption === undefined)
      this.interrupt(run, 'preempted');
  }

  /** Another call of the foreground waits: this one goes on until its turn is over. */
  private limitTurn(run: Run): void {
    run.atEndOfTurn(this.patience.turn * 2 ** run.job.preemptions, () => {
      if (run.interruption === undefined && this.queue.hasForeground) this.interrupt(run, 'preempted');
    });
  }

  /** Tells a run to stop, and ends the process if it does not. */
  private interrupt(run: Run, cause: InterruptionCause): void {
    if (run !== this.run || !run.interrupt(cause)) return;
    this.child!.send({ kind: 'cancel', id: run.id });
    this.limitGrace(run);
  }

  private limitGrace(run: Run): void {
    const { grace, graceWhileWaiting } = this.patience;
    run.afterGrace(this.queue.hasForeground ? graceWhileWaiting : grace, () => {
      this.events.log('The evaluator did not stop when it was told to; it is replaced.');
      // It may still answer before it is gone, which nobody must take for an answer to another call.
      this.child?.kill();
      this.childEnded({ reason: 'crash', log: '' });
    });
  }

  private startChild(): void {
    if (!this.enabled || this.child !== undefined || this.gaveUp) return;
    this.told.forgetTold();
    // A child that was discarded may still have something to say; only the present one is listened to.
    const child: Child = this.launch(this.settings?.memory ?? defaultMemory, {
      onMessage: (message) => {
        if (child === this.child) this.receive(message);
      },
      onExit: (exit) => {
        if (child === this.child) this.childEnded(exit);
      },
    });
    this.child = child;
    this.startTimer = setTimeout(() => child.kill(), this.patience.start);
  }

  private discardChild(): void {
    const child = this.child;
    this.child = undefined;
    this.ready = false;
    clearTimeout(this.startTimer);
    child?.kill();
  }

  /** Replaces a process that has nothing wrong with it; what it works on is tried again. */
  private restart(): void {
    this.discardChild();
    const job = this.endRun();
    if (job !== undefined) this.queue.add(job);
    this.startChild();
  }

  private receive(message: FromEvaluator): void {
    switch (message.kind) {
      case 'ready':
        clearTimeout(this.startTimer);
        this.ready = true;
        break;
      case 'read':
        this.events.read(message.paths);
        break;
      case 'answer':
      case 'interrupted':
      case 'again':
      case 'failure':
        if (message.id === this.run?.id) this.finish(this.run, message);
        break;
    }
    this.pump();
    this.reportBusy();
  }

  private finish(run: Run, message: Conclusion): void {
    this.failedStarts = 0;
    const { job } = run;
    this.endRun();
    if (message.kind === 'again') {
      if (run.interruption !== undefined) return this.afterCancellation(run);
      job.used = 0;
      this.queue.putBack(job);
    } else if (message.kind === 'failure') {
      this.events.log(message.message);
      job.stop('crash', 'The evaluator failed; the output has the details.');
    } else if (message.kind === 'answer' && !wasCancelled(message.result)) {
      job.finish({ result: message.result });
    } else if (message.kind === 'interrupted' && message.reason !== 'cancelled') {
      job.stop(message.reason, message.message);
    } else {
      this.afterCancellation(run);
    }
  }

  /** A run has stopped as it was told to. */
  private afterCancellation({ job, interruption }: Run): void {
    if (interruption === 'timeout') return job.stop('timeout', this.timeoutMessage());
    if (interruption !== 'preempted') return job.stop('cancelled', 'The request was cancelled.');
    job.preemptions++;
    this.queue.putBack(job);
  }

  /** Forgets the run and gives its job. */
  private endRun(): Job | undefined {
    const { run } = this;
    if (run === undefined) return undefined;
    run.end();
    this.run = undefined;
    return run.job;
  }

  private childEnded(exit: ChildExit): void {
    const wasReady = this.ready;
    const interruption = this.run?.interruption;
    this.child = undefined;
    this.ready = false;
    clearTimeout(this.startTimer);
    if (exit.log !== '') this.events.log(exit.log);
    const job = this.endRun();
    if (job === undefined || !wasReady) this.failedStarts++;
    if (job !== undefined && !job.endedProcess && isInnocent(exit, interruption, wasReady)) {
      job.endedProcess = true;
      this.queue.putBack(job);
      return this.startChild();
    }
    const stop = this.stopAfter(exit, interruption);
    job?.stop(stop.reason, stop.message);
    if (this.failedStarts >= maxFailedStarts) this.giveUp();
    // A call that nobody wants any more took its process with it; that is no news for the user.
    else if (stop.reason !== 'cancelled' && wasReady) this.tell(stop, job);
    this.startChild();
    this.reportBusy();
  }

  private stopAfter(exit: ChildExit, interruption: InterruptionCause | undefined): Stop {
    if (interruption === 'cancelled') return { reason: 'cancelled', message: 'The request was cancelled.' };
    if (interruption === 'timeout') return { reason: 'timeout', message: this.timeoutMessage() };
    if (interruption === 'preempted') {
      return { reason: 'timeout', message: 'The evaluation could not be interrupted and was ended.' };
    }
    if (exit.reason === 'memory') {
      const limit = this.settings === undefined ? '' : ` of ${this.settings.memory} MiB`;
      return { reason: 'memory', message: `The evaluation needs more memory than its limit${limit}.` };
    }
    return { reason: 'crash', message: 'The process that evaluates ended unexpectedly.' };
  }

  private tell(stop: Stop, job: Job | undefined): void {
    const path = job?.call.args[0];
    const reason = stop.reason === 'cancelled' || stop.reason === 'disabled' ? 'crash' : stop.reason;
    this.events.replaced({ reason, message: stop.message, path });
  }

  private giveUp(): void {
    for (const job of this.queue.clear()) job.stop('crash', doesNotStart);
    this.events.gaveUp(doesNotStart);
  }

  private timeoutMessage(): string {
    return `The evaluation took longer than its time limit of ${this.settings?.timeout ?? 0} ms.`;
  }

  private reportBusy(): void {
    const busy = this.run !== undefined || !this.queue.empty;
    if (busy === this.wasBusy) return;
    this.wasBusy = busy;
    this.events.busy(busy);
  }
}
