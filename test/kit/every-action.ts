/** All code actions of a text: those at the start of each node, and those of each selected expression. */
import type { Bytes } from '../../server/src/base/bytes';
import type { Range } from '../../server/src/base/range';
import { diagnosticsOf } from '../../server/src/diagnostics/registry';
import type { OfferedAction } from '../../server/src/features/code-action';
import { codeActionsAt } from '../../server/src/features/code-actions/registry';
import type { ParsedFile } from '../../server/src/syntax/parse';
import { walk } from '../../server/src/syntax/walk';

export interface PlacedAction {
  readonly selection: Range;
  readonly action: OfferedAction;
}

/**
 * With the diagnostics that the text has at each place.
 * @param isWanted says at which of the places, which are counted from 0, actions are asked for
 */
export function* everyAction(
  parsed: ParsedFile,
  isWanted: (place: number) => boolean = () => true,
): Iterable<PlacedAction> {
  const cursors = new Set<number>();
  const selections: Range[] = [];
  walk(parsed.root, parsed.rootAt, (node, at) => {
    cursors.add(at);
    selections.push({ start: at, end: at + node.width });
  });
  const places = [...[...cursors].map((at) => ({ start: at, end: at })), ...selections];
  const shown = diagnosticsOf({ path: '/file.nix', parsed, evaluation: [] }, []);
  for (const [i, selection] of places.entries()) {
    if (!isWanted(i)) continue;
    const problems = shown.filter(
      ({ range }) => range.start <= selection.end && range.end >= selection.start,
    );
    const request = { selection, problems, ignored: [], wants: () => true, hasFile: () => false };
    for (const action of codeActionsAt(parsed, request)) yield { selection, action };
  }
}

/** What is wrong with the form of the edits of an action; undefined where nothing is. */
export function problemOfEdits({ edits }: OfferedAction, text: Bytes): string | undefined {
  let end = 0;
  for (const { range } of edits) {
    if (range.start < end) return 'its edits overlap or are not sorted';
    if (range.end < range.start || range.end > text.length) return 'it edits what is not in the text';
    end = range.end;
  }
  return edits.length === 0 ? 'it has no edits' : undefined;
}
