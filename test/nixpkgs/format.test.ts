/** The format of every tenth file of nixpkgs, which nobody had formatted then: the same code, the same comments, and a second time no change. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { format } from '../../server/src/formatter/format';
import { codeOf, commentWords, parsed } from '../kit/code-of';
import { checkout, needsCheckout } from './checkout';

/** Looking for the comments of a longer one takes too long. */
const maxSize = 100_000;

function nixFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return nixFiles(path);
    return entry.isFile() && entry.name.endsWith('.nix') ? [path] : [];
  });
}

function check(path: string): void {
  const before = parsed(readFileSync(path, 'latin1'));
  if (before.errors.length > 0 || before.text.length > maxSize) return;
  const result = format(before);
  assert.ok('text' in result, path);
  const after = parsed(result.text);
  assert.deepEqual(after.errors, [], path);
  assert.equal(codeOf(after), codeOf(before), path);
  assert.deepEqual(commentWords(after), commentWords(before), path);
  assert.deepEqual(format(after), result, path);
}

describe('formatting nixpkgs', () => {
  needsCheckout();

  it('keeps the code and the comments, and leaves what is formatted as it is', () => {
    const files = nixFiles(checkout!).sort();
    assert.ok(files.length > 10_000);
    for (let i = 0; i < files.length; i += 10) check(files[i]!);
  });
});
