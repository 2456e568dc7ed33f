/**
 * The evaluator's service: documents in, values and errors of their expressions
 * out. It runs in the evaluator's own process.
 */
import type { Bytes } from '../base/bytes';
import { decodeUtf8, encodeUtf8, trimmedEnd, trimmedStart } from '../base/bytes';
import type { Range } from '../base/range';
import { codeFolderIn } from '../host/code-folder';
import { DiskHost } from '../host/disk-host';
import type { SharedFolder } from '../host/shared-folder';
import type { Host } from '../host/host';
import { MemoryHost } from '../host/memory-host';
import { directoryOf, isBelow } from '../host/path';
import { RecordingHost } from '../host/recording-host';
import { freeNames } from '../names/free-names';
import { parse, type ParsedFile } from '../syntax/parse';
import { editBetween, reparse } from '../syntax/reparse';
import { Kind, staticName, IdentifierNode, type AttributeName, type LambdaNode } from '../syntax/tree';
import type { PlacedNode } from '../syntax/walk';
import type { Dependence } from '../values/dependence';
import { EvalError } from '../values/error';
import type { Position, Source } from '../values/position';
import { lazily } from '../values/thunk';
import { textOf } from '../values/context';
import { ContextString, type Forced, type StringValue, type Value } from '../values/value';
import { printIndentedString } from '../values/literals';
import { hoverBudget, printWithin, type Budget } from '../values/within-budget';
import { typeOf } from '../vm/describe';
import { missingAttribute } from '../vm/failures';
import { defaultMaxCallDepth, type Limits } from '../vm/limits';
import { Calls } from '../analysis/calls';
import { describePlace, functionAt, wholeFunction } from '../analysis/function-at';
import { definitionPosition } from '../analysis/definition-position';
import { describeValue, withDefinition } from '../analysis/describe-value';
import { PathReferences } from '../analysis/path-references';
import { ChosenCalls } from './chosen-calls';
import { collectDiagnostics } from './collect-diagnostics';
import { EditedText } from './edited-text';
import { CodeCache } from './code-cache';
import { Evaluator } from './evaluator';
import { FileInputs, pathOfKey, referencesKey, type PathChange } from './file-inputs';
import { KeptValues } from './kept-values';
import { LiveFile, type KnownArgument, type LiveScope, type PlacedLambda } from './live-scopes';
import { scopeAround, sourceOfArgument, valueOfPath, valueOfText, type Subject } from './live-values';
import { locate } from './locate';
import { membersOf } from './members';
import { PinnedArguments } from './pinned-arguments';
import { reachableValues } from './reachable-values';
import { locationOf, reportError } from './report';
import { channelEntries, parseNixPath, registeredNixpkgs } from './search-path';
import { signatureAt } from './signature';
import { SharedValues } from './shared-values';
import { shortError, shortText } from './short-values';
import type {
  EvaluationDiagnostic,
  EvaluatorService,
  EvaluatorSettings,
  EvaluatorStatistics,
  CallReference,
  CallsReport,
  LevelQuestion,
  Location,
  Members,
  MembersQuestion,
  PlaceQuestion,
  ShortValue,
  Signature,
  ValueLevel,
  ValuePath,
  ValueReport,
  ValueRequest,
  ValueStep,
} from './service';
import { targetAt, targetOfRange, type PlacedTarget, type Target } from './target';
import { deepBudget, ValueTree } from './value-tree';

export interface ServiceOptions {
  /** Non-zero at index 0 cancels what runs. */
  readonly cancelled: Int32Array;
}

/** How long code is written in one go, in milliseconds: nobody should have to wait for it. */
const keepingSlice = 20;

const defaultSettings: EvaluatorSettings = {
  timeout: 10_000,
  memory: 2048,
  maxCallDepth: defaultMaxCallDepth,
  environment: [],
  system: '',
  searchPath: [],
  arguments: {},
  folders: [],
  pipeOperators: false,
  reach: 'file',
  cacheFolder: '',
};

export function createEvaluatorService(options: ServiceOptions): EvaluatorService {
  return new LiveService(options.cancelled);
}

class LiveService implements EvaluatorService {
  private settings = defaultSettings;
  private readonly documents = new Map<Bytes, Bytes>();
  /** What outlives the edits of each document. */
  private readonly edited = new Map<Bytes, EditedDocument>();
  private readonly subjects = new Map<Bytes, Subject>();
  private inputs = new FileInputs(() => false);
  private readonly limits: Limits;
  private evaluator_: Evaluator | undefined;
  /** What documents have in common. */
  private shared = new SharedValues();
  private codeFolder: SharedFolder | undefined;
  private codeCache: CodeCache | undefined;
  private disk: DiskHost | undefined;
  /** What the last diagnosis depends on. */
  private lastDependence: Dependence | undefined;
  private documentsHost: MemoryHost | undefined;
  private filesEvaluated = 0;
  private pinned = new PinnedArguments({}, []);
  private references: PathReferences | undefined;
  private readonly chosen = new ChosenCalls();
  /** Functions whose calls are being looked for. */
  private readonly searching = new Set<LambdaNode>();
  /** When the time of the present request is over, whatever limit a part of it has. */
  private lastDeadline = Infinity;

  constructor(cancelled: Int32Array) {
    this.limits = { deadline: Infinity, heapLimit: Infinity, maxCallDepth: defaultMaxCallDepth, cancelled };
  }

  // --- What is told -----------------------------------------------------------------

  configure(settings: EvaluatorSettings): void {
    this.settings = settings;
    this.codeFolder = settings.cacheFolder === '' ? undefined : codeFolderIn(settings.cacheFolder);
    this.pinned = new PinnedArguments(settings.arguments, settings.folders);
    this.limits.maxCallDepth = settings.maxCallDepth;
    this.limits.heapLimit = settings.memory * 1024 * 1024 * heapShare;
    this.dropEvaluator();
  }

  setDocument(path: Bytes, text: Bytes): void {
    const before = this.documents.get(path) ?? this.textOnDisk(path);
    this.documents.set(path, text);
    this.documentsHost?.set(path, text);
    this.textChanged(path, before, text);
  }

  closeDocument(path: Bytes): void {
    const before = this.documents.get(path);
    if (before === undefined) return;
    this.documents.delete(path);
    this.documentsHost?.delete(path);
    const after = this.textOnDisk(path);
    // Values that were made of the document's tree do not fit the tree of the file.
    const hasValues = this.edited.delete(path);
    if (hasValues && after !== undefined) this.invalidate([path], 'content');
    else this.textChanged(path, before, after);
  }

  /** The text that counts for a path is another one, or it came, or it went. */
  private textChanged(path: Bytes, before: Bytes | undefined, after: Bytes | undefined): void {
    if (before === after) return;
    this.invalidate([path], before === undefined || after === undefined ? 'existence' : 'content');
  }

  chooseCall(path: Bytes, offset: number, call: CallReference | undefined): void {
    this.chosen.choose(path, offset, call);
    // Scopes of other files may have been entered through the call that was shown.
    this.subjects.clear();
  }

  filesChanged(paths: readonly Bytes[]): void {
    const onDisk = paths.filter((path) => !this.documents.has(path));
    if (onDisk.length > 0) this.invalidate(onDisk, 'tree');
  }

  /**
   * Makes all that depends on some paths stale. What was read outside of the
   * workspace is not followed file by file: after a change there, everything is
   * evaluated again.
   */
  private invalidate(paths: readonly Bytes[], change: PathChange): void {
    for (const path of paths) {
      this.subjects.delete(path);
      this.chosen.changed(path);
    }
    const evaluator = this.evaluator_;
    if (evaluator === undefined) return;
    const references = this.references?.changed(paths) ?? [];
    if (paths.some((path) => this.inputs.affectsUntracked(path, change))) return this.dropEvaluator();
    if (change === 'content') evaluator.store.contentsChanged(paths);
    else evaluator.store.pathsChanged(paths);
    const { dependences } = evaluator.vm;
    for (const path of paths)
      for (const key of this.inputs.changedKeys(dependences, path, change)) dependences.change(key);
    for (const target of references) dependences.change(referencesKey(target));
  }

  /** The text of a file as evaluation would read it if it were no document. */
  private textOnDisk(path: Bytes): Bytes | undefined {
    try {
      return this.disk?.readFile(path);
    } catch {
      return undefined;
    }
  }

  private isInWorkspace(path: Bytes): boolean {
    return (
      this.documents.has(path) ||
      this.settings.folders.some((folder) => path === folder || path.startsWith(`${folder}/`))
    );
  }

  keepCode(): boolean {
    return this.codeCache?.save(performance.now() + keepingSlice) ?? false;
  }

  private dropEvaluator(): void {
    this.filesEvaluated += this.evaluator_?.counters.filesEvaluated ?? 0;
    this.evaluator_ = undefined;
    this.shared = new SharedValues();
    this.references = undefined;
    this.disk = undefined;
    this.subjects.clear();
    this.edited.clear();
  }

  private get evaluator(): Evaluator {
    return (this.evaluator_ ??= this.createEvaluator());
  }

  private createEvaluator(): Evaluator {
    const { settings, limits } = this;
    const { environment, system } = settings;
    const disk = new DiskHost({ environment, system, onlyRegularFiles: true });
    this.disk = disk;
    const libraries = settings.folders.filter((folder) => isNixpkgs(disk, folder));
    const followed = settings.folders.filter((folder) => !libraries.includes(folder));
    this.inputs = new FileInputs(
      (path) => this.documents.has(path) || followed.some((folder) => isBelow(path, folder)),
    );
    const { inputs } = this;
    this.documentsHost = new MemoryHost(disk);
    for (const [path, text] of this.documents) this.documentsHost.set(path, text);
    const host = new RecordingHost(this.documentsHost, (path, access) =>
      inputs.record(this.evaluator_?.vm.dependences, path, access),
    );
    const nixPath = parseNixPath(encodeUtf8(process.env['NIX_PATH'] ?? ''));
    const searchPath = [
      ...settings.searchPath.map(encodeUtf8),
      ...nixPath,
      ...libraries.map((folder) => `nixpkgs=${folder}`),
      ...channelEntries(disk),
      ...registeredNixpkgs(disk),
    ];
    const document = (path: Bytes): (() => Forced) | undefined =>
      this.documents.has(path) ? () => this.documentValue(path) : undefined;
    this.codeCache = this.codeFolder && new CodeCache(this.codeFolder);
    return new Evaluator({
      host,
      searchPath,
      limits,
      pipeOperators: settings.pipeOperators,
      document,
      ...(this.codeCache && { codeCache: this.codeCache }),
      // What people work on has another text every day.
      keepsCodeOf: (path) => !inputs.isTracked(path),
    });
  }

  // --- What is asked -------------------------------------------------------------------

  hover(path: Bytes, offset: number, depth: number): ValueReport | undefined {
    const subject = this.subject(path);
    const found = subject && targetAt(subject.parsed, offset);
    return found && this.reportTarget(subject, found, depth, 'readable');
  }

  evaluate(path: Bytes, range: Range, expression: Bytes | undefined, depth: number): ValueReport | undefined {
    const subject = this.subject(path);
    if (subject === undefined) return undefined;
    if (expression !== undefined) return this.evaluateInScope(subject, range, expression, depth);
    const found =
      range.start === range.end
        ? targetAt(subject.parsed, range.start)
        : targetOfRange(subject.parsed, trimmed(subject.parsed.text, range));
    return found && this.reportTarget(subject, found, depth);
  }

  locate(path: Bytes, question: PlaceQuestion): Location | undefined {
    const subject = this.subject(path);
    return subject && this.limited(() => locate(this.evaluator, subject, question));
  }

  calls(path: Bytes, offset: number): CallsReport | undefined {
    const subject = this.subject(path);
    const lambda = subject && functionAt(subject.parsed, offset);
    if (lambda === undefined) return undefined;
    const places = this.limited(() => this.callsOfFunctions().list(subject!, lambda));
    const chosen = this.chosen.find(path, lambda.at);
    return {
      offset: lambda.at,
      arguments: this.pinned.describe(subject!, lambda),
      places: places.map((each) => describePlace(each, chosen)),
    };
  }

  members(path: Bytes, questions: readonly MembersQuestion[]): readonly Members[] {
    const subject = this.subject(path);
    if (subject === undefined) return [];
    const ask = (): Members[] => questions.map((question) => membersOf(this.evaluator, subject, question));
    return this.limited(ask, membersTime);
  }

  describe(path: Bytes, of: ValuePath, depth: number): ValueReport | undefined {
    const subject = this.subject(path);
    return subject && this.report(of.target, depth, () => valueOfPath(this.evaluator, subject, of));
  }

  values(path: Bytes, requests: readonly ValueRequest[]): readonly (ShortValue | undefined)[] {
    const subject = this.subject(path);
    if (subject === undefined) return [];
    const end = performance.now() + shortValuesTime;
    return requests.map((request) =>
      performance.now() < end ? this.shortValue(subject, request) : undefined,
    );
  }

  private shortValue(subject: Subject, request: ValueRequest): ShortValue | undefined {
    try {
      const text = this.limited(() => {
        const value = this.evaluator.vm.force(this.requestedValue(subject, request));
        return shortText(this.partForcer, value);
      }, shortValueTime);
      return { text, failed: false };
    } catch (error) {
      return shortError(error);
    }
  }

  private requestedValue(subject: Subject, request: ValueRequest): Value {
    const { offset } = request;
    if (request.kind === 'expression') {
      return valueOfText(this.evaluator, subject, scopeAround(subject, offset), request.expression);
    }
    return this.targetValue(subject, targetAt(subject.parsed, offset)!);
  }

  argumentSource(path: Bytes, offset: number): string | undefined {
    const subject = this.subject(path);
    return subject && this.limited(() => sourceOfArgument(subject, offset));
  }

  signature(path: Bytes, of: ValuePath): Signature | undefined {
    const subject = this.subject(path);
    return subject && this.limited(() => signatureAt(this.evaluator, subject, of), membersTime);
  }

  valueLevel(path: Bytes, question: LevelQuestion): ValueLevel | undefined {
    const tree = this.valueTree(path);
    return tree && this.limited(() => tree.level(question));
  }

  valueAt(path: Bytes, steps: readonly ValueStep[], deep: boolean): ValueReport | undefined {
    const tree = this.valueTree(path);
    const budget = deep ? deepBudget(this.settings.timeout * deepShare) : hoverBudget;
    let scope: LiveScope | undefined;
    const compute = (): Value => {
      scope = tree!.scopeOf(steps);
      return tree!.at(steps);
    };
    return tree && withSource(this.report(tree.range, budget, compute), scope);
  }

  valuePlace(path: Bytes, steps: readonly ValueStep[]): Location | undefined {
    const tree = this.valueTree(path);
    return tree && this.limited(() => tree.place(steps));
  }

  private valueTree(path: Bytes): ValueTree | undefined {
    const subject = this.subject(path);
    return subject && new ValueTree(this.evaluator, this.partForcer, subject);
  }

  diagnose(path: Bytes): readonly EvaluationDiagnostic[] {
    const subject = this.subject(path);
    if (subject === undefined) return [];
    return this.limited(() => {
      const { vm } = this.evaluator;
      try {
        const editedAt = this.edited.get(path)?.editedAt ?? 0;
        const reachable =
          this.settings.reach === 'reachable' ? () => reachableValues(subject, editedAt) : undefined;
        return collectDiagnostics(vm, subject, () => this.fileValue(subject), reachable);
      } finally {
        this.lastDependence = vm.dependences.since(0);
      }
    });
  }

  dependencies(_path: Bytes): readonly Bytes[] {
    const { dependences } = this.evaluator.vm;
    const paths = [...dependences.keysOf(this.lastDependence)].map(pathOfKey);
    return [...new Set(paths)].filter((path) => this.isInWorkspace(path));
  }

  statistics(): EvaluatorStatistics {
    const evaluator = this.evaluator_;
    return {
      forced: evaluator?.vm.counters.forced ?? 0,
      calls: evaluator?.vm.counters.calls ?? 0,
      filesEvaluated: this.filesEvaluated + (evaluator?.counters.filesEvaluated ?? 0),
      filesKept: evaluator?.filesKept ?? 0,
      cacheHits: evaluator?.counters.cacheHits ?? 0,
      heapUsed: process.memoryUsage().heapUsed,
    };
  }

  /** A document, or else a file, parsed; undefined where there is no such file. */
  private subject(path: Bytes): Subject | undefined {
    const { dependences } = this.evaluator.vm;
    const text = this.documents.get(path);
    if (text !== undefined) this.inputs.record(dependences, path, 'read');
    const known = this.subjects.get(path);
    if (known !== undefined && !known.live.stale) {
      known.on?.use();
      if (known.on?.stale !== true) return known;
    }
    const made = text === undefined ? this.subjectOfFile(path) : this.subjectOfDocument(path, text);
    if (made !== undefined) this.remember(made);
    return made;
  }

  /** Files that nobody edits are parsed again when they are asked for again after so many others. */
  private remember(subject: Subject): void {
    this.subjects.set(subject.path, subject);
    if (this.subjects.size <= maxSubjects) return;
    for (const path of this.subjects.keys())
      if (!this.documents.has(path) && path !== subject.path) this.subjects.delete(path);
  }

  private subjectOfFile(path: Bytes): Subject | undefined {
    const { evaluator } = this;
    const { log } = evaluator.vm.dependences;
    const reads = log.length;
    try {
      const source = evaluator.readSource(path);
      const parsed = this.parse(source.text);
      return this.makeSubject(parsed, source, evaluator.vm.dependences.since(reads));
    } catch (error) {
      if (error instanceof EvalError) return undefined;
      throw error;
    }
  }

  private subjectOfDocument(path: Bytes, text: Bytes): Subject {
    const document = this.editedDocument(path, text);
    return this.makeSubject(document.parsed, document.text.source, undefined, document.kept);
  }

  private parse(text: Bytes): ParsedFile {
    return parse(text, { pipeOperators: this.settings.pipeOperators });
  }

  private makeSubject(
    parsed: ParsedFile,
    source: Source,
    on: Dependence | undefined,
    kept?: KeptValues,
  ): Subject {
    const { path } = source;
    const { unit } = this.evaluator.prepare(source, parsed, directoryOf(path)).blueprint;
    const live = new LiveFile(
      this.evaluator.vm,
      unit,
      (lambda) => this.argumentOf(subject, lambda),
      kept,
      this.shared,
    );
    const subject: Subject = { path, parsed, unit, live, on };
    return subject;
  }

  /** The tree and the history of a document, brought to the present text. */
  private editedDocument(path: Bytes, text: Bytes): EditedDocument {
    const known = this.edited.get(path);
    if (known?.parsed.text === text) return known;
    if (known !== undefined) {
      const edit = editBetween(known.parsed.text, text);
      const { parsed } = reparse(known.parsed, edit);
      if (known.text.edit(edit, text)) {
        known.parsed = parsed;
        known.editedAt = edit.start;
        return known;
      }
    }
    const { evaluator, inputs } = this;
    const onRead = (): void => inputs.record(evaluator.vm.dependences, path, 'read');
    const made: EditedDocument = {
      parsed: this.parse(text),
      text: new EditedText(path, text, onRead),
      kept: new KeptValues(evaluator.globals.names),
      editedAt: 0,
    };
    this.edited.set(path, made);
    return made;
  }

  /** The value of a document where another file imports it. @throws EvalError, Interruption */
  private documentValue(path: Bytes): Forced {
    const subject = this.subject(path)!;
    this.evaluator.assertSound(subject.parsed, subject.unit.source);
    return this.fileValue(subject);
  }

  /** What a function is called with: what the user pinned, else what a call shows. */
  private argumentOf(subject: Subject, lambda: PlacedLambda): KnownArgument | undefined {
    const { evaluator } = this;
    const pinned = this.pinned.find(evaluator, subject, lambda);
    if (pinned !== undefined) return pinned;
    const found = this.unhurried(() => this.callsOfFunctions().find(subject, lambda));
    // What a function had captured in a call would come before what is pinned for the functions around it.
    if (found === undefined || !this.pinned.concerns(subject)) return found;
    const { value, source, call } = found;
    return { value, source, ...(call && { call }) };
  }

  private callsOfFunctions(): Calls {
    const { evaluator } = this;
    const { dependences } = evaluator.vm;
    this.references ??= new PathReferences(
      // What is read for the index is no input of a value; the references that are looked up are.
      this.documentsHost!,
      this.settings.folders,
      () => evaluator.vm.checkLimits(),
      (target) => dependences.read(referencesKey(target)),
    );
    return new Calls(
      evaluator,
      this.references,
      this.searching,
      (path) => this.subject(path),
      (path, offset) => this.chosen.find(path, wholeFunction(this.subject(path)!.parsed, offset)),
    );
  }

  /**
   * Runs a search for calls within the time of the whole request, even where a
   * part of it has less: what a search that was cut short has not found would be
   * taken for something that is not there.
   */
  private unhurried<T>(search: () => T): T {
    const { limits } = this;
    const outer = limits.deadline;
    if (this.searching.size === 0 && outer < this.lastDeadline) limits.deadline = this.lastDeadline;
    try {
      return search();
    } finally {
      limits.deadline = outer;
    }
  }

  /** Runs something within the time limit of a request. Interruptions pass. */
  private limited<T>(run: () => T, milliseconds = Infinity): T {
    const { limits } = this;
    const now = performance.now();
    this.lastDeadline = now + this.settings.timeout;
    limits.deadline = now + Math.min(milliseconds, this.settings.timeout);
    const { vm } = this.evaluator;
    try {
      return run();
    } finally {
      limits.deadline = Infinity;
      vm.reset();
    }
  }

  private fileValue({ live, parsed }: Subject): Forced {
    return this.evaluator.vm.force(live.thunk(live.scopeAt([], rootOf(parsed)), parsed.root, parsed.rootAt));
  }

  private reportTarget(
    subject: Subject,
    found: PlacedTarget,
    depth: number,
    form: Form = 'literal',
  ): ValueReport {
    const range = rangeOf(found.target);
    let scope: LiveScope | undefined;
    const compute = (): Value => {
      // Entering a scope can fail, as where `__overrides` does.
      scope = subject.live.scopeAt(found.ancestors, placeOf(found.target));
      return this.targetValue(subject, found);
    };
    const definition = (): Position | undefined => definitionPosition(this.evaluator, subject, found);
    const report = this.report(range, depth, compute, form, definition);
    return withSource(report, scope);
  }

  /** The value of a computation, printed, or why there is none. */
  private report(
    range: Range,
    depth: number | Budget,
    compute: () => Value,
    form: Form = 'literal',
    definition: () => Position | undefined = () => undefined,
  ): ValueReport {
    const budget = typeof depth === 'number' ? { ...hoverBudget, depth } : depth;
    try {
      return this.limited(() => {
        const value = this.evaluator.vm.force(compute());
        // Describing a derivation computes its paths, which its printed form then shows.
        const description = withDefinition(describeValue(this.evaluator.vm, value), value, definition());
        const lines = form === 'readable' && isString(value) ? printIndentedString(textOf(value)) : undefined;
        const printed = decodeUtf8(wholeText(lines) ?? printWithin(this.partForcer, value, budget));
        return { value: printed, type: typeOf(value), range, ...description };
      });
    } catch (error) {
      if (error instanceof EvalError && error.kind === 'unknown-argument') {
        return { unknown: decodeUtf8(error.message), range };
      }
      return { error: reportError(error), range };
    }
  }

  private readonly partForcer = {
    forceBy: (value: Value, deadline: number): Value => {
      const { limits } = this;
      const outer = limits.deadline;
      limits.deadline = Math.min(outer, deadline);
      try {
        return this.evaluator.vm.force(value);
      } finally {
        limits.deadline = outer;
      }
    },
  };

  private targetValue({ live }: Subject, { target, ancestors }: PlacedTarget): Value {
    const scope = live.scopeAt(ancestors, placeOf(target));
    switch (target.kind) {
      case 'expression':
        return live.thunk(scope, target.node, target.at);
      case 'binding':
        return this.boundValue(live, scope, target, ancestors);
      case 'inherited':
        return this.inheritedValue(live, scope, target, ancestors);
      case 'parameter':
        return scope.find(target.name)!;
    }
  }

  /** What the first names of a binding's path are bound to. */
  private boundValue(
    live: LiveFile,
    scope: LiveScope,
    { node, at, count }: Target & { kind: 'binding' },
    ancestors: readonly PlacedNode[],
  ): Value {
    const names = node.path.names.slice(0, count);
    const isScope = bindsNames(ancestors.at(-1)!);
    const first = staticName(names[0]!);
    if (isScope && first !== undefined) {
      const start = scope.find(first);
      if (start !== undefined) return this.selectPath(start, names.slice(1));
    }
    if (count === node.path.names.length) return live.thunk(scope, node.value, at + node.valueAt);
    const owner = ancestors.at(-1)!;
    const set = live.thunk(live.scopeAt(ancestors.slice(0, -1), owner), owner.node as never, owner.at);
    return this.selectPath(set, names);
  }

  private selectPath(value: Value, names: readonly AttributeName[]): Value {
    const { vm } = this.evaluator;
    return lazily(() => {
      let current = vm.force(value);
      for (const node of names) {
        const name = staticName(node);
        if (name === undefined)
          throw new EvalError('unsupported', 'the value of a computed name is not shown');
        const set = vm.forceAttrs(current, '');
        const next = set.get(name);
        if (next === undefined) throw missingAttribute(set, name);
        current = vm.force(next);
      }
      return current;
    });
  }

  private inheritedValue(
    live: LiveFile,
    scope: LiveScope,
    { node, at, index }: Target & { kind: 'inherited' },
    ancestors: readonly PlacedNode[],
  ): Value {
    const nameNode = node.names[index]!;
    const name = staticName(nameNode);
    if (name === undefined) throw new EvalError('unsupported', 'the value of a computed name is not shown');
    if (node.source !== undefined) {
      return this.selectPath(live.thunk(scope, node.source, at + node.sourceAt), [nameNode]);
    }
    // A plain `inherit` means the variable outside of the set or `let` it stands in.
    const outer = live.scopeAt(ancestors.slice(0, -1), ancestors.at(-1)!);
    const variable = new IdentifierNode(nameNode.width, name);
    return live.suspend(
      outer,
      { kind: 'expression', node: variable },
      freeNames(variable),
      at + node.namesAt[index]!,
    );
  }

  /** An expression of the user's own, in the scope at a place. */
  private evaluateInScope(subject: Subject, range: Range, expression: Bytes, depth: number): ValueReport {
    const found = targetAt(subject.parsed, range.start);
    return this.report(range, depth, () => {
      const scope = found
        ? subject.live.scopeAt(found.ancestors, placeOf(found.target))
        : scopeAround(subject, range.start);
      return valueOfText(this.evaluator, subject, scope, expression);
    });
  }
}

/** What outlives the edits of a document. */
interface EditedDocument {
  parsed: ParsedFile;
  readonly text: EditedText;
  readonly kept: KeptValues;
  /** Where the last edit was. */
  editedAt: number;
}

/** How a string of several lines is printed: as a literal in one line, or as one reads it. */
type Form = 'literal' | 'readable';

function isString(value: Forced): value is StringValue {
  return typeof value === 'string' || value instanceof ContextString;
}

/** A text that is short enough for a hover as a whole. */
function wholeText(text: Bytes | undefined): Bytes | undefined {
  return text !== undefined && text.length <= hoverBudget.stringLength * 2 ? text : undefined;
}

/** A report that says where the arguments come from in the scope of its expression. */
function withSource(report: ValueReport, scope: LiveScope | undefined): ValueReport {
  const entered = scope?.function;
  if (entered === undefined) return report;
  const { source, call } = entered.with;
  const location = locationOf(call?.position);
  return {
    ...report,
    source,
    calledAt: entered.at,
    ...(location && { call: { text: call!.text, location } }),
  };
}

/** Milliseconds for one value beside the source, and for all of one request. */
const shortValueTime = 300;
const shortValuesTime = 3000;

/** Milliseconds for the names that are proposed while somebody writes. */
const membersTime = 3000;

/** The share of its time in which a whole value is evaluated; the rest is for printing it. */
const deepShare = 0.8;

/** So many files are kept parsed. */
const maxSubjects = 500;

/** The share of the heap that a run may fill before it is interrupted; past it the process would die. */
const heapShare = 0.8;

/** A workspace that is nixpkgs itself is what `<nixpkgs>` means there, unless something else is said. */
function isNixpkgs(host: Host, folder: Bytes): boolean {
  return host.fileType(`${folder}/pkgs/top-level/default.nix`) !== undefined;
}

function rootOf(parsed: ParsedFile): PlacedNode {
  return { node: parsed.root, at: parsed.rootAt };
}

function placeOf(target: Target): PlacedNode {
  // A parameter stands in the scope of its function, which its ancestors end with.
  return target.kind === 'parameter'
    ? { node: new IdentifierNode(target.width, target.name), at: target.at }
    : { node: target.node, at: target.at };
}

function rangeOf(target: Target): Range {
  switch (target.kind) {
    case 'expression':
      return { start: target.at, end: target.at + target.node.width };
    case 'binding': {
      const last = target.count - 1;
      const { names, namesAt } = target.node.path;
      return { start: target.at, end: target.at + namesAt[last]! + names[last]!.width };
    }
    case 'inherited': {
      const start = target.at + target.node.namesAt[target.index]!;
      return { start, end: start + target.node.names[target.index]!.width };
    }
    case 'parameter':
      return { start: target.at, end: target.at + target.width };
  }
}

/** Whether the bindings of a node are names of the scope inside of it. */
function bindsNames({ node }: PlacedNode): boolean {
  return (
    node.kind === Kind.Let ||
    node.kind === Kind.LegacyLet ||
    (node.kind === Kind.AttributeSet && node.recursive)
  );
}

/** A selection without the white space at its ends. */
function trimmed(text: Bytes, { start, end }: Range): Range {
  const inner = text.slice(start, end);
  const left = inner.length - trimmedStart(inner).length;
  return { start: start + left, end: start + Math.max(left, trimmedEnd(inner).length) };
}
