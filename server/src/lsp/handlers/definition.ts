/** Requests for the place that a name leads to. */
import type { CancellationToken, Location as ProtocolLocation } from 'vscode-languageserver/node';
import type { Bytes } from '../../base/bytes';
import { declarationAt } from '../../features/declaration';
import { implementationAt, optionAt } from '../../features/implementation';
import { definitionAt, inheritedAt, type Definition, type TextDefinition } from '../../features/definition';
import type { Host } from '../../host/host';
import { protocolLocation } from '../conversions';
import type { OpenDocument } from '../document';
import type { Parts } from '../parts';
import { TargetSearch } from '../target-search';
import { documentPlace } from './document-place';
import { valueOf } from './pending-value';

/** Through how many `inherit`s a definition is followed, and for how many milliseconds. */
const maxInherits = 8;
const inheritsTime = 2000;

type Request = (parts: Parts, params: unknown, token: CancellationToken) => Promise<ProtocolLocation | null>;

/** A request that is answered by the place that something at an offset leads to. */
function leadingTo(find: (document: OpenDocument, offset: number) => Definition | undefined): Request {
  return async (parts, params, token) => {
    const place = documentPlace(parts, params);
    if (place === undefined) return null;
    const { document, offset } = place;
    const found = find(document, offset);
    return found === undefined ? null : locationOfDefinition(found, parts, document, token);
  };
}

const leadingToDefinition = leadingTo(({ parsed, path }, offset) => definitionAt(parsed, path, offset));

/** `textDocument/definition` */
export const definition: Request = async (parts, params, token) => {
  const place = await leadingToDefinition(parts, params, token);
  return place && throughInherits(place, parts, token);
};

/** `textDocument/declaration` */
export const declaration = leadingTo(({ parsed }, offset) => declarationAt(parsed, offset));

const leadingToImplementation = leadingTo(({ parsed }, offset) => {
  const question = implementationAt(parsed, offset);
  return question && { kind: 'ask', question };
});

/** `textDocument/implementation`: of an option, whatever defines it. */
export async function implementation(
  parts: Parts,
  params: unknown,
  token: CancellationToken,
): Promise<ProtocolLocation | ProtocolLocation[] | null> {
  const place = documentPlace(parts, params);
  const option = place && optionAt(place.document.parsed, place.offset);
  if (option !== undefined) {
    const { document } = place!;
    const outcome = await valueOf(parts, document, token, (supervisor) =>
      supervisor.ask('definitions', document.path, option),
    );
    const found = 'result' in outcome ? outcome.result : [];
    if (found.length > 0) return found.map((each) => protocolLocation(each, parts.documents));
  }
  return leadingToImplementation(parts, params, token);
}

/** From a name that is inherited on to what is meant by it, in whatever file that is, as far as the evaluator knows. */
async function throughInherits(
  found: ProtocolLocation,
  parts: Parts,
  token: CancellationToken,
): Promise<ProtocolLocation> {
  const search = new TargetSearch(parts, token, inheritsTime);
  let place = found;
  for (let count = 0; count < maxInherits; count++) {
    const file = search.files.ofUri(place.uri);
    const next =
      file && inheritedAt(file.parsed, file.path, file.positions.clampedOffsetAt(place.range.start));
    if (next === undefined || next.kind === 'file') return place;
    const location =
      next.kind === 'ask' && (await search.ask((asked) => asked.ask('locate', file!.path, next.question)));
    if (next.kind === 'here') place = { uri: place.uri, range: file!.positions.rangeOf(next.range) };
    else if (location) place = protocolLocation(location, parts.documents);
    else return place;
  }
  return place;
}

/** Where a definition is, with the evaluator's help if it takes that. */
export async function locationOfDefinition(
  found: Definition,
  parts: Parts,
  document: OpenDocument,
  token: CancellationToken,
): Promise<ProtocolLocation | null> {
  if (found.kind !== 'ask') return textLocation(found, document, parts);
  const outcome = await valueOf(parts, document, token, (supervisor) =>
    supervisor.ask('locate', document.path, found.question),
  );
  const location = 'result' in outcome ? outcome.result : undefined;
  if (location !== undefined) return protocolLocation(location, parts.documents);
  return found.otherwise === undefined ? null : textLocation(found.otherwise, document, parts);
}

function textLocation(
  definition: TextDefinition,
  document: OpenDocument,
  { documents, disk }: Parts,
): ProtocolLocation | null {
  if (definition.kind === 'here')
    return { uri: document.uri, range: document.positions.rangeOf(definition.range) };
  const path = fileOf(disk, definition.path);
  const start = { line: 0, character: 0 };
  return path === undefined ? null : protocolLocation({ path, range: { start, end: start } }, documents);
}

/** A file that is there, or the `default.nix` of a folder. */
function fileOf(host: Host, path: Bytes): Bytes | undefined {
  const file = host.fileType(path) === 'directory' ? `${path}/default.nix` : path;
  return host.fileType(file) === undefined ? undefined : file;
}
