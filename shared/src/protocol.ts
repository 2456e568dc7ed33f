// What the client and the server say to each other beyond the language server
// protocol: names of methods, and the types of what they carry.
//
// The protocol's own types are repeated here by their shape, since this folder
// imports nothing. Positions count lines from 0 and UTF-16 units within a line,
// as everywhere in the protocol.

export interface Position {
  line: number;
  character: number;
}

export interface Range {
  start: Position;
  end: Position;
}

export interface Location {
  uri: string;
  range: Range;
}

export interface TextDocumentIdentifier {
  uri: string;
}

/** The id of the language of the documents that the server serves. */
export const languageId = 'nix';

/** The `source` of every diagnostic of the server. */
export const diagnosticSource = 'nixray';

/** What the client sends as `initializationOptions`. */
export interface InitializationOptions {
  /** Whether the user trusts the workspace. Absent means true, for editors that have no such notion. */
  trusted?: boolean;
  /** The commands of the client that the server may offer, such as in lenses. */
  commands?: string[];
  /** Whether the client wants to hear of {@link valuesChangedMethod}. */
  followsValues?: boolean;
  /** Whether links in the server's Markdown may run these commands, as `command:NAME?ARGUMENTS` (a JSON array). */
  followsCommandLinks?: boolean;
}

/** Notification, client to server: the user's trust in the workspace has changed. */
export const didChangeTrustMethod = 'nixray/didChangeTrust';

export interface DidChangeTrustParams {
  trusted: boolean;
}

/** Notification, server to client: what evaluation is doing, for the status item. */
export const statusMethod = 'nixray/status';

export interface StatusParams {
  /**
   * - `idle`: nothing is being evaluated, every published problem is current;
   * - `evaluating`: an evaluation is running;
   * - `restarted`: the process that evaluates ran out of time or memory, or crashed, and was replaced;
   * - `disabled`: nothing is evaluated, by a setting or because the workspace is not trusted.
   */
  state: 'idle' | 'evaluating' | 'restarted' | 'disabled';
  /** One sentence for the user, such as the reason of a restart. */
  message?: string;
}

/**
 * Request: the byte code of a document. That of a huge one takes a while, in which
 * others are answered; an edit meanwhile ends it with the error ContentModified.
 */
export const bytecodeMethod = 'nixray/bytecode';

export interface BytecodeParams {
  textDocument: TextDocumentIdentifier;
  /** When given, the chunk that holds it comes first, then the chunks around it, from the inside out. */
  position?: Position;
}

export interface BytecodeResult {
  /** The disassembly of every chunk, ready to be shown. */
  text: string;
  chunks: BytecodeChunk[];
}

export interface BytecodeChunk {
  name: string;
  kind: 'toplevel' | 'lambda' | 'thunk';
  /** The source that the chunk was compiled from. */
  range: Range;
  byteLength: number;
  constants: string[];
  instructions: BytecodeInstruction[];
}

export interface BytecodeInstruction {
  /** Where the instruction starts in its chunk's code. */
  offset: number;
  /** The instruction with its operands, in hexadecimal digits. */
  bytes: string;
  op: string;
  /** The operands, as the disassembly shows them. */
  operands: string;
  /** The source that the instruction belongs to. */
  range: Range;
}

/** Request: the value of a part of a document, or of an expression in its scope. */
export const evaluateMethod = 'nixray/evaluate';

export interface EvaluateParams {
  textDocument: TextDocumentIdentifier;
  /** The expression to evaluate; an empty range is the same as a position. */
  range?: Range;
  /** When there is no range: the innermost expression here, or the scope of `expression`. */
  position?: Position;
  /** An expression to evaluate in the scope at the position or range. */
  expression?: string;
  /** How many levels of a list or an attribute set to show. */
  depth?: number;
}

export interface EvaluateResult {
  /** The value as Nix would print it; what is not evaluated is shown as `«thunk»`. */
  value: string;
  /** The value's type, as `builtins.typeOf` names it, or `error` or `unknown`. */
  type: string;
  error?: EvaluationError;
  /** Where the arguments of the functions around the expression came from. */
  source?: string;
  /** The call that `source` names, if it names one, with its name there, such as `default.nix:12:5`. */
  call?: { text: string; location: Location };
}

export interface EvaluationError {
  message: string;
  /** The same stable name that a diagnostic of this error has. */
  code: string;
  /** The innermost frame first. */
  trace: TraceFrame[];
}

export interface TraceFrame {
  message: string;
  location?: Location;
}

/** Request: the function at a position, and the places that may call it; null where there is no function. */
export const callsMethod = 'nixray/calls';

export interface CallsParams {
  textDocument: TextDocumentIdentifier;
  position: Position;
}

export interface CallsResult {
  /** In the order in which they are tried. */
  calls: FunctionCall[];
  /** What the function takes, one argument after the other. */
  arguments: FunctionArgument[];
}

export interface FunctionArgument {
  /** Where the function starts that takes it; the scope around it is that of a pinned expression. */
  position: Position;
  /** The parameter as it is written. */
  parameter: string;
  /** The names in a set of formals that have no default; absent for a plain parameter. */
  required?: string[];
  /** The name under which the setting `nixray.arguments` would pin just this argument. */
  setting: string;
  /** What is pinned for it now, and under which name of the setting. */
  pinned?: { setting: string; expression: string };
}

export interface FunctionCall {
  location: Location;
  /** The first line of its text, or the name of a configuration: `nixosConfigurations.laptop`. */
  text: string;
  /** Whether the user chose it. */
  chosen: boolean;
}

/**
 * Request: from now on the values inside the function at the position are those of
 * the call that starts at the location, or of whichever is found where there is
 * none. The choice moves with edits, and ends with one of the start of either. The
 * result tells whether there is such a function and such a call.
 */
export const chooseCallMethod = 'nixray/chooseCall';

export interface ChooseCallParams {
  textDocument: TextDocumentIdentifier;
  position: Position;
  call: Location | null;
  /** Its text, which tells it from others that start there, such as configurations that one expression makes. */
  text?: string;
}

/**
 * The extension's command that lets the user choose a call, with the arguments
 * `[uri, position]`; without them it means the cursor. A client that has it says
 * so by `commands` of its initialization options.
 */
export const chooseCallCommand = 'nixray.chooseCall';

/** A step from a value into it: to an attribute or an item, or to what the document's function gives. */
export type ValueStep = { attribute: string } | { item: number } | { result: true };

/** A value in the value of a document: an empty path is the document's value itself. */
export interface ValueParams {
  textDocument: TextDocumentIdentifier;
  path: ValueStep[];
}

/**
 * Request: a value in the value of a document, with some of its parts. Parts are
 * evaluated within a budget; one that there was no time for is `unevaluated`
 * until somebody asks for its own level. Null where there is no such document.
 */
export const valueTreeMethod = 'nixray/valueTree';

export interface ValueTreeParams extends ValueParams {
  /** The first part to give, from 0. */
  start?: number;
  /** How many parts to give, 100 if nothing is said, at most 1000. */
  count?: number;
}

export interface ValueTreeResult {
  value: ValueRow;
  parts: ValuePart[];
  /** How many parts the value has. */
  total: number;
}

export interface ValueRow {
  kind: ValueKind;
  /** The value in one line, or what is wrong. */
  text: string;
  /** Whether it has parts, or may have some once it is evaluated. */
  opens: boolean;
  /** Where the arguments of the function come from that gives the value. */
  source?: string;
}

export interface ValuePart extends ValueRow {
  step: ValueStep;
  /** The attribute's name as Nix writes it, or the item's index in brackets. */
  label: string;
}

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
  | 'unevaluated'
  | 'unknown'
  | 'error';

/** Request: the text of a value in the value of a document; null where there is no such document. */
export const describeValueMethod = 'nixray/describeValue';

export interface DescribeValueParams extends ValueParams {
  /** Up to 5,000 parts of the value, as far as the time limit suffices, instead of what fits in a hover. */
  deep?: boolean;
}

export type DescribeValueResult = EvaluateResult;

/** Request: where a value in the value of a document was defined, or the nearest value around it; null if nobody knows. */
export const locateValueMethod = 'nixray/locateValue';

export type LocateValueParams = ValueParams;

export type LocateValueResult = Location;

/** Notification, server to client: any value may be another one now, though its document was not edited. */
export const valuesChangedMethod = 'nixray/valuesChanged';

/** The extension's command that shows the value of the active editor's document as a tree. */
export const showValueCommand = 'nixray.showValue';

/** Request: counters, for tests and the curious. */
export const statsMethod = 'nixray/stats';

export interface StatsResult {
  /** By URI; the counters are those of the document's last change. */
  documents: { [uri: string]: DocumentStats };
  evaluator: EvaluatorStats;
}

export interface DocumentStats {
  version: number;
  bytesTotal: number;
  bytesReparsed: number;
  chunksCompiled: number;
  chunksReused: number;
  codeBytesTotal: number;
  codeBytesEmitted: number;
}

export interface EvaluatorStats {
  forced: number;
  calls: number;
  /** Evaluations of whole files so far, an evaluation after a change included. */
  filesEvaluated: number;
  /** Files whose value holds at the moment. */
  filesKept: number;
  cacheHits: number;
  heapUsed: number;
}

/**
 * The command of `workspace/executeCommand` that gives the byte code's text,
 * with the arguments `[uri, position?]`. It is for editors without the
 * extension, whose own command has another name.
 */
export const showBytecodeCommand = 'nixray.server.showBytecode';

/**
 * The server's command that downloads a nixpkgs and makes it what `<nixpkgs>` means
 * until the server ends. Its argument, which may be left out for the newest release
 * that is known, is a {@link FetchNixpkgsArgument}; its result a
 * {@link FetchNixpkgsResult}, or null if the user called it off.
 */
export const fetchNixpkgsServerCommand = 'nixray.server.fetchNixpkgs';

/** A release by its name, or the URL of another archive with its hash. */
export interface FetchNixpkgsArgument {
  release?: string;
  url?: string;
  /** The hash of the tree, as `fetchTarball` takes it. */
  sha256?: string;
}

export interface FetchNixpkgsResult {
  /** The folder, as the operating system writes it. */
  path: string;
  /** What to add to the setting `searchPath`. */
  entry: string;
  /** False if it was there already. */
  downloaded: boolean;
}

/**
 * The extension's command that lets the user choose a nixpkgs to fetch, and keeps the
 * choice in the settings. A client that has it says so as it does of
 * {@link chooseCallCommand}.
 */
export const fetchNixpkgsCommand = 'nixray.fetchNixpkgs';
