/** All code actions, and what they offer at a place. */
import type { Range } from '../../base/range';
import type { ParsedFile } from '../../syntax/parse';
import { nodesAt } from '../../syntax/walk';
import type { ActionSource, CodeActionKind, OfferedAction, ShownProblem } from '../code-action';
import { convertToInherit } from './convert-to-inherit';
import { lintFixes } from './lint-fixes';
import { undefinedVariable } from './undefined-variable';

/** Fixes come first, then what is offered at fewer places. */
const sources: readonly ActionSource[] = [undefinedVariable, lintFixes, convertToInherit];

/** All kinds that are offered. */
export const codeActionKinds: readonly CodeActionKind[] = [
  'quickfix',
  'refactor.rewrite',
  'refactor.inline',
  'refactor.extract',
];

export interface ActionRequest {
  readonly selection: Range;
  readonly problems: readonly ShownProblem[];
  /** Says whether an editor wants a kind. */
  readonly wants: (kind: CodeActionKind) => boolean;
  /** Whether the document's folder has something of that name; undefined where no file can be made. */
  readonly hasFile?: (name: string) => boolean;
}

/** What is offered for a selection or at a cursor. */
export function codeActionsAt(parsed: ParsedFile, request: ActionRequest): OfferedAction[] {
  const { selection, problems, wants, hasFile } = request;
  const nodes = nodesAt(parsed, selection.start);
  const place = { parsed, selection, nodes, problems, ...(hasFile && { hasFile }) };
  return sources
    .filter(({ kinds }) => kinds.some(wants))
    .flatMap((source) => source.offer(place))
    .filter(({ kind }) => wants(kind));
}
