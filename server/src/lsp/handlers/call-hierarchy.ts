/**
 * Requests about what calls what. Calls in the same file are found in the text; those of
 * other files are places that may call the function, and each counts only where the
 * evaluator says that a name in it leads there.
 */
import {
  LSPErrorCodes,
  ResponseError,
  type CallHierarchyIncomingCall,
  type CallHierarchyItem,
  type CallHierarchyOutgoingCall,
  type CancellationToken,
  type Range as ProtocolRange,
} from 'vscode-languageserver/node';
import type { Bytes } from '../../base/bytes';
import type { Range } from '../../base/range';
import { placesInFile } from '../../analysis/call-places';
import { functionAt } from '../../analysis/function-at';
import {
  callAt,
  callerAt,
  callsWithin,
  functionItemAt,
  itemAt,
  type HierarchyItem,
} from '../../features/call-hierarchy';
import { definitionAt, type Definition } from '../../features/definition';
import type { PlaceQuestion } from '../../evaluator/service';
import { meaningOf, nameAt } from '../../names/declarations';
import type { ParsedFile } from '../../syntax/parse';
import type { Outcome } from '../../evaluator/job';
import type { Pending, Supervisor } from '../../evaluator/supervisor';
import { readDocumentUri, readFields, readParams, readPosition, readRange, readString } from '../params';
import type { Parts } from '../parts';
import { SourceFiles, type SourceFile } from '../source-files';

/** The protocol's numbers. */
const itemKinds: { readonly [kind in HierarchyItem['kind']]: CallHierarchyItem['kind'] } = {
  function: 12,
  variable: 13,
  file: 1,
};

/** Milliseconds in which the evaluator is asked about calls; what is not known then is left out. */
const searchTime = 5000;

/** Through how many `inherit`s of other files a name is followed. */
const maxSteps = 4;

/** A function and the file that it is in. */
interface Place {
  readonly file: SourceFile;
  readonly item: HierarchyItem;
}

/** `textDocument/prepareCallHierarchy` */
export async function prepareCallHierarchy(
  parts: Parts,
  params: unknown,
  token: CancellationToken,
): Promise<CallHierarchyItem[] | null> {
  const search = new CallSearch(parts, token);
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
  const search = new CallSearch(parts, token);
  const called = readItem(search.files, params);
  if (called === undefined) return null;
  const callers = new Grouped();
  for (const { file, range } of await search.callsOf(called))
    callers.add({ file, item: callerAt(file.parsed, file.path, range.start) }, file.positions.rangeOf(range));
  return callers.all().map(({ place, ranges }) => ({ from: protocolItem(place), fromRanges: ranges }));
}

/** `callHierarchy/outgoingCalls` */
export async function outgoingCalls(
  parts: Parts,
  params: unknown,
  token: CancellationToken,
): Promise<CallHierarchyOutgoingCall[] | null> {
  const search = new CallSearch(parts, token);
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

/** What one request finds out about calls. */
class CallSearch {
  readonly files: SourceFiles;
  private readonly end = performance.now() + searchTime;
  /** Many calls ask for the same, such as those of a parameter. */
  private readonly answers = new Map<string, Place | undefined>();

  constructor(
    private readonly parts: Parts,
    private readonly token: CancellationToken,
  ) {
    this.files = new SourceFiles(parts);
  }

  /** What the name at an offset leads to, if that is a binding, a function or a file. */
  async targetOf(file: SourceFile, offset: number, steps = maxSteps): Promise<Place | undefined> {
    const definition = calledDefinition(file, offset);
    if (definition === undefined) return undefined;
    const key = `${file.path} ${JSON.stringify(definition)}`;
    if (!this.answers.has(key)) this.answers.set(key, await this.placeOf(file, definition, steps));
    return this.answers.get(key);
  }

  private async placeOf(file: SourceFile, definition: Definition, steps: number): Promise<Place | undefined> {
    if (definition.kind === 'here') return placeIn(file, definition.range.start);
    if (definition.kind === 'file') return this.startOf(definition.path);
    const { question, otherwise } = definition;
    const location = await this.ask((supervisor) => supervisor.locate(file.path, question));
    if (location !== undefined) {
      const target = this.files.at(location.path);
      if (target === undefined) return undefined;
      const offset = target.positions.clampedOffsetAt(location.range.start);
      // From an `inherit` one goes on to what that takes.
      return placeIn(target, offset) ?? (steps > 0 ? this.targetOf(target, offset, steps - 1) : undefined);
    }
    return otherwise && this.placeOf(file, otherwise, steps);
  }

  private startOf(path: Bytes): Place | undefined {
    const isFolder = this.parts.disk.fileType(path) === 'directory';
    const file = this.files.at(isFolder ? `${path}/default.nix` : path);
    return file && placeIn(file, 0);
  }

  /** The applications that call a function, or pass it to what does. */
  async callsOf(called: Place): Promise<{ file: SourceFile; range: Range }[]> {
    const found: { file: SourceFile; range: Range }[] = [];
    for (const { file, offset } of await this.placesOf(called)) {
      const call = callAt(file.parsed, offset);
      for (const name of call?.names ?? []) {
        const target = await this.targetOf(file, name.end);
        if (target === undefined || !isSame(target, called)) continue;
        found.push({ file, range: name });
        // `import ./x.nix` is one call, though both parts of it lead to the file.
        break;
      }
    }
    return found;
  }

  /** Where applications start that may call a function; without evaluation, those of its own file. */
  private async placesOf({ file, item }: Place): Promise<{ file: SourceFile; offset: number }[]> {
    const offset = item.nameRange.start;
    const report = await this.ask((supervisor) => supervisor.calls(file.path, offset));
    if (report === undefined) {
      const lambda = functionAt(file.parsed, offset);
      const own = lambda === undefined ? [] : placesInFile(file.parsed, lambda).calls;
      return own.map(({ at }) => ({ file, offset: at }));
    }
    return report.places.flatMap(({ call }) => {
      const caller = this.files.at(call.path);
      return caller === undefined ? [] : [{ file: caller, offset: call.offset }];
    });
  }

  private async ask<T>(question: (supervisor: Supervisor) => Pending<T>): Promise<T | undefined> {
    this.checkWanted();
    await this.parts.evaluation.ready;
    if (performance.now() > this.end) return undefined;
    const pending = question(this.parts.evaluation.supervisor);
    const listener = this.token.onCancellationRequested(() => pending.cancel());
    const outcome: Outcome<T> = await pending.outcome.finally(() => listener.dispose());
    this.checkWanted();
    return 'result' in outcome ? outcome.result : undefined;
  }

  private checkWanted(): void {
    if (this.token.isCancellationRequested)
      throw new ResponseError(LSPErrorCodes.RequestCancelled, 'The request was cancelled.');
  }
}

/** Places with the ranges of the calls that lead to them, or from them, in the order in which they were found. */
class Grouped {
  private readonly groups = new Map<string, { place: Place; ranges: ProtocolRange[] }>();

  add(place: Place, range: ProtocolRange): void {
    const { start, end } = place.item.range;
    const key = `${start} ${end} ${place.file.path}`;
    const known = this.groups.get(key);
    if (known === undefined) this.groups.set(key, { place, ranges: [range] });
    else known.ranges.push(range);
  }

  all(): { place: Place; ranges: ProtocolRange[] }[] {
    return [...this.groups.values()];
  }
}

/** What a name that is called leads to. Of a parameter, that is what it stands for in the call that is shown. */
function calledDefinition({ parsed, path }: SourceFile, offset: number): Definition | undefined {
  const name = nameAt(parsed, offset);
  const declaration = name && meaningOf(name).declaration;
  const ask = (question: PlaceQuestion): Definition => ({ kind: 'ask', question });
  if (declaration?.kind === 'formal')
    return ask({ kind: 'argument', offset: declaration.range.start, name: declaration.name });
  if (declaration?.kind === 'parameter')
    return ask({ kind: 'value', of: { target: name!.range, names: [] } });
  const found = definitionAt(parsed, path, offset);
  // A parameter of that name is no place of a function, and its function is not meant.
  return found?.kind === 'here' && declaresParameter(parsed, found.range.start) ? undefined : found;
}

function declaresParameter(parsed: ParsedFile, offset: number): boolean {
  const name = nameAt(parsed, offset);
  const kind = name && meaningOf(name).declaration?.kind;
  return name?.role === 'declared' && (kind === 'formal' || kind === 'parameter');
}

function placeIn(file: SourceFile, offset: number): Place | undefined {
  const item = itemAt(file.parsed, file.path, offset);
  return item && { file, item };
}

function isSame(a: Place, b: Place): boolean {
  return a.file.path === b.file.path && a.item.range.start === b.item.range.start;
}

function protocolItem({ file, item }: Place): CallHierarchyItem {
  return {
    name: item.name,
    kind: itemKinds[item.kind],
    uri: file.uri,
    range: file.positions.rangeOf(item.range),
    selectionRange: file.positions.rangeOf(item.nameRange),
  };
}

/** The item that an editor gives back, as it is now; undefined where its name is there no more. */
function readItem(files: SourceFiles, params: unknown): Place | undefined {
  const { uri, selectionRange } = readFields(readParams(params).item, 'item');
  const file = files.ofUri(readString(uri, 'item.uri'));
  const { start } = readRange(selectionRange, 'item.selectionRange');
  const offset = file?.positions.offsetAt(start);
  return file === undefined || offset === undefined ? undefined : placeIn(file, offset);
}
