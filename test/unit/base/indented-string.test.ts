/** Indented literals for reading: they have to mean the text. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parse } from '../../../server/src/syntax/parse';
import { Kind } from '../../../server/src/syntax/tree';
import { printIndentedString } from '../../../server/src/base/literals';
import { seeded } from '../../kit/seed';

/** The text that a literal means, if it is one without interpolation. */
function meaning(literal: string): string | undefined {
  const { root, errors } = parse(literal);
  assert.deepEqual(errors, []);
  if (root.kind !== Kind.String) return undefined;
  return root.parts.map((part) => (part.kind === Kind.TextPart ? part.text : undefined)).join('');
}

describe('printIndentedString', () => {
  it('shows a script as one reads it', () => {
    assert.equal(printIndentedString('if a; then\n  b\nfi\n'), "''\n  if a; then\n    b\n  fi\n''");
    assert.equal(printIndentedString('a\n\nb'), "''\n  a\n\n  b''");
  });

  it('leaves other texts to double quotes', () => {
    for (const text of ['', 'a', '  a\n  b', 'a\n \nb', 'a\u0000\nb', 'a\r\nb', '\n\n']) {
      assert.equal(printIndentedString(text), undefined, JSON.stringify(text));
    }
  });

  it('means the text', () => {
    const text = fc.string({
      unit: fc.constantFrom('a', ' ', '\n', '\t', "'", '$', '{', '}', '\\', '"'),
      maxLength: 20,
    });
    fc.assert(
      fc.property(text, (value) => {
        const literal = printIndentedString(value);
        if (literal !== undefined) assert.equal(meaning(literal), value);
      }),
      seeded(2000) as fc.Parameters<[string]>,
    );
  });
});
