// The table of known differences and the document about them say the same.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { knownDifferences } from './known-differences';

const document = readFileSync(new URL('../../docs/differences.md', import.meta.url), 'utf8');

describe('known differences between Nix 2.8 and 2.36', () => {
  it('are in the document, each with its reason, and no others', () => {
    const documented = [...document.matchAll(/^- `([a-z0-9-]+)` – (.*)$/gm)].map(([, name, reason]) => ({
      name,
      reason,
    }));
    const known = knownDifferences.map(({ name, reason }) => ({ name, reason }));
    assert.deepEqual(documented, known);
  });
});
