import assert from 'node:assert/strict';
import { MemoryHost } from '../../../server/src/host/memory-host';
import { EmptyHost } from '../../../server/src/host/empty-host';
import { RecordingHost, type Access } from '../../../server/src/host/recording-host';

describe('memory host', () => {
  const host = new MemoryHost(new EmptyHost());
  host.set('/a/b/c.nix', '1');
  host.set('/a/d.nix', '2');

  it('has the documents and the folders that they need', () => {
    assert.equal(host.readFile('/a/b/c.nix'), '1');
    assert.equal(host.fileType('/a/b'), 'directory');
    assert.equal(host.fileType('/a/d.nix'), 'regular');
    assert.equal(host.fileType('/x'), undefined);
    assert.deepEqual(host.readDirectory('/a'), [
      { name: 'b', type: 'directory' },
      { name: 'd.nix', type: 'regular' },
    ]);
  });

  it('has a document without a file in no folder', () => {
    host.set('/a/untitled:Untitled-1', '3');
    assert.equal(host.readFile('/a/untitled:Untitled-1'), '3');
    assert.deepEqual(
      host.readDirectory('/a').map(({ name }) => name),
      ['b', 'd.nix'],
    );
    host.delete('/a/untitled:Untitled-1');
  });

  it('leaves symbolic links what they are', () => {
    class Links extends EmptyHost {
      override fileType(path: string) {
        return path.startsWith('/l/') ? 'symlink' : super.fileType(path);
      }
      override readDirectory() {
        return ['file', 'folder'].map((name) => ({ name, type: 'symlink' as const }));
      }
    }
    const links = new MemoryHost(new Links());
    links.set('/l/file', '');
    links.set('/l/folder/x', '');
    for (const { name, type } of links.readDirectory('/l')) {
      assert.equal(type, 'symlink', name);
      assert.equal(links.fileType(`/l/${name}`), type, name);
    }
  });

  it('lets the host below answer for a document that was closed', () => {
    host.set('/gone', 'x');
    host.delete('/gone');
    assert.equal(host.fileType('/gone'), undefined);
    assert.throws(() => host.readFile('/gone'), { message: "path '/gone' does not exist" });
  });

  it('is recorded, also where nothing is found', () => {
    const seen: [string, Access][] = [];
    const recording = new RecordingHost(host, (path, access) => seen.push([path, access]));
    recording.readFile('/a/d.nix');
    recording.fileType('/missing');
    assert.throws(() => recording.readDirectory('/missing'));
    assert.deepEqual(seen, [
      ['/a/d.nix', 'read'],
      ['/missing', 'missed'],
      ['/missing', 'listed'],
      ['/missing', 'missed'],
    ]);
  });
});
