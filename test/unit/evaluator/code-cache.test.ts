// Kept code is the compiler's code: what runs, where it stands in the source, and what it says of errors.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { decodeUtf8 } from '../../../server/src/base/bytes';
import { Blueprint } from '../../../server/src/bytecode/blueprint';
import { FormalsTable, type Constant } from '../../../server/src/bytecode/constant';
import { NodeBlueprint } from '../../../server/src/compiler/blueprint';
import { LiteralOrigin } from '../../../server/src/compiler/origin';
import { CodeCache, type CodeStorage } from '../../../server/src/evaluator/code-cache';
import { renderError } from '../../../server/src/evaluator/render-error';
import { Attrs } from '../../../server/src/values/attrs';
import type { EvalError } from '../../../server/src/values/error';
import { Shape } from '../../../server/src/values/shape';
import { Thunk } from '../../../server/src/values/thunk';
import type { Closure } from '../../../server/src/values/value';
import { Builtin } from '../../../server/src/values/value';
import { TestEvaluator } from '../../kit/evaluate';
import { failingPrograms } from '../../kit/failing-programs';
import { randomProgram } from '../../kit/random-programs';
import { seeded } from '../../kit/seed';
import { programs } from '../compiler/programs';

class MemoryStorage implements CodeStorage {
  readonly entries = new Map<string, Buffer>();
  /** Written and not flushed: nothing may write to these bytes any more. */
  private readonly pending = new Map<string, Uint8Array>();
  read(name: string): Buffer | undefined {
    return this.entries.get(name);
  }
  write(name: string, bytes: Uint8Array): void {
    this.pending.set(name, bytes);
  }
  flush(): void {
    for (const [name, bytes] of this.pending) this.entries.set(name, Buffer.from(bytes));
    this.pending.clear();
  }
}

/** What importing a file gives: its value with all parts, or its error with the whole trace. */
function outcome(text: string, storage: CodeStorage | undefined, path = '/dir/file.nix'): string {
  const codeCache = storage && new CodeCache(storage);
  const test = new TestEvaluator({
    files: { [path]: text, '/dir/other.nix': '{ a = 1; }' },
    ...(codeCache && { codeCache }),
  });
  try {
    return test.strict(`import ${path}`);
  } catch (error) {
    return decodeUtf8(renderError(error as never, { showTrace: true }));
  } finally {
    codeCache?.save();
  }
}

/** All chunks below a blueprint, each compiled, as text. */
function listing(blueprint: NodeBlueprint): unknown {
  const chunk = blueprint.compiledChunk() ?? blueprint.compile();
  return {
    kind: blueprint.kind,
    name: blueprint.name,
    position: { ...blueprint.position(), source: undefined },
    captures: blueprint.captures,
    capturesWith: blueprint.capturesWith,
    signature:
      blueprint.kind === 'lambda'
        ? { ...blueprint.parameters, positions: blueprint.signature().formals?.map((f) => f.position.offset) }
        : undefined,
    code: Buffer.from(chunk.code).toString('hex'),
    stackSize: chunk.stackSize,
    spans: blueprint.spans(),
    relativePaths: chunk.relativePaths,
    constants: chunk.constants.map((constant) => constantListing(constant, chunk.constants)),
  };
}

function constantListing(constant: Constant, all: readonly Constant[]): unknown {
  if (constant instanceof NodeBlueprint) return listing(constant);
  if (constant instanceof Shape) {
    const { origin, names } = constant;
    return { names, places: origin instanceof LiteralOrigin ? [...origin.places] : origin };
  }
  if (constant instanceof FormalsTable) {
    const { names, optional, ellipsis, defaults } = constant;
    const places = defaults.map((value) => (value instanceof Blueprint ? `#${all.indexOf(value)}` : value));
    return { names, optional, ellipsis, places };
  }
  // Global values are made anew for each evaluator.
  return isGlobal(constant) ? constant.constructor.name : constant;
}

function isGlobal(constant: Constant): constant is Builtin | Attrs | Thunk {
  return constant instanceof Builtin || constant instanceof Attrs || constant instanceof Thunk;
}

/** The listing of a file's chunks in an evaluator that finds its code in the storage, if there is any. */
function chunks(text: string, storage: CodeStorage): unknown {
  const codeCache = new CodeCache(storage);
  const test = new TestEvaluator({ files: { '/dir/file.nix': `x: (${text})` }, codeCache });
  const closure = test.value('import /dir/file.nix') as Closure;
  const root = (closure.blueprint as NodeBlueprint).parent!;
  const listed = listing(root);
  codeCache.save();
  return listed;
}

describe('the cache of compiled code', () => {
  for (const [what, text] of Object.entries(programs)) {
    it(`keeps the code of ${what}`, () => {
      const storage = new MemoryStorage();
      const compiled = chunks(text, storage);
      assert.deepEqual(chunks(text, storage), compiled);
      assert.equal(storage.entries.size, 1);
    });
  }

  it('keeps the code of random programs, and their results', function () {
    this.timeout(60_000);
    fc.assert(
      fc.property(randomProgram, (text) => {
        const storage = new MemoryStorage();
        assert.deepEqual(chunks(text, storage), chunks(text, storage));
        const expected = outcome(text, undefined);
        assert.equal(outcome(text, storage), expected);
        assert.equal(outcome(text, storage), expected);
      }),
      seeded(60),
    );
  });

  for (const [what, text] of Object.entries(failingPrograms)) {
    it(`tells the same of ${what}`, () => {
      const storage = new MemoryStorage();
      const expected = outcome(text, undefined);
      assert.match(expected, /error:/);
      assert.equal(outcome(text, storage), expected);
      assert.equal(storage.entries.size > 0, true);
      assert.equal(outcome(text, storage), expected);
    });
  }

  it('adds what is compiled later', () => {
    const storage = new MemoryStorage();
    const run = (expression: string) => {
      const codeCache = new CodeCache(storage);
      const test = new TestEvaluator({
        files: { '/f.nix': '{ a = 1 + 1; b = [ (2 + 2) ]; c.d = 3 + 3; }' },
        codeCache,
      });
      const value = test.strict(expression);
      codeCache.save();
      return { value, size: [...storage.entries.values()][0]!.length };
    };
    const first = run('(import /f.nix).a');
    const second = run('(import /f.nix).c.d');
    const third = run('(import /f.nix).b');
    assert.deepEqual([first.value, second.value, third.value], ['2', '6', '[ 4 ]']);
    assert.ok(first.size < second.size && second.size < third.size);
    assert.equal(run('import /f.nix').size, third.size);
  });

  it('keeps what was compiled in one go, however often it was interrupted', () => {
    const storage = new MemoryStorage();
    const codeCache = new CodeCache(storage);
    const files = { '/a.nix': '1 + 1', '/b.nix': '{ b = [ 2 ]; }', '/c.nix': '"c"' };
    const test = new TestEvaluator({ files, codeCache });
    assert.equal(
      test.strict('[ (import /a.nix) (import /b.nix) (import /c.nix) ]'),
      '[ 2 { b = [ 2 ]; } "c" ]',
    );
    const { now } = performance;
    let time = 0;
    let interruptions = 0;
    try {
      // Each look at the clock takes a while.
      performance.now = () => time++;
      while (codeCache.save(time + 1)) {
        interruptions++;
        assert.equal(storage.entries.size, 0);
      }
    } finally {
      performance.now = now;
    }
    assert.ok(interruptions > 1);
    assert.equal(storage.entries.size, 3);
    const again = new TestEvaluator({ files, codeCache: new CodeCache(storage) });
    assert.equal(again.strict('import /b.nix'), '{ b = [ 2 ]; }');
  });

  it('serves equal files in different folders, each with its own paths', () => {
    const storage = new MemoryStorage();
    const text = '[ ./x ../y ./a/${"b"} /z ]';
    assert.equal(outcome(text, storage, '/one/f.nix'), '[ /one/x /y /one/a/b /z ]');
    assert.equal(outcome(text, storage, '/two/deep/f.nix'), '[ /two/deep/x /two/y /two/deep/a/b /z ]');
    assert.equal(storage.entries.size, 1);
  });

  it('keeps nothing of a text whose code would depend on the machine', () => {
    const storage = new MemoryStorage();
    outcome('[ __currentSystem __storeDir ]', storage);
    assert.equal(storage.entries.size, 0);
  });

  it('keeps nothing of a text that does not parse', () => {
    const storage = new MemoryStorage();
    assert.match(outcome('{ a = ', storage), /syntax error/);
    assert.equal(storage.entries.size, 0);
  });

  it('keeps code apart where other names are global', () => {
    const storage = new MemoryStorage();
    const value = (features: readonly string[]) => {
      const codeCache = new CodeCache(storage);
      const files = { '/f.nix': '{ a = 1; b = __getFlake; }' };
      const test = new TestEvaluator({ files, codeCache, features });
      try {
        return test.strict('(import /f.nix).a');
      } catch (error) {
        return (error as EvalError).message;
      } finally {
        codeCache.save();
      }
    };
    assert.equal(value(['flakes']), '1');
    assert.equal(value([]), "undefined variable '__getFlake'");
    assert.equal(value(['flakes']), '1');
  });
});
