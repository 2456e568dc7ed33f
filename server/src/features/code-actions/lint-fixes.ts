/** Fixes for what lints find, one by one or all of a kind in the file. */
import type { Bytes } from '../../base/bytes';
import { shownLints } from '../../diagnostics/lints';
import { lintFindings } from '../../diagnostics/lints/find';
import type { PlacedFinding } from '../../diagnostics/lints/lint';
import type { ParsedFile } from '../../syntax/parse';
import type { ActionPlace, ActionSource, OfferedAction } from '../code-action';
import type { TextEdit } from '../text-edit';
import { unusedArgument, unusedFormal } from './lint-fixes/arguments';
import { emptyInherit, unusedBinding, useInherit } from './lint-fixes/bindings';
import {
  deprecatedIsNull,
  deprecatedUrlLiteral,
  negatedComparison,
  redundantIf,
  redundantParentheses,
  unknownBuiltin,
  useOr,
} from './lint-fixes/expressions';
import { removal, type Fix, type FixPlace } from './lint-fixes/fix';
import { deprecatedLet, emptyLet, unusedRec, unusedWith } from './lint-fixes/scopes';

/** A fix is given what the lint of its code has found, so it knows the kind of the node. */
type FixOf = (place: FixPlace<never>) => Fix | readonly Fix[] | undefined;

const fixes: Readonly<Record<string, FixOf>> = {
  'deprecated-is-null': deprecatedIsNull,
  'deprecated-let': deprecatedLet,
  'deprecated-url-literal': deprecatedUrlLiteral,
  'empty-inherit': emptyInherit,
  'empty-let': emptyLet,
  'negated-comparison': negatedComparison,
  'redundant-if': redundantIf,
  'redundant-parentheses': redundantParentheses,
  'unknown-builtin': unknownBuiltin,
  'unused-argument': unusedArgument,
  'unused-binding': unusedBinding,
  'unused-formal': unusedFormal,
  'unused-rec': unusedRec,
  'unused-with': unusedWith,
  'use-inherit': useInherit,
  'use-or': useOr,
};

export const lintFixes: ActionSource = {
  kinds: ['quickfix'],
  mendsSyntax: true,
  offer(place) {
    const codes = new Set(
      place.problems.map(({ code }) => code).filter((code) => Object.hasOwn(fixes, code)),
    );
    if (codes.size === 0) return [];
    const found = lintFindings(place.parsed);
    const single = found.filter((each) => isShown(place, each)).flatMap((each) => actionsOf(place, each));
    return [...single, ...[...codes].flatMap((code) => fixAll(place.parsed, found, code))];
  },
};

/**
 * What is fixed as a file is saved, if an editor is told to: what says the same in fewer words.
 * What nothing uses yet may be what somebody is about to use.
 */
const fixedOnSave = [
  'deprecated-is-null',
  'deprecated-let',
  'deprecated-url-literal',
  'empty-inherit',
  'empty-let',
  'negated-comparison',
  'redundant-if',
  'redundant-parentheses',
  'use-inherit',
  'use-or',
];

export const fixAllOfFile: ActionSource = {
  kinds: ['source.fixAll'],
  offer({ parsed, ignored }) {
    const codes = fixedOnSave.filter((code) => !ignored.includes(code));
    const { edits, count } = allFixes(parsed, shownLints(parsed), codes);
    return count > 0 ? [{ title: 'Simplify the file', kind: 'source.fixAll', edits, fixes: codes }] : [];
  },
};

/** What is shown may be older than the text, and then it may hold no more. */
function isShown({ problems }: ActionPlace, { lint, finding, at }: PlacedFinding): boolean {
  return problems.some(({ code, range }) => code === lint.code && range.start === at + finding.start);
}

function actionsOf({ parsed }: ActionPlace, found: PlacedFinding): OfferedAction[] {
  const all = fixesOf(parsed, found);
  return all.map(({ title, edits, needsCare }) => {
    const isPreferred = all.length === 1 && needsCare === undefined;
    return { title, kind: 'quickfix', edits, fixes: [found.lint.code], ...(isPreferred && { isPreferred }) };
  });
}

function fixesOf(parsed: ParsedFile, found: PlacedFinding): readonly Fix[] {
  const fix = fixes[found.lint.code]!({ ...found, parsed } as FixPlace<never>) ?? [];
  return 'edits' in fix ? [fix] : fix;
}

/** The fixes of a code that can be made at once, where there is more than one. */
function fixAll(parsed: ParsedFile, found: readonly PlacedFinding[], code: string): OfferedAction[] {
  const { edits, count } = allFixes(parsed, found, [code]);
  const title = `Fix all ${count} of '${code}' in the file`;
  return count > 1 ? [{ title, kind: 'quickfix', edits, fixes: [code] }] : [];
}

/** The edits of all findings of some codes, but for those that need care or would touch others. */
function allFixes(
  parsed: ParsedFile,
  found: readonly PlacedFinding[],
  codes: readonly string[],
): { readonly edits: readonly TextEdit[]; readonly count: number } {
  const chosen: TextEdit[] = [];
  let count = 0;
  const taken = new Taken();
  for (const each of found) {
    if (!codes.includes(each.lint.code)) continue;
    const [fix] = fixesOf(parsed, each);
    if (fix === undefined || fix.needsCare === true || !taken.add(fix.edits)) continue;
    chosen.push(...fix.edits);
    count++;
  }
  return { edits: joined(parsed.text, chosen), count };
}

/** Edits in order. Removals beside each other become one, which keeps apart what is around both. */
function joined(text: Bytes, edits: readonly TextEdit[]): TextEdit[] {
  const result: TextEdit[] = [];
  for (const edit of edits.toSorted((a, b) => a.range.start - b.range.start)) {
    const last = result.at(-1);
    const isBeside = last?.range.end === edit.range.start && isRemoval(last) && isRemoval(edit);
    if (isBeside) result.splice(-1, 1, removal(text, last.range.start, edit.range.end));
    else result.push(edit);
  }
  return result;
}

function isRemoval({ range, text }: TextEdit): boolean {
  return range.end > range.start && text.trim() === '';
}

/** What is edited already. One removal may follow another, but nothing else may stand beside a removal. */
class Taken {
  private readonly bytes = new Set<number>();

  /** Takes the ranges of edits, unless others have any of it. */
  add(edits: readonly TextEdit[]): boolean {
    const wanted: number[] = [];
    for (const edit of edits) {
      const [from, to] = isRemoval(edit) ? [0, 0] : [-1, 1];
      for (let at = edit.range.start + from; at < edit.range.end + to; at++) wanted.push(at);
    }
    if (wanted.some((at) => this.bytes.has(at))) return false;
    for (const at of wanted) this.bytes.add(at);
    return true;
  }
}
