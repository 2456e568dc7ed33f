import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { encodeUtf8 } from '../../../server/src/base/bytes';
import { finish, type Work } from '../../../server/src/base/portions';
import { DocumentBytecode } from '../../../server/src/features/bytecode';
import { listingText, type Listing } from '../../../server/src/features/bytecode-listing';
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

  it('is the same when other work on it was left undone, or goes on beside it', () => {
    const bytecode = new DocumentBytecode('/a/b.nix');
    const first = parse(source);
    const fresh = (): DocumentBytecode => new DocumentBytecode('/a/b.nix');
    const steps = (work: Work<Listing>, count: number): void => {
      for (let i = 0; i < count; i++) ok(work.next().done !== true, 'the work is under way');
    };
    const left = bytecode.listing(first);
    steps(left, 5);
    const start = source.indexOf('toString');
    const { parsed } = reparse(first, { start, end: start, text: '\n ' });
    const [one, other] = [bytecode.listing(parsed), bytecode.listing(parsed)];
    steps(one, 3);
    steps(other, 8);
    steps(left, 5);
    const expected = fresh().list(parse(parsed.text));
    deepStrictEqual(finish(one), expected);
    deepStrictEqual(finish(other), expected);
    deepStrictEqual(finish(left), fresh().list(first));
    deepStrictEqual(bytecode.list(parsed), expected);
  });

  it('of a long chain of operators is kept where an edit is inside of one operand', () => {
    const bytecode = new DocumentBytecode('/a/b.nix');
    const operands = ' + f 1'.repeat(20_000);
    const first = parse(`f: f { a = 1; }${operands} + f { b = 2; }${operands}`);
    bytecode.counters(first);
    const start = first.text.indexOf('2;');
    const { parsed } = reparse(first, { start, end: start + 1, text: '345' });
    const { chunksCompiled, chunksReused } = bytecode.counters(parsed);
    deepStrictEqual([chunksCompiled, chunksReused > 2], [1, true]);
    const [kept, fresh] = [bytecode, new DocumentBytecode('/a/b.nix')].map((of) => of.list(parsed));
    strictEqual(listingText(kept!, parsed.text), listingText(fresh!, parsed.text));
  });

  it('can be asked for again when there was too little stack', () => {
    const bytecode = new DocumentBytecode('/a/b.nix');
    const parsed = parse(source);
    let failures = 0;
    // Down to where the stack ends, and then up again until there is enough.
    const listBelow = (): Listing => {
      try {
        return listBelow();
      } catch (error) {
        ok(error instanceof RangeError);
        failures++;
        return bytecode.list(parsed);
      }
    };
    deepStrictEqual(listBelow(), new DocumentBytecode('/a/b.nix').list(parse(source)));
    ok(failures > 5, `${failures} failures`);
  });

  it('calls a chunk without a name by how its source begins', () => {
    const nameOf = (text: string): string | undefined =>
      new DocumentBytecode('/a/b.nix').list(parse(encodeUtf8(`[ (${text}) ]`))).chunks.at(-1)?.name;
    const space = ' '.repeat(1000);
    strictEqual(nameOf(`a +${space}b`), 'a + b');
    strictEqual(nameOf(`a +${space}"${'é'.repeat(1000)}"`), `a + "${'é'.repeat(19)}…`);
    strictEqual(nameOf(`abc.${'d'.repeat(20)}${space}or${space}2`), `abc.${'d'.repeat(20)}…`);
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
