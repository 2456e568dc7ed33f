/** Requests about the structure of a document, which its tree alone answers. */
import type {
  DocumentSymbol as ProtocolSymbol,
  FoldingRange,
  SelectionRange,
} from 'vscode-languageserver/node';
import { documentSymbols, type DocumentSymbol } from '../../features/document-symbols';
import { folds } from '../../features/folding';
import { selectionRanges } from '../../features/selection-ranges';
import { symbolKinds } from '../conversions';
import type { OpenDocument } from '../document';
import { readDocumentUri, readList, readParams, readPosition } from '../params';
import type { Parts } from '../parts';

/** `textDocument/documentSymbol` */
export function documentSymbol(parts: Parts, params: unknown): ProtocolSymbol[] | null {
  const document = parts.documents.get(readDocumentUri(params));
  if (document === undefined) return null;
  return documentSymbols(document.parsed).map((symbol) => protocolSymbol(symbol, document));
}

function protocolSymbol(
  { name, kind, range, nameRange, children }: DocumentSymbol,
  document: OpenDocument,
): ProtocolSymbol {
  return {
    name,
    kind: symbolKinds[kind],
    range: document.positions.rangeOf(range),
    selectionRange: document.positions.rangeOf(nameRange),
    children: children.map((child) => protocolSymbol(child, document)),
  };
}

/** `textDocument/foldingRange` */
export function foldingRange(parts: Parts, params: unknown): FoldingRange[] | null {
  const document = parts.documents.get(readDocumentUri(params));
  if (document === undefined) return null;
  return folds(document.parsed)
    .map(({ range, kind }) => {
      const { start, end } = document.positions.rangeOf(range);
      // The line of the closing bracket stays in sight.
      const endLine = kind === 'code' ? end.line - 1 : end.line;
      return { startLine: start.line, endLine, ...(kind === 'comment' ? { kind } : {}) };
    })
    .filter(({ startLine, endLine }) => endLine > startLine);
}

/** `textDocument/selectionRange` */
export function selectionRange(parts: Parts, params: unknown): SelectionRange[] | null {
  const document = parts.documents.get(readDocumentUri(params));
  const positions = readList(readParams(params).positions, 'positions').map((position) =>
    readPosition(position, 'positions'),
  );
  if (document === undefined) return null;
  return positions.map((position) => {
    const ranges = selectionRanges(document.parsed, document.positions.clampedOffsetAt(position));
    return nested(ranges.map((range) => ({ range: document.positions.rangeOf(range) })));
  });
}

/** Each range with the next one as its parent; there is at least one. */
function nested(ranges: readonly SelectionRange[]): SelectionRange {
  return ranges.reduceRight((parent, { range }) => ({ range, parent }));
}
