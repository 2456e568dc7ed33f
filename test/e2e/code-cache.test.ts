/** The cache of compiled code on disk, as processes of the built command line share it. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Editor } from './editor';
import { TestFolder } from './folder';

const program = join(__dirname, '../../dist/nixray.js');

const fileCount = 60;

/** An evaluation of so many files is rehearsed, and the code of that program is kept, too. */
const rehearsals = 1;

/** Files that import each other in a chain, each with functions of its own to compile. */
function sources(): Record<string, string> {
  const files: Record<string, string> = { 'f0.nix': '{ value = 0; }' };
  for (let i = 1; i < fileCount; i++) {
    files[`f${i}.nix`] = `let
      before = import ./f${i - 1}.nix;
      add = a: b: a + b;
    in { value = add before.value ${i}; names = map (n: "\${toString n}-${i}") [ 1 2 3 ]; }`;
  }
  return files;
}

const expected = `${(fileCount * (fileCount - 1)) / 2}\n`;

describe('the cache of compiled code on disk', () => {
  let folder: TestFolder;
  let cache: string;
  beforeEach(() => {
    folder = new TestFolder(sources());
    cache = join(folder.path, 'cache');
  });
  afterEach(() => folder.dispose());

  async function evaluate(expression = `(import ./f${fileCount - 1}.nix).value`): Promise<string> {
    const child = spawn(process.execPath, [program, 'eval', '-E', expression], {
      cwd: folder.path,
      env: { ...process.env, NIXRAY_CACHE_DIRECTORY: cache },
    });
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    await once(child, 'close');
    return output;
  }

  /** The paths of the entries. */
  function entries(): string[] {
    return filesNamed(/^[0-9a-f]{40}-/);
  }

  function filesNamed(pattern: RegExp): string[] {
    const [version, ...others] = readdirSync(cache);
    assert.deepEqual(others, []);
    const path = join(cache, version!);
    return readdirSync(path)
      .filter((name) => pattern.test(name))
      .map((name) => join(path, name));
  }

  it('is filled by one process and read by the next, which writes nothing', async () => {
    assert.equal(await evaluate(), expected);
    const written = entries().map((path) => [path, statSync(path).mtimeMs]);
    assert.equal(written.length, fileCount + rehearsals);
    assert.equal(await evaluate(), expected);
    assert.deepEqual(
      entries().map((path) => [path, statSync(path).mtimeMs]),
      written,
    );
  });

  it('has the code that V8 made of the program, which V8 takes in the next process', async () => {
    assert.equal(await evaluate(), expected);
    const written = filesNamed(/^v8-/).map((path) => [path, statSync(path).mtimeMs]);
    assert.equal(written.length, 1);
    // Where V8 does not take the code, for example since it was made with other flags, it is written anew.
    assert.equal(await evaluate(), expected);
    assert.deepEqual(
      filesNamed(/^v8-/).map((path) => [path, statSync(path).mtimeMs]),
      written,
    );
  });

  it('is filled by several processes at once, and all of them are right', async () => {
    const names = `(import ./f${fileCount - 1}.nix).names`;
    const outputs = await Promise.all([evaluate(), evaluate(), evaluate(), evaluate(`toString ${names}`)]);
    assert.deepEqual(outputs, [expected, expected, expected, '"1-59 2-59 3-59"\n']);
    // No half-written files are left over.
    assert.equal(entries().length, fileCount + rehearsals);
    assert.equal(await evaluate(), expected);
  });

  it('replaces entries that are cut off or garbled', async () => {
    assert.equal(await evaluate(), expected);
    const [first, second, third] = entries();
    const whole = [first!, second!, third!].map((path) => readFileSync(path));
    truncateSync(first!, 60);
    truncateSync(second!, 0);
    writeFileSync(
      third!,
      whole[2]!.map((byte, i) => (i === 70 ? byte ^ 0xff : byte)),
    );
    assert.equal(await evaluate(), expected);
    [first!, second!, third!].forEach((path, i) => assert.deepEqual(readFileSync(path), whole[i]));
  });

  it('keeps the code of libraries, and of no file of the workspace, when the editor is idle', async function () {
    this.timeout(30_000);
    const text = `let library = import ${folder.path}/f9.nix; local = import ./local.nix; in library.value + local`;
    folder.write('project/main.nix', text);
    folder.write('project/local.nix', '1 + 1');
    const settings = { cache: { directory: cache } };
    const editor = await Editor.start({
      folder: join(folder.path, 'project'),
      settings,
    });
    try {
      editor.open(folder.uri('project/main.nix'), text);
      assert.equal(await editor.value(folder.uri('project/main.nix'), 0, text.indexOf('+ local')), '47');
      const count = (): number => (existsSync(cache) ? entries().length : 0);
      assert.equal(count(), 0);
      const libraries = 10;
      while (count() < libraries + rehearsals) await new Promise((resolve) => setTimeout(resolve, 100));
      await new Promise((resolve) => setTimeout(resolve, 500));
      assert.equal(count(), libraries + rehearsals);
    } finally {
      editor.kill();
    }
  });
});
