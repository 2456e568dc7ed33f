import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import {
  attributeUses,
  fileNear,
  isOfScope,
  nameNear,
  pathUses,
} from '../../../server/src/features/attribute-uses';
import { parse } from '../../../server/src/syntax/parse';

describe('uses of attributes', () => {
  const starts = (text: string): number[] => attributeUses(parse(text), 'f').map(({ start }) => start);

  it('are selected, tested, inherited, or come from a with', () => {
    deepStrictEqual(starts('x: [ x.f x.y.f (x ? f) x."f" ]'), [7, 13, 20, 25]);
    deepStrictEqual(starts('{ inherit (x) f g; inherit f; }'), [14, 27]);
    deepStrictEqual(starts('with x; f'), [8]);
  });

  it('are no names of scopes, and no definitions', () => {
    deepStrictEqual(starts('with x; let f = 1; in f'), []);
    deepStrictEqual(starts('with x; { f }: f'), []);
    deepStrictEqual(starts('{ f = 1; a.f = f; }'), []);
  });

  it('of a file are the paths that name it', () => {
    const uses = (text: string, wanted: string): number[] =>
      pathUses(parse(text), '/w/sub/a.nix', wanted).map(({ start }) => start);
    deepStrictEqual(
      uses('[ ./b.nix ../sub/b.nix /w/sub/b.nix ./c.nix "./b.nix" ]', '/w/sub/b.nix'),
      [2, 10, 23],
    );
    deepStrictEqual(uses('[ ./. ../sub ./default.nix ../. ]', '/w/sub/default.nix'), [2, 6, 13]);
  });

  it('are looked for by the name or the file at the cursor', () => {
    const path = '/w/default.nix';
    const text = '{ a }: let b = 1; in { a.c = ./x + b; }';
    const at = (part: string): number => text.indexOf(part);
    strictEqual(nameNear(parse(text), at('c =')), 'c');
    strictEqual(nameNear(parse(text), at('= 1')), undefined);
    strictEqual(isOfScope(parse(text), at('b = 1')), true);
    strictEqual(isOfScope(parse(text), at('b; }')), true);
    strictEqual(isOfScope(parse(text), at('c =')), false);
    strictEqual(isOfScope(parse('rec { a = 1; }'), 6), false);
    strictEqual(fileNear(parse(text), path, 0), path);
    strictEqual(fileNear(parse(text), path, at('./x')), '/w/x');
    strictEqual(fileNear(parse(text), path, at('{ a.c')), undefined);
  });
});
