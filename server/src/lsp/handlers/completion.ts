/** Requests for what can be written at a place, and for more about one of the proposals. */
import {
  LSPErrorCodes,
  ResponseError,
  type CancellationToken,
  type CompletionItem as ProtocolItem,
  type CompletionList,
  type Range as ProtocolRange,
} from 'vscode-languageserver/node';
import type { Bytes } from '../../base/bytes';
import type { Range } from '../../base/range';
import type { ValueReport } from '../../evaluator/service';
import { chosenItems, completionAt } from '../../features/completion';
import {
  memberItems,
  type Completion,
  type CompletionItem,
  type CompletionKind,
} from '../../features/completion/items';
import { pathItems } from '../../features/completion/paths';
import { fenced } from '../../features/hover';
import { isFlake } from '../../host/path';
import type { OpenDocument } from '../document';
import { readFields, readList, readNatural, readParams, readString } from '../params';
import type { Parts } from '../parts';
import { documentPlace } from './document-place';
import { valueOf } from './pending-value';

/** The protocol's numbers. */
const kinds: { readonly [kind in CompletionKind]: NonNullable<ProtocolItem['kind']> } = {
  variable: 6,
  parameter: 6,
  function: 3,
  set: 9,
  value: 21,
  attribute: 5,
  keyword: 14,
  file: 17,
  folder: 19,
};

/** How much of the text before a word tells whether it is still the same. */
const comparedBytes = 80;

/** What an item carries, so that its value can be asked for when it is looked at. */
interface ItemData {
  readonly uri: string;
  /** Where the word starts. */
  readonly offset: number;
  /** How the text before the word ends: while somebody types on, it stays as it is. */
  readonly before: Bytes;
  readonly value: NonNullable<CompletionItem['value']>;
}

/** `textDocument/completion` */
export async function completion(
  parts: Parts,
  params: unknown,
  token: CancellationToken,
): Promise<CompletionList | null> {
  const place = documentPlace(parts, params);
  if (place === undefined) return null;
  const { document, offset } = place;
  const found = completionAt(document.parsed, offset, isFlake(document.path));
  if (found === undefined) return null;
  const asked = await askedItems(found, parts, document, token).catch(ifOutdated);
  // Editors take an error for an answer without items, and would ask no more while the word goes on.
  if (asked === undefined) return { isIncomplete: true, items: [] };
  const inFolder =
    found.folder === undefined ? [] : pathItems(parts.disk, document.path, found.folder, found.prefix);
  const chosen = chosenItems(found, [...found.items, ...asked.items, ...inFolder]);
  const range = document.positions.rangeOf(found.word);
  const { start } = found.word;
  const before = textBefore(document, start);
  return {
    isIncomplete: !(chosen.complete && asked.complete),
    items: chosen.items.map((item, i) => {
      const data: ItemData | undefined = item.value && {
        uri: document.uri,
        offset: start,
        before,
        value: item.value,
      };
      return { ...protocolItem(item, i, range), ...(data && { data }) };
    }),
  };
}

/** Undefined where somebody has typed on meanwhile; any other error passes. */
function ifOutdated(error: unknown): undefined {
  if (!(error instanceof ResponseError) || error.code !== LSPErrorCodes.ContentModified) throw error;
}

/** The items that the evaluator knows; none if there is no evaluation. */
async function askedItems(
  { questions, askedRank }: Completion,
  parts: Parts,
  document: OpenDocument,
  token: CancellationToken,
): Promise<{ items: CompletionItem[]; complete: boolean }> {
  if (questions.length === 0) return { items: [], complete: true };
  const outcome = await valueOf(parts, document, token, (supervisor) =>
    supervisor.ask('members', document.path, questions),
  );
  if ('stopped' in outcome) return { items: [], complete: outcome.stopped.reason === 'disabled' };
  return {
    items: outcome.result.flatMap((members, i) => memberItems(questions[i]!, members, askedRank)),
    complete: outcome.result.every(({ complete }) => complete),
  };
}

function textBefore({ bytes }: OpenDocument, offset: number): Bytes {
  return bytes.slice(Math.max(0, offset - comparedBytes), offset);
}

/** The editor keeps the order of `sortText`. */
function protocolItem(item: CompletionItem, index: number, range: ProtocolRange): ProtocolItem {
  const { label, insert, kind, detail, documentation } = item;
  return {
    label,
    kind: kinds[kind],
    sortText: String(index).padStart(4, '0'),
    textEdit: { range, newText: insert ?? label },
    ...(insert !== undefined && { filterText: label }),
    ...(detail !== undefined && { detail }),
    ...(documentation !== undefined && { documentation: { kind: 'markdown', value: documentation } }),
  };
}

/** `completionItem/resolve`: the value behind an item, as a hover would show it. */
export async function completionResolve(
  parts: Parts,
  params: unknown,
  token: CancellationToken,
): Promise<unknown> {
  const item = readParams(params);
  const data = item.data === undefined || item.data === null ? undefined : readData(item.data);
  const document = data && parts.documents.get(data.uri);
  // The item may be of an older text, in which its value stood elsewhere.
  if (data === undefined || document === undefined || textBefore(document, data.offset) !== data.before)
    return item;
  const { value, offset } = data;
  const outcome = await valueOf(parts, document, token, (supervisor) =>
    'variable' in value
      ? supervisor.ask(
          'evaluate',
          document.path,
          { start: offset, end: offset },
          value.variable,
          resolveDepth,
        )
      : supervisor.ask('describe', document.path, value, resolveDepth),
  );
  const report = 'result' in outcome ? outcome.result : undefined;
  const text = report && described(report);
  return text === undefined ? item : { ...item, documentation: { kind: 'markdown', value: text } };
}

/** There is little room beside a list of names. */
const resolveDepth = 1;

function described({ value, details, source }: ValueReport): string | undefined {
  if (value === undefined) return details;
  return [fenced(value), details, source].filter((block) => block !== undefined).join('\n\n');
}

function readData(given: unknown): ItemData {
  const { uri, offset, before, value } = readFields(given, 'data');
  return {
    uri: readString(uri, 'data.uri'),
    offset: readNatural(offset, 'data.offset'),
    before: readString(before, 'data.before'),
    value: readValue(readFields(value, 'data.value')),
  };
}

function readValue(given: { readonly [name: string]: unknown }): ItemData['value'] {
  const { variable, target, module } = given;
  if (variable !== undefined) return { variable: readString(variable, 'data.value.variable') };
  const names = readList(given.names, 'data.value.names').map((name) => readString(name, 'data.value.names'));
  if (module !== undefined) return { module: readNatural(module, 'data.value.module'), names };
  const { start, end } = readFields(target, 'data.value.target');
  const range: Range = { start: readNatural(start, 'target.start'), end: readNatural(end, 'target.end') };
  return { target: range, names };
}
