// Input that is made to hurt: each case ends in a result or in a clear error,
// in bounded time, and the evaluator answers the next question.
import assert from 'node:assert/strict';
import type { Answer } from './outcome';
import { OwnEvaluator } from './own';

interface Case {
  readonly name: string;
  readonly program: string;
  readonly ends: (answer: Answer) => boolean;
}

const characters = (count: number): string =>
  `builtins.concatStringsSep "" (builtins.genList (_: "a") ${count})`;

/** A string that is doubled so many times from one character. */
const doubled = (times: number): string =>
  `builtins.foldl' (text: _: text + text) "a" (builtins.genList (i: i) ${times})`;

function hasValue(text: string): (answer: Answer) => boolean {
  return (answer) => answer.kind === 'value' && answer.text === text;
}

function failsWith(message: RegExp): (answer: Answer) => boolean {
  return (answer) => answer.kind === 'error' && message.test(answer.text);
}

const nested = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;

const cases: readonly Case[] = [
  {
    name: 'a pattern that could try everything, which does not match 100,000 characters',
    program: `builtins.match "(a*)*b" (${characters(100_000)})`,
    ends: hasValue('null'),
  },
  {
    name: 'a pattern that could try everything, which matches 100,000 characters',
    program: `builtins.match "(a*)*b" (${characters(100_000)} + "b") != null`,
    ends: hasValue('true'),
  },
  {
    name: 'splitting 100,000 characters by such a pattern',
    program: `builtins.length (builtins.split "(a*)*b" (${characters(100_000)}))`,
    ends: hasValue('1'),
  },
  {
    name: 'JSON that nests 100,000 deep, read',
    program: `builtins.isList (builtins.fromJSON "${nested}")`,
    ends: (answer) => hasValue('true')(answer) || failsWith(/deep|overflow/)(answer),
  },
  {
    name: 'JSON that nests 100,000 deep, read and written',
    program: `builtins.toJSON (builtins.fromJSON "${nested}")`,
    ends: failsWith(/stack overflow; max-call-depth exceeded/),
  },
  {
    name: 'TOML of 10 MB',
    program: `builtins.length (builtins.attrNames (builtins.fromTOML (builtins.concatStringsSep "\\n" (builtins.genList (i: "key\${toString i} = \\"\${toString i}-0123456789012345678901234567890123456789012345678901234567890123456789\\"") 100000))))`,
    ends: hasValue('100000'),
  },
  {
    name: 'TOML of one string of 10 MB',
    program: `builtins.stringLength (builtins.fromTOML "a = \\"\${builtins.substring 0 10000000 (${doubled(24)})}\\"").a`,
    ends: hasValue('10000000'),
  },
  {
    name: 'a list of 10^9 items',
    program: 'builtins.length (builtins.genList (i: i) 1000000000)',
    ends: failsWith(/^a list of 1000000000 elements is too long/),
  },
  {
    name: 'a string that is doubled 60 times',
    program: `builtins.stringLength (${doubled(60)})`,
    ends: failsWith(/too large|too long/),
  },
  {
    name: 'a list that is doubled 60 times',
    program: `builtins.length (builtins.foldl' (list: _: list ++ list) [ 1 ] (builtins.genList (i: i) 60))`,
    ends: failsWith(/too large|too long/),
  },
  {
    name: 'a list of 2^20 strings, joined with a long one between',
    program: `builtins.stringLength (builtins.concatStringsSep (${doubled(20)}) (builtins.genList toString 1048576))`,
    ends: failsWith(/too large|too long/),
  },
  {
    name: 'calls 100,000 deep',
    program: 'let f = n: if n == 0 then 0 else 1 + f (n - 1); in f 100000',
    ends: failsWith(/stack overflow; max-call-depth exceeded/),
  },
  {
    name: 'lists that nest 100,000 deep, compared',
    program: `let deep = builtins.foldl' (list: _: [ list ]) [ ] (builtins.genList (i: i) 100000); in deep == builtins.foldl' (list: _: [ list ]) [ ] (builtins.genList (i: i) 100000)`,
    ends: failsWith(/stack overflow/),
  },
  {
    name: 'parentheses that nest 100,000 deep',
    program: `${'('.repeat(100_000)}1${')'.repeat(100_000)}`,
    ends: (answer) => hasValue('1')(answer) || failsWith(/stack overflow|nest/)(answer),
  },
];

describe('bad input', function () {
  this.timeout(60_000);
  const own = new OwnEvaluator();
  after(() => own.close());

  for (const { name, program, ends } of cases) {
    it(name, async () => {
      const [outcome, next] = await own.evaluate([program, '1 + 1']);
      const { kind, text } = outcome!.json;
      assert.ok(ends(outcome!.json), `${kind}: ${text.slice(0, 500)}`);
      assert.deepEqual(next!.json, { kind: 'value', text: '2' });
    });
  }
});
