// The same expressions in C++ Nix, where `nix-instantiate` is installed.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { encodeUtf8, decodeUtf8 } from '../../../server/src/base/bytes';
import { Evaluator } from '../../../server/src/evaluator/evaluator';
import { DiskHost } from '../../../server/src/host/disk-host';
import { printAmbiguous } from '../../../server/src/values/printer';

const drv = 'derivation { name = "a"; builder = "b"; system = "c"; }';
const expressions = [
  'builtins.toJSON { a = [ 1 (-2) 1.5 0.1 1.0e25 true null "a\\"\\n\\t\\\\é" { } [ ] ]; b.outPath = "x"; }',
  'builtins.fromJSON \'\'{"a": [1, -1.5e3, true, null, "\\\\u00e9"], "b": {}}\'\'',
  'builtins.toXML { a = [ 1 1.5 true null "<&>\\"" (x: x) ({ a, b ? 1, ... }@c: a) ]; }',
  'builtins.fromTOML "a = 1\\nb = 1.5\\n[c.d]\\ne = [ true, \\"x\\" ]\\n[[f]]\\n[[f]]\\ng = 0x10"',
  'map (a: builtins.hashString a "abc") [ "md5" "sha1" "sha256" "sha512" ]',
  'placeholder "dev"',
  'builtins.toFile "x" "text"',
  'builtins.toFile "y" "${builtins.toFile "x" "text"}"',
  `(${drv}).drvPath`,
  `(${drv}).outPath`,
  `builtins.getContext "\${${drv}}"`,
  `builtins.getContext (${drv}).drvPath`,
  `(derivation { name = "d"; builder = "b"; system = "c"; x = "\${${drv}}"; y = builtins.toFile "x" "y"; }).drvPath`,
  `(derivation { name = "d"; builder = "b"; system = "c"; dep = (${drv}).drvPath; }).name`,
  '(derivation { name = "m"; builder = "b"; system = "c"; outputs = [ "out" "dev" ]; args = [ 1 true "\\n" ]; z = { __toString = _: "q"; }; }).dev.outPath',
  '(derivation { name = "f"; builder = "b"; system = "c"; outputHashMode = "recursive"; outputHash = "sha256-ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0="; }).outPath',
  '(derivation { name = "f"; builder = "b"; system = "c"; outputHashAlgo = "sha1"; outputHash = "a9993e364706816aba3e25717850c26c9cd0d89d"; }).outPath',
  `(derivation { name = "g"; builder = "b"; system = "c"; x = derivation { name = "f"; builder = "b"; system = "c"; outputHashAlgo = "md5"; outputHash = "900150983cd24fb0d6963f7d28e17f72"; }; }).outPath`,
  '(derivation { name = "s"; builder = "b"; system = "c"; __structuredAttrs = true; a.b = [ 1 2.5 null ]; }).drvPath',
  '"${./server/src/store}" == builtins.path { path = ./server/src/store; }',
  'builtins.filterSource (p: t: t == "regular") ./server/src/base',
  'builtins.path { path = ./server/src/base; name = "x"; filter = p: t: baseNameOf p == "bytes.ts"; }',
  'builtins.path { path = ./LICENSE; recursive = false; }',
  '"${./LICENSE}"',
  'builtins.readDir ./server/src/base',
  'builtins.hashFile "sha256" ./LICENSE',
  '[ (builtins.pathExists ./LICENSE) (builtins.pathExists "/nowhere") ]',
  '(import <nix/fetchurl.nix> { url = "https://example.org/a.tar.gz"; sha256 = "1b8m03r63zqhnjf7l5wnldhh7c134ap5vpj0850ymkq1iyzicy5s"; }).outPath',
  'builtins.unsafeDiscardStringContext "${./LICENSE}"',
];

function nix(expression: string): string {
  return execFileSync('nix-instantiate', ['--store', 'dummy://', '--eval', '--strict', '-E', expression], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NIX_PATH: '' },
  }).trimEnd();
}

function isInstalled(): boolean {
  try {
    execFileSync('nix-instantiate', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

describe('values of the store, beside C++ Nix', function () {
  this.timeout(60_000);
  const evaluator = new Evaluator({ host: new DiskHost(), searchPath: [] });

  before(function () {
    if (isInstalled()) return;
    console.log('    skipped: nix-instantiate is not installed');
    this.skip();
  });

  for (const expression of expressions) {
    it(expression.slice(0, 90), () => {
      const folder = encodeUtf8(process.cwd());
      const value = evaluator.vm.forceDeep(evaluator.evaluateText(encodeUtf8(expression), folder));
      assert.equal(decodeUtf8(printAmbiguous(value)), nix(expression));
    });
  }
});
