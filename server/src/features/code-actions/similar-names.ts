/**
 * Fixes for a name that is the name of nothing, in whose place the evaluator has found others: of an
 * attribute that is selected, of an argument that a function does not take, of an option.
 */
import type { Bytes } from '../../base/bytes';
import type { Range } from '../../base/range';
import type { ParsedFile } from '../../syntax/parse';
import { Kind, staticName } from '../../syntax/tree';
import { forEachChild, type PlacedNode } from '../../syntax/walk';
import { printAttributeName } from '../../base/literals';
import type { ActionPlace, ActionSource, OfferedAction, ShownProblem } from '../code-action';
import { replacement } from '../text-edit';
import { apart } from './gaps';
import { shownText } from './titles';

export const similarNames: ActionSource = {
  kinds: ['quickfix'],
  offer(place) {
    return place.problems.flatMap((problem) => fixesOf(place, problem));
  },
};

/** None where the name stands more than once in the range: which one is meant is not to be told. */
function fixesOf({ parsed }: ActionPlace, { code, range, similar }: ShownProblem): OfferedAction[] {
  if (similar === undefined) return [];
  const [name, ...others] = namesIn(parsed, range, similar.name);
  if (name === undefined || others.length > 0) return [];
  const isPreferred = similar.candidates.length === 1;
  return similar.candidates.map((candidate) => ({
    title: `Replace by '${shownText(candidate)}'`,
    kind: 'quickfix',
    edits: [
      replacement(
        name.start,
        name.end,
        apart(parsed.text, name.start, name.end, printAttributeName(candidate)),
      ),
    ],
    fixes: [code],
    ...(isPreferred && { isPreferred }),
  }));
}

/** Where attributes of a name are selected or bound in a range. */
function namesIn(parsed: ParsedFile, range: Range, name: Bytes): Range[] {
  const found: Range[] = [];
  const visit = ({ node, at }: PlacedNode): void => {
    if (node.kind === Kind.AttributePath) {
      node.names.forEach((each, i) => {
        const start = at + node.namesAt[i]!;
        const end = start + each.width;
        if (staticName(each) === name && start >= range.start && end <= range.end) found.push({ start, end });
      });
    }
    forEachChild(node, at, (child, childAt) => {
      if (childAt <= range.end && childAt + child.width >= range.start) visit({ node: child, at: childAt });
    });
  };
  visit({ node: parsed.root, at: parsed.rootAt });
  return found;
}
