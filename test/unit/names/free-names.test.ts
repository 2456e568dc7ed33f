// Free names: what an expression takes from its surroundings.
import assert from 'node:assert/strict';
import { encodeUtf8 } from '../../../server/src/base/bytes';
import { freeNames } from '../../../server/src/names/free-names';
import { parse } from '../../../server/src/syntax/parse';
import { Kind, type Expression } from '../../../server/src/syntax/tree';

function free(text: string): string {
  const { lexical, dynamic, faulty } = freeNames(parse(encodeUtf8(text)).root);
  const below = dynamic.length > 0 ? ` with ${dynamic.join(' ')}` : '';
  return `${lexical.join(' ')}${below}${faulty ? ' faulty' : ''}`.trim();
}

const table: readonly (readonly [string, string])[] = [
  ['1', ''],
  ['a', 'a'],
  ['a b a', 'a b'],
  ['(a)', 'a'],
  ['[ a b ]', 'a b'],
  ['"x${a}"', 'a'],
  ['./a/${b}', 'b'],
  ['x: x', ''],
  ['x: y: x y z', 'z'],
  ['{ a, b ? c }: a b d', 'c d'],
  ['{ a ? b, b }: a', ''],
  ['args@{ a ? args }: a', ''],
  ['{ a = b; }', 'b'],
  ['rec { a = b; b = a; c = d; }', 'd'],
  ['{ a.b = c; }', 'c'],
  ['rec { a.b = a; }', ''],
  ['{ ${a} = b; }', 'a b'],
  ['rec { ${a} = b; a = 1; }', 'b'],
  ['{ "x${a}".b = c; }', 'a c'],
  ['{ inherit a; }', 'a'],
  ['rec { inherit a; b = a; }', 'a'],
  ['rec { inherit (a) b; a = c; }', 'c'],
  ['{ inherit (a) b; }', 'a'],
  ['let a = b; in a c', 'c b'],
  ['let a = a; in a', ''],
  ['let inherit a; in a', 'a'],
  ['let { body = a; a = b; }', 'b'],
  ['a.b.c', 'a'],
  ['a.${b}.c or d', 'a b d'],
  ['a ? b.${c}', 'a c'],
  ['if a then b else c', 'a b c'],
  ['assert a; b', 'a b'],
  // Everything below a `with` could come from it.
  ['with a; b', 'a with b'],
  ['with a; x: x b', 'a with b'],
  ['let b = 1; in with a; b', 'a'],
  ['with a; with b; c', 'a with b c'],
  ['[ b (with a; b) ]', 'b a with b'],
  ['{ x = with a; [ y ]; y = y; }', 'a y with y'],
  ['rec { x = with a; [ y z ]; y = 1; }', 'a with z'],
  // Operators are names.
  ['a - b', '__sub a b'],
  ['-a', '__sub a'],
  ['a * b / c', '__div __mul a b c'],
  ['a < b', '__lessThan a b'],
  ['a >= b', '__lessThan a b'],
  ['a + b == c && d || !e -> f // g ++ h', 'a b c d e f g h'],
  ['let __sub = 1; in 2 - 3', ''],
  ['with a; 1 - 2', 'a with __sub'],
  ['<a>', '__findFile __nixPath'],
  ['let __nixPath = 1; in <a>', '__findFile'],
  // What Nix rejects is known at the root.
  ['[ { a = 1; a = 2; } ]', 'faulty'],
  ['x: { a, a }: 1', 'faulty'],
  ['a@{ a }: 1', 'faulty'],
  ['let ${a} = 1; in 2', 'a faulty'],
  ['{ inherit ${a}; }', 'faulty'],
  ['{ a.b = { c = 1; c = 2; }; a.d = 1; }', 'faulty'],
];

describe('free names', () => {
  for (const [text, expected] of table) {
    it(`of ${text}`, () => assert.equal(free(text), expected));
  }

  it('are found once for each node, and are many without being slow', () => {
    const many = Array.from({ length: 200_000 }, (_, i) => `n${i}`);
    const { root } = parse(`[ ${many.join(' ')} ${many.join(' ')} ]`);
    assert.deepEqual(freeNames(root).lexical, many);
    assert.equal(freeNames(root), freeNames(root));
  });

  it('of long chains of operators are found without recursion', () => {
    assert.equal(free(`a${' - b + c'.repeat(50_000)}`), '__sub a b c');
    assert.equal(free(`with a; 1${' * b'.repeat(100_000)}`), 'a with __mul b');
  });

  it('are remembered inside of a chain while they are few', () => {
    const { root } = parse(`a${' - b'.repeat(10)}`);
    freeNames(root);
    assert.ok(root.kind === Kind.Binary && root.left.kind === Kind.Binary);
    assert.deepEqual(root.left.free?.lexical, ['__sub', 'a', 'b']);
  });

  it('of a chain of many names take memory in proportion', () => {
    const many = Array.from({ length: 200_000 }, (_, i) => `n${i}`);
    const { root } = parse(many.join(' + '));
    assert.deepEqual(freeNames(root).lexical, many);
    let remembered = 0;
    for (let node: Expression = root; node.kind === Kind.Binary; node = node.left) {
      remembered += node.free?.lexical.length ?? 0;
    }
    assert.ok(remembered < 2 * many.length, `${remembered} names are remembered`);
  });
});
