// The folders that .gitmodules names.
import assert from 'node:assert/strict';
import { submodulePaths } from '../../../server/src/git/submodules';

describe('submodules', () => {
  it('are named with their paths', () => {
    const text = '[submodule "a"]\n\tpath = libs/a\n\turl = https://x\n[submodule "b"]\n  path=b/\n';
    assert.deepEqual(submodulePaths(text), ['libs/a', 'b']);
    assert.deepEqual(submodulePaths(''), []);
  });

  it('may be quoted, commented and said twice; what other sections say is none', () => {
    const text =
      '# path = no\n[core]\n path = no\n[Submodule "a \\" ]"] path = "a # b" ; c\n' +
      'path = no # but the next\nPath = "with \\"quotes\\" and \\\\"  \r\n[other "submodule"]\npath = no\n';
    assert.deepEqual(submodulePaths(text), ['with "quotes" and \\']);
  });
});
