/**
 * What the protocol process and the process that evaluates say to each other.
 * Plain data, carried by structured clones; the methods are those of
 * {@link EvaluatorService}.
 *
 * At most one call is under way at a time, which is what lets one flag in
 * shared memory mean "stop the call that runs". Notices and calls are handled
 * in the order in which they were sent.
 */
import type { Bytes } from '../base/bytes';
import type { InterruptionReason } from '../values/error';
import type { EvaluatorNotices, EvaluatorQuestions, EvaluatorService } from './service';

/** A call of one of the methods of an interface, as data. */
type MessageOf<Methods> = {
  readonly [M in keyof Methods]: { readonly method: M; readonly args: ArgumentsOf<Methods[M]> };
}[keyof Methods];

type ArgumentsOf<Method> = Method extends (...args: infer A) => unknown ? A : never;

/** Tells the evaluator something. */
export type Notice = MessageOf<EvaluatorNotices>;

/** Asks the evaluator something. */
export type Call = MessageOf<EvaluatorQuestions>;

export type Question = keyof EvaluatorQuestions;
export type ArgumentsOfQuestion<Q extends Question> = ArgumentsOf<EvaluatorQuestions[Q]>;
export type Result<Q extends Question = Question> = ReturnType<EvaluatorQuestions[Q]>;

/** From the protocol process to the evaluator. `cancel` means the call of that id, if it still runs. */
export type ToEvaluator =
  | { readonly kind: 'notice'; readonly notice: Notice }
  | { readonly kind: 'call'; readonly id: number; readonly call: Call }
  | { readonly kind: 'cancel'; readonly id: number };

/** From the evaluator to the protocol process. */
export type FromEvaluator =
  | { readonly kind: 'ready' }
  /** The call that is under way has read files of the workspace which no call before it has. */
  | { readonly kind: 'read'; readonly paths: readonly Bytes[] }
  | { readonly kind: 'answer'; readonly id: number; readonly result: Result }
  /** The call came to no end: it was cancelled, or ran into a limit. */
  | {
      readonly kind: 'interrupted';
      readonly id: number;
      readonly reason: InterruptionReason;
      readonly message: string;
    }
  /** The heap was full of values that were kept; these have made way, and the call is worth another try. */
  | { readonly kind: 'again'; readonly id: number }
  /** The evaluator itself failed, not the Nix code it looked at. */
  | { readonly kind: 'failure'; readonly id: number; readonly message: string }
  /** The process is about to end. */
  | { readonly kind: 'fatal'; readonly reason: 'memory' | 'crash'; readonly message: string };

/** Lets the service answer a call, or hear of a notice. */
export function perform(service: EvaluatorService, { method, args }: Call | Notice): Result | void {
  // The type of a message says that the arguments are those of the method; TypeScript loses it in the union.
  return (service[method] as (...args: readonly unknown[]) => Result | void).apply(service, [...args]);
}

/** Whether a result says that its run was cancelled before it came to an end. */
export function wasCancelled(result: Result): boolean {
  if (typeof result !== 'object') return false;
  if ('diagnostics' in result) return result.diagnostics.some(({ error }) => error.code === 'cancelled');
  return 'error' in result && result.error?.code === 'cancelled';
}
