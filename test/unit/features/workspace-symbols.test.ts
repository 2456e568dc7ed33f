import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { finish } from '../../../server/src/base/portions';
import { WorkspaceSymbols, type SearchedDocument } from '../../../server/src/features/workspace-symbols';
import { DiskHost } from '../../../server/src/host/disk-host';
import { nixPathOf } from '../../../server/src/host/host-path';
import { parse } from '../../../server/src/syntax/parse';

describe('workspace symbols', () => {
  let folder: string;
  let symbols: WorkspaceSymbols;
  const pathOf = (file: string): string => nixPathOf(join(folder, file));
  const write = (file: string, text: string): void => {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  };
  /** What is found, as `file:offset name`. */
  const search = (query: string, documents: readonly SearchedDocument[] = []): string[] =>
    finish(symbols.search(query, documents)).map(({ path, symbol, text }) => {
      strictEqual(text.slice(symbol.at, symbol.at + symbol.width), symbol.name);
      return `${path.slice(pathOf('').length + 1)}:${symbol.at} ${symbol.name}`;
    });

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'nixray-symbols-'));
    write('a.nix', '{ firefox = 1; fire = 2; }');
    write('deep/er/b.nix', '{ x.y = { firefox = 1; }; firefox = 2; }');
    write('.git/c.nix', '{ firefox = 1; }');
    write('d.txt', '{ firefox = 1; }');
    symbols = new WorkspaceSymbols(new DiskHost(), { pipeOperators: false });
    symbols.cover([nixPathOf(folder)]);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('are those of all Nix files, the best first', () => {
    deepStrictEqual(search('firefox'), [
      'a.nix:2 firefox',
      'deep/er/b.nix:26 firefox',
      'deep/er/b.nix:10 firefox',
    ]);
    deepStrictEqual(search('frox').length, 3);
    deepStrictEqual(search('nothing'), []);
  });

  it('of documents come first, with the text that they have', () => {
    const documents = [{ path: pathOf('deep/er/b.nix'), parsed: parse('let firefox = 1; in 2') }];
    deepStrictEqual(search('firefox', documents), ['deep/er/b.nix:4 firefox', 'a.nix:2 firefox']);
  });

  it('follow what is told of files', () => {
    search('');
    write('a.nix', '{ chromium = 1; }');
    write('new/e.nix', '{ chromium = 1; }');
    rmSync(join(folder, 'deep'), { recursive: true });
    symbols.changed(['a.nix', 'new', 'deep/er/b.nix'].map(pathOf));
    deepStrictEqual(search('chromium'), ['a.nix:2 chromium', 'new/e.nix:2 chromium']);
    deepStrictEqual(search('firefox'), []);
    symbols.changed(['/nixray-elsewhere/f.nix']);
  });

  it('lead to no wrong place where nobody told of a change', () => {
    search('');
    write('a.nix', '# moved\n{ firefox = 1; }');
    rmSync(join(folder, 'deep'), { recursive: true });
    deepStrictEqual(search('firefox'), ['a.nix:10 firefox']);
  });

  it('are read anew for other folders', () => {
    search('');
    symbols.cover([pathOf('deep')]);
    deepStrictEqual(search('firefox').length, 2);
    symbols.cover([]);
    deepStrictEqual(search('firefox'), []);
  });

  it('go on where a search was given up', () => {
    const given = symbols.search('firefox', []);
    given.next();
    given.return([]);
    strictEqual(search('firefox').length, 3);
  });

  it('keep to a number that an editor can show, with pauses', () => {
    write('many.nix', `{ ${Array.from({ length: 9000 }, (_, i) => `firefox${i} = 1;`).join(' ')} }`);
    let pauses = 0;
    const work = symbols.search('firefox', []);
    for (let step = work.next(); ; step = work.next()) {
      if (step.done === true) {
        strictEqual(step.value.length, 200);
        break;
      }
      pauses++;
    }
    ok(pauses > 6);
  });
});
