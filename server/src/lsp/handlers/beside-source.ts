/** Requests for what stands beside the source: values as hints, and where arguments come from as lenses. */
import type { CancellationToken, CodeLens, InlayHint } from 'vscode-languageserver/node';
import { chooseCallCommand, showValueCommand } from '../../../../shared/src/protocol';
import type { ShortValue } from '../../evaluator/service';
import { blockNames } from '../../features/block-names';
import { functionLenses } from '../../features/code-lenses';
import { bindingHints, commentHints, packageHints, type ValueHint } from '../../features/value-hints';
import { readDocumentUri, readFields, readNatural, readParams, readRange, readString } from '../params';
import type { OpenDocument } from '../document';
import type { Parts } from '../parts';
import { valueOf } from './pending-value';

/** `textDocument/inlayHint` */
export async function inlayHint(
  parts: Parts,
  params: unknown,
  token: CancellationToken,
): Promise<InlayHint[] | null> {
  const document = parts.documents.get(readDocumentUri(params));
  const given = readRange(readParams(params).range, 'range');
  if (document === undefined) return null;
  // The settings are not known before.
  await parts.evaluation.ready;
  const { positions, parsed } = document;
  const range = { start: positions.clampedOffsetAt(given.start), end: positions.clampedOffsetAt(given.end) };
  const settings = parts.settings.current;
  const names = settings['inlayHints.blocks'] ? blockNames(parsed, range) : [];
  const shown = names.map(({ at, name }) => plainHint(at, name, document));
  const hints = settings['inlayHints.comments'] ? commentHints(parsed, range) : [];
  if (settings['inlayHints.values']) hints.push(...bindingHints(parsed, range));
  if (settings['inlayHints.packages']) hints.push(...packageHints(parsed, range));
  if (hints.length === 0) return shown;
  const requests = hints.map(({ request }) => request);
  const outcome = await valueOf(parts, document, token, (supervisor) =>
    supervisor.ask('values', document.path, requests),
  );
  if ('stopped' in outcome) return shown;
  return [...shown, ...hints.flatMap((hint, i) => valueHint(hint, outcome.result[i], document))];
}

/** A binding that fails has a diagnostic, and no hint. */
function valueHint(
  { at, request }: ValueHint,
  value: ShortValue | undefined,
  document: OpenDocument,
): InlayHint[] {
  const isBinding = request.kind === 'binding';
  if (value === undefined || (value.failed && isBinding)) return [];
  const label = isBinding ? `= ${value.text}` : value.text;
  return [plainHint(at, label, document)];
}

function plainHint(at: number, label: string, { positions }: OpenDocument): InlayHint {
  return { position: positions.positionAt(at), label, paddingLeft: true };
}

/** `textDocument/codeLens` */
export async function codeLens(parts: Parts, params: unknown): Promise<CodeLens[] | null> {
  const document = parts.documents.get(readDocumentUri(params));
  if (document === undefined) return null;
  await parts.evaluation.ready;
  // Without evaluation no lens would have anything to say.
  if (!parts.settings.current['codeLens.enabled'] || parts.evaluation.obstacle !== undefined) return [];
  const { uri, version } = document;
  const lenses: CodeLens[] = functionLenses(document.parsed).map(({ range, offset }) => ({
    range: document.positions.rangeOf(document.positions.firstLineOf(range)),
    data: { uri, version, offset },
  }));
  return parts.clientCommands.has(showValueCommand) ? [valueLens(document), ...lenses] : lenses;
}

/** Stands above the expression that the document consists of. */
function valueLens({ parsed, positions }: OpenDocument): CodeLens {
  const { root, rootAt } = parsed;
  const range = positions.rangeOf(positions.firstLineOf({ start: rootAt, end: rootAt + root.width }));
  return { range, command: { title: 'show value', command: showValueCommand } };
}

/** `codeLens/resolve` */
export async function codeLensResolve(
  parts: Parts,
  params: unknown,
  token: CancellationToken,
): Promise<unknown> {
  const lens = readParams(params);
  const data = readFields(lens.data, 'data');
  const uri = readString(data.uri, 'data.uri');
  const offset = readNatural(data.offset, 'data.offset');
  const document = parts.documents.get(uri);
  if (document === undefined || document.version !== data.version) return { ...lens, command: titled('…') };
  const outcome = await valueOf(parts, document, token, (supervisor) =>
    supervisor.ask('argumentSource', document.path, offset),
  );
  if ('stopped' in outcome) return { ...lens, command: titled('no call is known yet') };
  if (outcome.result === undefined) return { ...lens, command: titled('no call is known') };
  const title = `values ${outcome.result}`;
  if (!parts.clientCommands.has(chooseCallCommand)) return { ...lens, command: titled(title) };
  const position = document.positions.positionAt(offset);
  return { ...lens, command: { title, command: chooseCallCommand, arguments: [uri, position] } };
}

/** A lens without a command is text. */
function titled(title: string): { title: string; command: string } {
  return { title, command: '' };
}
