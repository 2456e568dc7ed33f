// The table of settings, and how values are read through it.
import assert from 'node:assert/strict';
import { defaultMaxCallDepth, defaultMemory, defaultTimeout } from '../../../server/src/base/default-limits';
import { defaultSettings, readSettings, settingRows } from '../../../shared/src/settings';

describe('settings', () => {
  it('describe themselves in sentences', () => {
    for (const [name, row] of settingRows()) assert.match(row.description, /^[A-Z].*\.$/, name);
  });

  it('have defaults that they accept', () => {
    for (const [name, row] of settingRows()) {
      assert.deepEqual(
        readSettings({ [name]: row.default }),
        { settings: defaultSettings, problems: [] },
        name,
      );
    }
  });

  it('begin with the limits that evaluation has where nobody sets any', () => {
    assert.equal(defaultSettings['evaluation.timeout'], defaultTimeout);
    assert.equal(defaultSettings['evaluation.memory'], defaultMemory);
    assert.equal(defaultSettings['evaluation.maxCallDepth'], defaultMaxCallDepth);
  });

  it('are read from nested objects, from dotted names, and from both', () => {
    const expected = { ...defaultSettings, 'hover.depth': 5 };
    for (const given of [{ hover: { depth: 5 } }, { 'hover.depth': 5 }, { hover: {}, 'hover.depth': 5 }]) {
      assert.deepEqual(readSettings(given).settings, expected);
    }
  });

  it('fall back to the default and say so when a value is of the wrong type', () => {
    const wrong: Record<string, unknown> = {
      'evaluation.enabled': 'yes',
      'evaluation.timeout': -1,
      'evaluation.memory': 1.5,
      'evaluation.system': 1,
      'diagnostics.evaluation': 'everything',
      'diagnostics.ignored': 'unused-binding',
      searchPath: [1],
      arguments: { 'a.nix': 1 },
    };
    const { settings, problems } = readSettings(wrong);
    assert.deepEqual(settings, defaultSettings);
    assert.equal(problems.length, Object.keys(wrong).length);
    assert.equal(problems[0], 'The setting nixray.evaluation.enabled must be true or false.');
  });

  it('take what is no object for nothing', () => {
    for (const given of [undefined, null, 1, 'text', [], { hover: null }, { hover: 3 }]) {
      assert.deepEqual(readSettings(given), { settings: defaultSettings, problems: [] });
    }
  });

  it('know a name only when it is the object’s own', () => {
    assert.deepEqual(readSettings({ 'diagnostics.evaluation': 'toString' }).problems.length, 1);
    assert.deepEqual(readSettings(Object.create({ searchPath: ['x'] })).settings.searchPath, []);
  });
});
