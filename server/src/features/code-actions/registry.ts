/** All code actions, and what they offer at a place. */
import type { Range } from '../../base/range';
import { maxNesting } from '../../diagnostics/names';
import type { ParsedFile } from '../../syntax/parse';
import { nodesAt } from '../../syntax/walk';
import type { ActionSource, CodeActionKind, OfferedAction, ShownProblem } from '../code-action';
import { convertToInherit } from './convert-to-inherit';
import { expandWith } from './expand-with';
import { extractBinding } from './extract-binding';
import { extractFile } from './extract-file';
import { flattenSet } from './flatten-set';
import { inheritToBindings } from './inherit-to-bindings';
import { inlineBinding } from './inline-binding';
import { jsonToNix } from './json-to-nix';
import { fixAllOfFile, lintFixes } from './lint-fixes';
import { packBindings } from './pack-bindings';
import { quoteName } from './quote-name';
import { similarNames } from './similar-names';
import { stringStyle } from './string-style';
import { undefinedVariable } from './undefined-variable';

/** Fixes come first, then what is offered at fewer places. */
const sources: readonly ActionSource[] = [
  undefinedVariable,
  similarNames,
  lintFixes,
  jsonToNix,
  extractBinding,
  extractFile,
  inlineBinding,
  convertToInherit,
  inheritToBindings,
  flattenSet,
  packBindings,
  expandWith,
  quoteName,
  stringStyle,
  fixAllOfFile,
];

/** All kinds that are offered. */
export const codeActionKinds: readonly CodeActionKind[] = [
  'quickfix',
  'refactor.rewrite',
  'refactor.inline',
  'refactor.extract',
  'source.fixAll',
];

export interface ActionRequest {
  readonly selection: Range;
  readonly problems: readonly ShownProblem[];
  /** The codes of diagnostics that are never shown. */
  readonly ignored: readonly string[];
  /** Says whether an editor wants a kind. */
  readonly wants: (kind: CodeActionKind) => boolean;
  /** Whether the editor asks of its own accord, since the cursor has moved. */
  readonly isAutomatic?: boolean;
  /** Whether the document's folder has something of that name; undefined where no file can be made. */
  readonly hasFile?: (name: string) => boolean;
}

/** What is offered for a selection or at a cursor. */
export function codeActionsAt(parsed: ParsedFile, request: ActionRequest): OfferedAction[] {
  const { selection, problems, ignored, wants, isAutomatic, hasFile } = request;
  const isBroken = parsed.errors.some(({ severity }) => severity === 'error');
  // Names are followed with the nesting, by calls of functions.
  if (parsed.nesting > maxNesting) return [];
  const nodes = nodesAt(parsed, selection.start);
  const place = { parsed, selection, nodes, problems, ignored, ...(hasFile && { hasFile }) };
  return sources
    .filter(({ kinds }) => kinds.some(wants))
    .filter(({ onlyWhenAsked }) => onlyWhenAsked !== true || isAutomatic !== true)
    .filter(({ mendsSyntax }) => mendsSyntax === true || !isBroken)
    .flatMap((source) => source.offer(place))
    .filter(({ kind }) => wants(kind));
}
