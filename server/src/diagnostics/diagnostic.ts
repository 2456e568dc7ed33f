/**
 * What a check finds. Ranges are bytes of the document; messages are text, ready
 * to be shown.
 */
import type { Bytes } from '../base/bytes';
import type { Range } from '../base/range';
import type { SimilarNames } from '../base/suggestions';
import type { Location } from '../evaluator/service';
import type { ParsedFile } from '../syntax/parse';
import type { EvaluationFinding } from './evaluation';

/** A place in the document itself, which moves with edits, or one in another file. */
export type Place =
  | { readonly kind: 'here'; readonly range: Range }
  | { readonly kind: 'elsewhere'; readonly location: Location };

export interface RelatedPlace {
  readonly message: string;
  readonly place: Place;
}

export interface Diagnostic {
  readonly range: Range;
  readonly message: string;
  /** Stable and kebab-case; `diagnostics.ignored` names it. */
  readonly code: string;
  readonly severity: 'error' | 'warning' | 'hint';
  readonly related: readonly RelatedPlace[];
  /** For a name in the range that is the name of nothing. */
  readonly similar?: SimilarNames;
  /** Whether the range is of no use, so that an editor can fade it out. */
  readonly unnecessary?: boolean;
  /** Whether the range is what nobody should write any more, so that an editor can strike it through. */
  readonly deprecated?: boolean;
}

/** What checks look at. */
export interface Subject {
  readonly path: Bytes;
  readonly parsed: ParsedFile;
  /** The findings of the last evaluation, moved by the edits since then. */
  readonly evaluation: readonly EvaluationFinding[];
}

export interface Check {
  /** For logs. */
  readonly name: string;
  /** Never throws on any text. */
  run(subject: Subject): readonly Diagnostic[];
}
