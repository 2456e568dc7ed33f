// Calls at the end of a chunk: they take no stack, count as calls, and traces tell of each.
import assert from 'node:assert/strict';
import { decodeUtf8 } from '../../../server/src/base/bytes';
import { renderError } from '../../../server/src/evaluator/render-error';
import type { Closure } from '../../../server/src/values/value';
import { TestEvaluator } from '../../kit/evaluate';

/** How many JavaScript frames there are where a program says something, in the order in which it does. */
function framesAt(text: string, hotRuns: number): number[] {
  const test = new TestEvaluator({ hotRuns });
  const frames: number[] = [];
  test.messages.push = () => {
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = Infinity;
    const { length } = new Error().stack!.split('\n');
    Error.stackTraceLimit = stackTraceLimit;
    return frames.push(length);
  };
  test.strict(text);
  return frames;
}

/** Each calls itself, or others and these it, `n` times at the end of a chunk, and then says something. */
const loops: Readonly<Record<string, string>> = {
  'one function': 'let f = n: if n == 0 then say else f (n - 1); in f n',
  'a curried function': 'let f = n: m: if n == 0 then say else f (n - 1) m; in f n 1',
  'a function with formals': 'let f = { n }: if n == 0 then say else f { n = n - 1; }; in f { inherit n; }',
  'the body of a let': 'let f = n: if n == 0 then say else let m = n - 1; in f m; in f n',
  'the body of a with': 'let f = n: if n == 0 then say else with { m = n - 1; }; f m; in f n',
  'the body of an assert': 'let f = n: if n == 0 then say else assert n > 0; (f (n - 1)); in f n',
};

const mutual: Readonly<Record<string, string>> = {
  'two functions': 'let f = n: if n == 0 then say else g (n - 1); g = n: f n; in f n',
  'three arguments': 'let f = n: a: b: if n == 0 then say else f (n - 1) b a; in f n 1 2',
};

const program = (body: string, n: number): string => `
  let say = builtins.trace "here" 0; n = ${n}; in
  ${body}`;

describe('a call at the end of a chunk', () => {
  for (const [what, body] of Object.entries({ ...loops, ...mutual })) {
    it(`takes no stack in the dispatch loop: ${what}`, () => {
      assert.deepEqual(framesAt(program(body, 900), Infinity), framesAt(program(body, 9), Infinity));
    });
  }

  for (const [what, body] of Object.entries(loops)) {
    it(`takes no stack where a function has become JavaScript: ${what}`, () => {
      assert.deepEqual(framesAt(program(body, 900), 2), framesAt(program(body, 9), 2));
    });
  }

  it('has no part in the trace where the stack is too full to compile its function', () => {
    const text = 'rec { f = n: g n; g = n: n + 1; }';
    const test = new TestEvaluator({ files: { '/p.nix': text } });
    const { blueprint } = test.value('(import /p.nix).g') as Closure;
    blueprint.compile = () => {
      throw new RangeError('Maximum call stack size exceeded');
    };
    const error = test.error('(import /p.nix).f 1');
    const calls = decodeUtf8(renderError(error, { showTrace: true })).match(/while calling .*/g);
    assert.equal(error.kind, 'stack-overflow');
    assert.deepEqual(calls, ["while calling 'f'"]);
  });

  for (const hotRuns of [Infinity, 2]) {
    const how = hotRuns === 2 ? 'as JavaScript' : 'in the dispatch loop';

    it(`counts as a call ${how}`, () => {
      const limits = { maxCallDepth: 50 };
      const kindOf = (text: string): string => new TestEvaluator({ limits, hotRuns }).error(text).kind;
      const run = (text: string): string => new TestEvaluator({ limits, hotRuns }).strict(text);
      const tail = (n: number) => `let f = n: if n == 0 then 0 else f (n - 1); in f ${n}`;
      const inner = (n: number) => `let f = n: if n == 0 then 0 else 0 + f (n - 1); in f ${n}`;
      for (const text of [tail, inner]) {
        assert.equal(run(text(50)), '0');
        assert.equal(kindOf(text(51)), 'stack-overflow');
      }
      // The calls have ended when the value is there.
      assert.equal(run(`[ (${tail(48)}) (${tail(48)}) ]`), '[ 0 0 ]');
    });

    it(`is forgotten when it ends with an error ${how}`, () => {
      const test = new TestEvaluator({ hotRuns });
      const failing = 'builtins.tryEval (let f = n: if n == 0 then throw "x" else f (n - 1); in f 20)';
      assert.equal(test.strict(`map (x: (${failing}).success) [ 1 2 3 ]`), '[ false false false ]');
      assert.equal(test.evaluator.vm.tailCalls, 0);
      assert.equal(test.evaluator.vm.depth, 0);
    });

    it(`has its place in the trace ${how}`, () => {
      const trace = (text: string): string => {
        const test = new TestEvaluator({ files: { '/p.nix': text }, hotRuns });
        return decodeUtf8(renderError(test.error('import /p.nix'), { showTrace: true }));
      };
      const text = trace(
        'let f = n: if n == 0 then throw "end" else g (n - 1); g = n: with { }; f n; in [ (f 2) ]',
      );
      const lines = text.split('\n').filter((line) => /while calling|call site|p\.nix:/.test(line));
      const calls = lines.flatMap((line, i) =>
        line.includes('while calling') ? [`${line.trim()} ${lines[i + 1]!.trim()}`] : [],
      );
      assert.deepEqual(calls, [
        "… while calling 'f' at /p.nix:1:9:",
        "… while calling 'g' at /p.nix:1:59:",
        "… while calling 'f' at /p.nix:1:9:",
        "… while calling 'g' at /p.nix:1:59:",
        "… while calling 'f' at /p.nix:1:9:",
        "… while calling the 'throw' builtin at /p.nix:1:27:",
      ]);
      const sites = lines.flatMap((line, i) => (line.includes('call site') ? [lines[i + 1]!.trim()] : []));
      assert.deepEqual(sites, [
        'at /p.nix:1:83:',
        'at /p.nix:1:44:',
        'at /p.nix:1:72:',
        'at /p.nix:1:44:',
        'at /p.nix:1:72:',
      ]);
    });
  }
});
