/**
 * Errors that an editor shows in 200 files of nixpkgs, opened one after the other.
 * Each has to be one that C++ Nix has, too: an expression here shows it there.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Editor, uriOf, type Diagnostic } from '../e2e/editor';
import { checkout, needsCheckout, withoutNixPath } from './checkout';
import { files } from './files';

/** An error that C++ Nix has, too. */
interface Confirmed {
  readonly line: number;
  readonly message: RegExp;
  /** An expression, relative to the checkout, that fails so in C++ Nix. */
  readonly reference: string;
}

const confirmed: Readonly<Record<string, Confirmed | readonly Confirmed[]>> = {
  // The caller passes none of the arguments that the function has got since.
  'pkgs/build-support/vm/windows/cygwin-iso/default.nix': {
    line: 42,
    message: /called without required argument 'closureInfo'/,
    reference: `import ./pkgs/build-support/vm/windows/cygwin-iso {
      inherit (import ./. { }) stdenv fetchurl runCommand python perl xorriso;
      pathsFromGraph = null;
    } { }`,
  },
  // The package is for cross compilation alone.
  'pkgs/os-specific/gnu/hurd/default.nix': {
    line: 91,
    message: /assertion '.*targetPlatform != buildPlatform.*' failed/,
    reference: '(import ./. { }).gnu.hurdCross.drvPath',
  },
  // Where a checkout was made without its largest files.
  'pkgs/top-level/all-packages.nix': [
    {
      line: 6209,
      message: /hackage-packages\.nix' does not exist|No such file or directory/,
      reference: '(import ./. { }).haskellPackages',
    },
    // A compiler for Android on this machine: how far diagnostics come in their time decides whether they meet it.
    {
      line: 6837,
      message: /attribute 'arch' missing/,
      reference: '(import ./. { }).androidenv.androidndkPkgs.gcc.drvPath',
    },
  ],
};

describe('errors in files of nixpkgs', function () {
  this.timeout(1_800_000);

  needsCheckout();
  withoutNixPath();

  it('are of 200 files', () => assert.equal(new Set(files).size, 200));

  for (const reach of ['file', 'reachable'] as const) {
    it(`are none that C++ Nix does not have, where diagnostics look at what is '${reach}'`, async () => {
      const editor = await Editor.start({
        folder: checkout!,
        settings: { diagnostics: { evaluation: reach } },
      });
      try {
        const wrong: string[] = [];
        for (const file of files) wrong.push(...(await unconfirmed(editor, file)));
        assert.deepEqual(wrong, []);
      } finally {
        await editor.stop();
      }
    });
  }
});

/** The errors of a file that are on no list, each as a line. */
async function unconfirmed(editor: Editor, file: string): Promise<string[]> {
  const path = join(checkout!, file);
  const uri = uriOf(path);
  const before = editor.publications.length;
  editor.open(uri, readFileSync(path, 'utf8'));
  // The first publication has what syntax and names show, the second one what evaluation does.
  const published = (): Diagnostic[] | undefined =>
    editor.publications.slice(before).filter((publication) => publication.uri === uri)[1]?.diagnostics;
  const found = await editor.until(`diagnostics of ${file}`, published, 60_000);
  editor.close(uri);
  return found
    .filter((diagnostic) => isError(diagnostic) && !isConfirmed(file, diagnostic))
    .map(describeIn(file));
}

const isError = ({ severity }: Diagnostic): boolean => severity === 1;

function isConfirmed(file: string, { range, message }: Diagnostic): boolean {
  return [confirmed[file] ?? []]
    .flat()
    .some(
      (known) =>
        known.line === range.start.line + 1 &&
        known.message.test(message) &&
        known.message.test(referenceError(known.reference)),
    );
}

/** What C++ Nix writes for an expression that fails; empty where it does not. */
function referenceError(expression: string): string {
  const { status, stderr } = spawnSync(
    'nix-instantiate',
    ['--store', 'dummy://', '--eval', '-E', expression],
    { cwd: checkout, encoding: 'utf8', maxBuffer: 1 << 28 },
  );
  return status === 0 ? '' : stderr;
}

const describeIn =
  (file: string) =>
  ({ range, message }: Diagnostic): string =>
    `${file}:${range.start.line + 1}: ${message}`;
