/**
 * Requests about what calls what. Calls in the same file are found in the text; those of
 * other files are places that may call the function, and each counts only where the
 * evaluator says that a name in it leads there.
 */
import type {
  CallHierarchyIncomingCall,
  CallHierarchyItem,
  CallHierarchyOutgoingCall,
  CancellationToken,
  Range as ProtocolRange,
} from 'vscode-languageserver/node';
import { callerAt, callsWithin, functionItemAt, type HierarchyItem } from '../../features/call-hierarchy';
import { readDocumentUri, readFields, readParams, readPosition, readRange, readString } from '../params';
import type { Parts } from '../parts';
import type { SourceFiles } from '../source-files';
import { callsOf, targetIn, TargetSearch, type Target } from '../target-search';

/** The protocol's numbers. */
const itemKinds: { readonly [kind in HierarchyItem['kind']]: CallHierarchyItem['kind'] } = {
  function: 12,
  variable: 13,
  file: 1,
};

/** `textDocument/prepareCallHierarchy` */
export async function prepareCallHierarchy(
  parts: Parts,
  params: unknown,
  token: CancellationToken,
): Promise<CallHierarchyItem[] | null> {
  const search = new TargetSearch(parts, token);
  const file = search.files.ofUri(readDocumentUri(params));
  const offset = file?.positions.offsetAt(readPosition(readParams(params).position, 'position'));
  if (file === undefined || offset === undefined) return null;
  const item = functionItemAt(file.parsed, file.path, offset);
  if (item !== undefined) return [protocolItem({ file, item })];
  const target = await search.targetOf(file, offset);
  return target?.item.kind === 'function' ? [protocolItem(target)] : null;
}

/** `callHierarchy/incomingCalls` */
export async function incomingCalls(
  parts: Parts,
  params: unknown,
  token: CancellationToken,
): Promise<CallHierarchyIncomingCall[] | null> {
  const search = new TargetSearch(parts, token);
  const called = readItem(search.files, params);
  if (called === undefined) return null;
  const callers = new Grouped();
  for (const { file, range } of await callsOf(search, called))
    callers.add({ file, item: callerAt(file.parsed, file.path, range.start) }, file.positions.rangeOf(range));
  return callers.all().map(({ place, ranges }) => ({ from: protocolItem(place), fromRanges: ranges }));
}

/** `callHierarchy/outgoingCalls` */
export async function outgoingCalls(
  parts: Parts,
  params: unknown,
  token: CancellationToken,
): Promise<CallHierarchyOutgoingCall[] | null> {
  const search = new TargetSearch(parts, token);
  const caller = readItem(search.files, params);
  if (caller === undefined) return null;
  const { file, item } = caller;
  const targets = new Grouped();
  for (const { names } of callsWithin(file.parsed, item.range)) {
    for (const name of names) {
      const target = await search.targetOf(file, name.end);
      if (target !== undefined) targets.add(target, file.positions.rangeOf(name));
    }
  }
  return targets.all().map(({ place, ranges }) => ({ to: protocolItem(place), fromRanges: ranges }));
}

/** Places with the ranges of the calls that lead to them, or from them, in the order in which they were found. */
class Grouped {
  private readonly groups = new Map<string, { place: Target; ranges: ProtocolRange[] }>();

  add(place: Target, range: ProtocolRange): void {
    const { start, end } = place.item.range;
    const key = `${start} ${end} ${place.file.path}`;
    const known = this.groups.get(key);
    if (known === undefined) this.groups.set(key, { place, ranges: [range] });
    else known.ranges.push(range);
  }

  all(): { place: Target; ranges: ProtocolRange[] }[] {
    return [...this.groups.values()];
  }
}

function protocolItem({ file, item }: Target): CallHierarchyItem {
  return {
    name: item.name,
    kind: itemKinds[item.kind],
    uri: file.uri,
    range: file.positions.rangeOf(item.range),
    selectionRange: file.positions.rangeOf(item.nameRange),
  };
}

/** The item that an editor gives back, as it is now; undefined where its name is there no more. */
function readItem(files: SourceFiles, params: unknown): Target | undefined {
  const { uri, selectionRange } = readFields(readParams(params).item, 'item');
  const file = files.ofUri(readString(uri, 'item.uri'));
  const { start } = readRange(selectionRange, 'item.selectionRange');
  const offset = file?.positions.offsetAt(start);
  return file === undefined || offset === undefined ? undefined : targetIn(file, offset);
}
