/**
 * The evaluator's service: documents in, values and errors of their expressions
 * out. It runs in the evaluator's own process.
 */
import { decodeUtf8, trimmedEnd, trimmedStart, type Bytes } from '../base/bytes';
import { defaultMaxCallDepth, defaultMemory, defaultTimeout } from '../base/default-limits';
import type { Range } from '../base/range';
import { collectGarbage } from '../base/v8-flags';
import { codeFolderIn } from '../host/code-folder';
import { nixpkgsAround } from '../host/nixpkgs-folder';
import { isBelow } from '../host/path';
import { SegmentFolder } from '../host/segment-folder';
import type { ParsedFile } from '../syntax/parse';
import type { LambdaNode } from '../syntax/tree';
import type { PlacedNode } from '../syntax/walk';
import type { Dependence } from '../values/dependence';
import { Attrs } from '../values/attrs';
import { EvalError, meansNoValue } from '../values/error';
import type { Position } from '../values/position';
import { textOf } from '../values/context';
import { ContextString, type Forced, type StringValue, type Value } from '../values/value';
import { printIndentedString } from '../base/literals';
import { hoverBudget, printWithin, type Budget, type PartForcer } from '../values/within-budget';
import { typeOf } from '../vm/describe';
import { unlimited, type Limits } from '../vm/limits';
import { Calls } from '../analysis/calls';
import { describeCaller, functionAt, wholeFunction } from '../analysis/function-at';
import { definitionPosition } from '../analysis/definition-position';
import { EnteredModules } from '../analysis/entries';
import { describeValue, withDefinition } from '../analysis/describe-value';
import { missingArguments } from '../analysis/missing-arguments';
import { missingImports } from '../analysis/missing-imports';
import { inlineFunctions } from '../analysis/module-lists';
import { ModuleOptions, optionOfTarget, selectionOf } from '../analysis/module-options';
import { checkOptions, noFindings, type OptionFindings } from '../analysis/option-problems';
import { PackageSet } from '../analysis/package-set';
import { passableArguments } from '../analysis/passable-arguments';
import { PathReferences } from '../analysis/path-references';
import { scopeBeside, type SetModuleContext } from '../analysis/set-modules';
import { ChosenCalls } from '../evaluator/chosen-calls';
import type { CodeCache } from '../evaluator/code-cache';
import { collectDiagnostics } from '../evaluator/collect-diagnostics';
import type { Evaluator } from '../evaluator/evaluator';
import { pathOfKey, referencesKey, type PathChange } from '../evaluator/file-inputs';
import type { KnownArgument, LiveScope, PlacedLambda } from '../evaluator/live-scopes';
import {
  scopeAround,
  sourceOfArgument,
  valueOfPath,
  valueOfText,
  scopeOfFunction,
  type Subject,
} from '../evaluator/live-values';
import { locate, type ValueQuestion } from '../evaluator/locate';
import { membersOf, type ToldQuestion } from '../evaluator/members';
import { PinnedArguments } from '../evaluator/pinned-arguments';
import { reachableValues } from '../evaluator/reachable-values';
import { locationOf, reportError } from '../evaluator/report';
import { RequestTime } from '../evaluator/request-time';
import { signatureAt } from '../evaluator/signature';
import { packageVersion, shortError, shortText } from '../evaluator/short-values';
import type {
  Diagnosis,
  EvaluationDiagnostic,
  EvaluatorService,
  EvaluatorSettings,
  EvaluatorStatistics,
  CallReference,
  CallsReport,
  LevelQuestion,
  Location,
  Member,
  Members,
  MembersQuestion,
  OptionPath,
  OptionReport,
  PlaceQuestion,
  ShortValue,
  Signature,
  ValueLevel,
  ValuePath,
  ValueReport,
  ValueRequest,
  ValueStep,
} from '../evaluator/service';
import { Subjects, type ArgumentOf, type TreeOf } from '../evaluator/subjects';
import { targetAt, targetOfRange, type PlacedTarget } from '../evaluator/target';
import { placeOf, rangeOf, valueOfTarget } from '../evaluator/target-values';
import { deepBudget, ValueTree } from '../evaluator/value-tree';
import { createWorld, type World } from '../evaluator/world';

export interface ServiceOptions {
  /** Non-zero at index 0 cancels what runs. */
  readonly cancelled: Int32Array;
}

/** How long code is written in one go, in milliseconds: nobody should have to wait for it. */
const keepingSlice = 20;

const defaultSettings: EvaluatorSettings = {
  timeout: defaultTimeout,
  memory: defaultMemory,
  maxCallDepth: defaultMaxCallDepth,
  environment: [],
  system: '',
  searchPath: [],
  arguments: {},
  folders: [],
  reach: 'file',
  cacheFolder: '',
};

export function createEvaluatorService(options: ServiceOptions): EvaluatorService {
  return new LiveService(options.cancelled);
}

class LiveService implements EvaluatorService {
  private settings = defaultSettings;
  private readonly documents = new Map<Bytes, Bytes>();
  private readonly limits: Limits;
  private readonly time: RequestTime;
  private session_: Session | undefined;
  /** Whether the session began with the question that was answered last. */
  private sessionIsNew = false;
  private codeFolder: SegmentFolder | undefined;
  /** That of the last session, which may have code to keep that nobody needs any more. */
  private codeCache: CodeCache | undefined;
  /** What the last diagnosis depends on. */
  private lastDependence: Dependence | undefined;
  /** How many files sessions have evaluated that are over. */
  private filesEvaluated = 0;
  private pinned = new PinnedArguments({}, []);
  private readonly chosen = new ChosenCalls();
  /** Functions whose calls are being looked for. */
  private readonly searching = new Set<LambdaNode>();

  constructor(cancelled: Int32Array) {
    this.limits = { ...unlimited(), cancelled, collectGarbage };
    this.time = new RequestTime(this.limits);
  }

  // --- What is told -----------------------------------------------------------------

  configure(settings: EvaluatorSettings): void {
    this.settings = settings;
    this.codeFolder?.flush();
    const folder = settings.cacheFolder === '' ? undefined : codeFolderIn(settings.cacheFolder);
    this.codeFolder = folder && new SegmentFolder(folder);
    this.pinned = new PinnedArguments(settings.arguments, settings.folders);
    this.limits.maxCallDepth = settings.maxCallDepth;
    this.limits.heapLimit = settings.memory * 1024 * 1024 * heapShare;
    this.endSession();
  }

  setDocument(path: Bytes, text: Bytes): void {
    const before = this.documents.get(path) ?? this.textOnDisk(path);
    this.documents.set(path, text);
    this.session_?.world.documents.set(path, text);
    this.textChanged(path, before, text);
  }

  closeDocument(path: Bytes): void {
    const before = this.documents.get(path);
    if (before === undefined) return;
    this.documents.delete(path);
    this.session_?.world.documents.delete(path);
    const after = this.textOnDisk(path);
    // Values that were made of the document's tree do not fit the tree of the file.
    const hasValues = this.session_?.subjects.closed(path) ?? false;
    if (hasValues && after !== undefined) this.invalidate([path], 'content');
    else this.textChanged(path, before, after);
  }

  /** The text that counts for a path is another one, or it came, or it went. */
  private textChanged(path: Bytes, before: Bytes | undefined, after: Bytes | undefined): void {
    if (before === after) return;
    const exists = before !== undefined && after !== undefined;
    this.invalidate([path], exists ? this.changeTo(path, after) : 'existence');
  }

  /** What of a path changes with its new text. */
  private changeTo(path: Bytes, text: Bytes): 'layout' | 'content' {
    return (this.documents.has(path) && this.session_?.subjects.changeTo(path, text)) || 'content';
  }

  chooseCall(path: Bytes, offset: number, call: CallReference | undefined): void {
    this.chosen.choose(path, offset, call);
    // Scopes of other files may have been entered through the call that was shown.
    this.session_?.subjects.clear();
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
    for (const path of paths) this.chosen.changed(path);
    if (this.session_ === undefined) return;
    const { world, subjects } = this.session_;
    const { evaluator, inputs } = world;
    for (const path of paths) subjects.drop(path);
    const references = this.session_.references?.changed(paths) ?? [];
    if (paths.some((path) => inputs.affectsUntracked(path, change))) return this.endSession();
    if (change === 'content' || change === 'layout') evaluator.store.contentsChanged(paths);
    else evaluator.store.pathsChanged(paths);
    const { dependences } = evaluator.vm;
    for (const path of paths)
      for (const key of inputs.changedKeys(dependences, path, change)) dependences.change(key);
    for (const target of references) dependences.change(referencesKey(target));
  }

  /** The text of a file as evaluation would read it if it were no document. */
  private textOnDisk(path: Bytes): Bytes | undefined {
    try {
      return this.session_?.world.disk.readFile(path);
    } catch {
      return undefined;
    }
  }

  private isInWorkspace(path: Bytes): boolean {
    return this.documents.has(path) || this.settings.folders.some((folder) => isBelow(path, folder));
  }

  keepCode(): boolean {
    return this.codeCache?.save(performance.now() + keepingSlice) ?? false;
  }

  forget(path: Bytes): void {
    this.session_?.subjects.drop(path);
  }

  makeRoom(): boolean {
    const { heapWasFull } = this.limits;
    const helps = heapWasFull && !this.sessionIsNew;
    this.limits.heapWasFull = false;
    this.sessionIsNew = false;
    if (!heapWasFull) return false;
    this.endSession();
    collectGarbage();
    return helps;
  }

  private endSession(): void {
    this.filesEvaluated += this.session_?.world.evaluator.counters.filesEvaluated ?? 0;
    this.session_ = undefined;
  }

  private get session(): Session {
    return (this.session_ ??= this.startSession());
  }

  private startSession(): Session {
    const { settings, limits, documents, codeFolder } = this;
    const documentValue = (path: Bytes): Forced => this.documentValue(path);
    const world = createWorld({ settings, limits, documents, codeFolder, documentValue });
    this.codeCache = world.codeCache;
    this.sessionIsNew = true;
    const argumentOf: ArgumentOf = (subject, lambda) => this.argumentOf(subject, lambda);
    const subjects = new Subjects(world, documents, argumentOf);
    return { world, subjects, references: undefined, enteredModules: new EnteredModules() };
  }

  private get evaluator(): Evaluator {
    return this.session.world.evaluator;
  }

  /** A document, or else a file, parsed; undefined where there is no such file. */
  private subject(path: Bytes): Subject | undefined {
    return this.session.subjects.get(path);
  }

  private readonly treeOf: TreeOf = (source) => this.session.subjects.treeOf(source);

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
    if (subject === undefined) return undefined;
    if (question.kind !== 'option') return this.limited(() => this.locateValue(subject, question));
    const { of, otherwise } = question;
    const declaration = this.limited(() => this.optionsOf(subject).locate(of));
    // What a set of options is made of is in the module system, where nobody wants to go.
    if (declaration === null) return undefined;
    return declaration ?? (otherwise && this.locate(path, otherwise));
  }

  /** Where a value or an attribute was defined; what an option declares is no attribute of the module system's. */
  private locateValue(subject: Subject, question: ValueQuestion): Location | undefined {
    const byName = question.kind === 'attribute' ? ({ kind: 'name', of: question } as const) : question;
    const named = locate(this.evaluator, subject, byName);
    const isOwn = named !== undefined && this.isInWorkspace(named.path);
    const declared = isOwn ? undefined : this.locateRead(subject, question);
    return declared ?? (byName === question ? named : locate(this.evaluator, subject, question));
  }

  /** Where the option is declared whose value an attribute is that the module system has named. */
  private locateRead(subject: Subject, question: ValueQuestion): Location | undefined {
    const read = question.kind === 'name' ? question.of : question;
    if (read.kind !== 'attribute') return undefined;
    const option = this.optionRead(subject, read.of, read.name);
    return option && (this.optionsOf(subject).locate(option) ?? undefined);
  }

  /** The option of a module around whose value an attribute of the value at the end of a path is. */
  private optionRead(subject: Subject, of: ValuePath, name: Bytes): OptionPath | undefined {
    try {
      const set = valueOfPath(this.evaluator, subject, of);
      if (!(set instanceof Attrs) || !set.has(name)) return undefined;
      return this.optionsOf(subject).optionOfAttribute(of.target.start, set, name);
    } catch (error) {
      if (error instanceof EvalError) return undefined;
      throw error;
    }
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
      places: places.map((each) => describeCaller(each, chosen)),
    };
  }

  definitions(path: Bytes, of: OptionPath): readonly Location[] {
    const subject = this.subject(path);
    if (subject === undefined) return [];
    return this.limited(() => [...this.optionsOf(subject).definitions(of)].flat(), membersTime);
  }

  members(path: Bytes, questions: readonly MembersQuestion[]): readonly Members[] {
    const subject = this.subject(path);
    if (subject === undefined) return [];
    const told = (question: ToldQuestion): ReadonlyMap<Bytes, Member> =>
      question.kind === 'passed'
        ? this.passable(subject, question.of)
        : this.optionsOf(subject).answer(question);
    const ask = (): Members[] =>
      questions.map((question) => membersOf(this.evaluator, subject, question, told));
    return this.limited(ask, membersTime);
  }

  private passable(subject: Subject, lambdaAt: number): ReadonlyMap<Bytes, Member> {
    const { evaluator } = this;
    const file = (path: Bytes): Subject | undefined => this.subject(path);
    const packagesAround = (path: Bytes): Value | undefined =>
      PackageSet.around(evaluator.host, path, this.pathReferences(), file)?.value(evaluator, [], false);
    return passableArguments({ evaluator, file, packagesAround }, subject, lambdaAt);
  }

  describe(path: Bytes, of: ValuePath | OptionPath, depth: number): ValueReport | undefined {
    const subject = this.subject(path);
    if (subject === undefined) return undefined;
    if ('module' in of) {
      const range = { start: of.module, end: of.module };
      return { range, ...this.limited(() => this.optionsOf(subject).describe(of)) };
    }
    return this.report(of.target, depth, () => valueOfPath(this.evaluator, subject, of));
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
        return (request.kind === 'version' ? packageVersion : shortText)(this.partForcer, value);
      }, shortValueTime);
      return text === undefined ? undefined : { text, failed: false };
    } catch (error) {
      const shown = shortError(error);
      // What fails, or is no package, has no version.
      return request.kind === 'version' ? undefined : shown;
    }
  }

  private requestedValue(subject: Subject, request: ValueRequest): Value {
    const { offset } = request;
    if (request.kind === 'expression') {
      return valueOfText(this.evaluator, subject, scopeAround(subject, offset), request.expression);
    }
    return valueOfTarget(this.evaluator, subject, targetAt(subject.parsed, offset)!);
  }

  argumentSource(path: Bytes, offset: number): string | undefined {
    const subject = this.subject(path);
    return subject && this.limited(() => sourceOfArgument(subject, offset));
  }

  signature(path: Bytes, of: ValuePath): Signature | undefined {
    const subject = this.subject(path);
    return subject && this.limited(() => signatureAt(this.evaluator, subject, of, this.treeOf), membersTime);
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

  private optionsOf(subject: Subject): ModuleOptions {
    return new ModuleOptions({
      vm: this.evaluator.vm,
      subject,
      print: this.printShort,
      printWhole: (value) => printWithin(this.partForcer, value),
      file: (path) => this.subject(path),
      isOwn: (path) => this.isInWorkspace(path),
      besideSet: (offset) => scopeBeside(this.setModules, subject, offset),
    });
  }

  private get setModules(): SetModuleContext {
    return {
      vm: this.evaluator.vm,
      file: (path) => this.subject(path),
      referencesTo: (path) => {
        const references = this.pathReferences();
        // To read all of nixpkgs takes longer than the answer is worth: its sets are hardly ever modules.
        const isNixpkgs = nixpkgsAround(this.evaluator.host, path) !== undefined;
        return isNixpkgs ? references.knownTo(path) : references.to(path);
      },
    };
  }

  private valueTree(path: Bytes): ValueTree | undefined {
    const subject = this.subject(path);
    return subject && new ValueTree(this.evaluator, this.partForcer, subject);
  }

  diagnose(path: Bytes): Diagnosis {
    const subject = this.subject(path);
    this.lastDependence = undefined;
    if (subject === undefined) return { diagnostics: [], dependencies: [], awaitsOther: false };
    const found = this.findProblems(subject);
    const dependencies = this.dependencies();
    // What is missing in a document that does not parse may be what somebody is about to write.
    const awaitsOther = this.readsBroken(path, dependencies);
    const diagnostics = awaitsOther ? found.filter(({ error }) => error.code === 'parse-error') : found;
    return { diagnostics, dependencies, awaitsOther };
  }

  private findProblems(subject: Subject): readonly EvaluationDiagnostic[] {
    const { path } = subject;
    return this.limited(() => {
      const { vm } = this.evaluator;
      try {
        const editedAt = this.session.subjects.editedAt(path);
        const { reach, thorough = false } = this.settings;
        const options = reach === 'reachable' ? this.checkOptions(subject) : noFindings;
        const found = collectDiagnostics(vm, subject, () => this.fileValue(subject), {
          thorough,
          nearest: editedAt,
          ...(reach === 'reachable' && {
            reachable: () =>
              reachableValues(subject, editedAt, inlineFunctions(subject.parsed), options.mistaken),
          }),
        });
        if (reach !== 'reachable') return found;
        const missing = missingImports(vm.host, subject);
        const told = new Set(missing.map(({ error }) => error.message));
        // Whatever needs the configuration fails for the same reason.
        const others = found.filter(({ error }) => !told.has(error.message));
        return [...others, ...missing, ...options.problems, ...this.checkArguments(subject)];
      } finally {
        this.lastDependence = vm.dependences.since(0);
      }
    });
  }

  /** What is wrong with the options that a module sets, as far as it can be had in time. @throws Interruption if cancelled */
  private checkOptions(subject: Subject): OptionFindings {
    if (hasSyntaxErrors(subject.parsed)) return noFindings;
    try {
      const end = this.settings.thorough ? Infinity : performance.now() + optionCheckTime;
      return this.time.by(end, () =>
        checkOptions({
          evaluator: this.evaluator,
          subject,
          print: this.printShort,
          besideSet: (offset) => scopeBeside(this.setModules, subject, offset),
        }),
      );
    } catch (error) {
      if (meansNoValue(error)) return noFindings;
      throw error;
    }
  }

  /** What a package asks for that nobody passes, as far as it can be had in time. @throws Interruption if cancelled */
  private checkArguments(subject: Subject): readonly EvaluationDiagnostic[] {
    try {
      return missingArguments(this.evaluator, subject);
    } catch (error) {
      if (meansNoValue(error)) return [];
      throw error;
    }
  }

  private readonly printShort = (value: Value): Bytes => printWithin(this.partForcer, value, optionBudget);

  /** Whether the last diagnosis has read another document that does not parse. */
  private readsBroken(path: Bytes, dependencies: readonly Bytes[]): boolean {
    const { log } = this.evaluator.vm.dependences;
    const { length } = log;
    const isBroken = dependencies.some(
      (read) => read !== path && this.documents.has(read) && hasSyntaxErrors(this.subject(read)!.parsed),
    );
    // To look at a document here is no read, which would be one of the next request.
    log.length = length;
    return isBroken;
  }

  takeReads(): readonly Bytes[] {
    const paths = this.session_?.world.inputs.takePaths() ?? [];
    return paths.filter((path) => this.isInWorkspace(path));
  }

  /** The paths in the workspace that the last diagnosis read. */
  private dependencies(): readonly Bytes[] {
    const { dependences } = this.evaluator.vm;
    const paths = [...dependences.keysOf(this.lastDependence)].map(pathOfKey);
    return [...new Set(paths)].filter((path) => this.isInWorkspace(path));
  }

  statistics(): EvaluatorStatistics {
    const evaluator = this.session_?.world.evaluator;
    return {
      forced: evaluator?.vm.counters.forced ?? 0,
      calls: evaluator?.vm.counters.calls ?? 0,
      filesEvaluated: this.filesEvaluated + (evaluator?.counters.filesEvaluated ?? 0),
      filesKept: evaluator?.filesKept ?? 0,
      cacheHits: evaluator?.counters.cacheHits ?? 0,
      heapUsed: process.memoryUsage().heapUsed,
    };
  }

  /**
   * The value of a document where another file imports it, as far as it can be had: somebody may be
   * writing in it, and what is asked there often needs the call of its function, which goes through
   * the import. So what is faulty in it is an error only for those who need it.
   * @throws EvalError, Interruption
   */
  private documentValue(path: Bytes): Forced {
    return this.fileValue(this.session.subjects.get(path, 'code')!);
  }

  /** What a function is called with: what the user pinned, else what a call shows. */
  private argumentOf(subject: Subject, lambda: PlacedLambda): KnownArgument | undefined {
    const { evaluator } = this;
    const pinned = this.pinned.find(evaluator, subject, lambda);
    if (pinned !== undefined) return pinned;
    const find = (): KnownArgument | undefined => this.callsOfFunctions().find(subject, lambda);
    // What a search that was cut short has not found would be taken for something that is not there.
    const found = this.searching.size === 0 ? this.time.unhurried(find) : find();
    // What a function had captured in a call would come before what is pinned for the functions around it.
    if (found === undefined || !this.pinned.concerns(subject)) return found;
    const { captured: _captured, withs: _withs, ...argument } = found;
    return argument;
  }

  private pathReferences(): PathReferences {
    const { session } = this;
    const { evaluator, documents } = session.world;
    const { dependences } = evaluator.vm;
    return (session.references ??= new PathReferences(
      // What is read for the index is no input of a value; the references that are looked up are.
      documents,
      this.settings.folders,
      () => evaluator.vm.checkLimits(),
      (target) => dependences.read(referencesKey(target)),
    ));
  }

  private callsOfFunctions(): Calls {
    const { session } = this;
    return new Calls(
      session.world.evaluator,
      this.pathReferences(),
      this.searching,
      (path) => this.subject(path),
      session.enteredModules,
      (path) => this.isInWorkspace(path),
      (path, offset) => this.chosen.find(path, wholeFunction(this.subject(path)!.parsed, offset)),
    );
  }

  /** Runs something within the time limit of a request. Interruptions pass. */
  private limited<T>(run: () => T, milliseconds = Infinity): T {
    const { vm } = this.evaluator;
    try {
      return this.time.request(this.settings.timeout, milliseconds, run);
    } finally {
      vm.reset();
    }
  }

  private readonly partForcer: PartForcer = {
    forceBy: (value, deadline) => this.time.by(deadline, () => this.evaluator.vm.force(value)),
  };

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
      return valueOfTarget(this.evaluator, subject, found);
    };
    const definition = (): Position | undefined => definitionPosition(this.evaluator, subject, found);
    const report = this.report(range, depth, compute, form, definition);
    return withSource(this.withOption(report, subject, found), scope);
  }

  /** A report of what sets or reads an option says what that is for. */
  private withOption(report: ValueReport, subject: Subject, found: PlacedTarget): ValueReport {
    const read = selectionOf(found.target);
    const option =
      optionOfTarget(found) ??
      (read && this.limited(() => this.optionRead(subject, read.of, read.name), optionTime));
    if (option === undefined) return report;
    const { details, definition } = this.limited(() => this.optionsOf(subject).describe(option), optionTime);
    const defined = this.limited(() => this.shownDefinitions(subject, option, found), optionTime);
    if (details === undefined && defined.definitions.length === 0) return report;
    const all = [report.details, details].filter((text) => text !== undefined);
    return {
      ...report,
      ...(all.length > 0 && { details: all.join('\n\n') }),
      option: { ...defined, ...(definition && { declaration: definition }) },
    };
  }

  /** Where an option is defined, but for what the hover is about itself. */
  private shownDefinitions(subject: Subject, option: OptionPath, { target }: PlacedTarget): OptionReport {
    const definitions: Location[] = [];
    for (const places of this.optionsOf(subject).definitions(option)) {
      if (definitions.length >= shownDefinitions) return { definitions, isComplete: false };
      definitions.push(...places.slice(0, shownDefinitions - definitions.length));
    }
    // A set that defines it is in another configuration then than the one that is known of the modules beside it.
    const isOfSet = scopeOfFunction(subject, option.module) === undefined;
    if (definitions.length === 0 && !isOfSet && this.optionsOf(subject).hasDefault(option))
      return { definitions, isComplete: true, isDefault: true };
    const own = locationOf({ source: subject.unit.source, offset: rangeOf(target).start })!;
    const isOwn = ({ path, range }: Location): boolean =>
      path === own.path && range.start.line === own.range.start.line;
    return { definitions: definitions.every(isOwn) ? [] : definitions, isComplete: true };
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
        const described = describeValue(this.evaluator.vm, value, this.treeOf);
        const description = withDefinition(described, value, definition(), this.treeOf);
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

/**
 * What stands together until something changes that is not followed: values, the scopes
 * that they were made in, and what is known of the files around them.
 */
interface Session {
  readonly world: World;
  readonly subjects: Subjects;
  /** Made when a call is first looked for. */
  references: PathReferences | undefined;
  readonly enteredModules: EnteredModules;
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

/** So many places that define an option are shown in a hover. */
const shownDefinitions = 4;

/** What is shown of the default of an option, and how long a hover waits for all that is known of it. */
const optionBudget: Budget = { ...hoverBudget, depth: 1, parts: 8, stringLength: 80 };
const optionTime = 2000;

/** Milliseconds for the options that a module sets, in a diagnosis, of which the first evaluates the module system. */
const optionCheckTime = 6000;

/** Milliseconds for one value beside the source, and for all of one request. */
const shortValueTime = 300;
const shortValuesTime = 3000;

/** Milliseconds for the names that are proposed while somebody writes. */
const membersTime = 3000;

/** The share of its time in which a whole value is evaluated; the rest is for printing it. */
const deepShare = 0.8;

/** The share of the heap that a run may fill before it is interrupted; past it the process would die. */
const heapShare = 0.8;

function hasSyntaxErrors({ errors }: ParsedFile): boolean {
  return errors.some(({ severity }) => severity === 'error');
}

function rootOf(parsed: ParsedFile): PlacedNode {
  return { node: parsed.root, at: parsed.rootAt };
}

/** A selection without the white space at its ends. */
function trimmed(text: Bytes, { start, end }: Range): Range {
  const inner = text.slice(start, end);
  const left = inner.length - trimmedStart(inner).length;
  return { start: start + left, end: start + Math.max(left, trimmedEnd(inner).length) };
}
