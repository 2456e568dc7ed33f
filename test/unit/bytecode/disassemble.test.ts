// The disassembler: it shows every byte of a chunk once, and operands as readers want them.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeUtf8 } from '../../../server/src/base/bytes';
import { Chunk } from '../../../server/src/bytecode/chunk';
import { disassemble } from '../../../server/src/bytecode/disassemble';
import { Op } from '../../../server/src/bytecode/opcode';
import { parse } from '../../../server/src/syntax/parse';
import { allBlueprints } from '../../kit/all-blueprints';
import { decode } from '../../kit/verify-chunk';
import { TestEvaluator } from '../../kit/evaluate';
import { programs } from '../compiler/programs';

const sample = join(__dirname, '../../../sample');
const { evaluator } = new TestEvaluator();

/** Everything that is compiled here, by name. */
function texts(): [string, string][] {
  const files = readdirSync(sample, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.nix'),
  );
  return [
    ...files.map((file): [string, string] => [file, readFileSync(join(sample, file), 'latin1')]),
    ...Object.entries(programs).map(([name, text]): [string, string] => [name, encodeUtf8(text)]),
  ];
}

describe('the disassembler', () => {
  for (const [name, text] of texts()) {
    it(`shows every byte of ${name} once`, () => {
      const source = { kind: 'string', path: '/x.nix', text } as const;
      const { blueprint } = evaluator.prepare(source, parse(text), '/');
      const all = allBlueprints(blueprint);
      for (const { chunk } of all) {
        const { code } = chunk!;
        const instructions = disassemble(chunk!, () => 'constant');
        assert.deepEqual(
          instructions.flatMap(({ bytes }) => bytes),
          [...code],
        );
        let at = 0;
        for (const { offset, bytes, op } of instructions) {
          assert.equal(offset, at);
          assert.notEqual(op, 'Invalid');
          at += bytes.length;
        }
        // It agrees with the verifier, which decodes by itself.
        assert.deepEqual(
          instructions.map(({ op, offset }) => ({ op, offset })),
          decode(code).map((decoded) => ({ op: decoded.name, offset: decoded.at })),
        );
      }
    });
  }

  it('shows operands as readers want them', () => {
    const describeConstant = (constant: unknown) => `«${String(constant)}»`;
    const shown = (...code: number[]) => {
      const memory = Uint8Array.from(code);
      const chunk = new Chunk(memory, 0, memory.length, ['zero', 'one'], 0, []);
      const [first] = disassemble(chunk, describeConstant);
      return `${first!.op} ${first!.operands.join(' ')}`.trim();
    };
    assert.equal(shown(Op.Constant, 1), 'Constant «one»');
    assert.equal(shown(Op.GetLocal, 0x80, 0x01), 'GetLocal local 128');
    assert.equal(shown(Op.GetUpvalue, 3), 'GetUpvalue upvalue 3');
    assert.equal(shown(Op.Call, 2), 'Call 2');
    assert.equal(shown(Op.Jump, 0x34, 0x12), `Jump → ${3 + 0x1234}`);
    assert.equal(shown(Op.JumpWide, 0x78, 0x56, 0x34, 0x12), `JumpWide → ${5 + 0x12345678}`);
    assert.equal(shown(Op.CoerceToString, 2), 'CoerceToString copy-to-store');
    assert.equal(shown(Op.AssertBool, 0), 'AssertBool if');
    assert.equal(
      shown(Op.ThunkSuspended, 0, (4 << 1) | 1, 0 << 2, (2 << 2) | 1, (1 << 2) | 2, 0xc8, 0x01),
      'ThunkSuspended «zero» [local 0, deferred 2, upvalue 1, local 50, with]',
    );
    assert.equal(shown(Op.Return), 'Return');
    assert.equal(shown(255), 'Invalid');
  });
});
