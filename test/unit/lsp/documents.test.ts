import { strictEqual } from 'node:assert/strict';
import { OpenDocument } from '../../../server/src/lsp/document';
import { Documents } from '../../../server/src/lsp/documents';

describe('documents', () => {
  it('have one at a path as long as any spelling of its URI is open', () => {
    const spellings = ['file:///a.nix', 'file:///%61.nix', 'file:/a.nix'];
    const opened = spellings.map(
      (uri) => new OpenDocument(uri, '/a.nix', 'nix', 1, uri, { pipeOperators: false }),
    );
    const documents = new Documents();
    for (const document of opened) documents.add(document);
    strictEqual(documents.at('/a.nix'), opened[2]);
    documents.remove(spellings[0]!);
    strictEqual(documents.at('/a.nix'), opened[2]);
    documents.remove(spellings[2]!);
    strictEqual(documents.at('/a.nix'), opened[1]);
    documents.remove(spellings[1]!);
    strictEqual(documents.at('/a.nix'), undefined);
    strictEqual(documents.remove(spellings[1]!), undefined);
  });
});
