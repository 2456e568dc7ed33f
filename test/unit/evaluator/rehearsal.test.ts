// The program that is run so that V8 knows the machine: it must meet what large evaluations meet.
import assert from 'node:assert/strict';
import type { Blueprint } from '../../../server/src/bytecode/blueprint';
import { Op, opcodes } from '../../../server/src/bytecode/opcode';
import { Evaluator } from '../../../server/src/evaluator/evaluator';
import { rehearsalOptions, rehearse } from '../../../server/src/evaluator/rehearsal';
import { allBlueprints } from '../../kit/all-blueprints';
import { decode } from '../../kit/verify-chunk';

/** What ends an evaluation, needs a home folder or a parser, or jumps farther than a page of code. */
const unrehearsed = new Set([
  Op.Invalid,
  Op.AssertFail,
  Op.Fail,
  Op.CurrentPosition,
  Op.ResolveHomePath,
  Op.JumpWide,
  Op.JumpIfTrueWide,
  Op.JumpIfFalseWide,
  Op.JumpIfNotFoundWide,
]);

describe('evaluator/rehearsal', () => {
  it('runs chunks with every instruction', () => {
    const met = new Set<Op>();
    const evaluator = new Evaluator(rehearsalOptions());
    evaluator.vm.observer = {
      enter: ({ chunk }: Blueprint) => decode(chunk!.code).forEach(({ op }) => met.add(op)),
      leave: () => {},
    };
    evaluator.importFile('/rehearsal.nix');
    const missing = opcodes.flatMap(({ name }, op) => (met.has(op) || unrehearsed.has(op) ? [] : [name]));
    assert.deepEqual(missing, []);
  });

  it('runs chunks with operands of more than a byte', () => {
    const wide = new Set<string>();
    const evaluator = new Evaluator(rehearsalOptions());
    evaluator.vm.observer = {
      enter: ({ chunk }: Blueprint) => {
        for (const { name, operands } of decode(chunk!.code)) if (operands[0]! > 127) wide.add(name);
      },
      leave: () => {},
    };
    evaluator.importFile('/rehearsal.nix');
    const met = [
      ...['Constant', 'GetLocal', 'GetLocalForced', 'GetUpvalue', 'ThunkSuspended', 'Closure', 'Finalise'],
      ...['AttrsSelect', 'AttrsTrySelect', 'HasAttr', 'Attrs', 'SelectThunk', 'ResolveWith', 'FillDefault'],
      ...['List', 'Interpolate', 'CloseScope', 'FindFile'],
    ];
    assert.deepEqual(
      met.filter((name) => !wide.has(name)),
      [],
    );
  });

  it('has functions of one and of two arguments become JavaScript', () => {
    const options = rehearsalOptions();
    const evaluator = new Evaluator(options);
    const source = {
      kind: 'file',
      path: '/rehearsal.nix',
      text: options.host.readFile('/rehearsal.nix'),
    } as const;
    const file = evaluator.load(source, '/');
    evaluator.run(file);
    const translated = allBlueprints(file.blueprint).flatMap(({ chunk }) => chunk?.translated ?? []);
    const ofTwo = translated.filter(({ pair }) => pair !== null).length;
    // Of each more than one, so that V8 does not take the one for the only one.
    assert.ok(ofTwo >= 2, `${ofTwo} functions of two arguments`);
    assert.ok(translated.length - ofTwo >= 2, `${translated.length - ofTwo} other functions`);
  });

  it('runs once in a process', () => {
    let runs = 0;
    const create = () => ({ importFile: () => ++runs });
    rehearse(create, undefined);
    const before = runs;
    rehearse(create, undefined);
    assert.equal(runs, before);
  });
});
