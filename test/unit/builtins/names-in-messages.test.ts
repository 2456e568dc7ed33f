// Messages write the names of attributes as the language does: in quotes where they are no identifiers.
import { deepStrictEqual } from 'node:assert/strict';
import { messageOf, traceOf } from './support';

const rows: readonly (readonly [expression: string, message: string])[] = [
  ['{ "x y" = 1; "x y" = 2; }', `attribute '"x y"' already defined`],
  ['{ a."x y" = 1; a."x y" = 2; }', `attribute 'a."x y"' already defined`],
  ['{ "if" = 1; "if" = 2; }', `attribute '"if"' already defined`],
  ['{ "a-b" = 1; a-b = 2; }', `attribute 'a-b' already defined`],
  ['{ inherit "x y"; }', `undefined variable '"x y"'`],
  ['builtins.appendContext "a" { "/tmp" = { }; }', `context key '"/tmp"' is not a store path`],
  ['builtins.path { path = /etc; "x y" = 1; }', `unsupported argument '"x y"' to 'builtins.path'`],
  ['fetchMercurial { "x y" = 1; }', `unsupported argument '"x y"' to 'fetchMercurial'`],
  [
    'fetchTree { type = "path"; "x y" = [ ]; }',
    `argument '"x y"' to 'fetchTree' is a list while a string, Boolean or integer is expected`,
  ],
  [
    'assert { "x y" = 1; } == { "x z" = 1; }; 1',
    `attribute name '"x y"' is contained in '{ "x y" = 1; }', but not in '{ "x z" = 1; }'`,
  ],
];

const frames: readonly (readonly [expression: string, frame: string])[] = [
  ['builtins.deepSeq { "x y" = throw "a"; } 1', `while evaluating the attribute '"x y"'`],
  ['builtins.toJSON { "x y" = throw "a"; }', `while evaluating attribute '"x y"'`],
  [
    'derivationStrict { name = "a"; system = "a"; builder = "b"; "x y" = throw "z"; }',
    `while evaluating attribute '"x y"' of derivation 'a'`,
  ],
  ['assert { "x y" = 1; } == { "x y" = 2; }; 1', `while comparing attribute '"x y"'`],
];

describe('names of attributes in messages', () => {
  for (const [expression, message] of rows)
    it(`are quoted where they have to be: ${expression}`, () => {
      const found = messageOf(expression);
      deepStrictEqual(found.slice(0, message.length), message);
    });
  for (const [expression, frame] of frames)
    it(`are quoted in traces: ${expression}`, () => {
      deepStrictEqual(
        traceOf(expression).filter((each) => each === frame),
        [frame],
      );
    });
});
