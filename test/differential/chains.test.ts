// Chains of operators beside C++ Nix: it has a value for those that begin with their
// left operands, however long, and refuses long ones of operators that do not.
import assert from 'node:assert/strict';
import type { Answer } from './outcome';
import { OwnEvaluator } from './own';
import { evaluateWithReference, hasReference } from './reference';

const count = 20_000;

const chains: Readonly<Record<string, string>> = {
  '+ of integers': `0${' + 1'.repeat(count)}`,
  '+ of strings': `builtins.hashString "sha256" (""${' + "ab"'.repeat(count)})`,
  '+ that fails at its end': `0${' + 1'.repeat(count)} + null`,
  '-': `0${' - 1'.repeat(count)}`,
  '* and /': `1${' * 6 / 3'.repeat(60)}${' * 1 / 1'.repeat(count / 2)}`,
  '&& that is true': `true${' && true'.repeat(count)}`,
  '&& that is false': `true${' && true'.repeat(count)} && false && throw "not reached"`,
  '&& that fails at its end': `true${' && true'.repeat(count)} && throw "reached"`,
  '||': `false${' || false'.repeat(count)} || true || throw "not reached"`,
  '+ and *, with what has parentheses in between': `1${' + 2 * (3 - 1)'.repeat(count)}`,
};

/** What begins with the right operand nests, one level for each operator. */
const nested = ['//', '++', '->'].map((operator) => {
  const operand = { '//': '{ }', '++': '[ ]', '->': 'true' }[operator]!;
  return [operator, Array<string>(count).fill(operand).join(` ${operator} `)] as const;
});

describe('long chains of operators', function () {
  this.timeout(60_000);
  const own = new OwnEvaluator();
  after(() => own.close());

  async function answersTo(programs: readonly string[]): Promise<{ own: Answer; reference: Answer }[]> {
    const reference = evaluateWithReference(programs);
    const answers = await own.evaluate(programs);
    return programs.map((_, i) => ({ own: answers[i]!.json, reference: reference[i]!.json }));
  }

  it('of which the left operand comes first are evaluated as C++ Nix does', async function () {
    if (!hasReference()) this.skip();
    const answers = await answersTo(Object.values(chains));
    for (const [i, name] of Object.keys(chains).entries()) {
      assert.deepEqual(withoutValue(answers[i]!.own), answers[i]!.reference, name);
    }
  });

  it('of which the right operand comes first are refused, as by C++ Nix', async function () {
    if (!hasReference()) this.skip();
    const answers = await answersTo(nested.map(([, program]) => program));
    for (const [i, [operator]] of nested.entries()) {
      assert.deepEqual(answers[i]!.reference, { kind: 'error', text: 'memory exhausted' }, operator);
      assert.deepEqual(answers[i]!.own, { kind: 'error', text: 'nesting is too deep' }, operator);
    }
  });
});

/** Messages of newer versions show the value that they are about. */
function withoutValue({ kind, text }: Answer): Answer {
  return { kind, text: text.replace(/: .*$/, '') };
}
