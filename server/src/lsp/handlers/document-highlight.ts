/** The request about the places of a document that mean the name at one of them. */
import type { DocumentHighlight } from 'vscode-languageserver/node';
import { highlightsAt } from '../../features/references';
import type { Parts } from '../parts';
import { documentPlace } from './document-place';

/** The protocol's numbers. */
const highlightKinds = { read: 2, write: 3 } as const;

/** `textDocument/documentHighlight` */
export function documentHighlight(parts: Parts, params: unknown): DocumentHighlight[] | null {
  const place = documentPlace(parts, params);
  if (place === undefined) return null;
  const { document, offset } = place;
  return highlightsAt(document.parsed, offset).map(({ range, kind }) => ({
    range: document.positions.rangeOf(range),
    kind: highlightKinds[kind],
  }));
}
