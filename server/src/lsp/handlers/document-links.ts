/** Requests for the links in a document, and for where one of them leads. */
import type { CancellationToken, DocumentLink } from 'vscode-languageserver/node';
import { definitionAt } from '../../features/definition';
import { documentLinks } from '../../features/document-links';
import { readDocumentUri, readFields, readNatural, readParams, readString } from '../params';
import type { Parts } from '../parts';
import { locationOfDefinition } from './definition';

/** `textDocument/documentLink` */
export function documentLink(parts: Parts, params: unknown): DocumentLink[] | null {
  const document = parts.documents.get(readDocumentUri(params));
  if (document === undefined) return null;
  const { uri, version } = document;
  return documentLinks(document.parsed, document.path).map(({ range, page }) => ({
    range: document.positions.rangeOf(range),
    ...(page === undefined ? { data: { uri, version, offset: range.start } } : { target: page }),
  }));
}

/** `documentLink/resolve`: without a target, the editor says that there is none. */
export async function documentLinkResolve(
  parts: Parts,
  params: unknown,
  token: CancellationToken,
): Promise<unknown> {
  const link = readParams(params);
  // The page of a string is known from the start.
  if (typeof link.target === 'string') return link;
  const data = readFields(link.data, 'data');
  const document = parts.documents.get(readString(data.uri, 'data.uri'));
  const offset = readNatural(data.offset, 'data.offset');
  if (document === undefined || document.version !== data.version) return link;
  const definition = definitionAt(document.parsed, document.path, offset);
  const location = definition && (await locationOfDefinition(definition, parts, document, token));
  return location ? { ...link, target: location.uri } : link;
}
