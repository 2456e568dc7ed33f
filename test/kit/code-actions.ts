/** Code actions on marked text: a cursor `|`, or a selection `«selection:…»`. */
import { decodeUtf8, type Bytes } from '../../server/src/base/bytes';
import type { OfferedAction, ShownProblem } from '../../server/src/features/code-action';
import { codeActionsAt } from '../../server/src/features/code-actions/registry';
import { applyEdits } from '../../server/src/features/text-edit';
import { parse } from '../../server/src/syntax/parse';
import { diagnosticsOf } from '../../server/src/diagnostics/registry';
import { fixture } from './fixture';

export interface ActionsInText {
  readonly text: Bytes;
  readonly offered: readonly OfferedAction[];
}

/** What is offered, with the diagnostics of the text at that place. Files with these names are there. `isAutomatic` as in the request of an editor. */
export function actionsIn(marked: string, files: readonly string[] = [], isAutomatic = true): ActionsInText {
  const { text, cursors, ranges } = fixture(marked);
  const selection = ranges.get('selection') ?? { start: cursors[0]!, end: cursors[0]! };
  const parsed = parse(text);
  const problems: ShownProblem[] = diagnosticsOf({ path: '/file.nix', parsed, evaluation: [] }, []).filter(
    ({ range }) => range.start <= selection.end && range.end >= selection.start,
  );
  const hasFile = (name: string): boolean => files.includes(name);
  return {
    text,
    offered: codeActionsAt(parsed, {
      selection,
      problems,
      ignored: [],
      wants: isOfPlace,
      isAutomatic,
      hasFile,
    }),
  };
}

/** Whether an editor asks for a kind without naming it. */
const isOfPlace = (kind: string): boolean => !kind.startsWith('source.');

/** The text after the one action whose title matches; undefined where it is not offered. */
export function acted(marked: string, title: RegExp, isAutomatic = true): string | undefined {
  const { text, offered } = actionsIn(marked, [], isAutomatic);
  const fitting = offered.filter((action) => title.test(action.title));
  if (fitting.length > 1)
    throw new Error(`several titles match: ${fitting.map((each) => each.title).join(', ')}`);
  return fitting.length === 0 ? undefined : decodeUtf8(applyEdits(text, fitting[0]!.edits));
}

/** The titles of all that is offered. */
export function titlesIn(marked: string): string[] {
  return actionsIn(marked).offered.map(({ title }) => title);
}
