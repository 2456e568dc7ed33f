/**
 * What names lead to, across files: one request asks the evaluator about many of them,
 * within a limit of time, and of each thing once.
 */
import { LSPErrorCodes, ResponseError, type CancellationToken } from 'vscode-languageserver/node';
import { placesInFile } from '../analysis/call-places';
import { functionAt } from '../analysis/function-at';
import type { Bytes } from '../base/bytes';
import type { Range } from '../base/range';
import type { Outcome } from '../evaluator/job';
import type { PlaceQuestion } from '../evaluator/service';
import type { Pending, Supervisor } from '../evaluator/supervisor';
import { callAt, itemAt, type HierarchyItem } from '../features/call-hierarchy';
import { definitionAt, type Definition } from '../features/definition';
import { meaningOf, nameAt } from '../names/declarations';
import type { ParsedFile } from '../syntax/parse';
import type { Parts } from './parts';
import { SourceFiles, type SourceFile } from './source-files';

/** Milliseconds in which the evaluator is asked, unless somebody is ready to wait longer. */
const defaultTime = 5000;

/** Through how many `inherit`s of other files a name is followed. */
const maxSteps = 4;

/** A function, a binding or a file, and the file that it is in. */
export interface Target {
  readonly file: SourceFile;
  readonly item: HierarchyItem;
}

export class TargetSearch {
  readonly files: SourceFiles;
  /** When the time is over, which begins with the first question. */
  private end: number | undefined;
  /** Many calls ask for the same, such as those of a parameter. */
  private readonly answers = new Map<string, Target | undefined>();

  constructor(
    private readonly parts: Parts,
    private readonly token: CancellationToken,
    /** Milliseconds from the first question on; what is not known then is left out. */
    private readonly searchTime = defaultTime,
  ) {
    this.files = new SourceFiles(parts);
  }

  /** What the name at an offset leads to, if that is a binding, a function or a file. */
  async targetOf(file: SourceFile, offset: number, steps = maxSteps): Promise<Target | undefined> {
    const definition = calledDefinition(file, offset);
    if (definition === undefined) return undefined;
    const key = `${file.path} ${JSON.stringify(definition)}`;
    if (!this.answers.has(key)) this.answers.set(key, await this.placeOf(file, definition, steps));
    return this.answers.get(key);
  }

  private async placeOf(
    file: SourceFile,
    definition: Definition,
    steps: number,
  ): Promise<Target | undefined> {
    if (definition.kind === 'here') return targetIn(file, definition.range.start);
    if (definition.kind === 'file') return this.startOf(definition.path);
    const { question, otherwise } = definition;
    const location = await this.ask((supervisor) => supervisor.ask('locate', file.path, question));
    if (location !== undefined) {
      const target = this.files.at(location.path);
      if (target === undefined) return undefined;
      const offset = target.positions.clampedOffsetAt(location.range.start);
      // From an `inherit` one goes on to what that takes.
      return targetIn(target, offset) ?? (steps > 0 ? this.targetOf(target, offset, steps - 1) : undefined);
    }
    return otherwise && this.placeOf(file, otherwise, steps);
  }

  private startOf(path: Bytes): Target | undefined {
    const isFolder = this.parts.disk.fileType(path) === 'directory';
    const file = this.files.at(isFolder ? `${path}/default.nix` : path);
    return file && targetIn(file, 0);
  }

  /** Whether no further question will be answered. */
  get isOver(): boolean {
    return this.end !== undefined && performance.now() >= this.end;
  }

  /** The evaluator's answer; undefined where it has none, or where the time is over. */
  async ask<T>(question: (supervisor: Supervisor) => Pending<T>): Promise<T | undefined> {
    this.checkWanted();
    await this.parts.evaluation.ready;
    this.end ??= performance.now() + this.searchTime;
    const left = this.end - performance.now();
    if (this.isOver) return undefined;
    const pending = question(this.parts.evaluation.supervisor);
    const listener = this.token.onCancellationRequested(() => pending.cancel());
    const timer = setTimeout(() => pending.cancel(), left);
    const outcome: Outcome<T> = await pending.outcome.finally(() => {
      listener.dispose();
      clearTimeout(timer);
    });
    this.checkWanted();
    return 'result' in outcome ? outcome.result : undefined;
  }

  /** @throws ResponseError once the request is cancelled, or a document that it has read was changed */
  checkWanted(): void {
    if (this.token.isCancellationRequested)
      throw new ResponseError(LSPErrorCodes.RequestCancelled, 'The request was cancelled.');
    if (!this.files.areUnchanged)
      throw new ResponseError(LSPErrorCodes.ContentModified, 'A document was changed meanwhile.');
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

export function targetIn(file: SourceFile, offset: number): Target | undefined {
  const item = itemAt(file.parsed, file.path, offset);
  return item && { file, item };
}

export function isSame(a: Target, b: Target): boolean {
  return a.file.path === b.file.path && a.item.range.start === b.item.range.start;
}

/** An application that calls a function. */
export interface FoundCall {
  readonly file: SourceFile;
  /** Where it starts. */
  readonly at: number;
  /** The name in it that leads to the function. */
  readonly range: Range;
}

/** The applications that call a function, or pass it to what does. */
export async function callsOf(search: TargetSearch, called: Target): Promise<FoundCall[]> {
  const found: FoundCall[] = [];
  for (const { file, offset } of await placesOf(search, called)) {
    const call = callAt(file.parsed, offset);
    for (const name of call?.names ?? []) {
      const target = await search.targetOf(file, name.end);
      if (target === undefined || !isSame(target, called)) continue;
      found.push({ file, at: offset, range: name });
      // `import ./x.nix` is one call, though both parts of it lead to the file.
      break;
    }
  }
  return found;
}

/** Where applications start that may call a function; without evaluation, those of its own file. */
async function placesOf(
  search: TargetSearch,
  { file, item }: Target,
): Promise<{ file: SourceFile; offset: number }[]> {
  const offset = item.nameRange.start;
  const report = await search.ask((supervisor) => supervisor.ask('calls', file.path, offset));
  if (report === undefined) {
    const lambda = functionAt(file.parsed, offset);
    const own = lambda === undefined ? [] : placesInFile(file.parsed, lambda).calls;
    return own.map(({ at }) => ({ file, offset: at }));
  }
  return report.places.flatMap(({ call }) => {
    const caller = search.files.at(call.path);
    return caller === undefined ? [] : [{ file: caller, offset: call.offset }];
  });
}
