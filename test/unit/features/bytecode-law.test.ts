/**
 * The law of incremental compilation: after any sequence of edits, tree, static
 * errors and byte code, with every chunk compiled, equal those of a fresh start.
 *
 * NIXRAY_RUNS sets how many sequences are tried; NIXRAY_NIXPKGS adds files of a
 * checkout of nixpkgs to those of the sample.
 */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { globalNames } from '../../../server/src/builtins/global-names';
import { DocumentBytecode } from '../../../server/src/features/bytecode';
import { staticErrors } from '../../../server/src/names/static-errors';
import { parse, type ParsedFile } from '../../../server/src/syntax/parse';
import { reparse } from '../../../server/src/syntax/reparse';
import { walk } from '../../../server/src/syntax/walk';
import { seeded } from '../../kit/seed';

const root = join(__dirname, '../../..');
const runs = Number(process.env.NIXRAY_RUNS ?? 150);
const nixpkgs = process.env.NIXRAY_NIXPKGS;

function files(): string[] {
  const sample = ['', 'lib'].flatMap((folder) =>
    readdirSync(join(root, 'sample', folder))
      .filter((name) => name.endsWith('.nix'))
      .map((name) => join(root, 'sample', folder, name)),
  );
  const real = [
    'lib/lists.nix',
    'lib/types.nix',
    'pkgs/stdenv/generic/make-derivation.nix',
    'nixos/lib/testing.nix',
  ]
    .map((name) => join(nixpkgs ?? '', name))
    .filter((path) => nixpkgs !== undefined && existsSync(path));
  return [...sample, ...real];
}

const texts = files().map((path) => readFileSync(path, 'latin1'));

/** What is typed: names, values, and what opens or closes something. */
const typed = [
  ' ',
  'x',
  '1',
  'lib',
  '{ }',
  '[ ]',
  ';',
  '}',
  '{',
  '(',
  ')',
  '"',
  "''",
  '${',
  '# a comment\n',
  'a = 1;\n',
  'a.b.c = x: x;\n',
  'inherit x;\n',
  'inherit (lib) a b;\n',
  'with lib; ',
  'let y = 1; in ',
  'x: ',
  '{ a ? 1, ... }: ',
  ' // { q = 1; }',
  ' or 3',
  ' ? a',
  '.a',
  'rec ',
  'assert true; ',
  './x',
  '-',
  '__sub',
];

const edit = fc.record({
  where: fc.double({ min: 0, max: 1, noNaN: true }),
  remove: fc.oneof(fc.constant(0), fc.nat(3), fc.nat(40)),
  insert: fc.oneof(fc.constant(''), fc.constantFrom(...typed)),
});

/** The tree as data, without what later phases remember at it. */
function shape(parsed: ParsedFile): unknown[] {
  const nodes: unknown[] = [parsed.rootAt, parsed.errors];
  walk(parsed.root, parsed.rootAt, (node, at) => {
    const scalars = Object.entries(node).filter(
      ([name, value]) => name !== 'free' && typeof value !== 'object',
    );
    nodes.push([at, ...scalars.map(([name, value]) => `${name}=${value}`)]);
  });
  return nodes;
}

describe('incremental compilation', function () {
  this.timeout(600_000);

  it(`equals a fresh start after ${runs} sequences of edits`, () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...texts),
        fc.array(edit, { minLength: 1, maxLength: 6 }),
        (text, edits) => {
          const bytecode = new DocumentBytecode('/folder/file.nix');
          let parsed = parse(text);
          bytecode.list(parsed, undefined, Infinity);
          for (const { where, remove, insert } of edits) {
            const start = Math.floor(where * parsed.text.length);
            const end = Math.min(parsed.text.length, start + remove);
            ({ parsed } = reparse(parsed, { start, end, text: insert }));
            const fresh = parse(parsed.text);
            const listing = bytecode.list(parsed, undefined, Infinity);
            assert.deepEqual(
              listing,
              new DocumentBytecode('/folder/file.nix').list(fresh, undefined, Infinity),
            );
            assert.deepEqual(staticErrors(parsed, globalNames), staticErrors(fresh, globalNames));
            assert.deepEqual(shape(parsed), shape(fresh));
          }
        },
      ),
      seeded(runs) as fc.Parameters<[string, { where: number; remove: number; insert: string }[]]>,
    );
  });
});
