import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import { decodeUtf8 } from '../../../server/src/base/bytes';
import { definitionAt } from '../../../server/src/features/definition';
import { documentLinks } from '../../../server/src/features/document-links';
import { pageOfReference } from '../../../server/src/features/flake-pages';
import { parse } from '../../../server/src/syntax/parse';

/** The texts of the links, with their pages. */
const links = (text: string, path = '/d/file.nix'): (string | [string, string])[] =>
  documentLinks(parse(text), path).map(({ range, page }) => {
    const linked = decodeUtf8(text.slice(range.start, range.end));
    return page === undefined ? linked : [linked, page];
  });

describe('document links', () => {
  it('are path literals', () => {
    const text = '[ ./a ../b/c <nixpkgs/lib> /etc ./${x}/y "./no" ] # ./no';
    deepStrictEqual(links(text), ['./a', '../b/c', '<nixpkgs/lib>', '/etc', './${x}/y']);
  });

  it('are strings that are a page, or a source tree that has one', () => {
    deepStrictEqual(links('[ "https://a.b/c?d#e" http://f.g "github:o/r" "see https://a.b" "x:y" "" ]'), [
      ['https://a.b/c?d#e', 'https://a.b/c?d#e'],
      ['http://f.g', 'http://f.g'],
      ['github:o/r', 'https://github.com/o/r'],
    ]);
    deepStrictEqual(links('"https://a.b/${c}"'), []);
  });

  it('lead to the pages of source trees', () => {
    const commit = '0123456789abcdef0123456789abcdef01234567';
    const pages = {
      'github:NixOS/nixpkgs/nixos-25.11': 'https://github.com/NixOS/nixpkgs/tree/nixos-25.11',
      [`github:o/r/${commit}`]: `https://github.com/o/r/tree/${commit}`,
      'github:o/r?dir=a/b': 'https://github.com/o/r/tree/HEAD/a/b',
      'github:o/r/v1?dir=a': 'https://github.com/o/r/tree/v1/a',
      'github:o/r?host=git.example.org': 'https://git.example.org/o/r',
      'github:o/r/feature/x': 'https://github.com/o/r/tree/feature/x',
      'gitlab:o/r/v1': 'https://gitlab.com/o/r/-/tree/v1',
      'sourcehut:~o/r/v1?dir=a': 'https://git.sr.ht/~o/r/tree/v1/item/a',
      'git+https://a.b/c.git?ref=main': 'https://a.b/c.git',
      'tarball+https://a.b/c.tar.gz': 'https://a.b/c.tar.gz',
    };
    for (const [reference, page] of Object.entries(pages))
      strictEqual(pageOfReference(reference), page, reference);
    for (const reference of [
      'github:o',
      'github:o/r?what=1',
      'github:o/r/a b',
      'nixpkgs',
      'git+ssh://a/b',
      'path:./x',
    ])
      strictEqual(pageOfReference(reference), undefined, reference);
  });

  it('lead from a flake to the flakes on disk that are its inputs', () => {
    const text =
      '{ inputs.a.url = "path:./x"; inputs.b = { url = "../y?dir=z"; }; inputs.c.url = "nixpkgs"; d.url = "./no"; }';
    deepStrictEqual(links(text, '/d/flake.nix'), ['path:./x', '../y?dir=z']);
    deepStrictEqual(links(text), []);
    const target = (at: string): unknown => definitionAt(parse(text), '/d/flake.nix', text.indexOf(at) + 1);
    deepStrictEqual(target('path:./x'), { kind: 'file', path: '/d/x/flake.nix' });
    deepStrictEqual(target('../y'), { kind: 'file', path: '/y/flake.nix' });
    strictEqual(target('./no'), undefined);
  });
});
