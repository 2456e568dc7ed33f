/** Places and diagnostics of the inside as those of the protocol, and back. */
import type {
  Diagnostic as ProtocolDiagnostic,
  DiagnosticRelatedInformation,
  DiagnosticTag,
  Location as ProtocolLocation,
  SymbolKind as ProtocolSymbolKind,
} from 'vscode-languageserver/node';
import { diagnosticSource } from '../../../shared/src/protocol';
import type { Diagnostic, Place, RelatedPlace } from '../diagnostics/diagnostic';
import type { EvaluationFinding } from '../diagnostics/evaluation';
import type { EvaluationDiagnostic, Location } from '../evaluator/service';
import type { SymbolKind } from '../features/document-symbols';
import { foldTrace } from '../features/fold-trace';
import type { LibraryFiles } from '../features/library-files';
import { traceInwardOut } from '../features/trace';
import type { OpenDocument } from './document';
import type { Documents } from './documents';
import { fileUri } from './uris';

/** The protocol's numbers; its own constants would have to be loaded for them. */
const severities = { error: 1, warning: 2, hint: 4 } as const;
const unnecessaryTag: DiagnosticTag = 1;
const deprecatedTag: DiagnosticTag = 2;

export const symbolKinds: { readonly [kind in SymbolKind]: ProtocolSymbolKind } = {
  function: 12,
  set: 19,
  list: 18,
  string: 15,
  number: 16,
  path: 1,
  variable: 13,
};

/** A location in the URI that the editor knows the document by. */
export function protocolLocation(location: Location, documents: Documents): ProtocolLocation {
  const uri = documents.at(location.path)?.uri ?? fileUri(location.path);
  return { uri, range: { start: { ...location.range.start }, end: { ...location.range.end } } };
}

export function protocolDiagnostic(
  diagnostic: Diagnostic,
  document: OpenDocument,
  documents: Documents,
): ProtocolDiagnostic {
  const related = diagnostic.related.map(({ message, place }): DiagnosticRelatedInformation => {
    const location =
      place.kind === 'here'
        ? { uri: document.uri, range: document.positions.rangeOf(place.range) }
        : protocolLocation(place.location, documents);
    return { location, message };
  });
  const tags: DiagnosticTag[] = [
    ...(diagnostic.unnecessary === true ? [unnecessaryTag] : []),
    ...(diagnostic.deprecated === true ? [deprecatedTag] : []),
  ];
  return {
    range: document.positions.rangeOf(diagnostic.range),
    severity: severities[diagnostic.severity],
    source: diagnosticSource,
    code: diagnostic.code,
    message: diagnostic.message,
    ...(related.length > 0 ? { relatedInformation: related } : {}),
    ...(tags.length > 0 ? { tags } : {}),
    ...(diagnostic.similar && { data: { similar: diagnostic.similar } }),
  };
}

/** A diagnostic of the evaluator with its trace folded, and with the places in the document itself in bytes. */
export function evaluationFinding(
  { range, error, severity }: EvaluationDiagnostic,
  document: OpenDocument,
  libraries: LibraryFiles,
): EvaluationFinding {
  const related = traceInwardOut(error).filter(({ location }) => {
    if (location === undefined) return false;
    const place = placeOf(location, document);
    // That the error arises where the diagnostic stands goes without saying.
    return location !== error.location || place.kind !== 'here' || place.range.start !== range.start;
  });
  const trace = foldTrace(related, libraries).map(({ message, location }): RelatedPlace => ({
    message,
    place: placeOf(location!, document),
  }));
  const { message, code, location, similar } = error;
  // A name that another file has may stand in the range for something else.
  const isHere = location === undefined || location.path === document.path;
  return { range, message, code, severity, trace, ...(similar && isHere && { similar }) };
}

function placeOf(location: Location, document: OpenDocument): Place {
  if (location.path !== document.path) return { kind: 'elsewhere', location };
  const { start, end } = location.range;
  return {
    kind: 'here',
    range: { start: document.positions.clampedOffsetAt(start), end: document.positions.clampedOffsetAt(end) },
  };
}
