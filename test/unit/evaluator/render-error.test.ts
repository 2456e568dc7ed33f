// Errors as C++ Nix writes them.
import assert from 'node:assert/strict';
import { decodeUtf8, encodeUtf8 } from '../../../server/src/base/bytes';
import { renderError, type RenderOptions } from '../../../server/src/evaluator/render-error';
import { EvalError } from '../../../server/src/values/error';
import type { Position, Source } from '../../../server/src/values/position';

const file: Source = { kind: 'file', path: '/x.nix', text: 'first\nsecond line\nthird\n' };

function at(offset: number, source = file): Position {
  return { source, offset };
}

function rendered(error: EvalError, options: Partial<RenderOptions> = {}): string {
  return decodeUtf8(renderError(error, { showTrace: true, ...options }));
}

function lines(...text: string[]): string {
  return text.join('\n');
}

describe('renderError', () => {
  it('shows the line with its neighbours and a caret', () => {
    assert.equal(
      rendered(new EvalError('throw', 'oh\nno', at(8))),
      lines(
        'error: oh',
        '       no',
        '       at /x.nix:2:3:',
        '            1| first',
        '            2| second line',
        '             |   ^',
        '            3| third',
      ),
    );
  });

  it('shows a part of long lines around the column where it is told to', () => {
    const text = encodeUtf8(`${'ä'.repeat(50)}\n${'ab'.repeat(20)}Xé${'cd'.repeat(20)}\nend`);
    const source: Source = { kind: 'file', path: '/x.nix', text };
    const offset = text.indexOf('X');
    const shown = (at_: number, excerptWidth: number): string =>
      rendered(new EvalError('throw', 'x', at(at_, source)), { excerptWidth });
    assert.equal(
      shown(offset, 11),
      lines(
        'error: x',
        '       at /x.nix:2:41:',
        '            1| ääääää…',
        '            2| …babababababXécdc…'.replace('bababababab', 'babab'),
        '             |       ^',
        '            3| end',
      ),
    );
    assert.match(shown(text.indexOf('\n') + 1, 11), /2\| abababababa…\n +\| \^\n/);
    assert.match(shown(text.indexOf('\n', offset) - 1, 11), /2\| …dcdcdcdcdcd\n +\| {12}\^\n/);
    assert.match(shown(2, 12), /1\| ä{6}…\n +\| {2}\^\n/);
  });

  it('knows the first and the last line, and every kind of line end', () => {
    const source: Source = { kind: 'string', path: encodeUtf8('«string»'), text: 'a\r\nb\rc' };
    assert.equal(
      rendered(new EvalError('throw', 'x', at(0, source))),
      lines(
        'error: x',
        '       at «string»:1:1:',
        '            1| a',
        '             | ^',
        '            2| b',
      ),
    );
    assert.equal(
      rendered(new EvalError('throw', 'x', at(5, source))),
      lines(
        'error: x',
        '       at «string»:3:1:',
        '            2| b',
        '            3| c',
        '             | ^',
      ),
    );
  });

  it('puts the trace before the message', () => {
    const error = new EvalError('throw', 'oh no').while('while doing this').while('while doing that', at(0));
    assert.equal(
      rendered(error),
      lines(
        'error:',
        '       … while doing that',
        '         at /x.nix:1:1:',
        '            1| first',
        '             | ^',
        '            2| second line',
        '',
        '       … while doing this',
        '',
        '       error: oh no',
      ),
    );
  });

  it('cuts a long trace, but for the frames that the program asked for', () => {
    const error = new EvalError('throw', 'oh no').while('asked for', undefined, true);
    for (let i = 5; i > 0; i--) error.while(`frame ${i}`);
    const text = rendered(error, { showTrace: false });
    assert.deepEqual(text.match(/… .*/g), [
      '… frame 1',
      '… frame 2',
      '… frame 3',
      '… frame 4',
      '… asked for',
    ]);
    assert.match(text, /\n {7}\(stack trace truncated; use '--show-trace' .*\)\n\n {7}error: oh no$/);
    assert.ok(!rendered(error).includes('truncated'));
  });

  it('counts repeated frames, or shows a few of them', () => {
    const recursive = (calls: number): string => {
      const error = new EvalError('stack-overflow', 'too deep');
      for (let i = 0; i < calls; i++) error.while('while calling f', at(0));
      return rendered(error);
    };
    assert.match(recursive(8), /\(7 duplicate frames omitted\)/);
    assert.equal(recursive(5).match(/while calling f/g)?.length, 5);
  });

  it('suggests names', () => {
    const suggestions = (names: string[]): string | undefined =>
      rendered(new EvalError('throw', 'x', undefined, names)).split('\n')[1];
    assert.equal(suggestions(['a']), '       Did you mean a?');
    assert.equal(suggestions(['a', 'b']), '       Did you mean one of a or b?');
    assert.equal(suggestions(['a', 'b', 'c']), '       Did you mean one of a, b or c?');
  });

  it('takes time in proportion to where in a line the place is', () => {
    const column = 2_000_000;
    const long: Source = { kind: 'file', path: '/x.nix', text: `${' '.repeat(column)}x` };
    const text = rendered(new EvalError('throw', 'oh no', at(column, long)));
    assert.ok(text.endsWith(`             |${' '.repeat(column + 1)}^`));
  });

  it('leaves out frames that would make a trace too long for a string', () => {
    const long: Source = { kind: 'file', path: '/x.nix', text: `${'1 + '.repeat(10_000)}1` };
    const error = new EvalError('throw', 'oh no');
    for (let i = 0; i < 10_000; i++) error.while(`in operand ${i}`, at(4 * i, long));
    const text = rendered(error);
    assert.match(text, /\n {7}\(\d+ more frames omitted, since the trace is long\)\n\n {7}error: oh no$/);
    const shown = text.match(/in operand/g)!.length;
    assert.ok(text.includes(`(${10_000 - shown} more frames`) && shown > 100, `${shown} are shown`);
  });

  it('prefixes warnings, and leaves alone what lays itself out', () => {
    const warning = new EvalError('throw', 'one\ntwo');
    assert.equal(rendered(warning, { prefix: 'warning' }), 'warning: one\n         two');
    assert.equal(
      rendered(new EvalError('throw', '\none'), { prefix: 'evaluation warning', indent: false }),
      'evaluation warning:\none',
    );
  });
});
