// Hovers in a user's own file that imports nixpkgs, in the running server, against what C++ Nix
// takes for the same value as a whole process.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { nixpkgs, requireBoth, runs, sides, timed } from './kit/compare.mjs';
import { connect, requireServer } from './kit/editor.mjs';
import { ratioRow } from './kit/table.mjs';

export const name = 'nixpkgs in the running server, against C++ Nix as a whole process';

/** A user's file with some packages, a line each from the fourth on. */
function userFile(packages, n) {
  return [
    'let',
    '  pkgs = import <nixpkgs> { };',
    'in {',
    ...packages.map((each, i) => `  p${i} = pkgs.${each}.outPath;`),
    `  port = ${n};`,
    '}',
    '',
  ].join('\n');
}

const others = ['hello', 'git', 'vim', 'python3', 'thunderbird'];

export async function run() {
  requireBoth();
  requireServer();
  const folder = nixpkgs();
  if (folder === undefined) return undefined;
  const firsts = [];
  const edits = [];
  const warmed = [];
  for (let n = 0; n < runs; n++) {
    await withServer(folder, n, async (user) => {
      firsts.push(await user.pair('first.nix', ['firefox'], n));
      for (let i = 0; i < 3; i++) edits.push(await user.pairAfterEdit('first.nix', ['firefox'], 10 * n + i));
    });
    await withServer(folder, n, async (user) => {
      user.open('others.nix', others, n);
      for (const [i] of others.entries()) await user.hover('others.nix', others, i);
      warmed.push(await user.pair('second.nix', ['firefox'], n));
    });
  }
  return [
    ratioRow('hover firefox.outPath, the first question to a new server', firsts),
    ratioRow('the same after an edit of the file', edits, 0.1),
    ratioRow(`the same for the first time, after ${others.length} packages in another file`, warmed, 0.7),
  ];
}

/** A server with a folder of its own, and a cache of its own. */
async function withServer(checkout, n, use) {
  const folder = mkdtempSync(join(tmpdir(), 'nixray-bench-'));
  const editor = connect({
    searchPath: [`nixpkgs=${checkout}`],
    cache: { directory: join(folder, 'cache') },
    evaluation: { timeout: 60_000 },
  });
  try {
    await editor.initialize();
    await use(new User(editor, folder, checkout));
  } finally {
    editor.end();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Somebody who opens files, edits them and hovers. */
class User {
  #versions = new Map();

  constructor(editor, folder, checkout) {
    this.editor = editor;
    this.folder = folder;
    this.checkout = checkout;
  }

  #uri(file) {
    return pathToFileURL(join(this.folder, file)).href;
  }

  open(file, packages, n) {
    this.#versions.set(file, 1);
    this.editor.open(this.#uri(file), userFile(packages, n));
  }

  /** Hovers `outPath` of a package until it is there, and gives the value. */
  async hover(file, packages, index) {
    const line = 3 + index;
    const column = `  p${index} = pkgs.${packages[index]}.`.length + 1;
    for (let tries = 0; tries < 100; tries++) {
      const shown = await this.editor.hover(this.#uri(file), line, column);
      const value = /^```+nix\n([^]*?)\n```/.exec(shown)?.[1];
      if (value !== undefined && !value.includes('«thunk»')) return value;
    }
    throw new Error(`the hover on ${packages[index]} shows no value`);
  }

  async #pair(file, packages, n) {
    const start = performance.now();
    const value = await this.hover(file, packages, 0);
    const own = (performance.now() - start) / 1000;
    const expression = `"\${(import ./. { }).${packages[0]}.outPath}${n}"`;
    const { seconds, output } = timed(sides.reference(['-E', expression]), { cwd: this.checkout });
    if (output !== `${value.slice(0, -1)}${n}"`)
      throw new Error(`hover shows ${value}, C++ Nix gives ${output}`);
    return { own, reference: seconds };
  }

  /** Opens a file and hovers its first package. */
  pair(file, packages, n) {
    this.open(file, packages, n);
    return this.#pair(file, packages, n);
  }

  /** Changes the port, and hovers the first package. */
  pairAfterEdit(file, packages, n) {
    const version = this.#versions.get(file) + 1;
    this.#versions.set(file, version);
    const line = 3 + packages.length;
    const start = { line, character: '  port = '.length };
    this.editor.edit(this.#uri(file), version, start, { line, character: start.character }, '1');
    return this.#pair(file, packages, n);
  }
}
