// The index of path literals: after any edits it is what a fresh reading of the same texts gives.
import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import fc from 'fast-check';
import { PathReferences, type PathReference } from '../../../server/src/analysis/path-references';
import { DiskHost } from '../../../server/src/host/disk-host';
import { MemoryHost } from '../../../server/src/host/memory-host';
import { seeded } from '../../kit/seed';

const folder = '/nixray-test-workspace';

/** Pieces of texts, at which literals begin, end, join and fall apart. */
const pieces = [
  'a',
  'b.nix',
  '/',
  '.',
  '..',
  './a',
  '../b',
  './.',
  ' ',
  '\n',
  '~',
  '<',
  '>',
  '"',
  '${',
  'a/b',
  '-',
  '#',
];

const text = fc.array(fc.constantFrom(...pieces), { maxLength: 30 }).map((parts) => parts.join(''));

const edit = fc.record({
  file: fc.constantFrom('x.nix', 'sub/y.nix'),
  start: fc.double({ min: 0, max: 1, noNaN: true }),
  length: fc.integer({ min: 0, max: 6 }),
  text: fc.array(fc.constantFrom(...pieces), { maxLength: 3 }).map((parts) => parts.join('')),
  // Now and then a file goes and comes back.
  gone: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
});

/** Files in memory alone, and an index of them. */
class Workspace {
  readonly host = new MemoryHost(new DiskHost());
  readonly texts = new Map<string, string>();

  set(file: string, content: string | undefined): string {
    const path = `${folder}/${file}`;
    if (content === undefined) {
      this.texts.delete(path);
      this.host.delete(path);
    } else {
      this.texts.set(path, content);
      this.host.set(path, content);
    }
    return path;
  }

  index(): PathReferences {
    const references = new PathReferences(this.host, [folder], () => {});
    references.prepare();
    return references;
  }
}

/** All that an index says, by target. */
function said(references: PathReferences, targets: readonly string[]): unknown[] {
  return targets.map((target) => references.exactlyTo(target).map(({ path, offset }) => `${path}:${offset}`));
}

/** The targets that an index knows of; nobody else needs all of them. */
function targetsOf(references: PathReferences): readonly string[] {
  return [...(references as unknown as { references: Map<string, unknown> }).references.keys()];
}

describe('references by path literals', () => {
  it('are those of a fresh reading after any edits', () => {
    const property = fc.property(text, text, fc.array(edit, { maxLength: 12 }), (first, second, edits) => {
      const workspace = new Workspace();
      workspace.set('x.nix', first);
      workspace.set('sub/y.nix', second);
      const references = workspace.index();
      for (const { file, start, length, text: inserted, gone } of edits) {
        const before = workspace.texts.get(`${folder}/${file}`) ?? '';
        const from = Math.floor(start * before.length);
        const after = gone ? undefined : before.slice(0, from) + inserted + before.slice(from + length);
        const earlier = targetsOf(references);
        const wasReferring = new Map(earlier.map((target) => [target, refers(references, target, file)]));
        const different = references.changed([workspace.set(file, after)]);

        const fresh = workspace.index();
        const targets = [...new Set([...earlier, ...targetsOf(references), ...targetsOf(fresh)])].sort();
        deepStrictEqual(said(references, targets), said(fresh, targets));
        const expected = targets.filter(
          (target) => refers(fresh, target, file) !== (wasReferring.get(target) ?? false),
        );
        deepStrictEqual([...different].sort(), expected);
      }
    });
    fc.assert(property, seeded(500));
  });

  it('of one folder are there before the rest is read', () => {
    const workspace = new Workspace();
    const x = workspace.set('x.nix', './z.nix');
    const y = workspace.set('sub/y.nix', '../z.nix');
    const target = `${folder}/z.nix`;
    const places = (found: readonly PathReference[]): string[] =>
      found.map(({ path, offset }) => `${path}:${offset}`);
    const references = new PathReferences(workspace.host, [folder], () => {});
    deepStrictEqual(places(references.knownTo(target)), []);
    references.prepareFolder(`${folder}/sub`);
    deepStrictEqual(places(references.knownTo(target)), [`${y}:0`]);
    // A file that changes before the rest is read is read once, as it is then.
    references.changed([workspace.set('x.nix', ' ./z.nix')]);
    deepStrictEqual(places(references.knownTo(target)), [`${y}:0`, `${x}:1`]);
    deepStrictEqual(places(references.to(target)), [`${y}:0`, `${x}:1`]);
    references.prepareFolder(`${folder}/sub`);
    deepStrictEqual(places(references.to(target)), [`${y}:0`, `${x}:1`]);
  });

  it('of a folder outside the workspace are not read', () => {
    const workspace = new Workspace();
    workspace.set('sub/y.nix', '../z.nix');
    const references = new PathReferences(workspace.host, [`${folder}/other`], () => {});
    references.prepareFolder(`${folder}/sub`);
    deepStrictEqual(references.knownTo(`${folder}/z.nix`), []);
  });

  it('are shown from the folder of the workspace that they are in', () => {
    const shown = (folders: string[], path: string): string =>
      new PathReferences(new MemoryHost(new DiskHost()), folders, () => {}).shown(path);
    strictEqual(shown([folder], `${folder}/a/b.nix`), 'a/b.nix');
    strictEqual(shown([folder], `${folder}s/b.nix`), `${folder}s/b.nix`);
    strictEqual(shown(['/'], '/a/b.nix'), 'a/b.nix');
  });

  it('cost no reading of the whole file for an edit', () => {
    const workspace = new Workspace();
    const lines = Array.from({ length: 20_000 }, (_, i) => `  a${i} = callPackage ../pkgs/a${i} { };\n`);
    const large = `{\n${lines.join('')}}\n`;
    workspace.set('x.nix', large);
    const references = workspace.index();
    // The first edit has to read the file, since nothing keeps the texts of all files.
    const searched = (content: string): number => {
      const path = workspace.set('x.nix', content);
      return charactersSearched(() => references.changed([path]));
    };
    strictEqual(searched(`${large} `), large.length + 1);
    const middle = large.length / 2;
    for (let i = 1; i <= 5; i++) {
      const count = searched(`${large.slice(0, middle)}${'x'.repeat(i)}${large.slice(middle)} `);
      ok(count > 0 && count < 100, `${count} characters for an edit`);
    }
  });
});

/** How many characters are searched for path literals meanwhile. */
function charactersSearched(run: () => void): number {
  const { matchAll } = String.prototype;
  let count = 0;
  String.prototype.matchAll = function (this: string, pattern: RegExp) {
    count += this.length;
    return matchAll.call(this, pattern);
  };
  try {
    run();
  } finally {
    String.prototype.matchAll = matchAll;
  }
  return count;
}

function refers(references: PathReferences, target: string, file: string): boolean {
  return references.exactlyTo(target).some(({ path }) => path === `${folder}/${file}`);
}
