// Errors that are found before anything is evaluated, with their ranges.
import assert from 'node:assert/strict';
import { decodeUtf8 } from '../../../server/src/base/bytes';
import { firstStaticError, staticErrors } from '../../../server/src/names/static-errors';
import { parse } from '../../../server/src/syntax/parse';
import { fixture } from '../../kit/fixture';

const globals = new Map(
  [
    'builtins',
    'map',
    'toString',
    'true',
    '__sub',
    '__mul',
    '__div',
    '__lessThan',
    '__findFile',
    '__nixPath',
  ].map((name) => [name, null]),
);

/** The errors of a text; the labelled ranges of the fixture must be theirs, in order. */
function check(marked: string, expected: readonly string[]): void {
  const { text, ranges } = fixture(marked);
  const errors = staticErrors(parse(text), globals);
  const described = errors.map(({ message, code, severity, suggestions, related }) => {
    const place = related && decodeUtf8(text.slice(related.range.start, related.range.end));
    return [
      severity,
      code,
      decodeUtf8(message),
      ...(suggestions?.length ? [`did you mean ${suggestions.join(' ')}`] : []),
      ...(related ? [`${related.message} \`${place}\` at ${related.range.start}`] : []),
    ].join(': ');
  });
  assert.deepEqual(described, expected);
  const wanted = [...ranges].filter(([label]) => /^\d+$/.test(label)).map(([, range]) => range);
  assert.deepEqual(
    errors.map(({ range }) => range),
    wanted,
  );
}

const undefinedVariable = (name: string, ...suggestions: string[]) =>
  `error: undefined-variable: undefined variable '${name}'${
    suggestions.length > 0 ? `: did you mean ${suggestions.join(' ')}` : ''
  }`;

const table: readonly (readonly [string, readonly string[]])[] = [
  ['let a = 1; in a', []],
  ['«1:abc»', [undefinedVariable('abc')]],
  ['if true then 1 else «1:foo»', [undefinedVariable('foo')]],
  ['x: [ x «1:yyyy» ]', [undefinedVariable('yyyy')]],
  ['«1:aaaa» + «2:aaaa»', [undefinedVariable('aaaa'), undefinedVariable('aaaa')]],
  ['let value = 1; in «1:valeu»', [undefinedVariable('valeu', 'value')]],
  ['[ «1:toStrin» ]', [undefinedVariable('toStrin', 'toString')]],
  ['let abc = 1; abd = 2; in «1:abe»', [undefinedVariable('abe', 'abc', 'abd')]],
  ['let value = 1; in let value = 2; in «1:valeu»', [undefinedVariable('valeu', 'value')]],
  ['{ longName }: let x = «1:longNam»; in x', [undefinedVariable('longNam', 'longName')]],
  ['{ inherit «1:aaaa»; }', [undefinedVariable('aaaa')]],
  ['rec { inherit «1:aaaa»; aaaab = 1; }', [undefinedVariable('aaaa')]],
  ['{ inherit («1:ssss») a; }', [undefinedVariable('ssss')]],
  ['{ a = «1:bbbb»; }', [undefinedVariable('bbbb')]],
  ['"x${«1:yyyy»}"', [undefinedVariable('yyyy')]],
  ['{ ${«1:nnnn»} = 1; }', [undefinedVariable('nnnn')]],
  ['map.${«1:nnnn»} or «2:oooo»', [undefinedVariable('nnnn'), undefinedVariable('oooo')]],
  ['{ a ? «1:bbbb» }: a', [undefinedVariable('bbbb')]],
  ['(let aaaa = 1; in aaaa) «1:aaaa»', [undefinedVariable('aaaa')]],
  // Below a `with` every name may be there.
  ['with map; anything', []],
  ['with «1:mmmm»; anything', [undefinedVariable('mmmm')]],
  ['with map; x: let y = 1; in z', []],
  ['[ (with map; zzzz) «1:zzzz» ]', [undefinedVariable('zzzz')]],
  // Attributes defined twice.
  [
    '{ a = 1; «1:a» = 2; }',
    ["error: duplicate-attribute: attribute 'a' already defined: 'a' is first defined here `a` at 2"],
  ],
  [
    '{ aa.b = 1; «1:aa.b» = 2; }',
    [
      "error: duplicate-attribute: attribute 'aa.b' already defined: 'aa.b' is first defined here `aa.b` at 2",
    ],
  ],
  [
    '{ a = 1; «1:a».b = 2; }',
    ["error: duplicate-attribute: attribute 'a' already defined: 'a' is first defined here `a` at 2"],
  ],
  [
    '{ a.b = 1; «1:a» = 2; }',
    ["error: duplicate-attribute: attribute 'a' already defined: 'a' is first defined here `a` at 2"],
  ],
  [
    '{ a = { x = 1; }; a = { «1:x» = 2; }; }',
    ["error: duplicate-attribute: attribute 'a.x' already defined: 'a.x' is first defined here `x` at 8"],
  ],
  [
    '{ a = { x = 1; «1:x» = 2; }; a.y = 3; }',
    ["error: duplicate-attribute: attribute 'x' already defined: 'x' is first defined here `x` at 8"],
  ],
  [
    'let a = 1; «1:a» = 2; in a',
    ["error: duplicate-attribute: attribute 'a' already defined: 'a' is first defined here `a` at 4"],
  ],
  [
    'let a = 1; inherit (map) «1:a»; in a',
    ["error: duplicate-attribute: attribute 'a' already defined: 'a' is first defined here `a` at 4"],
  ],
  [
    '{ inherit map; «1:map» = 2; }',
    ["error: duplicate-attribute: attribute 'map' already defined: 'map' is first defined here `map` at 10"],
  ],
  [
    '{ "a" = 1; «1:${"a"}» = 2; }',
    ["error: duplicate-attribute: attribute 'a' already defined: 'a' is first defined here `\"a\"` at 2"],
  ],
  ['{ ${map} = 1; ${map} = 2; }', []],
  [
    '[ { a = 1; «1:a» = 2; } { b = 1; «2:b» = 2; } ]',
    [
      "error: duplicate-attribute: attribute 'a' already defined: 'a' is first defined here `a` at 4",
      "error: duplicate-attribute: attribute 'b' already defined: 'b' is first defined here `b` at 22",
    ],
  ],
  // Computed names where none may be.
  ['{ inherit «1:${map}»; }', ['error: dynamic-inherit: dynamic attributes not allowed in inherit']],
  ['{ inherit (map) «1:"a${map}"»; }', ['error: dynamic-inherit: dynamic attributes not allowed in inherit']],
  ['{ inherit ${"map"}; }', []],
  ['let «1:${map}» = 1; in 2', ['error: dynamic-let: dynamic attributes not allowed in let']],
  ['let ${"a"} = 1; in a', []],
  ['let { ${map} = 1; body = 2; }', []],
  ['let a.${map} = 1; in a', []],
  // Formals.
  ['{ a, «1:a» }: 1', ["error: duplicate-formal: duplicate formal function argument 'a'"]],
  ['{ a, b, «1:a» ? 1 }: 1', ["error: duplicate-formal: duplicate formal function argument 'a'"]],
  ['«1:a»@{ a }: 1', ["error: duplicate-formal: duplicate formal function argument 'a'"]],
  ['{ a }@«1:a»: 1', ["error: duplicate-formal: duplicate formal function argument 'a'"]],
  ['x: { x }: x', []],
];

describe('static errors', () => {
  for (const [text, expected] of table) it(text, () => check(text, expected));

  const first: readonly (readonly [string, string])[] = [
    ['{ ${x} = z; a = y; }', 'y'],
    ['rec { ${x}.b = z; a = y; }', 'y'],
    ['{ b = y; inherit (x) a; }', 'x'],
    ['{ z = y; a = x; }', 'y'],
    ['x > y', 'y'],
    ['x <= y', 'y'],
    ['x < y', 'x'],
    ['x >= y', 'x'],
    ['x + a > y * b', 'y'],
    ['a - b > c', 'c'],
    ['x || y > z', 'x'],
    ['f x y', 'f'],
    ['if a then b else c', 'a'],
    ['{ a ? x, b ? y }: z', 'x'],
  ];
  for (const [text, name] of first)
    it(`begin with what C++ Nix tells first: ${text}`, () => {
      assert.equal(firstStaticError(parse(text), globals)?.message, `undefined variable '${name}'`);
    });

  it('begin with those of the parser', () => {
    const messageOf = (text: string) => firstStaticError(parse(text), globals)?.message;
    assert.equal(messageOf('{ a = y; a = 1; }'), "attribute 'a' already defined");
    assert.equal(messageOf('z ({ x, x }: { a = 1; a = 2; })'), "duplicate formal function argument 'x'");
    assert.equal(messageOf('1'), undefined);
  });

  it('of operators whose names nobody has stand at the operator', () => {
    const text = '1 - 2';
    const errors = staticErrors(parse(text), new Map());
    assert.deepEqual(
      errors.map(({ range, message }) => ({ range, message })),
      [{ range: { start: 2, end: 3 }, message: "undefined variable '__sub'" }],
    );
  });

  it('are found in broken text, too', () => {
    const text = 'let a = ; in [ a bbbb';
    assert.deepEqual(
      staticErrors(parse(text), globals).map(({ message }) => message),
      ["undefined variable 'bbbb'"],
    );
  });

  it('of texts that nest deep are found', () => {
    const depth = 1000;
    const text = `${'['.repeat(depth)} unknown ${']'.repeat(depth)}`;
    assert.equal(staticErrors(parse(text), globals).length, 1);
  });

  it('of long chains of operators are found without recursion', () => {
    const text = `first${' + 1 && (x: last) - 2'.repeat(50_000)}`;
    const found = staticErrors(parse(text), globals);
    assert.equal(found.length, 50_001);
    assert.deepEqual(
      [found[0]!.range, found.at(-1)!.range],
      [
        { start: 0, end: 5 },
        { start: text.length - 9, end: text.length - 5 },
      ],
    );
  });
});
