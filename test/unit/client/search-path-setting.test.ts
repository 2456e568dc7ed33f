// The setting of the search path after a nixpkgs was fetched.
import assert from 'node:assert/strict';
import { withFetched } from '../../../client/src/search-path-setting';

describe('the setting of the search path', () => {
  const folder = 'nixpkgs=/home/u/.cache/nixray/nixpkgs';

  it('gets the new entry first, and keeps what the user wrote', () => {
    assert.deepEqual(withFetched([], `${folder}/25.11-a`), [`${folder}/25.11-a`]);
    assert.deepEqual(withFetched(['x=/x', 'nixpkgs=/own'], `${folder}/25.11-a`), [
      `${folder}/25.11-a`,
      'x=/x',
      'nixpkgs=/own',
    ]);
  });

  it('has only the last one that was fetched', () => {
    const entries = ['x=/x', `${folder}/24.05-b`, `${folder}/25.11-a`];
    assert.deepEqual(withFetched(entries, `${folder}/25.11-a`), [`${folder}/25.11-a`, 'x=/x']);
  });
});
