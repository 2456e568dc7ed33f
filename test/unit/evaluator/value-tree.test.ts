// The value of a document as a tree: levels, steps, places, and that no level is without bounds.
import { deepStrictEqual, match, ok, strictEqual } from 'node:assert/strict';
import { decodeUtf8 } from '../../../server/src/base/bytes';
import type { PartRow, ValueLevel, ValueStep } from '../../../server/src/evaluator/service';
import { underCountingClock } from '../../kit/clock';
import { LiveTest } from '../../kit/live';

const attribute = (name: string): ValueStep => ({ attribute: name });
const item = (index: number): ValueStep => ({ item: index });
const result: ValueStep = { result: true };

function open(text: string, files: Record<string, string> = {}): LiveTest {
  const test = new LiveTest();
  for (const [name, content] of Object.entries(files)) test.open(name, content);
  test.open('file.nix', text);
  return test;
}

function level(test: LiveTest, steps: ValueStep[] = [], start = 0, count = 100): ValueLevel {
  return test.service.valueLevel(test.path('file.nix'), { steps, start, count })!;
}

/** A row as one line; a `+` in front says that it opens. */
const line = ({ label, kind, text, opens }: PartRow): string =>
  `${opens ? '+' : ' '} ${label} ${kind}: ${text}`;
const lines = ({ parts }: ValueLevel): string[] => parts.map(line);

/** Where a value was defined, as `file:line:column text`. */
function place(test: LiveTest, steps: ValueStep[]): string | undefined {
  const found = test.service.valuePlace(test.path('file.nix'), steps);
  if (found === undefined) return undefined;
  const { start } = found.range;
  return `${decodeUtf8(found.path).split('/').at(-1)}:${start.line + 1}:${start.character + 1}`;
}

describe('the tree of a value', () => {
  it('leads to items that nobody has read so far', () => {
    const test = open('builtins.genList (i: { inherit i; }) 1000');
    deepStrictEqual(lines(level(test, [item(700)])), ['  i number: 700']);
    match(level(test, [item(1000)]).whole.text, /there is no item 1000/);
  });

  it('shows every kind of value, and errors in their place', () => {
    const test = open(`{
      text = "a" + "b"; number = 1 + 1; float = 1.5; yes = 1 == 1; none = null; path = ./file.nix;
      list = [ 1 ]; empty = [ ]; set = { x = 1; }; function = x: x; "a b" = 1;
      fails = throw "no"; missing = { }.x;
      package = { type = "derivation"; name = "hello-1.0"; };
    }`);
    const top = level(test);
    strictEqual(top.whole.kind, 'set');
    strictEqual(top.total, 14);
    deepStrictEqual(lines(top), [
      '  "a b" number: 1',
      '  empty list: [ ]',
      '  fails error: no',
      '  float number: 1.5',
      '  function function: x: …',
      '+ list list: [ 1 ]',
      "  missing error: attribute 'x' missing",
      '  none null: null',
      '  number number: 2',
      '+ package derivation: «derivation hello-1.0»',
      '  path path: /nixray-test-workspace/file.nix',
      '+ set set: { x = 1; }',
      '  text string: "ab"',
      '  yes boolean: true',
    ]);
  });

  it('opens level by level, through sets and lists', () => {
    const test = open('{ teas = map (n: { name = "tea${toString n}"; }) [ 1 2 ]; }');
    deepStrictEqual(lines(level(test, [attribute('teas')])), [
      '+ [0] set: { name = "tea1"; }',
      '+ [1] set: { name = "tea2"; }',
    ]);
    deepStrictEqual(lines(level(test, [attribute('teas'), item(1)])), ['  name string: "tea2"']);
  });

  it('gives big values page by page', () => {
    const test = open('builtins.genList (n: n * n) 1000');
    const page = level(test, [], 990, 100);
    strictEqual(page.total, 1000);
    strictEqual(page.parts.length, 10);
    strictEqual(line(page.parts[0]!), '  [990] number: 980100');
    strictEqual(level(test, [], 5000).parts.length, 0);
    strictEqual(level(test, [], 0, 1_000_000).parts.length, 1000);
  });

  it('opens a function to what it gives in the call that is shown', () => {
    const test = open('# A package.\nlet n = 1; in { a, b ? 2 }: (x: { sum = a + b + x + n; })', {
      'caller.nix': 'import ./file.nix { a = 40; } 7',
    });
    const top = level(test);
    strictEqual(top.whole.kind, 'function');
    strictEqual(line(top.parts[0]!), '+ result set: { sum = 50; }');
    match(top.parts[0]!.source!, /caller\.nix/);
    deepStrictEqual(lines(level(test, [result])), ['  sum number: 50']);
    match(test.service.valueAt(test.path('file.nix'), [result], false)!.source!, /caller\.nix/);
    strictEqual(place(test, [result]), 'file.nix:2:33');
  });

  it('says what is not known where no call is', () => {
    const test = open('{ a }: a + 1');
    const [row] = level(test).parts;
    strictEqual(row!.kind, 'unknown');
    match(row!.text, /depends on the argument 'a'/);
  });

  it('has an answer for steps that lead nowhere', () => {
    const test = open('{ a = 1; l = [ ]; }');
    strictEqual(level(test, [attribute('b')]).whole.text, "attribute 'b' missing");
    strictEqual(level(test, [attribute('l'), item(3)]).whole.text, 'there is no item 3');
    strictEqual(level(test, [attribute('a'), attribute('x')]).whole.kind, 'error');
    strictEqual(level(test, [result]).whole.kind, 'error');
    strictEqual(place(test, [attribute('b')]), 'file.nix:1:1');
    strictEqual(test.service.valueLevel('/not/there.nix', { steps: [], start: 0, count: 1 }), undefined);
  });

  it('shows a document with errors of its syntax as far as it goes', () => {
    const test = open('{ a = 1; b = ; c = 3; }');
    const rows = lines(level(test));
    ok(rows.includes('  a number: 1') && rows.includes('  c number: 3'), rows.join('\n'));
  });

  it('keeps within its time, and evaluates more where it is opened', () => {
    const slow =
      "let f = n: if n == 0 then 0 else 1 + f (n - 1); go = n: builtins.foldl' (a: b: a + f 400) n (builtins.genList (x: x) 300); in";
    const test = open(
      `${slow} builtins.listToAttrs (map (n: { name = "n\${toString n}"; value = go n; }) (builtins.genList (n: n) 100))`,
    );
    const top = underCountingClock(() => {
      const start = performance.now();
      const found = level(test);
      ok(performance.now() - start < 3000, `took ${performance.now() - start} looks at the clock`);
      return found;
    });
    const waiting = top.parts.find(({ kind }) => kind === 'unevaluated')!;
    strictEqual(waiting.opens, true);
    strictEqual(level(test, [waiting.step]).whole.kind, 'number');
  });

  it('is not kept from an end by values without one', () => {
    const test = open('let a = { inherit a; b = builtins.genList (n: a) 10000; }; in a');
    deepStrictEqual(
      level(test).parts.map(({ kind }) => kind),
      ['set', 'list'],
    );
    const deep = test.service.valueAt(test.path('file.nix'), [], true)!.value!;
    match(deep, /«repeated»/);
    match(deep, /«\d+ items elided»|\.\.\./);
    ok(deep.length < 1_000_000);
  });

  it('evaluates deeply where it is told to', () => {
    const test = open('{ a.b.c.d.e.f = { g = 1 + 1; h = throw "no"; }; }');
    const at = (deep: boolean): string =>
      test.service.valueAt(test.path('file.nix'), [attribute('a')], deep)!.value!;
    ok(!at(false).includes('g = 2'));
    match(at(true), /g = 2; h = «error: no»;/);
    strictEqual(
      test.service.valueAt(test.path('file.nix'), [attribute('x')], true)!.error!.message,
      "attribute 'x' missing\nDid you mean a?",
    );
  });

  it('knows where attributes were defined', () => {
    const test = open(
      'let lib = import ./lib.nix; in\nlib // {\n  own = 1;\n  items = [ { inner = 1; } 5 ];\n}',
      {
        'lib.nix': '{\n  theirs = 2;\n  f = x: x;\n}',
      },
    );
    strictEqual(place(test, [attribute('own')]), 'file.nix:3:3');
    strictEqual(place(test, [attribute('theirs')]), 'lib.nix:2:3');
    strictEqual(place(test, [attribute('items'), item(0), attribute('inner')]), 'file.nix:4:15');
    strictEqual(place(test, [attribute('items'), item(0)]), 'file.nix:4:15');
    strictEqual(place(test, [attribute('items'), item(1)]), 'file.nix:4:3');
    strictEqual(place(test, []), 'file.nix:1:1');
  });

  it('follows edits, of other files too', () => {
    const test = open('{ a = 1; b = import ./lib.nix; }', { 'lib.nix': '1' });
    deepStrictEqual(lines(level(test)), ['  a number: 1', '  b number: 1']);
    test.open('lib.nix', '2');
    deepStrictEqual(lines(level(test)), ['  a number: 1', '  b number: 2']);
    test.open('file.nix', '{ a = 3; b = import ./lib.nix; }');
    deepStrictEqual(lines(level(test)), ['  a number: 3', '  b number: 2']);
  });
});
