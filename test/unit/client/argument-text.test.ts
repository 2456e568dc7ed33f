// How a function's argument is shown and asked for.
import assert from 'node:assert/strict';
import { argumentTemplate, parameterText } from '../../../client/src/argument-text';
import type { FunctionArgument } from '../../../shared/src/protocol';

const argument = (parameter: string, more: Partial<FunctionArgument> = {}): FunctionArgument => ({
  position: { line: 0, character: 0 },
  parameter,
  setting: 'a.nix',
  ...more,
});

describe('an argument', () => {
  it('is asked for by the names that it has to have', () => {
    const { text, selection } = argumentTemplate(argument('{ a, b, c ? 1 }', { required: ['a', 'b'] }));
    assert.equal(text, '{ a = ; b = ; }');
    assert.deepEqual(selection, [6, 6]);
    assert.deepEqual(argumentTemplate(argument('{ c ? 1 }', { required: [] })), {
      text: '{  }',
      selection: [2, 2],
    });
    assert.deepEqual(argumentTemplate(argument('x')), { text: '', selection: [0, 0] });
  });

  it('starts from what is pinned', () => {
    const pinned = { setting: 'a.nix', expression: '{ a = 1; }' };
    assert.deepEqual(argumentTemplate(argument('{ a }', { required: ['a'], pinned })), {
      text: '{ a = 1; }',
      selection: [0, 10],
    });
  });

  it('is shown as far as it fits', () => {
    assert.equal(parameterText(argument('{ a }')), '{ a }');
    assert.equal([...parameterText(argument(`{ ${'ü'.repeat(99)} }`))].length, 60);
  });
});
