// The line that tells how far something is, on a terminal.
import assert from 'node:assert/strict';
import { ProgressLine } from '../../../server/src/command-line/progress-line';

describe('command-line/progress-line', () => {
  let time = 0;
  let written: string[] = [];
  const write = (text: string): void => void written.push(text);
  beforeEach(() => {
    time = 0;
    written = [];
  });

  it('shows the first line after a moment, and others not too often', () => {
    const line = new ProgressLine(write, () => time);
    line.show('at once');
    for (time = 1; time <= 350; time++) line.show(`after ${time}`);
    assert.deepEqual(written, ['\r\x1b[Kafter 100', '\r\x1b[Kafter 200', '\r\x1b[Kafter 300']);
  });

  it('is cleared once, if it was shown', () => {
    const line = new ProgressLine(write, () => time);
    line.clear();
    time = 200;
    line.show('x');
    line.clear();
    line.clear();
    assert.deepEqual(written, ['\r\x1b[Kx', '\r\x1b[K']);
  });

  it('neither breaks nor does what a name says to a terminal', () => {
    const line = new ProgressLine(write, () => time);
    time = 200;
    line.show(`a\x1b[2J\n${'b'.repeat(100)}`);
    assert.deepEqual(written, [`\r\x1b[Ka?[2J?${'b'.repeat(73)}`]);
  });
});
