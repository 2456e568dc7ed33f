/** The cache of compiled code on disk, as processes of the built command line share it. */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { Segment } from '../../server/src/host/segment';
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

/** Bytes of which one is another. */
function garbled(bytes: Buffer, at: number): Buffer {
  const result = Buffer.from(bytes);
  result[at]! ^= 0xff;
  return result;
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

  async function evaluate(
    expression = `(import ./f${fileCount - 1}.nix).value`,
    cacheFolder = cache,
  ): Promise<string> {
    const child = spawn(process.execPath, [program, 'eval', '-E', expression], {
      cwd: folder.path,
      env: { ...process.env, NIXRAY_CACHE_DIRECTORY: cacheFolder },
    });
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    await once(child, 'close');
    return output;
  }

  /** The paths of the segments, the newest last. */
  function segments(): string[] {
    return filesNamed(/^segment-/).sort();
  }

  /** The names of the entries in the segments that are whole, one that is in several as often. */
  function entries(): string[] {
    return segments().flatMap((path) => {
      const segment = statSync(path).isFile() ? Segment.open(openSync(path, 'r')) : undefined;
      segment?.close();
      return Array.from({ length: segment?.count ?? 0 }, (_, i) => segment!.nameOf(i));
    });
  }

  function onlySegment(): string {
    const [segment, ...others] = segments();
    assert.deepEqual(others, []);
    return segment!;
  }

  /** What the folder holds, with the times of the files. */
  function state(): [path: string, time: number][] {
    return filesNamed(/./).map((path) => [path, statSync(path).mtimeMs]);
  }

  function filesNamed(pattern: RegExp): string[] {
    const [version, ...others] = existsSync(cache) ? readdirSync(cache) : [];
    if (version === undefined) return [];
    assert.deepEqual(others, []);
    const path = join(cache, version);
    return readdirSync(path)
      .filter((name) => pattern.test(name))
      .map((name) => join(path, name));
  }

  it('is filled by one process and read by the next, which writes nothing', async () => {
    assert.equal(await evaluate(), expected);
    onlySegment();
    assert.equal(entries().length, fileCount + rehearsals);
    const written = state();
    assert.equal(await evaluate(), expected);
    assert.deepEqual(state(), written);
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
    assert.deepEqual(filesNamed(/\.\d+$/), []);
    assert.equal(new Set(entries()).size, fileCount + rehearsals);
    assert.equal(await evaluate(), expected);
    const written = state();
    assert.equal(await evaluate(), expected);
    assert.deepEqual(state(), written);
  });

  it('adds what another evaluation compiles, in the place of what there was of the same files', async () => {
    assert.equal(await evaluate('(import ./f20.nix).value'), '210\n');
    const first = entries();
    assert.equal(await evaluate('toString (import ./f5.nix).names'), '"1-5 2-5 3-5"\n');
    assert.equal(segments().length, 2);
    assert.equal(entries().length, first.length + 1);
    const written = state();
    assert.equal(
      await evaluate('toString [ (import ./f20.nix).value (import ./f5.nix).names ]'),
      '"210 1-5 2-5 3-5"\n',
    );
    assert.deepEqual(state(), written);
  });

  /** Puts something else in the place of the one segment, and checks that it is made anew. */
  async function replaced(damage: (path: string, whole: Buffer) => void): Promise<void> {
    const path = onlySegment();
    const whole = readFileSync(path);
    damage(path, whole);
    assert.equal(await evaluate(), expected);
    assert.equal(readFileSync(onlySegment()).length, whole.length);
    assert.equal(entries().length, fileCount + rehearsals);
    const written = state();
    assert.equal(await evaluate(), expected);
    assert.deepEqual(state(), written);
  }

  it('replaces a segment that is cut off, or of which the head is garbled', async () => {
    assert.equal(await evaluate(), expected);
    await replaced((path, whole) => truncateSync(path, whole.length - 1));
    await replaced((path) => truncateSync(path, 0));
    await replaced((path, whole) => writeFileSync(path, garbled(whole, 70)));
  });

  it('replaces a folder or a pipe in the place of a segment', async function () {
    // Windows knows no such pipes, and opens no folders.
    if (process.platform === 'win32') this.skip();
    assert.equal(await evaluate(), expected);
    await replaced((path) => {
      rmSync(path);
      mkdirSync(path);
      writeFileSync(join(path, 'file'), 'text');
    });
    await replaced((path) => {
      rmSync(path);
      assert.equal(spawnSync('mkfifo', [path]).status, 0);
    });
  });

  it('compiles anew what is garbled, and nothing else', async () => {
    assert.equal(await evaluate(), expected);
    const path = onlySegment();
    const whole = readFileSync(path);
    writeFileSync(path, garbled(whole, whole.length - 10));
    assert.equal(await evaluate(), expected);
    assert.equal(segments().length, 2);
    // One entry is there once more.
    assert.equal(entries().length, fileCount + rehearsals + 1);
    const written = state();
    assert.equal(await evaluate(), expected);
    assert.deepEqual(state(), written);
  });

  it('is merged while other processes read and write it, and all of them are right', async function () {
    this.timeout(60_000);
    const chain = (last: number) => `(import ./f${last}.nix).value`;
    const sum = (last: number) => `${(last * (last + 1)) / 2}\n`;
    for (let last = 0; last < 12; last++) assert.equal(await evaluate(chain(last)), sum(last));
    const [first] = segments();
    assert.ok(segments().length > 6 && first !== undefined);
    const lasts = [20, 59, 30, 59, 11, 40];
    assert.deepEqual(await Promise.all(lasts.map((last) => evaluate(chain(last)))), lasts.map(sum));
    for (let last = 41; last < 54; last++) {
      const names = `toString (import ./f${last}.nix).names`;
      assert.equal(await evaluate(names), `"1-${last} 2-${last} 3-${last}"\n`);
    }
    assert.ok(!existsSync(first));
    assert.ok(segments().length <= 12);
    assert.equal(new Set(entries()).size, fileCount + rehearsals);
    assert.deepEqual(filesNamed(/\.\d+$/), []);
    assert.equal(await evaluate(), expected);
  });

  it('is done without where its folder cannot be made', async () => {
    folder.write('file', '');
    assert.equal(await evaluate(undefined, join(folder.path, 'file/cache')), expected);
    assert.equal(readFileSync(join(folder.path, 'file'), 'utf8'), '');
  });

  it('keeps the code of libraries, and of no file of the workspace, when the editor is idle', async function () {
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
      const count = (): number => entries().length;
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
