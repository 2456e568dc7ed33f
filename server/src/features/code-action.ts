/**
 * Code actions: changes of the text that an editor offers at a place.
 *
 * What is offered is complete: its edits are those of the text as it is, and once they are
 * made the text parses as well as before and means the same, but for what a fix is to mend.
 * Positions (`__curPos`, traces) move, and a shared value may become two equal ones. No
 * comment gets lost, but with the code that it is inside of where a fix takes that away: where
 * there is no place for one, nothing is offered.
 */
import type { Bytes } from '../base/bytes';
import type { Range } from '../base/range';
import type { SimilarNames } from '../base/suggestions';
import type { ParsedFile } from '../syntax/parse';
import type { PlacedNode } from '../syntax/walk';
import type { TextEdit } from './text-edit';

/** The protocol's names. */
export type CodeActionKind =
  'quickfix' | 'refactor.rewrite' | 'refactor.inline' | 'refactor.extract' | 'source.fixAll';

/** A change that can be made at a place. */
export interface OfferedAction {
  /** In the imperative, and specific: `Inline 'x'`. Text, ready to be shown. */
  readonly title: string;
  readonly kind: CodeActionKind;
  /** In byte ranges of the document, sorted, not overlapping. */
  readonly edits: readonly TextEdit[];
  /** The codes of the diagnostics that it mends. */
  readonly fixes?: readonly string[];
  /** Whether it is what an editor should do when it is asked for a fix and for no choice. */
  readonly isPreferred?: boolean;
  /** A file that is written beside the document. */
  readonly newFile?: NewFile;
}

export interface NewFile {
  /** In the folder of the document, where nothing of that name is. */
  readonly name: string;
  readonly text: Bytes;
}

/** A diagnostic that an editor shows at a place. It may be older than the text. */
export interface ShownProblem {
  readonly code: string;
  readonly range: Range;
  /** For a name in the range that is the name of nothing; byte strings. */
  readonly similar?: SimilarNames;
}

/** What actions are asked for. */
export interface ActionPlace {
  readonly parsed: ParsedFile;
  /** What is selected; empty for a cursor. */
  readonly selection: Range;
  /** The nodes at the start of the selection, the innermost first. */
  readonly nodes: readonly PlacedNode[];
  /** The diagnostics that are shown there. */
  readonly problems: readonly ShownProblem[];
  /** The codes of diagnostics that are never shown. */
  readonly ignored: readonly string[];
  /** Whether the document's folder has something of that name; undefined where no file can be made. */
  readonly hasFile?: (name: string) => boolean;
}

/** Something that finds actions of one sort. */
export interface ActionSource {
  /** The kinds of what it offers; it is not asked where an editor wants others only. */
  readonly kinds: readonly CodeActionKind[];
  /** It applies at so many places that it is offered only when a user asks, not while the cursor moves. */
  readonly onlyWhenAsked?: true;
  /** It is of use where the text has syntax errors, too; others need to know the whole structure. */
  readonly mendsSyntax?: true;
  /** Never throws on any text. */
  offer(place: ActionPlace): readonly OfferedAction[];
}
