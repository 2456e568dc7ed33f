// The law of code actions: what is offered parses, loses no comment, and has the same value.
import { ok, strictEqual } from 'node:assert/strict';
import fc from 'fast-check';
import { encodeUtf8 } from '../../../../server/src/base/bytes';
import type { OfferedAction } from '../../../../server/src/features/code-action';
import { applyEdits } from '../../../../server/src/features/text-edit';
import { parse } from '../../../../server/src/syntax/parse';
import { EvalError } from '../../../../server/src/values/error';
import { everyAction, problemOfEdits } from '../../../kit/every-action';
import { TestEvaluator } from '../../../kit/evaluate';
import { randomProgram } from '../../../kit/random-programs';
import { seeded } from '../../../kit/seed';

/** The printed value of a text, or the kind of its error. */
function outcome(text: string, files: Readonly<Record<string, string>> = {}): string {
  try {
    return new TestEvaluator({ files }).strict(text);
  } catch (error) {
    if (error instanceof EvalError) return `error: ${error.kind}`;
    throw error;
  }
}

const breaks = /; | in |\{ |= /g;

/** The program with lines, and with comments that are all different. */
function laidOut(program: string, choices: readonly number[]): string {
  let count = 0;
  return program.replace(breaks, (found) => {
    const choice = choices[count++ % choices.length]!;
    const line = `\n${' '.repeat(2 * (choice % 4))}`;
    if (choice < 12) return found;
    if (choice < 18) return found.trimEnd() + line;
    return choice < 19 ? `${found}/* c${count} */ ` : `${found}# c${count}${line}`;
  });
}

const comments = (text: string): string[] => text.match(/\bc\d+\b/g) ?? [];

/** What random programs offer occasion for, again and again. */
const frequent = [
  'Convert to',
  'Extract to',
  'Fix all',
  'Inline',
  'Quote',
  'Remove',
  'Remove the redundant parentheses',
  'Simplify the file',
];

/** Whether an action is to mend an error, or says in its title that others may notice it. */
function changesMeaning({ title, fixes = [] }: OfferedAction): boolean {
  return fixes.includes('undefined-variable') || title.includes('callers can then pass no more');
}

/** Whether what nothing uses goes, with the comments inside of it. */
function takesCodeAway({ title, kind }: OfferedAction): boolean {
  return kind === 'quickfix' && /^(?:Remove|Fix all)/.test(title);
}

/** Applies all actions of a text; gives how often each was offered, by the first two words of its title. */
function check(text: string, chosen: number, counts: Map<string, number>): void {
  const parsed = parse(encodeUtf8(text));
  strictEqual(parsed.errors.length, 0, text);
  const before = outcome(text);
  const seen = new Set<string>();
  // Large programs have thousands of places.
  const stride = Math.ceil(text.length / 400);
  for (const { action, selection } of everyAction(parsed, (place) => place % stride === chosen % stride)) {
    const key = action.title + JSON.stringify(action.edits);
    if (seen.has(key) || changesMeaning(action)) continue;
    seen.add(key);
    const shown = `'${action.title}' at ${selection.start}–${selection.end} of\n${text}\n`;
    strictEqual(problemOfEdits(action, parsed.text), undefined, shown);
    const after = applyEdits(parsed.text, action.edits);
    const { newFile } = action;
    const whole = `${shown}gives\n${after}\n${newFile?.text ?? ''}`;
    strictEqual(parse(after).errors.length, 0, whole);
    const files = newFile === undefined ? {} : { [`/${newFile.name}`]: newFile.text };
    strictEqual(outcome(after, files), before, whole);
    const left = new Set(comments(after + (newFile?.text ?? '')));
    ok(takesCodeAway(action) || comments(text).every((comment) => left.has(comment)), whole);
    const sort = action.title.replace(/['\d].*/, '').trim();
    counts.set(sort, (counts.get(sort) ?? 0) + 1);
  }
}

describe('code actions', () => {
  it('leave the value of random programs as it is', function () {
    this.timeout(200000);
    const counts = new Map<string, number>();
    const choices = fc.array(fc.nat(19), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(randomProgram, choices, fc.nat(1000), (program, layout, chosen) =>
        check(laidOut(program, layout), chosen, counts),
      ),
      { ...seeded(50), endOnFailure: true },
    );
    if (process.env['NIXRAY_SHOW_COUNTS']) console.log(counts);
    for (const sort of frequent) ok(counts.has(sort), `no '${sort} …' was offered`);
  });
});
