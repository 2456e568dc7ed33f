import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parse, type ParsedFile } from '../../../server/src/syntax/parse';
import { reparse } from '../../../server/src/syntax/reparse';
import { Kind, type AttributeSetNode, type Expression } from '../../../server/src/syntax/tree';
import { walk } from '../../../server/src/syntax/walk';
import { anyEdit, anyText, placed, seeded } from './random-texts';

function assertLikeFreshParse(parsed: ParsedFile): void {
  const fresh = parse(parsed.text, parsed.options);
  assert.deepEqual(parsed.errors, fresh.errors, `errors of ${JSON.stringify(parsed.text)}`);
  assert.equal(parsed.rootAt, fresh.rootAt);
  assert.deepEqual(parsed.root, fresh.root, `tree of ${JSON.stringify(parsed.text)}`);
}

/** Applies one edit, given by a mark `|removed|` in the text, and checks the law. */
function edit(marked: string, text: string): { old: ParsedFile; parsed: ParsedFile; bytesReparsed: number } {
  const start = marked.indexOf('|');
  const end = marked.indexOf('|', start + 1) - 1;
  const old = parse(marked.replace('|', '').replace('|', ''));
  const result = reparse(old, { start, end, text });
  assertLikeFreshParse(result.parsed);
  return { old, ...result };
}

/** All nodes with their places. A comparison of the trees themselves would go down long chains by recursion. */
function describeTree({ root, rootAt }: ParsedFile): string {
  const nodes: string[] = [];
  walk(root, rootAt, (node, at) => void nodes.push(`${node.kind} ${at} ${node.width}`));
  return nodes.join('\n');
}

/** The first and the last operand of a chain. */
function ends({ root }: ParsedFile): { first: Expression; last: Expression } {
  assert.ok(root.kind === Kind.Binary);
  let first: Expression = root;
  while (first.kind === Kind.Binary) first = first.left;
  return { first, last: root.right };
}

describe('reparse', () => {
  it('keeps the bindings that an edit does not touch', () => {
    const { old, parsed, bytesReparsed } = edit('{ a = 1; b = x||; c = { d = 1; }; }', 'y');
    const before = (old.root as AttributeSetNode).bindings;
    const after = (parsed.root as AttributeSetNode).bindings;
    assert.equal(after[0], before[0]);
    assert.notEqual(after[1], before[1]);
    assert.equal(after[2], before[2]);
    assert.equal(bytesReparsed, ' b = xy; '.length);
  });

  it('makes new nodes along one path only', () => {
    const { old, parsed } = edit('x: { a = f { b = 1||; }; c = 3; }', '2');
    assert.ok(old.root.kind === Kind.Lambda && parsed.root.kind === Kind.Lambda);
    assert.equal(parsed.root.parameter, old.root.parameter);
    const before = (old.root.body as AttributeSetNode).bindings;
    const after = (parsed.root.body as AttributeSetNode).bindings;
    assert.equal(after[1], before[1]);
    assert.notEqual(after[0], before[0]);
  });

  it('reads a few bytes where a binding is begun between others', () => {
    const { parsed, bytesReparsed } = edit('{ a = 1;\n  ||\n  b = 2; c = 3; }', 'foo');
    assert.equal(parsed.errors.length, 1);
    // The error is at the next binding, which is parsed again with it.
    assert.equal(bytesReparsed, '\n  foo\n  b = 2; '.length);
  });

  it('takes an error away with its cause, and leaves the others', () => {
    const { old, parsed } = edit('{ a = 1 ||b = 2; c = ; d = 4; }', '; ');
    assert.equal(old.errors.length, 2);
    assert.equal(parsed.errors.length, 1);
  });

  it('reads a few bytes inside a chain of operators, however long', () => {
    const ones = '1 + '.repeat(30_000);
    const before = `${ones}(let x = 1; y = 2; in x) + ${ones}1`;
    const start = before.indexOf('2');
    const old = parse(before);
    const { parsed, bytesReparsed } = reparse(old, { start, end: start, text: '3' });
    assert.equal(bytesReparsed, ' y = 32; '.length);
    const fresh = parse(parsed.text);
    assert.deepEqual(parsed.errors, fresh.errors);
    assert.equal(describeTree(parsed), describeTree(fresh));
  });

  it('keeps what it can of a chain that is parsed as a whole', () => {
    const before = `[ { a = b; } ]${' + 1'.repeat(30_000)} + { c = d; }`;
    const start = before.indexOf('1', before.length / 2);
    const old = parse(before);
    const { parsed } = reparse(old, { start, end: start + 1, text: 'x' });
    assert.equal(describeTree(parsed), describeTree(parse(parsed.text)));
    assert.equal(ends(parsed).first, ends(old).first);
    assert.equal(ends(parsed).last, ends(old).last);
  });

  for (const [what, marked, text] of [
    ['braces that become formals', '{ a||= 1; }: a', ', b }: { c '],
    ['an indentation that becomes less', "x: ''\n  a ${x} b\n||''", '${'],
    ['an emptied set before a colon', '{|a = 1;| }: 1', ''],
    ['let that becomes let {', 'let || a = 1; in a', '{'],
    ['a comment that opens', '{ a = 1; || b = 2; c = 3; }', '/*'],
    ['a comment that closes', '{ a = 1; /* ||b = 2; c = 3; }', '*/'],
    ['a string that opens', '{ a = 1; b = ||2; c = 3; }', '"'],
    ['an `in` in a comment', 'let a = 1; |#| in\n in a', ''],
    ['a semicolon that goes', '{ a = 1|;| b = 2; }', ''],
    ['a closing brace too many', '{ a = { b = 1; ||c = 2; }; d = 3; }', '}'],
    ['an inherit that swallows', '{ inherit a|;| b = 2; }', ' '],
    ['a name that grows from its front', '{ a = 1; ||b = 2; }', 'x'],
    ['a name of a let that becomes dynamic', 'let ||a = 1; b = 2; in a )', '${x}.'],
    ['a name of a let that was dynamic', 'let |${x}.|a = 1; b = 2; in a )', ''],
    ['a dynamic name in a let between others', '{ a = let b = 1; ||c = 2; in b; d = ; }', '"${x}" = 1; '],
    ['a dynamic name in a let inside a let', 'let a = let ||b = 2; in b; in a', '${x} = 1; '],
    ['a binding without a value that goes', '{ |x| } y', ''],
    ['a binding without a value that gets one', '{ x|| }', ' = 1;'],
    ['a binding without a value in a list', '[ { x|| } ]', ' = 1;'],
    ['a first binding that goes before formals', '{ |x = 1;| a, b }: a', ''],
    ['a first binding that goes before a name', '{ |x = 1;| a }', ''],
    ['a first binding that goes before two names', '{ |x = 1;| a b = 1; }: a', ''],
    ['an ellipsis that was an error', '{ |;| ... }: 1', ''],
    ['an error inside of the first binding', '{ a = ||; b = 2; }', '['],
    ['an empty set before a pipe that is disabled', '{ || } |> a', ' '],
    ['a pipe that is disabled', '{ a = 1; b = 2 ||3; c = 3; }', '|>'],
  ] as const) {
    it(`gives what a fresh parse gives: ${what}`, () => {
      edit(marked, text);
    });
  }

  it('reads next to nothing of a large file for a typed character', () => {
    const binding = (i: number): string =>
      `  name${i} = callPackage ../development/name${i} { inherit (lib) a b; };\n`;
    const text = `self: super: with super; {\n${Array.from({ length: 15_000 }, (_, i) => binding(i)).join('')}}\n`;
    let file = parse(text);
    let at = text.indexOf('\n', text.length / 2);
    for (const character of '\n  # a new one\n  new = f (x.y or 2) [ 1 ];') {
      const result = reparse(file, { start: at, end: at, text: character });
      assert.ok(result.bytesReparsed < text.length / 100, `${result.bytesReparsed} bytes`);
      file = result.parsed;
      at++;
    }
    assert.deepEqual(file.errors, []);
    assertLikeFreshParse(file);
  });

  it('equals a fresh parse after any edits', () => {
    fc.assert(
      fc.property(
        anyText,
        fc.array(anyEdit, { minLength: 1, maxLength: 12 }),
        fc.boolean(),
        (text, edits, pipes) => {
          let file = parse(text, { pipeOperators: pipes });
          for (const relative of edits) {
            file = reparse(file, placed(relative, file.text)).parsed;
            assertLikeFreshParse(file);
          }
        },
      ),
      seeded(3000),
    );
  });
});
