// The folders of Nix and of Nixray on each system.
import assert from 'node:assert/strict';
import { join, resolve } from 'node:path';
import { cacheFolder } from '../../../server/src/host/cache-folder';
import { nixFolders } from '../../../server/src/host/nix-folders';

describe("Nixray's cache folder", () => {
  const home = resolve('/home/u');
  const on = (platform: string, environment: Record<string, string> = {}) => ({
    platform,
    home,
    environment,
  });

  it('is where the system keeps caches', () => {
    assert.equal(cacheFolder('', on('linux')), join(home, '.cache/nixray'));
    assert.equal(cacheFolder('', on('linux', { XDG_CACHE_HOME: '/c' })), join('/c', 'nixray'));
    assert.equal(cacheFolder('', on('linux', { XDG_CACHE_HOME: 'relative' })), join(home, '.cache/nixray'));
    assert.equal(cacheFolder('', on('darwin')), join(home, 'Library/Caches/nixray'));
    assert.equal(cacheFolder('', on('win32', { LOCALAPPDATA: 'L' })), join('L', 'nixray', 'cache'));
  });

  it('is what the setting says', () => {
    assert.equal(cacheFolder('/x/y', on('linux')), resolve('/x/y'));
    assert.equal(cacheFolder('~/y', on('linux')), join(home, 'y'));
    assert.equal(cacheFolder('~', on('linux')), home);
  });
});

describe("Nix's folders", () => {
  const of = (variables: Record<string, string>) => nixFolders('/home/u', (name) => variables[name]);

  it('are the usual ones', () => {
    assert.deepEqual(of({}), {
      config: '/home/u/.config/nix',
      state: '/home/u/.local/state/nix',
      cache: '/home/u/.cache/nix',
      systemConfig: '/etc/nix',
      systemState: '/nix/var/nix',
    });
  });

  it('are where variables put them', () => {
    const folders = of({
      XDG_CACHE_HOME: '/c',
      NIX_STATE_HOME: '/s',
      NIX_STATE_DIR: '/var',
      NIX_CONF_DIR: 'no',
    });
    assert.equal(folders.cache, '/c/nix');
    assert.equal(folders.state, '/s');
    assert.equal(folders.systemState, '/var');
    assert.equal(folders.systemConfig, '/etc/nix');
  });
});
