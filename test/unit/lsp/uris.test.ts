import { strictEqual } from 'node:assert/strict';
import { documentPath, filePath, fileUri } from '../../../server/src/lsp/uris';

describe('uris', () => {
  for (const [uri, path] of [
    ['file:///a/b.nix', '/a/b.nix'],
    ['file:///a/./c/../b.nix', '/a/b.nix'],
    ['file:///a%20b/gr%C3%BC%C3%9Fe.nix', '/a b/gr\xc3\xbc\xc3\x9fe.nix'],
    ['file:///a/grüße.nix', '/a/gr\xc3\xbc\xc3\x9fe.nix'],
    ['file:///c%3A/src/a.nix', '/c/src/a.nix'],
    ['file:///C:/src/a.nix', '/c/src/a.nix'],
    ['file://localhost/a.nix', '/a.nix'],
    ['file:/a.nix', '/a.nix'],
    ['FILE:///a.nix#L3', '/a.nix'],
    ['untitled:Untitled-1', undefined],
    ['file:a.nix', undefined],
    ['', undefined],
  ] as const) {
    it(`reads ${uri}`, () => strictEqual(filePath(uri), path));
  }

  it('writes paths as VS Code does', () => {
    strictEqual(fileUri('/a b/gr\xc3\xbc\xc3\x9fe.nix', false), 'file:///a%20b/gr%C3%BC%C3%9Fe.nix');
    strictEqual(fileUri('/c/src/a.nix', true), 'file:///c%3A/src/a.nix');
    strictEqual(fileUri('/c/src/a.nix', false), 'file:///c/src/a.nix');
    strictEqual(filePath(fileUri('/#?%[]/\xff', false)), '/#?%[]/\xff');
  });

  it('gives documents without a file a path in the folder', () => {
    strictEqual(documentPath('untitled:Untitled-1', '/work'), '/work/untitled:Untitled-1');
    strictEqual(documentPath('git:/a/b.nix?ref', '/work'), '/work/git:_a_b.nix?ref');
    strictEqual(documentPath('nonsense', '/work'), '/work/document:nonsense');
    strictEqual(documentPath('file:///a.nix', '/work'), '/a.nix');
  });
});
