/**
 * What the machine needs from the evaluator around it: files as values, and the
 * store. The machine knows neither the parser nor the compiler.
 */
import type { Bytes } from '../base/bytes';
import type { Attrs } from '../values/attrs';
import type { Context } from '../values/context';
import type { Trace } from '../values/error';
import type { Position } from '../values/position';
import type { Source } from '../values/position';
import type { Forced, Value } from '../values/value';

export interface Loader {
  /** The value of a file, from the cache if it was imported before. A folder means its `default.nix`. */
  importFile(path: Bytes): Forced;
  /** The value of a file with more names in its global scope; never cached. */
  importScoped(scope: Attrs, path: Bytes): Forced;
  /** The value of a text of the evaluator's own, such as the function `derivation`; `name` stands in traces. */
  evaluateText(text: Bytes, directory: Bytes, name?: Bytes, kind?: Source['kind']): Forced;
  /** The value of an expression that is part of Nixray itself; relative paths start from `directory`. */
  evaluateText(text: Bytes, directory: Bytes, name?: Bytes, kind?: 'file' | 'string' | 'stdin'): Forced;
  /** Finds `name` (the text between `<` and `>`) in a search path; undefined entries are skipped. */
  findFile(searchPath: Value, name: Bytes): Bytes;
  /** What `__nixPath` is: a list of `{ prefix, path }`. */
  readonly nixPath: Value;
  /** A message for the user, a byte string. */
  report(kind: ReportKind, message: Bytes, place?: ReportPlace): void;
}

/** `trace` and `evaluation-warning` are what the program itself says, by `builtins.trace` and `builtins.warn`. */
export type ReportKind = 'trace' | 'evaluation-warning' | 'warning';

/** Where a message belongs. */
export interface ReportPlace {
  readonly position?: Position | undefined;
  /** What was going on, the outermost first. */
  readonly trace?: Trace | undefined;
}

/** Store paths, as builtins and coercions need them; see store/. */
export interface Store {
  /** `/nix/store`. */
  readonly directory: Bytes;
  /** Copies a file or folder to the (virtual) store and gives its store path. */
  copyPath(path: Bytes, name?: Bytes): Bytes;
  /** Makes what a context names available for reading, or throws an EvalError that says what to build first. */
  realise(context: Context): void;
}
