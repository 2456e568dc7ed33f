import assert from 'node:assert/strict';
import fc from 'fast-check';
import { encodeUtf8 } from '../../../server/src/base/bytes';
import { parse } from '../../../server/src/syntax/parse';
import { Kind } from '../../../server/src/syntax/tree';
import { forEachChild, walk } from '../../../server/src/syntax/walk';
import { anyText, seeded } from './random-texts';
import { treeText } from './tree-text';

/** Each row is a text and its tree. */
function trees(rows: readonly (readonly [string, string])[]): void {
  for (const [text, expected] of rows) {
    it(JSON.stringify(text), () => {
      const { root, errors } = parse(encodeUtf8(text));
      assert.deepEqual(errors, []);
      assert.equal(treeText(root), expected);
    });
  }
}

describe('parse', () => {
  describe('operators', () => {
    trees([
      ['a + b + c', '(+ (+ a b) c)'],
      ['a ++ b ++ c', '(++ a (++ b c))'],
      ['a // b // c', '(// a (// b c))'],
      ['a -> b -> c', '(-> a (-> b c))'],
      ['a || b && c == d', '(|| a (&& b (== c d)))'],
      ['a == b < c', '(== a (< b c))'],
      ['a < b == c', '(== (< a b) c)'],
      ['a * b + c / d - e', '(- (+ (* a b) (/ c d)) e)'],
      ['!a + b', '(! (+ a b))'],
      ['!a == b', '(== (! a) b)'],
      ['!a // b', '(// (! a) b)'],
      ['-a ++ b', '(++ (neg a) b)'],
      ['-a ? b', '(? (neg a) b)'],
      ['!a ? b', '(! (? a b))'],
      ['a ++ b ? c', '(++ a (? b c))'],
      ['a ? b ? c', '(? (? a b) c)'],
      ['a ? b.c."d".${e}', '(? a b.c.(s "d").${e})'],
      ['- - a', '(neg (neg a))'],
      ['a-1', 'a-1'],
      ['a - 1', '(- a 1)'],
      ['f a (-1)', '(call f a (paren (neg 1)))'],
      ['f a.b c', '(call f (. a b) c)'],
      ['a.b or c d', '(call (. a b or c) d)'],
      ['a.b or c.d or e', '(. a b or (. c d or e))'],
    ]);

    it('pipes, to the right and to the left', () => {
      const pipes = { pipeOperators: true };
      assert.equal(treeText(parse('a |> f |> g', pipes).root), '(|> (|> a f) g)');
      assert.equal(treeText(parse('g <| f <| a', pipes).root), '(<| g (<| f a))');
      assert.equal(treeText(parse('a -> b |> f', pipes).root), '(|> (-> a b) f)');
      assert.equal(treeText(parse('x: x |> f', pipes).root), '(fn x (|> x f))');
    });
  });

  describe('the word or', () => {
    trees([
      ['f or', '(call f or)'],
      ['f or g', '(call f or g)'],
      ['f x or', '(call f (call x or))'],
      ['[ f or g ]', '(list (call f or) g)'],
      ['{ or = 1; a.or = 2; inherit or; }', '(set (or = 1) (a.or = 2) (inherit or))'],
      ['a.or', '(. a or)'],
    ]);
  });

  describe('numbers, paths and URIs: the longest match', () => {
    trees([
      ['1', '1'],
      ['007', '7'],
      ['9007199254740993', '9007199254740993n'],
      ['9223372036854775807', '9223372036854775807n'],
      ['1.5e3', '(float 1500)'],
      ['.5', '(float 0.5)'],
      ['1.', '(float 1)'],
      ['[ 0.5 01.5 ]', '(list (float 0.5) 1 (float 0.5))'],
      ['a/b', '(path relative "a/b")'],
      ['a / b', '(/ a b)'],
      ['1/2', '(path relative "1/2")'],
      ['-1/2', '(path relative "-1/2")'],
      ['a+b/c', '(path relative "a+b/c")'],
      ['a.b/c', '(path relative "a.b/c")'],
      ['.../a', '(path relative ".../a")'],
      ['/a', '(path absolute "/a")'],
      ['a //b', '(// a b)'],
      ['~/a/b', '(path home "~/a/b")'],
      ['./a/${b}', '(path relative "./a/" ${b})'],
      ['./${b}c/${d}/e', '(path relative "./" ${b} "c/" ${d} "/e")'],
      ['/${a}', '(path absolute "/" ${a})'],
      ['~/${a}', '(path home "~/" ${a})'],
      ['./${a}//b', '(path relative "./" ${a} "/" "/b")'],
      ['[ ./a ./b ]', '(list (path relative "./a") (path relative "./b"))'],
      ['<nixpkgs/lib>', '<nixpkgs/lib>'],
      ['a <b', '(< a b)'],
      ['a<b>', '(call a <b>)'],
      ['x:y', '(uri "x:y")'],
      ['x: y', '(fn x y)'],
      ['x_y:z', '(fn x_y z)'],
      ['http://a.b/c?d=e', '(uri "http://a.b/c?d=e")'],
      ["a'b-c", "a'b-c"],
      ['__curPos', '(curPos)'],
    ]);
  });

  describe('strings', () => {
    trees([
      ['""', '(s)'],
      ['"a\\n\\t\\r\\"\\\\\\x"', '(s "a\\n\\t\\r\\"\\\\x")'],
      ['"$a $$ $"', '(s "$a $$ $")'],
      ['"$${a}"', '(s "$${a}")'],
      ['"$$${a}"', '(s "$$" ${a})'],
      ['"\\${a}$\\{b}"', '(s "${a}${b}")'],
      ['"a${b}c${"d"}"', '(s "a" ${b} "c" ${(s "d")})'],
      ['"a\r\nb\rc"', '(s "a\\nb\\nc")'],
      ['"é"', '(s "é")'],
    ]);
  });

  describe('indented strings', () => {
    trees([
      ["''''", '(ind)'],
      ["'' a ''", '(ind "a ")'],
      ["''\n  a\n    b\n  ''", '(ind "a\\n  b\\n")'],
      ["''\n  a\n\n  b''", '(ind "a\\n\\nb")'],
      ["''\n    a\n  ${b}\n''", '(ind "  a\\n" ${b} "\\n")'],
      ["''  ${a}''", '(ind ${a})'],
      ["''a''${b}''", '(ind "a" "$" "{b}")'],
      ["''a'''b''", '(ind "a" "\'\'" "b")'],
      ["''a''\\nb''\\''c''", '(ind "a" "\\n" "b" "\'" "\'c")'],
      ["''$a $${b} $''", '(ind "$a $${b} " "$")'],
      ["''a'b 'c '' ", '(ind "a\'b \'c ")'],
      ["''\ta\n  b''", '(ind "\\ta\\n  b")'],
      ["''\r\n  a\r\n  ''", '(ind "\\r\\n  a\\r\\n")'],
    ]);
  });

  describe('sets, let and functions', () => {
    trees([
      ['{ }', '(set)'],
      ['{ a = 1; b.c."d${e}".${f} = 2; }', '(set (a = 1) (b.c.(s "d" ${e}).${f} = 2))'],
      ['rec { inherit a "b"; inherit (c) d; }', '(rec (inherit a (s "b")) (inherit from c d))'],
      ['let a = 1; in a', '(let (a = 1) in a)'],
      ['let { a = 1; body = a; }', '(legacy-let (a = 1) (body = a))'],
      ['let in 1', '(let in 1)'],
      ['f let { body = 1; }', '(call f (legacy-let (body = 1)))'],
      ['a: b: c', '(fn a (fn b c))'],
      ['{ }: a', '(fn {} a)'],
      ['{ a }: a', '(fn {a} a)'],
      ['{ a, b ? 1, ... }: a', '(fn {a (b ? 1) ...} a)'],
      ['{ ... }: a', '(fn {...} a)'],
      ['{ a, }: a', '(fn {a} a)'],
      ['x@{ a }: a', '(fn x@{a} a)'],
      ['{ a }@x: a', '(fn x@{a} a)'],
      ['{ }@x: a', '(fn x@{} a)'],
      ['{ } // { }', '(// (set) (set))'],
      ['with a; assert b; if c then d else e', '(with a (assert b (if c d e)))'],
      ['if a then b else x: x', '(if a b (fn x x))'],
      ['[ a.b (c d) { } rec { } "" ]', '(list (. a b) (paren (call c d)) (set) (rec) (s))'],
      ['(a).b', '(. (paren a) b)'],
    ]);
  });

  describe('what is around and between tokens', () => {
    trees([
      [' /* a */ 1 # b', '1'],
      ['/**/1/***/', '1'],
      ["[1\"a\"''b''{}(c)]", '(list 1 (s "a") (ind "b") (set) (paren c))'],
      ['{a=1;b=2;}', '(set (a = 1) (b = 2))'],
      ['1\0 ) nonsense', '1'],
    ]);
  });

  it('names are the same object wherever they occur', () => {
    const { root } = parse('[ name name ]');
    assert.ok(root.kind === Kind.List);
    const [first, second] = root.items;
    assert.ok(first?.kind === Kind.Identifier && second?.kind === Kind.Identifier);
    assert.equal(first.name, second.name);
  });

  describe('deep nesting', () => {
    const deep: readonly (readonly [string, (depth: number) => string])[] = [
      ['lists', (depth) => '['.repeat(depth) + ']'.repeat(depth)],
      ['parentheses', (depth) => '('.repeat(depth) + '1' + ')'.repeat(depth)],
      ['sets', (depth) => '{ a = '.repeat(depth / 2) + '1' + '; }'.repeat(depth / 2)],
      ['functions', (depth) => 'a: '.repeat(depth) + 'a'],
      ['interpolations', (depth) => '"${'.repeat(depth / 2) + '1' + '}"'.repeat(depth / 2)],
      ['pipes', (depth) => '1' + ' |> f'.repeat(depth)],
      ['tests for attributes', (depth) => 'a' + ' ? b'.repeat(depth)],
      ['operators on the right', (depth) => '1' + ' ++ 1'.repeat(depth)],
      ['attribute paths', (depth) => `{ a${'.a'.repeat(depth)} = 1; }`],
      ['conditions', (depth) => 'if a then b else '.repeat(depth) + 'c'],
    ];
    for (const [what, text] of deep) {
      it(`${what}: 9,000 levels are a tree, 100,000 an error`, () => {
        assert.deepEqual(parse(text(9000), { pipeOperators: true }).errors, []);
        const { errors } = parse(text(100_000), { pipeOperators: true });
        assert.deepEqual(
          errors.map(({ message }) => message),
          ['nesting is too deep'],
        );
      });
    }

    it('does not limit arguments, items and bindings', () => {
      assert.deepEqual(parse('f' + ' a'.repeat(100_000)).errors, []);
      assert.deepEqual(parse(`[${' a'.repeat(100_000)}]`).errors, []);
      assert.deepEqual(parse(`{${' a = 1;'.repeat(100_000)}}`).errors, []);
    });

    it('does not limit chains of operators that take their left operands first', () => {
      const operators = [' + ', ' - ', ' * ', ' / ', ' && ', ' || '];
      for (const operator of operators) {
        const { errors, nesting } = parse(`a${`${operator}b`.repeat(100_000)}`);
        assert.deepEqual(errors, []);
        assert.ok(nesting < 5, `${operator} nests ${nesting} deep`);
      }
      const mixed = parse(`-a${' * b + !c ? d || (e - f)'.repeat(20_000)}`);
      assert.deepEqual(mixed.errors, []);
      assert.ok(mixed.nesting < 10, `it nests ${mixed.nesting} deep`);
    });

    it('counts what nests inside a chain', () => {
      const nested = (depth: number) => `1 + 2 + ${'('.repeat(depth)}3${')'.repeat(depth)} + 4 + 5`;
      assert.ok(parse(nested(500)).nesting > 500);
      assert.deepEqual(
        parse(nested(10_000)).errors.map(({ code }) => code),
        ['nesting-too-deep'],
      );
    });

    it('takes time in proportion to hostile texts', function () {
      this.timeout(120_000);
      const parts = ['a.', '"${', '{ a = ; ', ') ', '= ( { [ " ', '/* ', 'a/', 'a = ', '{ a b '];
      for (const part of parts) parse(part.repeat(300_000));
    });
  });

  it('places children inside their parents, in order, for any text', () => {
    fc.assert(
      fc.property(anyText, fc.boolean(), (text, pipeOperators) => {
        const { root, rootAt, errors } = parse(text, { pipeOperators });
        assert.ok(rootAt >= 0 && rootAt + root.width <= text.length);
        walk(root, rootAt, (node, at) => {
          let end = at;
          forEachChild(node, at, (child, childAt) => {
            assert.ok(childAt >= end, `children of kind ${node.kind} overlap in ${JSON.stringify(text)}`);
            end = childAt + child.width;
          });
          assert.ok(
            end <= at + node.width,
            `a child sticks out of kind ${node.kind} in ${JSON.stringify(text)}`,
          );
        });
        for (const { range } of errors) {
          assert.ok(0 <= range.start && range.start <= range.end && range.end <= text.length);
        }
      }),
      seeded(3000),
    );
  });

  it('leaves nothing but white space, comments and punctuation outside the leaves of a tree without errors', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const { root, rootAt, errors } = parse(text);
        if (errors.length > 0 || text.includes('\0')) return;
        const covered = new Uint8Array(text.length);
        walk(root, rootAt, (node, at) => {
          const isLeaf =
            node.kind === Kind.Identifier ||
            node.kind === Kind.Integer ||
            node.kind === Kind.Float ||
            node.kind === Kind.SearchPath ||
            node.kind === Kind.CurrentPosition ||
            node.kind === Kind.String ||
            node.kind === Kind.Path;
          if (isLeaf) covered.fill(1, at, at + node.width);
        });
        let rest = '';
        for (let i = 0; i < text.length; i++) rest += covered[i] === 1 ? ' ' : text[i];
        const words =
          rest.replace(/#[^\r\n]*|\/\*[^]*?\*\//g, ' ').match(/[^\s{}()[\];:,.=?@!<>+*/&|-]+/g) ?? [];
        const known = new Set('if then else assert with let in rec inherit or $'.split(' '));
        assert.deepEqual(
          words.filter((word) => !known.has(word)),
          [],
          JSON.stringify(text),
        );
      }),
      seeded(1000),
    );
  });
});
