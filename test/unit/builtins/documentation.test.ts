/** The page of builtins against the registry. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { documentation, page } from '../../../scripts/builtins';

describe('docs/builtins.md', () => {
  it('says what the registry has (else run: npx tsx scripts/builtins.ts)', () => {
    assert.equal(readFileSync(page, 'utf8'), documentation());
  });
});
