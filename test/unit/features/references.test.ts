import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import { decodeUtf8 } from '../../../server/src/base/bytes';
import { highlightsAt, referencesAt } from '../../../server/src/features/references';
import { applyEdits } from '../../../server/src/features/text-edit';
import { parse } from '../../../server/src/syntax/parse';
import { fixture } from '../../kit/fixture';

/** The text with all references at the cursor in brackets, declarations in double ones. */
function marked(text: string): string {
  const { text: bytes, cursor } = fixture(text);
  const edits = highlightsAt(parse(bytes), cursor).map(({ range, kind }) => {
    const name = bytes.slice(range.start, range.end);
    return { range, text: kind === 'write' ? `[[${name}]]` : `[${name}]` };
  });
  return decodeUtf8(applyEdits(bytes, edits));
}

describe('references', () => {
  it('are all places that mean a variable', () => {
    strictEqual(marked('let a| = 1; in a + (a: a) a'), 'let [[a]] = 1; in [a] + (a: a) [a]');
    strictEqual(
      marked('let a = 1; in let a = 2; b = |a; in a'),
      'let a = 1; in let [[a]] = 2; b = [a]; in [a]',
    );
    strictEqual(marked('{ a|, b ? a }@c: a.a'), '{ [[a]], b ? [a] }@c: [a].a');
    strictEqual(marked('{ a }@c|: { c = c.a; }'), '{ a }@[[c]]: { c = [c].a; }');
    strictEqual(marked('rec { a| = 1; b = { a = a; }; }'), 'rec { [[a]] = 1; b = { a = [a]; }; }');
    strictEqual(marked('let x.a = 1; x.b = 2; in x|'), 'let [[x]].a = 1; [[x]].b = 2; in [x]');
    strictEqual(marked('let a = 1; in "${a|} a"'), 'let [[a]] = 1; in "${[a]} a"');
    strictEqual(marked('with x|; x'), 'with [x]; [x]');
    strictEqual(marked('map| (map: map) map'), '[map] (map: map) [map]');
  });

  it('go through inherit, but not past what it declares', () => {
    strictEqual(marked('let a| = 1; in { inherit a; }'), 'let [[a]] = 1; in { inherit [a]; }');
    strictEqual(
      marked('let a| = 1; in rec { inherit a; b = a; }'),
      'let [[a]] = 1; in rec { inherit [a]; b = a; }',
    );
    strictEqual(marked('let inherit (s) a; in a|'), 'let inherit (s) [[a]]; in [a]');
    strictEqual(marked('a: let inherit a; in a|'), 'a: let inherit [[a]]; in [a]');
  });

  it('leave out the declaration on request', () => {
    const { text, cursor } = fixture('let a = 1; in a| + a');
    strictEqual(referencesAt(parse(text), cursor, false).length, 2);
    strictEqual(referencesAt(parse(text), cursor, true).length, 3);
  });

  it('are none where there is no name of a scope', () => {
    for (const text of ['a.b|', '{ a| = 1; }', '1|', '# a|', '|']) {
      const { text: bytes, cursor } = fixture(text);
      deepStrictEqual(highlightsAt(parse(bytes), cursor), [], text);
    }
  });
});
