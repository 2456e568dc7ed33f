/**
 * What the evaluator answers, as the process that speaks the protocol sees it:
 * plain data both ways, since it runs in a process of its own. Values never
 * leave that process except as text.
 *
 * Paths are canonical byte strings, offsets are bytes of the document's text.
 */
import type { Bytes } from '../base/bytes';
import type { Range } from '../base/range';
import type { SimilarNames } from '../base/suggestions';

export interface EvaluatorSettings {
  /** Milliseconds that one request may take. */
  readonly timeout: number;
  /** MiB of heap. */
  readonly memory: number;
  readonly maxCallDepth: number;
  /** Names that `getEnv` may read. */
  readonly environment: readonly string[];
  /** Nix's name of the system, or empty for the host's. */
  readonly system: string;
  /** Entries as for `-I`, before those of NIX_PATH. */
  readonly searchPath: readonly string[];
  /** Arguments of files that are functions: from a glob of paths to an expression. */
  readonly arguments: Readonly<Record<string, string>>;
  /** Folders of the workspace. */
  readonly folders: readonly Bytes[];
  /** What diagnostics look at: the value of a file, or what it leads to as well. */
  readonly reach: 'file' | 'reachable';
  /** Whether diagnostics may take all of the time limit for the parts of a value. */
  readonly thorough?: boolean;
  /** The folder for what is kept between two starts, as the operating system writes it; empty to keep nothing. */
  readonly cacheFolder: string;
}

/** A place in some file, for links. Lines and columns are from 0; columns are in UTF-16 units. */
export interface Location {
  readonly path: Bytes;
  readonly range: {
    readonly start: { readonly line: number; readonly character: number };
    readonly end: { readonly line: number; readonly character: number };
  };
}

export interface TraceEntry {
  readonly message: string;
  readonly location?: Location;
}

/** An error of evaluation, ready to be shown. */
export interface ErrorReport {
  /** Without `error: `. */
  readonly message: string;
  /** Kebab-case; see EvalErrorKind, and `timeout`, `memory`, `cancelled` for interruptions. */
  readonly code: string;
  /** Where it arose. */
  readonly location?: Location;
  /** For the name of an attribute that is not there; the message has the question, too. */
  readonly similar?: SimilarNames;
  /** The outermost frame first. */
  readonly trace: readonly TraceEntry[];
}

/** The value of an expression, or why there is none. Exactly one of `value`, `error`, `unknown` is there. */
export interface ValueReport {
  /** The printed value. */
  readonly value?: string;
  /** As `builtins.typeOf` names it. */
  readonly type?: string;
  readonly error?: ErrorReport;
  /** Why nothing can be known, e.g. `depends on the argument 'x' of the function at line 3`. */
  readonly unknown?: string;
  /** What is known besides: Markdown. */
  readonly details?: string;
  /** Where the value is written, for a function. */
  readonly definition?: Location;
  /** Of an option, or a part of its value. */
  readonly option?: OptionReport;
  /** The expression that was evaluated, in the document's text. */
  readonly range: Range;
  /** Where the arguments of enclosing functions came from. */
  readonly source?: string;
  /** The call that `source` names, if it names one, with its name there, such as `default.nix:12:5`. */
  readonly call?: { readonly text: string; readonly location: Location };
  /** Where the function starts whose argument `source` speaks of, in the document's text. */
  readonly calledAt?: number;
}

/** Where an option is declared and where modules define it, as far as that is worth showing. */
export interface OptionReport {
  readonly declaration?: Location;
  readonly definitions: readonly Location[];
  /** False where there are more. */
  readonly isComplete: boolean;
  /** Whether no module defines the option, so that it has its default. */
  readonly isDefault?: true;
}

export interface EvaluationDiagnostic {
  readonly range: Range;
  readonly error: ErrorReport;
  readonly severity: 'error' | 'warning' | 'hint';
}

/**
 * A value in a document: an expression of its text, and the attributes that are
 * selected from it one after the other.
 */
export interface ValuePath {
  readonly target: Range;
  readonly names: readonly Bytes[];
}

/** An option of a module, from where the function starts that the module is. */
export interface OptionPath {
  readonly module: number;
  /** A name that is computed, and the items of a list, are `*`. */
  readonly names: readonly Bytes[];
}

/** What somebody wants to know the place of. */
export type PlaceQuestion =
  /** Where an option is declared; where it is none, the answer to another question. */
  | { readonly kind: 'option'; readonly of: OptionPath; readonly otherwise?: PlaceQuestion }
  /** Where the value is written: a function, a package, the file that a path names. */
  | { readonly kind: 'value'; readonly of: ValuePath }
  /** The same of the value that a hover at an offset shows. */
  | { readonly kind: 'shown'; readonly offset: number }
  | AttributeQuestion
  /** Where the text binds the attribute; nowhere if a computation has named it. */
  | { readonly kind: 'name'; readonly of: AttributeQuestion };

/** Of what somebody wants to know where it was defined, or else where what it is bound to is written. */
export type AttributeQuestion =
  /** An attribute of the value. */
  | { readonly kind: 'attribute'; readonly of: ValuePath; readonly name: Bytes }
  /** A name that the `with` scopes around an offset have. */
  | { readonly kind: 'with'; readonly offset: number; readonly name: Bytes }
  /** What the caller of the function whose parameters stand at an offset has passed for one of them. */
  | { readonly kind: 'argument'; readonly offset: number; readonly name: Bytes };

/**
 * Which names may follow: attributes of a value, formals of a function (or of the file that a path
 * names), the options below one, its values, or what is found in the search path behind the first parts of `<…>`.
 */
export type MembersQuestion = MembersOf &
  (
    | { readonly kind: 'attributes' | 'formals'; readonly of: ValuePath }
    | { readonly kind: 'options'; readonly of: OptionPath }
    /** What an option may be set to, where that is one of a few: as it is written, or as the text of a string. */
    | { readonly kind: 'values'; readonly of: OptionPath; readonly inString: boolean }
    /** What a function could be passed: `of` is where it starts. */
    | { readonly kind: 'passed'; readonly of: number }
    /** @param of empty, or with `/` at its end */
    | { readonly kind: 'searchPath'; readonly of: Bytes }
  );

interface MembersOf {
  /** Where there are many names, only those are wanted that begin with this, or else contain it. */
  readonly prefix: Bytes;
  readonly limit: number;
}

export interface Member {
  readonly name: Bytes;
  /**
   * As `builtins.typeOf` names it, where it is known without evaluating more; of a file as
   * `builtins.readFileType` does.
   */
  readonly type?: string;
  /** A few words about it. */
  readonly detail?: string;
}

export interface Members {
  readonly members: readonly Member[];
  /** False if some were left out, or if the time was over. */
  readonly complete: boolean;
}

/** A value that is shown beside the source. */
export type ValueRequest =
  /** What the name at an offset is bound to. */
  | { readonly kind: 'binding'; readonly offset: number }
  /** The version of the package that the name at an offset means. */
  | { readonly kind: 'version'; readonly offset: number }
  /** An expression of the user's own, in the scope at an offset. */
  | { readonly kind: 'expression'; readonly offset: number; readonly expression: Bytes };

/** On one line. */
export interface ShortValue {
  readonly text: string;
  /** Whether the text is the message of an error. */
  readonly failed: boolean;
}

/** How a function is called. */
export interface Signature {
  /** What each argument is called: a name, or the formals in braces. */
  readonly parameters: readonly string[];
  /** Markdown. */
  readonly documentation?: string;
}

/** Where a call starts, or where a configuration is defined that calls its modules. */
export interface CallReference {
  readonly path: Bytes;
  readonly offset: number;
  /** The name of the configuration among the outputs of its flake, which tells it from others at the same place. */
  readonly configuration?: string;
}

/** A place that may call a function. */
export interface CallPlaceReport {
  readonly call: CallReference;
  readonly location: Location;
  /** The first line of its text. */
  readonly text: string;
  /** Whether the user chose it. */
  readonly chosen: boolean;
}

/** One of the arguments that a function takes one after the other. */
export interface ArgumentReport {
  /** Where the function starts that takes it. */
  readonly offset: number;
  /** The parameter as it is written. */
  readonly parameter: string;
  /** The names in a set of formals that have no default; undefined for a plain parameter. */
  readonly required: readonly string[] | undefined;
  /** The name under which the setting `nixray.arguments` would pin just this argument. */
  readonly setting: string;
  /** What is pinned, and under which name. */
  readonly pinned?: { readonly setting: string; readonly expression: string };
}

/** A function, its arguments, and the places that may call it, in the order in which they are tried. */
export interface CallsReport {
  /** Where the function starts. */
  readonly offset: number;
  readonly arguments: readonly ArgumentReport[];
  readonly places: readonly CallPlaceReport[];
}

/** A step from a value into it. */
export type ValueStep =
  | { readonly attribute: Bytes }
  | { readonly item: number }
  /** What the function that the document is gives, in the call that is shown. */
  | { readonly result: true };

export type ValueKind =
  | 'string'
  | 'number'
  | 'boolean'
  | 'null'
  | 'path'
  | 'list'
  | 'set'
  | 'derivation'
  | 'function'
  /** There was no time for it. */
  | 'unevaluated'
  /** It depends on an argument that nobody knows. */
  | 'unknown'
  | 'error';

/** A value in one line of a tree. */
export interface ValueRow {
  readonly kind: ValueKind;
  /** The value in short, or what is wrong. */
  readonly text: string;
  /** Whether it has parts, or may have some once it is evaluated. */
  readonly opens: boolean;
  /** Where the arguments of the function come from that gives the value. */
  readonly source?: string;
}

export interface PartRow extends ValueRow {
  readonly step: ValueStep;
  /** The attribute's name as Nix writes it, or the item's index in brackets. */
  readonly label: string;
}

/** Some parts of a value in a document. */
export interface LevelQuestion {
  /** From the document's value to the value that is opened. */
  readonly steps: readonly ValueStep[];
  readonly start: number;
  readonly count: number;
}

export interface ValueLevel {
  /** The value that is opened. */
  readonly whole: ValueRow;
  readonly parts: readonly PartRow[];
  /** How many parts it has. */
  readonly total: number;
}

export interface EvaluatorStatistics {
  readonly forced: number;
  readonly calls: number;
  /** Evaluations of whole files so far, an evaluation after a change included. */
  readonly filesEvaluated: number;
  /** Files whose value holds at the moment. */
  readonly filesKept: number;
  readonly cacheHits: number;
  /** Bytes. */
  readonly heapUsed: number;
}

/** What evaluating a whole document shows. */
export interface Diagnosis {
  readonly diagnostics: readonly EvaluationDiagnostic[];
  /** The paths that were read to find out, for renewal. */
  readonly dependencies: readonly Bytes[];
  /** Whether another document that was read does not parse: problems that may come of what is being written there are left out. */
  readonly awaitsOther: boolean;
}

/** What the evaluator is told; there is no answer. */
export interface EvaluatorNotices {
  configure(settings: EvaluatorSettings): void;
  /** A document was opened or changed; `text` is what counts from now on, before the disk. */
  setDocument(path: Bytes, text: Bytes): void;
  /** A document was closed; the disk counts again. */
  closeDocument(path: Bytes): void;
  /** Files were created, changed or deleted on disk. */
  filesChanged(paths: readonly Bytes[]): void;
  /**
   * The values inside the function that starts at an offset are those of a call,
   * until the text of either changes; without a call they are those of whichever is found.
   */
  chooseCall(path: Bytes, offset: number, call: CallReference | undefined): void;
}

/** The questions. Each can be interrupted; then it answers with an error of code `cancelled`. */
export interface EvaluatorQuestions {
  /** The function at an offset, and what may call it; undefined where there is no function. */
  calls(path: Bytes, offset: number): CallsReport | undefined;
  /** The value of the expression that the offset points at; undefined on white space and comments. */
  hover(path: Bytes, offset: number, depth: number): ValueReport | undefined;
  /** The value of the expression of that range (the smallest node that covers it), or of `expression` in the scope there. */
  evaluate(path: Bytes, range: Range, expression: Bytes | undefined, depth: number): ValueReport | undefined;
  /** Where a value or an attribute was defined; undefined where that is not known. */
  locate(path: Bytes, question: PlaceQuestion): Location | undefined;
  /** Where modules define an option, or a part of its value; none where it has its default. */
  definitions(path: Bytes, of: OptionPath): readonly Location[];
  /** The answers to questions about names; what fails to evaluate has none. */
  members(path: Bytes, questions: readonly MembersQuestion[]): readonly Members[];
  /** The value at the end of a path, or what an option is for. */
  describe(path: Bytes, of: ValuePath | OptionPath, depth: number): ValueReport | undefined;
  /** Values on one line each; undefined where there is none, or none to be had soon. */
  values(path: Bytes, requests: readonly ValueRequest[]): readonly (ShortValue | undefined)[];
  /** Where the argument of the function that starts at an offset comes from. */
  argumentSource(path: Bytes, offset: number): string | undefined;
  /** How the function that a value is can be called; undefined for what is none. */
  signature(path: Bytes, of: ValuePath): Signature | undefined;
  /** A value in the document's value, with some of its parts. */
  valueLevel(path: Bytes, question: LevelQuestion): ValueLevel | undefined;
  /** A value in the document's value; when deep, all of it that the time suffices for. */
  valueAt(path: Bytes, steps: readonly ValueStep[], deep: boolean): ValueReport | undefined;
  /** Where a value in the document's value was defined; undefined where that is not known. */
  valuePlace(path: Bytes, steps: readonly ValueStep[]): Location | undefined;
  /** The errors that evaluating the document shows, in the document itself. */
  diagnose(path: Bytes): Diagnosis;
  statistics(): EvaluatorStatistics;
}

export interface EvaluatorService extends EvaluatorNotices, EvaluatorQuestions {
  /**
   * To be called behind each question: if the heap was full, drops all values. Whether it is worth
   * asking again, since values were kept of earlier questions.
   */
  makeRoom(): boolean;
  /** Drops the values of a file that nobody will ask about again soon: for those who ask about one file after the other. */
  forget(path: Bytes): void;
  /** Keeps some of what was compiled; whether there is more to keep. For when nothing else is to be done. */
  keepCode(): boolean;
  /** The files of the workspace that were read, for watching; each is given once. */
  takeReads(): readonly Bytes[];
}
