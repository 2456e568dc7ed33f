import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import fc from 'fast-check';
import { pathOfLiteral } from '../../../server/src/analysis/path-of-literal';
import { decodeUtf8, encodeUtf8 } from '../../../server/src/base/bytes';
import { movedPath, movedPathEdits, type Move } from '../../../server/src/features/moved-paths';
import { applyEdits } from '../../../server/src/features/text-edit';
import { parse } from '../../../server/src/syntax/parse';
import { Kind } from '../../../server/src/syntax/tree';
import { walk } from '../../../server/src/syntax/walk';
import { evaluated } from '../../kit/evaluate';
import { seeded } from '../../kit/seed';

/** The text of a file after moves, each written `from -> to`. */
function moved(path: string, text: string, ...moves: string[]): string {
  const bytes = encodeUtf8(text);
  return decodeUtf8(applyEdits(bytes, movedPathEdits(parse(bytes), encodeUtf8(path), moves.map(readMove))));
}

function readMove(move: string): Move {
  const [from, to] = move.split(' -> ');
  return { from: encodeUtf8(from!), to: encodeUtf8(to!) };
}

describe('path literals, when files are moved', () => {
  it('name the file where it is then', () => {
    const text = 'a: # ./b.nix\n[ ./b.nix ./c.nix "./b.nix" ../w/b.nix b.nix ]';
    strictEqual(
      moved('/w/a.nix', text, '/w/b.nix -> /w/new.nix'),
      'a: # ./b.nix\n[ ./new.nix ./c.nix "./b.nix" ./new.nix b.nix ]',
    );
    strictEqual(moved('/w/a.nix', './b.nix', '/w/b.nix -> /w/x/y/b.nix'), './x/y/b.nix');
    strictEqual(moved('/w/a.nix', './b.nix', '/w/b.nix -> /b.nix'), '../b.nix');
    strictEqual(moved('/w/v/a.nix', '../x/b.nix', '/w/x/b.nix -> /w/y/b.nix'), '../y/b.nix');
    strictEqual(moved('/w/a.nix', 'x/b.nix', '/w/x/b.nix -> /w/y/b.nix'), 'y/b.nix');
    strictEqual(moved('/w/a.nix', 'x/b.nix', '/w/x/b.nix -> /w/b.nix'), './b.nix');
  });

  it('name the file from where their own is then', () => {
    const text = '[ ./b.nix ../c.nix ./. ../. /w/b.nix ]';
    strictEqual(
      moved('/w/a.nix', text, '/w/a.nix -> /w/x/a.nix'),
      '[ ../b.nix ../../c.nix ../. ../../. /w/b.nix ]',
    );
    strictEqual(moved('/w/x/a.nix', '[ ../b.nix ./. ]', '/w/x/a.nix -> /w/a.nix'), '[ ./b.nix ./x ]');
    strictEqual(moved('/w/a.nix', text, '/w/a.nix -> /w/b2.nix'), text);
    strictEqual(moved('/w/a.nix', './a.nix', '/w/a.nix -> /w/b.nix'), './b.nix');
  });

  it('follow a folder, and what is moved with them needs nothing', () => {
    const move = '/w/modules -> /w/nixos/modules';
    strictEqual(
      moved('/w/a.nix', '[ ./modules ./modules/ssh.nix ./modules2 ]', move),
      '[ ./nixos/modules ./nixos/modules/ssh.nix ./modules2 ]',
    );
    strictEqual(
      moved('/w/modules/a.nix', '[ ./ssh.nix ./x/y.nix ./. ../b.nix ../modules/ssh.nix ]', move),
      '[ ./ssh.nix ./x/y.nix ./. ../../b.nix ../modules/ssh.nix ]',
    );
    strictEqual(
      moved('/w/a.nix', '[ /w/modules/ssh.nix ~/modules ]', move),
      '[ /w/nixos/modules/ssh.nix ~/modules ]',
    );
  });

  it('follow several moves at once, the innermost one', () => {
    const moves = ['/w/x -> /w/y', '/w/x/b.nix -> /w/b.nix', '/w/c.nix -> /w/y/c.nix'];
    strictEqual(
      moved('/w/x/a.nix', '[ ./b.nix ../c.nix ./d.nix ]', ...moves),
      '[ ../b.nix ./c.nix ./d.nix ]',
    );
  });

  it('with interpolations follow the folder before them', () => {
    strictEqual(
      moved('/w/a.nix', './hosts/${h}/b-${c}.nix', '/w/hosts -> /w/machines'),
      './machines/${h}/b-${c}.nix',
    );
    strictEqual(moved('/w/a.nix', './h/x-${h}.nix', '/w/a.nix -> /w/x/a.nix'), '../h/x-${h}.nix');
    strictEqual(moved('/w/a.nix', './${h}.nix', '/w/a.nix -> /w/x/a.nix'), '../${h}.nix');
    strictEqual(moved('/w/x/a.nix', '../${h}.nix', '/w/x/a.nix -> /w/a.nix'), './${h}.nix');
    strictEqual(moved('/w/a.nix', '/w/x/${h}', '/w/x -> /w/y'), '/w/y/${h}');
    // No literal could say so.
    strictEqual(moved('/w/a.nix', './x/${h}', '/w/x -> /w/a b'), './x/${h}');
  });

  it('that no literal could be become a sum', () => {
    strictEqual(moved('/w/a.nix', '[ ./b.nix ]', '/w/b.nix -> /w/my file.nix'), '[ (./. + "/my file.nix") ]');
    strictEqual(moved('/w/a.nix', '/w/b', '/w/b -> /ü"${'), String.raw`(/. + "/ü\"\${")`);
    strictEqual(moved('/w/x/a.nix', '../b.nix', '/w/b.nix -> /w/b,.nix'), '(./. + "/../b,.nix")');
    strictEqual(decodeUtf8(evaluated('(./. + "/../b,.nix") == ./. + "/x/../../b,.nix"')), 'true');
  });

  it('of a folder mean its default.nix where they are imported', () => {
    const move = '/w/x/default.nix -> /w/x/main.nix';
    const text =
      '{ imports = [ ./x ] ++ (f [ ./x ]); modules = [ ./x (import ./x { }) ]; src = ./x; p = pkgs.callPackage (./x) { }; }';
    strictEqual(
      moved('/w/a.nix', text, move),
      '{ imports = [ ./x/main.nix ] ++ (f [ ./x ]); modules = [ ./x/main.nix (import ./x/main.nix { }) ]; src = ./x; p = pkgs.callPackage (./x/main.nix) { }; }',
    );
    strictEqual(
      moved('/w/x/t.nix', 'import ./. + import ./default.nix', move),
      'import ./main.nix + import ./main.nix',
    );
    strictEqual(
      moved('/w/a.nix', 'lib.mkHost "a" [ ./x ./x/b.nix ] + fileset.unions [ ./x ]', move),
      'lib.mkHost "a" [ ./x/main.nix ./x/b.nix ] + fileset.unions [ ./x ]',
    );
    // The folder goes as a whole.
    strictEqual(moved('/w/a.nix', 'import ./x', '/w/x -> /w/y'), 'import ./y');
  });

  it('go on to mean the same file, and nothing else changes', () => {
    const name = fc.constantFrom('a', 'b', 'c.d', 'default.nix');
    const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((names) => `/${names.join('/')}`);
    const step = fc.constantFrom('a', 'b', 'c.d', '..', '.');
    const literal = fc
      .tuple(fc.constantFrom('./', '../', 'a/', '/'), fc.array(step, { minLength: 1, maxLength: 4 }))
      .map(([first, steps]) => first + steps.join('/'));
    const move = fc.record({ from: path, to: path });
    fc.assert(
      fc.property(
        path,
        fc.array(literal, { maxLength: 6 }),
        fc.array(move, { maxLength: 3 }),
        (file, literals, moves) => {
          const before = parse(`[ ${literals.join(' ')} ]`);
          const after = parse(applyEdits(before.text, movedPathEdits(before, file, moves)));
          deepStrictEqual(after.errors, []);
          const wanted = targetsOf(before, file).map((target) => movedPath(target, moves));
          deepStrictEqual(targetsOf(after, movedPath(file, moves)), wanted);
          if (moves.length === 0) strictEqual(after.text, before.text);
        },
      ),
      seeded(2000),
    );
  });
});

function targetsOf({ root, rootAt }: ReturnType<typeof parse>, path: string): string[] {
  const targets: string[] = [];
  walk(root, rootAt, (node) => {
    if (node.kind === Kind.Path) targets.push(pathOfLiteral(node, path)!);
  });
  return targets;
}
