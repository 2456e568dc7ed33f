// The table of opcodes: a row for each, at its number, with its name.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { documentedEffect, heightChange, Op, opcodeRow, opcodes } from '../../../server/src/bytecode/opcode';

const source = readFileSync(join(__dirname, '../../../server/src/bytecode/opcode.ts'), 'utf8');

/** The members of `Op` in the order of the source, which is that of their numbers. */
function members(): string[] {
  const body = /export const enum Op \{([^}]*)\}/.exec(source)![1]!;
  const code = body.replace(/\/\*[^]*?\*\//g, '');
  return code
    .split(',')
    .map((member) => member.replace(/=.*/, '').trim())
    .filter((member) => member !== '');
}

describe('the table of opcodes', () => {
  it('has the row of each opcode at its number', () => {
    assert.deepEqual(
      opcodes.map((row) => row.name),
      members(),
    );
    assert.equal(opcodes[Op.Return]!.name, 'Return');
    assert.ok(opcodes.length <= 256, 'an opcode is one byte');
  });

  it('decodes every unknown byte to Invalid', () => {
    assert.equal(opcodeRow(0).name, 'Invalid');
    for (let byte = opcodes.length; byte < 256; byte++) assert.equal(opcodeRow(byte).name, 'Invalid');
  });

  it('has captures behind all other operands', () => {
    const withCaptures = opcodes.filter(({ operands }) => operands.includes('captures'));
    assert.equal(withCaptures.length, 3);
    for (const { name, operands } of withCaptures) {
      assert.equal(operands.indexOf('captures'), operands.length - 1, name);
    }
  });

  it('documents each of them', () => {
    for (const { name, stack, doc } of opcodes) {
      assert.match(doc, /[.?]$/, `the documentation of ${name} is no sentence`);
      if (name !== 'Invalid') assert.match(stack, /→/, `the stack effect of ${name}`);
    }
  });

  it('reads captures right after the blueprint that they belong to', () => {
    for (const { name, operands } of opcodes) {
      const at = operands.indexOf('captures');
      if (at < 0) continue;
      assert.equal(operands[at - 1], 'constant', name);
      assert.equal(at, operands.length - 1, name);
    }
  });

  it('gives each jump a wide form with the same effect', () => {
    const jumps = opcodes.filter(({ operands }) => operands[0] === 'jump');
    assert.ok(jumps.length >= 4);
    for (const jump of jumps) {
      const wide = opcodes.find(({ name }) => name === `${jump.name}Wide`);
      assert.deepEqual(wide?.operands, ['wide-jump', ...jump.operands.slice(1)], jump.name);
      assert.equal(wide?.stack, jump.stack);
    }
  });

  it('says how many values each takes and leaves, if no operand has to tell', () => {
    assert.deepEqual(documentedEffect('left right → sum'), { pops: 2, pushes: 1 });
    assert.deepEqual(documentedEffect('→'), { pops: 0, pushes: 0 });
    assert.equal(documentedEffect('value… → list'), undefined);
    assert.deepEqual([heightChange(Op.Constant), heightChange(Op.Add), heightChange(Op.Force)], [1, -1, 0]);
    assert.throws(() => heightChange(Op.Call), /varies/);
  });
});
