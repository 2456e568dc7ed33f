import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { encodeUtf8 } from '../../../server/src/base/bytes';
import { DiskHost, refuseIrregular, systemOfMachine } from '../../../server/src/host/disk-host';
import { nixPathFrom, nixPathOf, windowsPath } from '../../../server/src/host/host-path';
import { resolveSymlinks } from '../../../server/src/host/symbolic-links';

describe('disk host', () => {
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(tmpdir(), 'nixray-')));
  const root = nixPathOf(folder);
  const host = new DiskHost({ environment: ['NIXRAY_TEST'] });
  before(() => {
    fs.mkdirSync(path.join(folder, 'sub'));
    fs.writeFileSync(path.join(folder, 'sub', 'größe'), 'é');
    fs.writeFileSync(path.join(folder, 'run'), '', { mode: 0o755 });
    fs.symlinkSync('sub', path.join(folder, 'link'));
    fs.symlinkSync('loop', path.join(folder, 'loop'));
  });
  after(() => fs.rmSync(folder, { recursive: true }));

  it('reads bytes, also from a file whose name is no ASCII', () => {
    assert.equal(host.readFile(`${root}/sub/${encodeUtf8('größe')}`), encodeUtf8('é'));
    assert.deepEqual(host.readDirectory(`${root}/sub`), [{ name: encodeUtf8('größe'), type: 'regular' }]);
  });

  it('lives where its folder is gone, and says so when that is asked for', function () {
    if (process.platform === 'win32') this.skip();
    const here = process.cwd();
    const gone = fs.mkdtempSync(path.join(folder, 'gone-'));
    process.chdir(gone);
    try {
      fs.rmdirSync(gone);
      const homeless = new DiskHost();
      assert.equal(homeless.fileType(`${root}/run`), 'regular');
      assert.throws(() => homeless.workingDirectory, {
        message: 'cannot get cwd: No such file or directory',
      });
    } finally {
      process.chdir(here);
    }
  });

  it('reads files of any length', () => {
    const place = path.join(folder, 'sub', 'length');
    for (const length of [0, 1, 65_535, 65_536, 65_537, 131_072, 300_001]) {
      const bytes = Buffer.from(Array.from({ length }, (_, i) => (i * 7) % 256));
      fs.writeFileSync(place, bytes);
      assert.equal(host.readFile(`${root}/sub/length`), bytes.toString('latin1'), `${length} bytes`);
    }
    fs.rmSync(place);
  });

  it('has what is no regular file read as it is told', function () {
    if (process.platform === 'win32') this.skip();
    const told = new DiskHost({ readIrregular: (file, read) => `${file} has ${read().length} bytes` });
    assert.equal(told.readFile('/dev/null'), '/dev/null has 0 bytes');
    assert.equal(told.readFile(`${root}/run`), '');
    const refused = { message: "'/dev/null' is no regular file, so it is not read" };
    assert.throws(() => new DiskHost({ readIrregular: refuseIrregular }).readFile('/dev/null'), refused);
    assert.equal(host.readFile('/dev/null'), '');
  });

  it('tells types and links', () => {
    assert.equal(host.fileType(`${root}/link`), 'symlink');
    assert.equal(host.fileType(`${root}/run/below`), undefined);
    assert.equal(host.readLink(`${root}/link`), 'sub');
    assert.equal(host.isExecutable(`${root}/run`), true);
  });

  it('words errors as C++ Nix does', () => {
    const message = (text: string) => ({ message: text });
    assert.throws(() => host.readFile(`${root}/no`), message(`path '${root}/no' does not exist`));
    assert.throws(() => host.readFile(root), message(`file '${root}' is not a regular file`));
    assert.throws(() => host.readDirectory(`${root}/run`), message(`'${root}/run' is not a directory`));
    assert.throws(() => host.readLink(`${root}/run`), message(`file '${root}/run' is not a symlink`));
  });

  it('words what the system says of a path alike for every question', () => {
    const below = `${root}/loop/x`;
    const loop = { message: `getting status of '${below}': Too many levels of symbolic links` };
    assert.throws(() => host.fileType(below), loop);
    assert.throws(() => host.fileSize(below), loop);
    assert.throws(() => host.modificationTime(below), loop);
    assert.equal(host.modificationTime(`${root}/no`), 0);
    assert.equal(host.modificationTime(`${root}/run/below`), 0);
    assert.ok(host.modificationTime(`${root}/loop`) > 0);
  });

  it('streams a file with its size first', () => {
    const parts: string[] = [];
    host.streamFile(
      `${root}/sub/${encodeUtf8('größe')}`,
      (size) => parts.push(String(size)),
      (bytes) => parts.push(Buffer.from(bytes).toString('utf8')),
    );
    assert.deepEqual(parts, ['2', 'é']);
  });

  it('follows links part by part', () => {
    assert.equal(resolveSymlinks(host, `${root}/link/x`), `${root}/sub/x`);
    assert.equal(resolveSymlinks(host, `${root}/link`, 'ancestors'), `${root}/link`);
    assert.throws(() => resolveSymlinks(host, `${root}/loop`), {
      message: `infinite symlink recursion in path '${root}/loop'`,
    });
  });

  it('shows only the variables that are allowed', () => {
    process.env['NIXRAY_TEST'] = 'yes';
    assert.equal(host.getEnvironment('NIXRAY_TEST'), 'yes');
    assert.equal(host.getEnvironment('PATH'), undefined);
  });

  it('names drives of Windows and systems', () => {
    assert.equal(nixPathOf('C:\\Users\\me', true), '/c/Users/me');
    assert.equal(nixPathFrom('/c/src', 'D:\\x\\..\\a.nix', true), '/d/a.nix');
    assert.equal(nixPathFrom('/c/src', 'lib\\a.nix', true), '/c/src/lib/a.nix');
    assert.equal(nixPathFrom('/src', 'a\\b', false), '/src/a\\b');
    assert.equal(windowsPath('/c/Users/me'), 'C:\\Users\\me');
    assert.equal(windowsPath('/c'), 'C:\\');
    assert.equal(systemOfMachine('darwin', 'arm64'), 'aarch64-darwin');
    assert.equal(systemOfMachine('win32', 'x64'), 'x86_64-linux');
  });
});
