import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { DocumentBytecode, listingText } from '../../../server/src/features/bytecode';
import { parse } from '../../../server/src/syntax/parse';
import { reparse } from '../../../server/src/syntax/reparse';

const source = `{ pkgs ? import <nixpkgs> { }, ... }@args:
let
  a.b.c = 1;
  a.d = rec { x = 1; y = x; };
  f = { n ? 3 }: with pkgs; [ n hello (n + 1) ];
  g = x: y: if x == y then x else "a\${toString y}";
in
assert a.b.c < 2; f { } ++ [ (g 1 2) ./file __curPos args.z or 3 ]
`;

describe('byte code of a document', () => {
  it('is the same after edits as from the start', () => {
    const bytecode = new DocumentBytecode('/a/b.nix');
    let parsed = parse(source);
    let last = bytecode.list(parsed);
    for (const [found, text] of [
      ['x == y', 'y != x'],
      ['a.b.c = 1;', 'a.b.c = 1;\n  # A comment.\n'],
      ['n ? 3', 'n ? 3, m'],
      ['with pkgs; ', ''],
      ['a.d = rec', 'k = 7; a.d = rec'],
      ['{ pkgs', '{ /* */ pkgs'],
      ['hello', 'k'],
      ['k = 7; ', ''],
    ] as const) {
      const start = parsed.text.indexOf(found);
      ok(start >= 0, found);
      ({ parsed } = reparse(parsed, { start, end: start + found.length, text }));
      last = bytecode.list(parsed);
      deepStrictEqual(last, new DocumentBytecode('/a/b.nix').list(parse(parsed.text)), text);
    }
    ok(last.chunks.length > 10);
  });

  it('counts what it kept', () => {
    const bytecode = new DocumentBytecode('/a/b.nix');
    const first = parse(source);
    const before = bytecode.counters(first);
    strictEqual(before.chunksReused, 0);
    strictEqual(before.codeBytesEmitted, before.codeBytesTotal);
    const start = source.indexOf('toString');
    const { parsed } = reparse(first, { start, end: start, text: ' ' });
    const after = bytecode.counters(parsed);
    ok(after.chunksReused > 0 && after.chunksCompiled < before.chunksCompiled);
    ok(after.codeBytesEmitted < after.codeBytesTotal);
  });

  it('puts the chunks around a place first, from the inside out', () => {
    const bytecode = new DocumentBytecode('/a/b.nix');
    const parsed = parse(source);
    const all = bytecode.list(parsed).chunks;
    const { chunks } = bytecode.list(parsed, source.indexOf('n + 1'));
    strictEqual(chunks.length, all.length);
    ok(chunks[0]!.instructions.some(({ op }) => op === 'Add'));
    const widths = chunks.map(({ range }) => range.end - range.start);
    ok(widths[0]! <= widths[1]! && widths[1]! <= widths[2]!);
  });

  it('lists every byte of a chunk once', () => {
    const listing = new DocumentBytecode('/a/b.nix').list(parse(source));
    for (const { instructions, byteLength } of listing.chunks) {
      strictEqual(instructions.flatMap(({ bytes }) => bytes.split(' ')).length, byteLength);
    }
    ok(listingText(listing, source).includes('lambda f'));
  });

  it('says how many chunks it leaves out', () => {
    const bytecode = new DocumentBytecode('/a/b.nix');
    const parsed = parse(source);
    const all = bytecode.list(parsed).chunks.length;
    const listing = bytecode.list(parsed, undefined, 2);
    deepStrictEqual([listing.chunks.length, listing.left], [2, all - 2]);
    ok(listingText(listing, source).endsWith(`# … and ${all - 2} chunks more\n`));
  });
});
