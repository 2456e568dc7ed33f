/**
 * The evaluator's façade: texts and files in, values and errors out. It owns
 * the machine, the global scope and the cache of imported files.
 */
import { encodeUtf8, type Bytes } from '../base/bytes';
import { findFile } from '../builtins/find-file';
import { createGlobals, type Globals } from '../builtins/registry';
import { NodeBlueprint } from '../compiler/blueprint';
import type { CodeImage } from '../compiler/image/reader';
import type { CompilationUnit } from '../compiler/unit';
import { HostError, type Host } from '../host/host';
import { canonicalPath, directoryOf } from '../host/path';
import { resolveSymlinks } from '../host/symbolic-links';
import { freeNames } from '../names/free-names';
import { firstStaticError, type GlobalNames } from '../names/static-errors';
import { hashHex } from '../store/hash';
import { VirtualStore } from '../store/virtual-store';
import { lintLiterals, type LintSettings } from '../syntax/lint';
import { parse, type ParsedFile, type ParseOptions, type SyntaxError } from '../syntax/parse';
import type { Attrs } from '../values/attrs';
import { Dependences } from '../values/dependence';
import { EvalError, type EvalErrorKind } from '../values/error';
import type { Source } from '../values/position';
import { printPosition } from '../values/printer';
import { isDone, lazily, type Thunk } from '../values/thunk';
import type { Forced, Value } from '../values/value';
import type { Limits } from '../vm/limits';
import type { Loader, ReportKind, ReportPlace } from '../vm/loader';
import { Vm } from '../vm/vm';
import { isPortable, type CodeCache } from './code-cache';
import { rehearse } from './rehearsal';
import { searchPathValue } from './search-path';

export interface EvaluatorOptions {
  readonly host: Host;
  /** Entries as for `-I`: `prefix=path` or `path`, the first match wins. */
  readonly searchPath: readonly Bytes[];
  readonly limits?: Limits;
  /** Whether `|>` and `<|` are operators. */
  readonly pipeOperators?: boolean;
  /** Hears `trace` and `warn`. */
  readonly report?: (kind: ReportKind, message: Bytes, place: ReportPlace) => void;
  /** Where compiled code is kept, if it is. */
  readonly codeCache?: CodeCache;
  /** Of which files; of all if it is not given. */
  readonly keepsCodeOf?: (path: Bytes) => boolean;
  /** The evaluation of a document that is being edited, whose values are shared with those that are shown. */
  readonly document?: (path: Bytes) => (() => Forced) | undefined;
  /** Hears that the evaluation has come to so many files that it will take a while. */
  readonly becomesLarge?: () => void;
  /** Hears that a builtin is about to make very many values that all stay. */
  readonly keepsMuch?: () => void;
  /** After so many runs a chunk becomes a JavaScript function; tests set it. */
  readonly hotRuns?: number;
  /** What to do about literals that lints find; nothing unless it is given. */
  readonly lints?: LintSettings;
}

/** A text that was parsed, and its toplevel chunk. */
export interface LoadedFile {
  readonly source: Source;
  readonly parsed: ParsedFile;
  readonly blueprint: NodeBlueprint;
}

/** An evaluation that has come to so many files is likely to come to hundreds: measured on packages of nixpkgs. */
const manyFiles = 10;

const stringName = encodeUtf8('«string»');

export class Evaluator implements Loader {
  readonly vm: Vm;
  readonly store: VirtualStore;
  /** The file system, with what evaluation itself put into the store. */
  readonly host: Host;
  readonly globals: Globals;
  /** Tells apart sets of global names: experimental features have names of their own. */
  private readonly globalsDigest: string;
  readonly nixPath: Value;
  /** The value of each imported file, by its resolved path. */
  private readonly files = new Map<Bytes, Thunk>();
  /** The same by the paths that imports name. */
  private readonly imports = new Map<Bytes, Thunk>();
  /** Values that several questions share, by name. */
  private readonly sharedValues = new Map<string, Value>();
  readonly counters = { filesEvaluated: 0, cacheHits: 0 };

  constructor(private readonly options: EvaluatorOptions) {
    const { limits, hotRuns } = options;
    const dependences = new Dependences();
    this.store = new VirtualStore(options.host, dependences);
    this.host = this.store.host;
    const { host, store } = this;
    this.vm = new Vm({
      host,
      loader: this,
      store,
      dependences,
      ...(limits && { limits }),
      ...(hotRuns !== undefined && { hotRuns }),
      ...(options.keepsMuch && { keepsMuch: options.keepsMuch }),
    });
    this.nixPath = searchPathValue(options.searchPath);
    this.globals = createGlobals(this.vm);
    this.globalsDigest = hashHex('sha1', [...this.globals.names.keys()].join(' ')).slice(0, 8);
  }

  // --- What callers ask ------------------------------------------------------------

  /**
   * The value of a text.
   * @param directory the folder that relative paths start from
   */
  evaluateText(
    text: Bytes,
    directory: Bytes,
    name: Bytes = stringName,
    kind: Source['kind'] = 'string',
  ): Forced {
    return this.run(this.load({ kind, path: name, text }, directory));
  }

  /** Parses and prepares a text, without evaluating it. @throws EvalError for the first static error */
  load(source: Source, directory: Bytes): LoadedFile {
    const parsed = this.parse(source);
    this.assertSound(parsed, source);
    return this.prepare(source, parsed, directory);
  }

  /** The toplevel chunk of a parsed text, whatever errors it has. */
  prepare(source: Source, parsed: ParsedFile, directory: Bytes, scope?: Attrs): LoadedFile {
    const unit: CompilationUnit = {
      source,
      directory,
      globals: this.globals.names,
      rootAt: parsed.rootAt,
      stored: undefined,
      compiled: 0,
    };
    const free = freeNames(parsed.root);
    const scoped =
      scope === undefined ? [] : [...free.lexical, ...free.dynamic].filter((name) => scope.has(name));
    const captures = [...new Set(scoped)];
    const body = { kind: 'expression', node: parsed.root } as const;
    const blueprint = NodeBlueprint.of('toplevel', source.path, unit, undefined, 0, body, captures, false);
    return { source, parsed, blueprint };
  }

  /** The first static error, if the names of `scope` are known besides the global ones. */
  private firstError(parsed: ParsedFile, scope?: GlobalNames): SyntaxError | undefined {
    const syntaxError = parsed.errors.find((error) => error.severity === 'error');
    if (syntaxError !== undefined) return syntaxError;
    const { names } = this.globals;
    const known =
      scope === undefined
        ? names
        : {
            has: (name: string) => scope.has(name) || names.has(name),
            keys: () => [...scope.keys(), ...names.keys()],
          };
    return firstStaticError(parsed, known);
  }

  run(file: LoadedFile): Forced {
    return this.vm.run(file.blueprint);
  }

  /** A value that all who ask for that name share. */
  shared(name: string, make: () => Value): Value {
    let value = this.sharedValues.get(name);
    if (value === undefined) this.sharedValues.set(name, (value = make()));
    return value;
  }

  /** How many files have a value that holds. */
  get filesKept(): number {
    return [...this.files.values()].filter((thunk) => isDone(thunk)).length;
  }

  /** @throws EvalError for the first static error */
  assertSound(parsed: ParsedFile, source: Source): void {
    const error = this.firstError(parsed);
    if (error !== undefined) throw staticError(error, source);
  }

  /** Parses an expression that stands in a scope. @throws EvalError for its first static error */
  parseWithin(source: Source, scope: { has(name: string): boolean }, visible: Iterable<string>): ParsedFile {
    const parsed = this.parse(source);
    const error = this.firstError(parsed, { has: (name) => scope.has(name), keys: () => visible });
    if (error !== undefined) throw staticError(error, source);
    return parsed;
  }

  private get parsing(): ParseOptions {
    return { pipeOperators: this.options.pipeOperators ?? false };
  }

  private parse(source: Source): ParsedFile {
    const parsed = parse(source.text, this.parsing);
    if (this.options.lints !== undefined) this.lint(source, parsed, this.options.lints);
    return parsed;
  }

  /** Warns of what the lints find. @throws EvalError for what they forbid */
  private lint(source: Source, parsed: ParsedFile, settings: LintSettings): void {
    for (const { level, message, start, end } of lintLiterals(parsed, settings)) {
      const position = { source, offset: start, end };
      if (level === 'fatal') throw new EvalError('parse-error', message, position);
      this.report('warning', message, { position });
    }
  }

  // --- Loader -------------------------------------------------------------------------

  importFile(path: Bytes): Forced {
    let thunk = this.imports.get(path);
    if (thunk === undefined) {
      // Which file a path means may change as the content of a file may.
      thunk = lazily(() => this.vm.force(this.fileThunk(this.resolveImport(path))));
      this.imports.set(path, thunk);
    } else this.counters.cacheHits++;
    return this.vm.force(thunk);
  }

  private fileThunk(resolved: Bytes): Thunk {
    let thunk = this.files.get(resolved);
    if (thunk === undefined) {
      thunk = lazily(() => this.evaluateResolved(resolved));
      this.files.set(resolved, thunk);
    }
    return thunk;
  }

  /**
   * The file that an import means: a link to another file followed, and a folder's
   * `default.nix`. Links among the folders stay, so that relative paths go on from
   * where the file was found.
   */
  resolveImport(path: Bytes): Bytes {
    try {
      const file = followLinks(this.host, path);
      const isFolder = this.host.fileType(resolveSymlinks(this.host, file)) === 'directory';
      return isFolder ? canonicalPath(`${file}/default.nix`) : file;
    } catch (error) {
      throw fileError(error);
    }
  }

  private evaluateResolved(path: Bytes): Forced {
    // Who listens, such as a profile, would take the time of a rehearsal for that of a file.
    if (++this.counters.filesEvaluated === manyFiles && this.vm.observer === undefined) {
      rehearse((options) => new Evaluator(options), this.options.codeCache);
      this.options.becomesLarge?.();
    }
    const document = this.options.document?.(path);
    const blueprint =
      document === undefined ? this.loadImport(this.readSource(path), directoryOf(path)) : undefined;
    try {
      return blueprint === undefined ? document!() : this.vm.run(blueprint);
    } catch (error) {
      if (error instanceof EvalError) error.while(`while evaluating the file '${path}':`);
      throw error;
    }
  }

  /** The toplevel blueprint of a file, with the code that is kept of its text. @throws EvalError */
  private loadImport(source: Source, directory: Bytes): NodeBlueprint {
    const { codeCache, lints, keepsCodeOf } = this.options;
    // Lints need the syntax of every file.
    const keeps = lints === undefined && keepsCodeOf?.(source.path) !== false;
    if (codeCache === undefined || !keeps) return this.load(source, directory).blueprint;
    const name = codeCache.nameOf(source.text, this.parsing, this.globalsDigest);
    const image = codeCache.find(name);
    if (image !== undefined) {
      const blueprint = this.storedBlueprint(source, directory, image);
      codeCache.add(name, blueprint);
      return blueprint;
    }
    const { parsed, blueprint } = this.load(source, directory);
    if (isPortable(parsed, this.globals.names)) codeCache.add(name, blueprint);
    return blueprint;
  }

  private storedBlueprint(source: Source, directory: Bytes, image: CodeImage): NodeBlueprint {
    return NodeBlueprint.storedRoot(source.path, {
      source,
      directory,
      globals: this.globals.names,
      rootAt: image.rootAt,
      stored: { image, parsing: this.parsing },
      compiled: 0,
    });
  }

  /** The text of a file. @throws EvalError */
  readSource(path: Bytes): Source {
    try {
      const source = { kind: 'file', path, text: this.host.readFile(path) } as const;
      const { host } = this.store;
      return host.objectAt(path) === undefined
        ? source
        : { ...source, placeOnDisk: host.placeOnDisk(path) ?? null };
    } catch (error) {
      throw fileError(error);
    }
  }

  importScoped(scope: Attrs, path: Bytes): Forced {
    const resolved = this.resolveImport(path);
    const source = this.readSource(resolved);
    const parsed = this.parseWithin(source, scope, scope.shape.names);
    const { blueprint } = this.prepare(source, parsed, directoryOf(resolved), scope);
    return this.vm.run(
      blueprint,
      blueprint.captures.map((name) => scope.get(name)),
    );
  }

  findFile(searchPath: Value, name: Bytes): Bytes {
    return findFile(this.vm, searchPath, name);
  }

  report(kind: ReportKind, message: Bytes, place: ReportPlace = {}): void {
    this.options.report?.(kind, message, place);
  }
}

/** As many links may follow one another as in C++ Nix. */
const maxLinks = 1024;

/** The path with a link at its end followed, and the links that follow. @throws HostError */
function followLinks(host: Host, path: Bytes): Bytes {
  let current = path;
  for (let links = 0; links < maxLinks; links++) {
    if (current === '/') return current;
    const place = resolveSymlinks(host, current, 'ancestors');
    if (host.fileType(place) !== 'symlink') return current;
    const target = host.readLink(place);
    current = canonicalPath(target.startsWith('/') ? target : `${directoryOf(current)}/${target}`);
  }
  throw new HostError('other', `too many symbolic links encountered while traversing the path '${path}'`);
}

/** A static error as the error that evaluating the text ends with. */
function staticError(error: SyntaxError, source: Source): EvalError {
  const kind: EvalErrorKind = error.code === 'undefined-variable' ? 'undefined-variable' : 'parse-error';
  const position = { source, offset: error.range.start, end: error.range.end };
  const { message, related, suggestions } = error;
  const first = related === undefined ? undefined : { source, offset: related.range.start };
  return new EvalError(
    kind,
    // An editor links to the first definition; the message for a terminal names it.
    first === undefined ? message : `${message} at ${printPosition(first)}`,
    position,
    suggestions ?? [],
  );
}

function fileError(error: unknown): unknown {
  return error instanceof HostError ? new EvalError('file-error', error.message) : error;
}
