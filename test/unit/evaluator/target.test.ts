// What an offset of a document asks about: kinds of targets and their places.
import assert from 'node:assert/strict';
import { decodeUtf8 } from '../../../server/src/base/bytes';
import { parse } from '../../../server/src/syntax/parse';
import { Kind } from '../../../server/src/syntax/tree';
import { targetAt, targetOfRange, type PlacedTarget } from '../../../server/src/evaluator/target';
import { fixture } from '../../kit/fixture';

/** The kind of a target and the text that it is about. */
function described(text: string, found: PlacedTarget | undefined): string {
  if (found === undefined) return 'nothing';
  const { target } = found;
  const at = (start: number, width: number) => decodeUtf8(text.slice(start, start + width));
  switch (target.kind) {
    case 'expression':
      return `expression ${at(target.at, target.node.width)}`;
    case 'binding':
      return `binding ${at(target.at, target.node.width)} ${target.count}`;
    case 'inherited':
      return `inherited ${target.index} of ${at(target.at, target.node.width)}`;
    case 'parameter':
      return `parameter ${target.name} at ${at(target.at, target.width)}`;
  }
}

const at = (marked: string) => {
  const { text, cursor } = fixture(marked);
  return described(text, targetAt(parse(text), cursor));
};

const table: readonly (readonly [string, string])[] = [
  ['a.|b.c', 'expression a.b'],
  ['a.b.|c', 'expression a.b.c'],
  ['a|.b.c', 'expression a.b.c'],
  ['a.b.|c or d', 'expression a.b.c or d'],
  ['a.|b.c or d', 'expression a.b'],
  ['a ? b.|c', 'expression a ? b.c'],
  ['{ |a.b = 1; }', 'binding a.b = 1; 1'],
  ['{ a.|b = 1; }', 'binding a.b = 1; 2'],
  ['{ a.b |= 1; }', 'binding a.b = 1; 2'],
  ['{ a.b = 1|; }', 'binding a.b = 1; 2'],
  ['{ a.b = |1; }', 'expression 1'],
  ['{ inherit a |b; }', 'inherited 1 of inherit a b;'],
  ['{ inherit (|s) b; }', 'expression s'],
  ['{ in|herit a; }', 'nothing'],
  ['|x: x', 'parameter x at x'],
  ['{ |a, b ? 1 }: a', 'parameter a at a'],
  ['{ a, |b ? 1 }: a', 'parameter b at b'],
  ['{ a, b ? |1 }: a', 'expression 1'],
  ['{ a }@|all: a', 'parameter all at all'],
  ['x|: x', 'expression x: x'],
  ['{ a |}: a', 'expression { a }: a'],
  ['"a ${|b} c"', 'expression b'],
  ['"|a ${b} c"', 'expression "a ${b} c"'],
  ['"a $|{b} c"', 'expression b'],
  ['(|a)', 'expression a'],
  ['|(a)', 'expression a'],
  ['f |x', 'expression x'],
  ['|f x', 'expression f'],
  ['f| x', 'nothing'],
  ['1 # |c', 'nothing'],
  ['|', 'nothing'],
  ['1\n|', 'nothing'],
];

describe('the target', () => {
  for (const [marked, expected] of table) {
    it(`at ${JSON.stringify(marked)} is ${expected}`, () => assert.equal(at(marked), expected));
  }

  it('knows the nodes around it, the root first, without its own', () => {
    const { text, cursor } = fixture('let a = 1; in { b = [ |a ]; }');
    const { ancestors } = targetAt(parse(text), cursor)!;
    assert.deepEqual(
      ancestors.map(({ node }) => node.kind),
      [Kind.Let, Kind.AttributeSet, Kind.Binding, Kind.List],
    );
  });

  it('is there for every offset of any text, or nothing is', () => {
    const text =
      'let a.b = [ 1 "x${y}z" ]; in { inherit (a) b; c = x: { d ? 1, ... }@e: with x; d.e or (-f) ? g; }';
    for (const broken of [text, text.slice(3), text.slice(0, -5), text.replaceAll('=', '')]) {
      const parsed = parse(broken);
      for (let offset = 0; offset <= broken.length; offset++) {
        const found = targetAt(parsed, offset);
        if (found === undefined) continue;
        const { target } = found;
        const width = target.kind === 'parameter' ? target.width : target.node.width;
        // An offset in the marks of an interpolation is about the expression between them.
        assert.ok(target.at - 2 <= offset && offset <= target.at + width, `${offset} of ${broken}`);
      }
    }
  });

  it('of a range is the smallest that covers it', () => {
    const cases: [string, string][] = [
      ['1 + «r:2 * 3»', 'expression 2 * 3'],
      ['1 «r:+ 2» * 3', 'expression 1 + 2 * 3'],
      ['{ a = «r:1; b» = 2; }', 'expression { a = 1; b = 2; }'],
      ['f «r:(a)» b', 'expression a'],
      ['{ «r:a.b» = 1; }', 'binding a.b = 1; 2'],
    ];
    for (const [marked, expected] of cases) {
      const { text, range } = fixture(marked);
      assert.equal(described(text, targetOfRange(parse(text), range('r'))), expected, marked);
    }
  });
});
