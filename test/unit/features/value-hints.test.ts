import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import { decodeUtf8 } from '../../../server/src/base/bytes';
import { functionLenses } from '../../../server/src/features/code-lenses';
import {
  bindingHints,
  commentHints,
  packageHints,
  type ValueHint,
} from '../../../server/src/features/value-hints';
import { parse } from '../../../server/src/syntax/parse';
import { underCountingClock } from '../../kit/clock';
import { LiveTest } from '../../kit/live';

const finders = { bindings: bindingHints, comments: commentHints, packages: packageHints };

/** Each hint as `line:value`, lines from 1. */
function hints(text: string, kind: keyof typeof finders, from = 0, to = Infinity): string[] {
  const test = new LiveTest();
  const opened = test.open('file.nix', text);
  const parsed = parse(opened.text);
  const range = { start: from, end: Math.min(to, opened.text.length) };
  const found: ValueHint[] = finders[kind](parsed, range);
  const values = test.service.values(
    test.path('file.nix'),
    found.map(({ request }) => request),
  );
  return found.map(({ at }, i) => {
    const line = decodeUtf8(opened.text.slice(0, at)).split('\n').length;
    return `${line}:${values[i]?.text ?? 'nothing'}`;
  });
}

describe('value hints', () => {
  it('show what bindings are bound to, but for what says itself what it is', () => {
    const text = `let
  a = 1 + 2;
  plain = "text"; negative = -1;
  list = [ 1 "x" ];
  many = map (x: x * a) [ 1 2 ];
  f = x: x;
  set = {
    inner = a * 2;
  };
  other = set // { };
  b.c = a;
in a
`;
    deepStrictEqual(hints(text, 'bindings'), ['2:3', '5:[ 3 6 ]', '8:6', '10:{ inner = 6; }', '11:3']);
  });

  it('stand where nothing but a comment follows on the line', () => {
    const text = '{ a = 1 + 1; b = 2 + 2; # two\n c = 3 + 3; \r\n d = 4 + 4; /* x */ e = 5 + 5;}';
    deepStrictEqual(hints(text, 'bindings'), ['1:4', '2:6']);
  });

  it('are in the range only', () => {
    const text = '{\n a = 1 + 1;\n b = 2 + 2;\n c = 3 + 3;\n}';
    deepStrictEqual(hints(text, 'bindings', 15, 28), ['3:4']);
  });

  it('show the versions of packages in lists', () => {
    const text = `let
  package = name: derivation { inherit name; system = "x"; builder = "/b"; };
  pkgs = {
    hello = package "hello-2.10";
    git = package "git-minimal-2.1" // { version = "2.16"; };
    unnamed = package "unnamed";
    broken = throw "no";
    odd = { type = "derivation"; name = throw "no"; };
    python.sub = package "sub-3.6-unstable";
    loop = pkgs.loop;
  };
in with pkgs; [
  hello
  pkgs.git
  unnamed broken odd loop
  pkgs.python.sub
  (hello) (package "x-1") "hello" pkgs pkgs.none (pkgs.hello or 1) 1
] ++ map (x: [ x
  hello
]) [ git
]`;
    deepStrictEqual(
      hints(text, 'packages').filter((each) => !each.endsWith(':nothing')),
      ['13:2.10', '14:2.16', '16:3.6-unstable', '18:2.16', '19:2.10', '20:2.16'],
    );
    const line = text.indexOf('  pkgs.git');
    deepStrictEqual(hints(text, 'packages', line, line + 10), ['14:2.16']);
  });

  it('are found in a wide text', function () {
    this.timeout(0);
    const text = `[${' 1'.repeat(700_000)} {\n a = 1 + 1;\n} ]`;
    strictEqual(bindingHints(parse(text), { start: 0, end: text.length }).length, 1);
  });

  it('are short, and know no value where there is none', () => {
    const text = `{
  long = builtins.genList (n: n) 100;
  string = builtins.concatStringsSep "" (builtins.genList (n: "ä") 100);
  lines = "a\\n" + "b";
  package = derivation { name = "hello-1.0"; system = "x"; builder = "/b"; };
  failing = throw "no";
  inside = x: { y = x; };
}`;
    deepStrictEqual(hints(text, 'bindings'), [
      '2:[ 0 1 2 3 4 5 6 7 … ]',
      `3:"${'ä'.repeat(20)}" «160 bytes elided»`,
      '4:"a\\nb"',
      '5:«derivation hello-1.0»',
      '6:error: no',
    ]);
  });

  it('answer comments', () => {
    const text = `let
  a = 20; #=> a * 2
  s = "
    #=> a
  ";
  f = x: #=> x + 1
    x;
in
#=> f a
#=> throw "no"
#=> none
#=> a +
/* #=> a */
a # #=> a`;
    deepStrictEqual(hints(text, 'comments'), [
      '2:40',
      '6:unknown, since no call is known',
      '9:20',
      '10:error: no',
      "11:error: undefined variable 'none'",
      '12:error: syntax error, unexpected end of file',
    ]);
  });

  it('end with the time that there is for them', function () {
    this.timeout(0);
    const test = new LiveTest({ maxCallDepth: 100_000_000, timeout: 2000 });
    test.open(
      'file.nix',
      "{ a = builtins.foldl' (a: b: a + b) 0 (builtins.genList (n: n) 100000000); b = 1 + 1; }",
    );
    const values = underCountingClock(() => {
      const start = performance.now();
      const found = test.service.values(test.path('file.nix'), [
        { kind: 'binding', offset: 2 },
        { kind: 'binding', offset: 77 },
      ]);
      strictEqual(performance.now() - start < 2500, true);
      return found;
    });
    deepStrictEqual(values[1], { text: '2', failed: false });
    strictEqual(values[0], undefined);
  });
});

describe('code lenses', () => {
  const sources = (text: string, others: Record<string, string> = {}): string[] => {
    const test = new LiveTest();
    for (const [name, content] of Object.entries(others)) test.open(name, content);
    const opened = test.open('file.nix', text);
    return functionLenses(parse(opened.text)).map(
      ({ offset }) => test.service.argumentSource(test.path('file.nix'), offset) ?? 'none',
    );
  };

  it('say where arguments come from', () => {
    deepStrictEqual(sources('{ a }: a', { 'c.nix': 'import ./file.nix { a = 1; }' }), [
      'in the call at c.nix:1:1, 1 of 1',
    ]);
    deepStrictEqual(sources('let f = x: y: x; unused = z: z; in f 1 2'), [
      'in the call at file.nix:1:36, 1 of 1',
      'none',
    ]);
  });

  it('speak of no function but their own', () => {
    deepStrictEqual(sources('a: { f = b: b; }', { 'c.nix': 'import ./file.nix 1' }).at(-1), 'none');
  });
});
