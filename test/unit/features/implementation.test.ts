import { strictEqual } from 'node:assert/strict';
import { implementationAt } from '../../../server/src/features/implementation';
import { parse } from '../../../server/src/syntax/parse';

/** The text whose value is asked for at `|`. */
const asked = (marked: string): string | undefined => {
  const text = marked.replace('|', '');
  const question = implementationAt(parse(text), marked.indexOf('|'));
  if (question?.kind !== 'value') return undefined;
  return text.slice(question.of.target.start, question.of.target.end);
};

describe('implementation', () => {
  it('is asked of names and paths', () => {
    strictEqual(asked('a: a.|b.c'), 'b');
    strictEqual(asked('{ |a = 1; }'), 'a');
    strictEqual(asked('./|a.nix'), './a.nix');
    strictEqual(asked('<a|>'), '<a>');
  });

  it('is not asked of other expressions', () => {
    strictEqual(asked('|1 + 2'), undefined);
    strictEqual(asked('|[ ]'), undefined);
  });
});
