/** The licences of the libraries that are in the built bundles. */
import { match } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '../..');

describe('the bundles', () => {
  it('come with the licence of each library in them', () => {
    const text = readFileSync(join(root, 'dist/third-party-licenses.txt'), 'utf8');
    const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    // `vscode-jsonrpc` is there for the sake of others.
    for (const name of [...Object.keys(dependencies), 'vscode-jsonrpc']) {
      match(text, new RegExp(`^${name} [0-9.]+ \\(.+\\)\\n\\n[^]{500}`, 'm'), name);
    }
  });
});
