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
import type { Range } from '../base/range';
import type { InterruptionReason } from '../values/error';
import type {
  CallReference,
  CallsReport,
  EvaluationDiagnostic,
  EvaluatorService,
  EvaluatorSettings,
  EvaluatorStatistics,
  LevelQuestion,
  Location,
  Members,
  MembersQuestion,
  OptionPath,
  PlaceQuestion,
  ShortValue,
  Signature,
  ValueLevel,
  ValuePath,
  ValueReport,
  ValueRequest,
  ValueStep,
} from './service';

/** Tells the evaluator something; there is no answer. */
export type Notice =
  | { readonly kind: 'configure'; readonly settings: EvaluatorSettings }
  | { readonly kind: 'set-document'; readonly path: Bytes; readonly text: Bytes }
  | { readonly kind: 'close-document'; readonly path: Bytes }
  | {
      readonly kind: 'choose-call';
      readonly path: Bytes;
      readonly offset: number;
      readonly call: CallReference | undefined;
    }
  | { readonly kind: 'files-changed'; readonly paths: readonly Bytes[] };

/** Asks the evaluator something. */
export type Call =
  | { readonly kind: 'hover'; readonly path: Bytes; readonly offset: number; readonly depth: number }
  | {
      readonly kind: 'evaluate';
      readonly path: Bytes;
      readonly range: Range;
      readonly expression: Bytes | undefined;
      readonly depth: number;
    }
  | { readonly kind: 'locate'; readonly path: Bytes; readonly question: PlaceQuestion }
  | { readonly kind: 'members'; readonly path: Bytes; readonly questions: readonly MembersQuestion[] }
  | {
      readonly kind: 'describe';
      readonly path: Bytes;
      readonly of: ValuePath | OptionPath;
      readonly depth: number;
    }
  | { readonly kind: 'values'; readonly path: Bytes; readonly requests: readonly ValueRequest[] }
  | { readonly kind: 'argument-source'; readonly path: Bytes; readonly offset: number }
  | { readonly kind: 'signature'; readonly path: Bytes; readonly of: ValuePath }
  | { readonly kind: 'calls'; readonly path: Bytes; readonly offset: number }
  | { readonly kind: 'value-level'; readonly path: Bytes; readonly question: LevelQuestion }
  | {
      readonly kind: 'value-at';
      readonly path: Bytes;
      readonly steps: readonly ValueStep[];
      readonly deep: boolean;
    }
  | { readonly kind: 'value-place'; readonly path: Bytes; readonly steps: readonly ValueStep[] }
  | { readonly kind: 'diagnose'; readonly path: Bytes }
  | { readonly kind: 'statistics' };

/** What evaluating a whole document shows, and which files it read to find out. */
export interface Diagnosis {
  readonly diagnostics: readonly EvaluationDiagnostic[];
  readonly dependencies: readonly Bytes[];
}

/** The result of each kind of call. */
export interface Results {
  hover: ValueReport | undefined;
  evaluate: ValueReport | undefined;
  locate: Location | undefined;
  members: readonly Members[];
  describe: ValueReport | undefined;
  values: readonly (ShortValue | undefined)[];
  'argument-source': string | undefined;
  signature: Signature | undefined;
  calls: CallsReport | undefined;
  'value-level': ValueLevel | undefined;
  'value-at': ValueReport | undefined;
  'value-place': Location | undefined;
  diagnose: Diagnosis;
  statistics: EvaluatorStatistics;
}

export type Result = Results[keyof Results];

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

/** Passes a notice on to the service. */
export function applyNotice(service: EvaluatorService, notice: Notice): void {
  switch (notice.kind) {
    case 'configure':
      return service.configure(notice.settings);
    case 'set-document':
      return service.setDocument(notice.path, notice.text);
    case 'close-document':
      return service.closeDocument(notice.path);
    case 'choose-call':
      return service.chooseCall(notice.path, notice.offset, notice.call);
    case 'files-changed':
      return service.filesChanged(notice.paths);
  }
}

/** Lets the service answer a call. */
export function answerCall(service: EvaluatorService, call: Call): Result {
  switch (call.kind) {
    case 'hover':
      return service.hover(call.path, call.offset, call.depth);
    case 'evaluate':
      return service.evaluate(call.path, call.range, call.expression, call.depth);
    case 'locate':
      return service.locate(call.path, call.question);
    case 'members':
      return service.members(call.path, call.questions);
    case 'describe':
      return service.describe(call.path, call.of, call.depth);
    case 'values':
      return service.values(call.path, call.requests);
    case 'argument-source':
      return service.argumentSource(call.path, call.offset);
    case 'signature':
      return service.signature(call.path, call.of);
    case 'calls':
      return service.calls(call.path, call.offset);
    case 'value-level':
      return service.valueLevel(call.path, call.question);
    case 'value-at':
      return service.valueAt(call.path, call.steps, call.deep);
    case 'value-place':
      return service.valuePlace(call.path, call.steps);
    case 'diagnose': {
      // The dependencies are those of the run, so they are asked for after it.
      const diagnostics = service.diagnose(call.path);
      return { diagnostics, dependencies: service.dependencies() };
    }
    case 'statistics':
      return service.statistics();
  }
}

/** Whether a result says that its run was cancelled before it came to an end. */
export function wasCancelled(result: Result): boolean {
  if (typeof result !== 'object') return false;
  if ('diagnostics' in result) return result.diagnostics.some(({ error }) => error.code === 'cancelled');
  return 'error' in result && result.error?.code === 'cancelled';
}
