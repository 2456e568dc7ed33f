/** nixpkgs' own test of the module system, `lib/tests/modules.sh`, with `nixray instantiate` in the place of `nix-instantiate`. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { checkout, needsCheckout } from './checkout';

const program = join(__dirname, '../../dist/nixray.js');

describe("nixpkgs' test of the module system", () => {
  needsCheckout();
  let folder: string | undefined;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'nixray-'));
    const script = `#!/bin/sh\nexec '${process.execPath}' '${program}' instantiate "$@"\n`;
    writeFileSync(join(folder, 'nix-instantiate'), script, { mode: 0o755 });
  });
  after(() => {
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  });

  it('passes: values, and the messages of errors', () => {
    const { status, stdout, stderr } = spawnSync('bash', ['modules.sh'], {
      cwd: join(checkout!, 'lib/tests'),
      env: { ...process.env, PATH: `${folder}${delimiter}${process.env['PATH']}` },
      encoding: 'utf8',
    });
    assert.equal(status, 0, `${stdout}${stderr}`);
    assert.match(stdout, /^[1-9]\d+ Pass\n0 Fail$/m);
  });
});
