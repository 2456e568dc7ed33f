// Which file an import means is followed on the disk as the files' contents are.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LiveTest } from '../../kit/live';

describe('the file that an import means', () => {
  let folder: string;
  let live: LiveTest;
  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'nixray-test-')));
    live = new LiveTest({ folders: [folder] });
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const at = (...names: string[]): string => join(folder, ...names);

  /** What a hover on the import shows, before and after a change on the disk that the editor hears of. */
  function values(path: string, change: () => void, changed: readonly string[]): unknown[] {
    live.open(at('main.nix'), `{ |a = import ${path}; }`);
    const shown = (): unknown => {
      const report = live.hover(at('main.nix'));
      return report?.value ?? report?.error?.message;
    };
    const before = shown();
    change();
    live.service.filesChanged(changed.map((name) => at(name)));
    return [before, shown()];
  }

  it('is that of a folder that comes later', () => {
    const change = (): void => {
      mkdirSync(at('sub'));
      writeFileSync(at('sub', 'default.nix'), '5');
    };
    const [before, after] = values('./sub', change, ['sub', 'sub/default.nix']);
    assert.match(String(before), /sub/);
    assert.equal(after, '5');
  });

  it('is a file where there was a folder', () => {
    mkdirSync(at('sub'));
    writeFileSync(at('sub', 'default.nix'), '5');
    const change = (): void => {
      rmSync(at('sub'), { recursive: true });
      writeFileSync(at('sub'), '6');
    };
    assert.deepEqual(values('./sub', change, ['sub', 'sub/default.nix']), ['5', '6']);
  });

  it('is what a link points to now', () => {
    writeFileSync(at('one.nix'), '1');
    writeFileSync(at('two.nix'), '2');
    symlinkSync('one.nix', at('link.nix'));
    const change = (): void => {
      rmSync(at('link.nix'));
      symlinkSync('two.nix', at('link.nix'));
    };
    assert.deepEqual(values('./link.nix', change, ['link.nix']), ['1', '2']);
  });

  it('is followed through a chain of links', () => {
    writeFileSync(at('one.nix'), '1');
    writeFileSync(at('two.nix'), '2');
    symlinkSync('one.nix', at('l2.nix'));
    symlinkSync('l2.nix', at('l1.nix'));
    const change = (): void => {
      rmSync(at('l2.nix'));
      symlinkSync('two.nix', at('l2.nix'));
    };
    assert.deepEqual(values('./l1.nix', change, ['l2.nix']), ['1', '2']);
  });
});
