import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import type { TraceEntry } from '../../../server/src/evaluator/service';
import { foldTrace } from '../../../server/src/features/fold-trace';
import { LibraryFiles } from '../../../server/src/features/library-files';

const marks = [
  '/channel/nixpkgs/pkgs/top-level/default.nix',
  '/work/deps/nixpkgs/pkgs/top-level/default.nix',
];
const host = { fileType: (path: string) => (marks.includes(path) ? ('regular' as const) : undefined) };
const librariesOf = (document: string, folders: readonly string[] = ['/work']): LibraryFiles =>
  new LibraryFiles(host, folders, document);

/** A frame in a line of a file. */
function frame(path: string, line: number, message = `at ${line}`): TraceEntry {
  const start = { line, character: 0 };
  return { message, location: { path, range: { start, end: start } } };
}

function folded(trace: readonly TraceEntry[]): string[] {
  return foldTrace(trace, librariesOf('/work/main.nix')).map(
    ({ message, location }) => `${message} @ ${location?.path}:${location?.range.start.line}`,
  );
}

const modules = '/channel/nixpkgs/lib/modules.nix';

describe('files of libraries', () => {
  it('are those outside of the workspace, by their last names', () => {
    const libraries = librariesOf('/work/main.nix');
    strictEqual(libraries.nameOf('/work/lib/lists.nix'), undefined);
    strictEqual(libraries.nameOf('/elsewhere/a/b/common.nix'), 'a/b/common.nix');
    const inStore = '/nix/store/0c5a1h2g4c6fgs1jp8v9i3rqnmbw6x7d-source/modules/x.nix';
    strictEqual(libraries.nameOf(inStore), 'source/modules/x.nix');
    strictEqual(libraries.nameOf('/workshop.nix'), '/workshop.nix');
  });

  it('are those of a nixpkgs, by their path in it', () => {
    const libraries = librariesOf('/work/main.nix');
    strictEqual(libraries.nameOf(modules), 'nixpkgs/lib/modules.nix');
    strictEqual(libraries.nameOf('/channel/nixpkgs/pkgs/a/b/c/d.nix'), 'nixpkgs/pkgs/a/b/c/d.nix');
  });

  it('are in lib where the workspace has a nixpkgs', () => {
    const libraries = librariesOf('/work/main.nix');
    strictEqual(libraries.nameOf('/work/deps/nixpkgs/lib/lists.nix'), 'nixpkgs/lib/lists.nix');
    strictEqual(libraries.nameOf('/work/deps/nixpkgs/pkgs/hello.nix'), undefined);
  });

  it('do not include the document itself, nor what is beside it where there is no workspace', () => {
    strictEqual(librariesOf(modules).nameOf(modules), undefined);
    const alone = librariesOf('/home/me/x.nix', []);
    strictEqual(alone.nameOf('/home/me/parts/y.nix'), undefined);
    strictEqual(alone.nameOf('/home/you/y.nix'), 'home/you/y.nix');
  });
});

describe('a folded trace', () => {
  it("has the user's own frames first, and a line for each file of a library", () => {
    const trace = [
      frame(modules, 300, 'the error arises here'),
      frame(modules, 200),
      frame('/work/module.nix', 7),
      frame(modules, 100),
      frame('/channel/nixpkgs/lib/lists.nix', 5),
      frame('/work/main.nix', 1),
    ];
    deepStrictEqual(folded(trace), [
      'at 7 @ /work/module.nix:7',
      'at 1 @ /work/main.nix:1',
      `… 3 frames in nixpkgs/lib/modules.nix … @ ${modules}:300`,
      'at 5 @ /channel/nixpkgs/lib/lists.nix:5',
    ]);
  });

  it('leaves a short trace as it is', () => {
    const trace = [frame('/work/a.nix', 1), frame('/work/b.nix', 2)];
    deepStrictEqual(foldTrace(trace, librariesOf('/work/a.nix')), trace);
  });

  it('counts what does not fit', () => {
    const own = Array.from({ length: 20 }, (_, i) => frame('/work/main.nix', i));
    const others = Array.from({ length: 9 }, (_, i) => frame(`/other/${i >> 1}.nix`, i));
    deepStrictEqual(folded([...others, ...own]), [
      ...[0, 1, 2, 3, 4].map((i) => `at ${i} @ /work/main.nix:${i}`),
      '… 15 more frames in your files … @ /work/main.nix:5',
      '… 2 frames in /other/0.nix … @ /other/0.nix:0',
      '… 2 frames in /other/1.nix … @ /other/1.nix:2',
      '… 2 frames in /other/2.nix … @ /other/2.nix:4',
      '… 3 frames in 2 more files … @ /other/3.nix:6',
    ]);
  });

  it('shows what a recursion repeats once', () => {
    const trace = Array.from({ length: 5000 }, (_, i) => frame('/work/main.nix', i % 2));
    deepStrictEqual(folded(trace), ['at 0 @ /work/main.nix:0', 'at 1 @ /work/main.nix:1']);
  });

  it('takes what has no place for a part of what is inside of it', () => {
    const trace = [{ message: 'first' }, frame(modules, 1), { message: 'while calling a builtin' }];
    deepStrictEqual(foldTrace(trace, librariesOf('/work/main.nix')), [
      { message: 'first' },
      frame(modules, 1, '… 2 frames in nixpkgs/lib/modules.nix …'),
    ]);
  });
});
