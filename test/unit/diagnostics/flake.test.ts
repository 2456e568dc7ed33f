// What Nix refuses in a flake before it calls its outputs.
import { deepStrictEqual } from 'node:assert/strict';
import { decodeUtf8, encodeUtf8 } from '../../../server/src/base/bytes';
import { diagnosticsOf } from '../../../server/src/diagnostics/registry';
import { parse } from '../../../server/src/syntax/parse';

/** The problems of the form of a flake, each as its place and its message's first line. */
function found(text: string, name = 'flake.nix'): string[] {
  const parsed = parse(encodeUtf8(text));
  return diagnosticsOf({ path: `/here/${name}`, parsed, evaluation: [] }, [])
    .filter(({ code }) => code === 'invalid-flake')
    .map(({ range, message }) => {
      const shown = decodeUtf8(parsed.text.slice(range.start, range.end));
      return `${shown}: ${message.split('\n')[0]!}`;
    });
}

const outputs = 'outputs = { self, a ? 1, ... }: { };';

describe('the form of a flake', () => {
  it('is right where all is written out', () => {
    for (const text of [
      `{ ${outputs} }`,
      `{ description = "a"; inputs = { a.url = "github:x/y"; b = { url = ./b; flake = false; }; }; ${outputs} }`,
      `{ inputs.a = { type = "github"; owner = "a"; repo = "b"; }; inputs.self.submodules = true; ${outputs} }`,
      `{ inputs.b.inputs.c.follows = "a/c"; inputs.b.url = "b"; ${outputs} }`,
      `{ inputs.b.inputs.c.follows = ""; nixConfig.extra-substituters = [ "https://a" ]; ${outputs} }`,
      `({ nixConfig = { a = 1; b = true; c = "x"; d = ./x; }; outputs = (inputs: { }); })`,
      `rec { ${outputs} }`,
    ])
      deepStrictEqual(found(text), [], text);
  });

  for (const [text, problem] of [
    [`{ description = 1; ${outputs} }`, 'description: expected a string but got an integer'],
    [`{ description = "a" + "b"; ${outputs} }`, 'description: expected a string but got a thunk'],
    [`{ input.a.url = "x"; ${outputs} }`, "input: the flake has an unsupported attribute 'input'"],
    [`{ inherit (builtins) trace; ${outputs} }`, "trace: the flake has an unsupported attribute 'trace'"],
    [`let x = 1; in { ${outputs} }`, 'l: a flake.nix must be an attribute set'],
    ['{ description = "a"; }', "{: the flake lacks attribute 'outputs'"],
    ['{ outputs = import ./outputs.nix; }', 'outputs: expected a function but got a thunk'],
    [`{ inputs = [ ]; ${outputs} }`, 'inputs: expected a set but got a list'],
    [`{ inputs = { \${"a" + "b"} = 1; }; ${outputs} }`, 'inputs: expected a set but got a thunk'],
    [`{ inputs.b = "github:x/y"; ${outputs} }`, 'inputs.b: expected a set but got a string'],
    [`{ inputs.b.url = "a" + "b"; ${outputs} }`, 'inputs.b.url: expected a string or a path but got a thunk'],
    [`{ inputs.b.url = "\${"a"}"; ${outputs} }`, 'inputs.b.url: expected a string or a path but got a thunk'],
    [`{ inputs.b = { flake = "no"; }; ${outputs} }`, 'flake: expected a Boolean but got a string'],
    [`{ inputs.b.follows = 1; ${outputs} }`, 'inputs.b.follows: expected a string but got an integer'],
    [`{ inputs.b = { ulr = "x"; }; ${outputs} }`, "ulr: unexpected flake input attribute 'ulr'"],
    [
      `{ inputs.b.url = "x"; inputs.b.inputs.c.follows = "nixpgks"; ${outputs} }`,
      "inputs.b.inputs.c.follows: input 'b/c' follows a non-existent input 'nixpgks'",
    ],
    [
      `{ inputs.b.follows = "d/e"; ${outputs} }`,
      "inputs.b.follows: input 'b' follows a non-existent input 'd/e'",
    ],
    [`{ nixConfig.a = x: x; ${outputs} }`, "nixConfig.a: flake configuration setting 'a' is a function"],
    [`{ nixConfig = { a = 1 + 1; }; ${outputs} }`, "a: flake configuration setting 'a' is a thunk"],
  ] as const)
    it(`is wrong: ${problem}`, () => deepStrictEqual(found(text), [problem]));

  it('proposes a name that Nix knows', () => {
    const names = (text: string): unknown =>
      diagnosticsOf({ path: '/flake.nix', parsed: parse(text), evaluation: [] }, [])
        .filter(({ code }) => code === 'invalid-flake')
        .map(({ message, similar }) => [message.split('\n')[1], similar?.name, similar?.candidates]);
    deepStrictEqual(names(`{ input.a.url = "x"; ${outputs} }`), [
      ['Did you mean inputs?', 'input', ['inputs']],
    ]);
    deepStrictEqual(names(`{ inputs.a.ulr = "x"; ${outputs} }`), [['Did you mean url?', 'ulr', ['url']]]);
    deepStrictEqual(names(`{ zzzzzz = 1; ${outputs} }`), [[undefined, undefined, undefined]]);
  });

  it('says nothing of other files, and of a text that does not parse', () => {
    deepStrictEqual(found('{ input = 1; }', 'other.nix'), []);
    deepStrictEqual(found(`{ inp ${outputs} }`), []);
  });
});
