// Hovers inside functions: the value that a user expects, and the call it comes from.
import assert from 'node:assert/strict';
import { LineIndex } from '../../../server/src/base/line-index';
import { LiveTest, shown, workspace } from '../../kit/live';
import { hardPlaces } from './hard-places';

describe('a hover at a hard place', () => {
  for (const { what, files, value, source } of hardPlaces) {
    it(what, () => {
      const test = new LiveTest({ searchPath: [`nixpkgs=${workspace}/nixpkgs`] });
      const texts = Object.entries(typeof files === 'string' ? { 'file.nix': files } : files);
      const opened = texts.map(([name, text]) => ({ name, fixture: test.open(name, text) }));
      const [hovered, ...others] = opened.filter(({ fixture }) => fixture.cursors.length > 0);
      assert.ok(hovered !== undefined && others.length === 0, 'one file has a cursor');
      const report = test.hover(hovered.name);
      assert.equal(shown(report), value);
      if (source !== undefined) assert.equal(report?.source, placed(source, hovered.fixture.text));
    });
  }

  it('stands in a table of more than sixty', () => {
    assert.ok(hardPlaces.length > 100, `there are ${hardPlaces.length}`);
    assert.ok(hardPlaces.filter(({ source }) => source !== undefined).length > 80);
  });
});

/** A source with the place of the text that it quotes. */
function placed(source: string, text: string): string {
  return source.replace(/`([^`]*)`/, (_, call: string) => {
    const offset = text.lastIndexOf(call);
    assert.ok(offset >= 0, `the text has no ${call}`);
    const { line, column } = new LineIndex(text).position(offset);
    return `file.nix:${line + 1}:${column + 1}`;
  });
}
