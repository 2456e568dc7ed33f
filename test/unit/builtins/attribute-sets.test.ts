// Order, laziness, positions, sharing.
import assert from 'node:assert/strict';
import { encodeUtf8 } from '../../../server/src/base/bytes';
import type { Attrs } from '../../../server/src/values/attrs';
import type { Forced } from '../../../server/src/values/value';
import { Evaluator } from '../../../server/src/evaluator/evaluator';
import { EmptyHost } from '../../../server/src/host/empty-host';
import { createWorld, evaluate, messageOf, traceOf } from './support';

describe('builtins of attribute sets', () => {
  it('order names by bytes', () => {
    assert.equal(
      evaluate('builtins.attrNames { "ä" = 1; z = 1; Z = 1; "" = 1; "2" = 1; "10" = 1; }'),
      '[ "" "10" "2" "Z" "z" "ä" ]',
    );
  });

  it('leave values alone', () => {
    assert.equal(
      evaluate('builtins.attrNames (builtins.mapAttrs (throw "f") { a = throw "a"; })'),
      '[ "a" ]',
    );
    assert.equal(evaluate('(removeAttrs { a = throw "a"; b = 1; } [ "a" ]).b'), '1');
    assert.equal(evaluate('builtins.length (builtins.attrValues { a = throw "a"; })'), '1');
    assert.equal(
      evaluate('builtins.attrNames (builtins.listToAttrs [ { name = "a"; value = throw "x"; } ])'),
      '[ "a" ]',
    );
  });

  it('take the first of several pairs with one name', () => {
    assert.equal(
      evaluate('builtins.listToAttrs [ { name = "a"; value = 1; } { name = "a"; } ]'),
      '{ a = 1; }',
    );
    assert.deepEqual(traceOf('builtins.listToAttrs [ { name = "a"; } ]'), [
      "while calling the 'listToAttrs' builtin",
      'in a {name=...; value=...;} pair',
      "attribute 'value' missing",
    ]);
  });

  it('make one set of very many pairs as of few', () => {
    // The name of each pair comes twice, and of three kinds of pairs some have their parts in another order.
    const pairs = `builtins.genList (i: let name = "n\${toString (i - i / 1500 * 1500)}"; value = [ i ]; in
      if i < 7 then { inherit value name; other = i; } else { inherit name value; }) 3000`;
    const few = `n: builtins.listToAttrs (builtins.filter (pair: pair.name == n) (${pairs}))`;
    const both = `let many = builtins.listToAttrs (${pairs}); few = ${few}; in
      [ (builtins.length (builtins.attrNames many)) many.n3 (many ? n1500)
        (map (n: many.\${n} == (few n).\${n}) [ "n0" "n1" "n999" "n1499" ]) ]`;
    assert.equal(evaluate(both), '[ 1500 [ 3 ] false [ true true true true ] ]');
    assert.equal(
      evaluate(
        `let s = builtins.listToAttrs (${pairs}); in builtins.attrNames s == builtins.sort builtins.lessThan (builtins.attrNames s)`,
      ),
      'true',
    );
    const world = createWorld();
    world.host.set(
      '/places.nix',
      `let pairs = ${pairs}; few = builtins.filter (pair: pair.name == "n5") pairs; in
        map (l: builtins.unsafeGetAttrPos "n5" (builtins.listToAttrs l)) [ pairs few ]`,
    );
    assert.equal(
      evaluate('let p = import /places.nix; in p == [ (builtins.head p) (builtins.head p) ]', world),
      'true',
    );
    assert.equal(
      messageOf(`builtins.listToAttrs (${pairs} ++ [ { name = "z"; } ])`),
      "attribute 'value' missing",
    );
    assert.equal(
      messageOf(`builtins.listToAttrs (${pairs} ++ [ { } (throw "later") ])`),
      "attribute 'name' missing",
    );
  });

  it('say when they are about to keep very much', () => {
    let said = 0;
    const evaluator = new Evaluator({ host: new EmptyHost(), searchPath: [], keepsMuch: () => said++ });
    const make = (count: number) =>
      evaluator.evaluateText(
        `builtins.length (builtins.attrNames (builtins.listToAttrs (builtins.genList (i: { name = toString i; value = i; }) ${count})))`,
        '/',
      );
    assert.equal(make(2000), 2000);
    assert.equal(said, 0);
    assert.equal(make(60_000), 60_000);
    assert.equal(said, 1);
  });

  it('give sets that are made alike one shape', () => {
    /** How many shapes the sets of a list have. */
    const shapesOf = (expression: string): number => {
      const { evaluator } = createWorld();
      const sets = evaluator.vm.forceDeep(evaluator.evaluateText(encodeUtf8(expression), '/')) as Forced[];
      return new Set(sets.map((set) => (evaluator.vm.force(set) as Attrs).shape)).size;
    };
    const numbers = 'builtins.genList (i: i) 5';
    assert.equal(shapesOf(`map (i: builtins.listToAttrs [ { name = "a"; value = i; } ]) (${numbers})`), 1);
    assert.equal(
      shapesOf(
        `map (i: builtins.listToAttrs (map (name: { inherit name; value = i; }) [ "b" "a" ]) // { c = i; }) (${numbers})`,
      ),
      1,
    );
    assert.equal(shapesOf(`map (i: { a = i; \${toString 1} = i; } // { b = i; }) (${numbers})`), 1);
    const wide = Array.from({ length: 40 }, (_, i) => `a${i} = i;`).join(' ');
    assert.equal(shapesOf(`map (i: removeAttrs { ${wide} } [ "a3" "a17" ]) (${numbers})`), 1);
    assert.equal(
      shapesOf(
        `map (i: derivation { name = "n\${toString i}"; system = "s"; builder = "b"; outputs = [ "out" "dev" ]; }) (${numbers})`,
      ),
      1,
    );
    // Other names, or names in which a separator could be, are other shapes.
    assert.equal(shapesOf(`map (i: { \${toString i} = i; }) (${numbers})`), 5);
    assert.equal(
      shapesOf(
        'map (names: builtins.listToAttrs (map (name: { inherit name; value = 1; }) names)) [ [ "a/b" "c" ] [ "a" "b/c" ] [ "a" "b" "c" ] ]',
      ),
      3,
    );
  });

  it('keep apart the places where sets with the same names were made', () => {
    const columnsOf = (sets: string): string => {
      const world = createWorld();
      world.host.set('/sets.nix', encodeUtf8(sets));
      return evaluate('map (set: (builtins.unsafeGetAttrPos "a" set).column) (import /sets.nix)', world);
    };
    const listed = '(i: builtins.listToAttrs [ { name = "a"; value = i; } ])';
    assert.equal(columnsOf(`let f = ${listed}; in [ (f 1) (f 2) (${listed} 3) ]`), '[ 50 50 126 ]');
    assert.equal(
      columnsOf('let n = "a"; f = i: { ${n} = i; }; in [ (f 1) (f 2) { ${n} = 1; } ]'),
      '[ 23 23 55 ]',
    );
  });

  it('stand where their path begins', () => {
    const world = createWorld();
    world.host.set(
      '/paths.nix',
      encodeUtf8(
        'n: column: let x = "dyn"; in map column [ { a.b.${x} = 1; }.a.b (rec { a.${x}.c = 1; }.a) { a.z = 1; a."${x}" = 1; }.a { ${x} = 1; } ]',
      ),
    );
    assert.equal(
      evaluate('import /paths.nix 1 (set: (builtins.unsafeGetAttrPos "dyn" set).column)', world),
      '[ 45 72 102 122 ]',
    );
  });

  it('remove and intersect sets of every size', () => {
    const large = 'builtins.listToAttrs (builtins.genList (i: { name = "n${toString i}"; value = i; }) 40)';
    assert.equal(
      evaluate(`removeAttrs (${large}) (builtins.genList (i: "n\${toString i}") 38)`),
      '{ n38 = 38; n39 = 39; }',
    );
    assert.equal(evaluate(`builtins.intersectAttrs { n3 = 0; x = 0; } (${large})`), '{ n3 = 3; }');
    assert.equal(evaluate(`builtins.intersectAttrs (${large}) { n3 = 0; x = 0; }`), '{ n3 = 0; }');
    assert.equal(evaluate('removeAttrs { a = 1; } [ "a" "a" "b" ]'), '{ }');
  });

  it('give sets of their own', () => {
    assert.equal(evaluate('let s = { a = 1; }; in [ s (removeAttrs s [ ]) ]'), '[ { a = 1; } { a = 1; } ]');
    assert.equal(
      evaluate('let s = { a = 1; }; in [ (builtins.attrNames s) (builtins.attrNames s) ]'),
      '[ [ "a" ] [ "a" ] ]',
    );
  });

  it('know where an attribute was defined, as far as C++ Nix does', () => {
    const world = createWorld();
    world.host.set('/p.nix', '{\n  a = 1;\n  b.c = 2;\n}\n');
    const line = (expression: string) => evaluate(`(${expression}).line or "none"`, world);
    assert.equal(line('builtins.unsafeGetAttrPos "b" (import /p.nix)'), '3');
    assert.equal(line('builtins.unsafeGetAttrPos "b" (removeAttrs (import /p.nix) [ "a" ])'), '3');
    assert.equal(
      line('builtins.unsafeGetAttrPos "b" (builtins.intersectAttrs { b = 1; } (import /p.nix))'),
      '3',
    );
    assert.equal(
      evaluate('builtins.unsafeGetAttrPos "a" (builtins.mapAttrs (n: v: v) (import /p.nix))', world),
      'null',
    );
  });

  it('want names without context, and say so', () => {
    const name =
      '(builtins.appendContext "a" { "/nix/store/00000000000000000000000000000000-a" = { path = true; }; })';
    assert.match(
      messageOf(`builtins.hasAttr ${name} { }`),
      /^the string 'a' is not allowed to refer to a store path/,
    );
  });

  it('zip sets in the order of the list', () => {
    assert.equal(
      evaluate('builtins.zipAttrsWith (n: vs: { inherit n vs; }) [ { a = 1; } { b = 2; a = 3; } ]'),
      '{ a = { n = "a"; vs = [ 1 3 ]; }; b = { n = "b"; vs = [ 2 ]; }; }',
    );
  });
});
