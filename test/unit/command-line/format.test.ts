// nixray format: files in the format of nixfmt.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Folder, run } from './run';

const files = {
  'good.nix': '{ a = 1; }\n',
  'other.nix': '{a=1;\n}\n',
  'bad/syntax.nix': '{ a = ; }\n',
};

describe('nixray format', () => {
  let folder: Folder;
  beforeEach(() => (folder = new Folder(files)));
  afterEach(() => folder.remove());
  const text = (name: string): string => readFileSync(join(folder.path, name), 'utf8');

  it('rewrites the files that are not in the format, and names them', () => {
    const { code, out, err } = folder.run(['format', 'good.nix', 'other.nix']);
    assert.deepEqual([code, out, err], [0, '/here/other.nix\n', '']);
    assert.equal(text('other.nix'), '{\n  a = 1;\n}\n');
    assert.equal(text('good.nix'), files['good.nix']);
  });

  it('leaves files with syntax errors as they are, and goes on', () => {
    const { code, out, err } = folder.run(['format', '.']);
    assert.equal(code, 1);
    assert.equal(out, '/here/other.nix\n');
    assert.match(err, /^error: syntax error, unexpected ';'.*\n {7}at \/here\/bad\/syntax\.nix:1:7:/);
    assert.equal(text('bad/syntax.nix'), files['bad/syntax.nix']);
  });

  it('shows a part of a long line that it cannot format', () => {
    const { code, err } = run(['format', '-'], `[ ${'1 '.repeat(10_000)}= ]`);
    assert.equal(code, 1);
    assert.ok(err.length < 1000, err.slice(0, 2000));
  });

  it('only looks at files, if that is wanted', () => {
    const { code, out } = folder.run(['format', '--check', 'good.nix', 'other.nix']);
    assert.deepEqual([code, out], [1, '/here/other.nix\n']);
    assert.equal(text('other.nix'), files['other.nix']);
    assert.equal(folder.run(['format', '--check', 'good.nix']).code, 0);
  });

  it('prints what it makes of standard input', () => {
    assert.deepEqual(run(['format', '-'], '[ "ä"\n]').out, '[\n  "ä"\n]\n');
    const { code, out } = run(['format', '--check', '-'], '[ ]');
    assert.deepEqual([code, out], [1, '«stdin»\n']);
  });

  it('breaks lines where it is told to', () => {
    const sum = 'aaaaaaaaaa + bbbbbbbbbb';
    assert.equal(run(['format', '-'], sum).out, `${sum}\n`);
    assert.equal(run(['format', '--width', '20', '-'], sum).out, 'aaaaaaaaaa\n+ bbbbbbbbbb\n');
    assert.equal(run(['format', '--width=20', '-'], sum).out, 'aaaaaaaaaa\n+ bbbbbbbbbb\n');
  });

  it('says what is wrong with its arguments', () => {
    assert.match(run(['format']).err, /^error: no file or folder is named\n/);
    assert.match(run(['format', '--width', 'x', '-']).err, /^error: 'x' is not a number of characters\n/);
    assert.match(run(['format', '--width', '0', '-']).err, /^error: '0' is not a number of characters\n/);
    assert.match(run(['format', 'none.nix']).err, /none\.nix' does not exist/);
    assert.match(run(['format', '--help']).out, /^Usage: nixray format /);
  });
});
