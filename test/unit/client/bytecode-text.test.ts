// The text of the byte code document, and the way from a place in the source to its lines.
import assert from 'node:assert/strict';
import { linesAt, renderBytecode, renderMessage } from '../../../client/src/bytecode-text';
import type { BytecodeResult, Range } from '../../../shared/src/protocol';

/** A range within one line. */
function span(start: number, end: number, line = 0): Range {
  return { start: { line, character: start }, end: { line, character: end } };
}

// What `1 + f 2` might compile to.
const result: BytecodeResult = {
  text: '',
  chunks: [
    {
      name: 'toplevel',
      kind: 'toplevel',
      range: span(0, 7),
      byteLength: 5,
      constants: ['1', '"two\nlines"'],
      instructions: [
        { offset: 0, bytes: '00 00', op: 'Constant', operands: '0', range: span(0, 1) },
        { offset: 2, bytes: '1a', op: 'Call', operands: '', range: span(4, 7) },
        { offset: 3, bytes: '04', op: 'Add', operands: '', range: span(0, 7) },
        { offset: 4, bytes: '2f', op: 'Return', operands: '', range: span(0, 7) },
      ],
    },
    { name: 'f', kind: 'lambda', range: span(0, 9, 1), byteLength: 1, constants: [], instructions: [] },
    { name: '', kind: 'thunk', range: span(0, 1, 2), byteLength: 0, constants: [], instructions: [] },
  ],
};

describe('the text of byte code', () => {
  const bytecode = renderBytecode('a.nix', result);
  const lines = bytecode.text.split('\n');
  const textAt = (line: number, character: number) =>
    linesAt(bytecode, { line, character }).map(
      (index) => lines[index]!.trim().split(/\s{2,}/)[2] ?? lines[index],
    );

  it('lists every chunk with its constants and instructions', () => {
    assert.equal(
      bytecode.text,
      [
        '# a.nix: 3 chunks, 6 bytes',
        '',
        'toplevel  # at 1:1, 5 bytes',
        '  constants',
        '       0  1',
        '       1  "two⏎lines"',
        '  code',
        '    0000  00 00     Constant          0',
        '    0002  1a        Call',
        '    0003  04        Add',
        '    0004  2f        Return',
        '',
        'lambda f  # at 2:1, 1 byte',
        '  code',
        '',
        'thunk  # at 3:1, 0 bytes',
        '  code',
        '',
      ].join('\n'),
    );
  });

  it('knows the source of each line', () => {
    assert.equal(bytecode.lines[0], undefined);
    assert.deepEqual(bytecode.lines[2], { kind: 'chunk', range: span(0, 7) });
    assert.deepEqual(bytecode.lines[8], { kind: 'instruction', range: span(4, 7) });
  });

  it('finds the instructions of the innermost expression', () => {
    assert.deepEqual(textAt(0, 0), ['Constant']);
    assert.deepEqual(textAt(0, 5), ['Call']);
    assert.deepEqual(textAt(0, 2), ['Add', 'Return']);
  });

  it('finds the chunk where no instruction is', () => {
    assert.deepEqual(linesAt(bytecode, { line: 1, character: 4 }), [12]);
  });

  it('finds nothing outside, nor in a message', () => {
    assert.deepEqual(linesAt(bytecode, { line: 9, character: 0 }), []);
    const message = renderMessage('No byte code:\nsorry.');
    assert.equal(message.text, '# No byte code:⏎sorry.\n');
    assert.deepEqual(linesAt(message, { line: 0, character: 0 }), []);
  });

  it('leaves out chunks that would make the document too long', () => {
    const cut = renderBytecode('a.nix', result, 100);
    assert.match(cut.text, /Return\n\n# … and 2 chunks more, which would be too long to show\n$/);
  });

  it('shows a document without chunks', () => {
    assert.equal(renderBytecode('a.nix', { text: '', chunks: [] }).text, '# a.nix: 0 chunks, 0 bytes\n');
  });
});
