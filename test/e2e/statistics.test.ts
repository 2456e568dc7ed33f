/** `nixray eval --stats` of the built command line: the counts that only the bundle for counting keeps. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { TestFolder } from './folder';

const dist = join(__dirname, '../../dist');

interface Counts {
  readonly nrThunks: number;
  readonly nrLookups: number;
  readonly nrOpUpdates: number;
  readonly nrOpUpdateValuesCopied: number;
  readonly nrFunctionCalls: number;
  readonly nrPrimOpCalls: number;
  readonly list: { readonly elements: number; readonly concats: number };
  readonly sets: { readonly number: number; readonly elements: number };
  readonly gc: { readonly heapSize: number; readonly totalBytes: number; readonly cycles: number };
}

function counted(expression: string, args: readonly string[] = ['--stats'], environment = {}): Counts {
  const { stderr, status } = spawnSync(
    process.execPath,
    [join(dist, 'nixray.js'), 'eval', '--strict', ...args, '-E', expression],
    { encoding: 'utf8', env: { ...process.env, ...environment } },
  );
  assert.equal(status, 0, stderr);
  return JSON.parse(stderr) as Counts;
}

describe('nixray eval --stats', () => {
  // What the start of an evaluator makes counts, too; it is the same every time.
  let none: Counts;

  before(() => {
    none = counted('null');
  });

  function more(expression: string): Counts {
    const counts = counted(expression);
    return {
      ...counts,
      nrThunks: counts.nrThunks - none.nrThunks,
      sets: {
        number: counts.sets.number - none.sets.number,
        elements: counts.sets.elements - none.sets.elements,
      },
    };
  }

  it('counts thunks and calls', () => {
    const counts = more('let f = x: x; in [ (f (f 1)) (f 2) ]');
    // Two elements, and the inner call in the first one.
    assert.deepEqual([counts.nrThunks, counts.nrFunctionCalls, counts.nrPrimOpCalls], [3, 3, 0]);
  });

  it('counts sets, what // copies, and look-ups', () => {
    const counts = more('let a = { x = 1; y = 2; }; b = a // { z = 3; }; in b.x + b.z');
    assert.deepEqual(counts.sets, { number: 3, elements: 6 });
    assert.deepEqual([counts.nrOpUpdates, counts.nrOpUpdateValuesCopied, counts.nrLookups], [1, 3, 2]);
  });

  it('counts elements of lists and ++', () => {
    assert.deepEqual(more('[ 1 2 ] ++ [ 3 ] ++ [ ]').list, { elements: 2 + 1 + 0 + 3, concats: 2 });
  });

  it('counts nothing else in an evaluation of many files', () => {
    const names = Array.from({ length: 30 }, (_, i) => `f${i}.nix`);
    const folder = new TestFolder(Object.fromEntries(names.map((name) => [name, '{ a = 1; }'])));
    try {
      const counts = more(
        `map (name: import (${folder.path} + "/${'${name}'}")) [ ${names.map((name) => `"${name}"`).join(' ')} ]`,
      );
      assert.deepEqual(counts.sets, { number: names.length, elements: names.length });
      assert.deepEqual(counts.list, { elements: names.length, concats: 0 });
    } finally {
      folder.dispose();
    }
  });

  it('counts bytes and collections of garbage', () => {
    const { gc } = counted(
      'builtins.length (builtins.sort builtins.lessThan (builtins.genList (i: i) 300000))',
    );
    assert.ok(gc.cycles > 0);
    assert.ok(gc.totalBytes > none.gc.totalBytes + 300000 * 8, `${gc.totalBytes} bytes`);
  });

  it('does the same for NIX_SHOW_STATS', () => {
    assert.equal(counted('[ (1 + 1) ]', [], { NIX_SHOW_STATS: '1' }).nrThunks, none.nrThunks + 1);
  });

  it('leaves no count in the other bundles', () => {
    for (const bundle of ['evaluation.js', 'command-line.js', 'evaluator.js', 'server.js']) {
      const text = readFileSync(join(dist, bundle), 'utf8');
      assert.ok(!/\btally\.\w+(\+\+|\+=)/.test(text), bundle);
    }
    assert.match(readFileSync(join(dist, 'evaluation-counting.js'), 'utf8'), /\btally\.thunks\+\+/);
  });
});
