/**
 * Places in source text. A position is a source and an offset; line and column
 * are computed when somebody asks.
 */
import { encodeUtf8, type Bytes } from '../base/bytes';
import { LineIndex } from '../base/line-index';

/** A text that was parsed: a file, or an expression given on the command line. */
export interface Source {
  readonly kind: 'file' | 'string' | 'stdin';
  /** The absolute path of a file, else a name such as `«string»`; a byte string. */
  readonly path: Bytes;
  readonly text: Bytes;
  /** Of a file that evaluation has copied to its path: where somebody finds it; null where it is in no folder. */
  readonly placeOnDisk?: Bytes | null;
  /** Of a document that is being edited: the version that positions belong to. */
  readonly version?: Version;
}

/** A version of a text that is being edited. Values outlive edits elsewhere in the text, and with them their positions. */
export interface Version {
  /** Where a position in this version is in the present text. Whoever asks depends on the text. */
  present(position: Position): Position;
}

export interface Position {
  readonly source: Source;
  /** In bytes from the start of the text. */
  readonly offset: number;
  /** The end of the construct, where it is known; the editor underlines up to it. */
  readonly end?: number;
}

/** Where a position is now, if its text was edited since. */
export function presentPosition(position: Position): Position {
  return position.source.version?.present(position) ?? position;
}

/** The name of the file system of Nix's own files, as messages show it. */
const ownFileSystem = encodeUtf8('«nix-internal»');

/** The path by which a program knows a source that is a file. */
export function filePathOf({ kind, path }: Source): Bytes | undefined {
  if (kind !== 'file') return undefined;
  return path.startsWith(ownFileSystem) ? path.slice(ownFileSystem.length) : path;
}

/** Whether a source is a file by its path. Nix's own files, such as that which calls flakes, have names only. */
export function isOnDisk({ kind, path }: Source): boolean {
  return kind === 'file' && path.startsWith('/');
}

/** Line and column of a position now, both from 1, the column in bytes. */
export function placeOf(position: Position): { line: number; column: number } {
  const { source, offset } = presentPosition(position);
  return lineAndColumn(source, offset);
}

/** Line and column of an offset in a text, both from 1, the column in bytes, as C++ Nix counts them. */
export function lineAndColumn(source: Source, offset: number): { line: number; column: number } {
  const { line, column } = linesOf(source).position(offset);
  return { line: line + 1, column: column + 1 };
}

const lineIndexes = new WeakMap<Source, LineIndex>();

/** The lines of a text. That of a version of a document may be another one than the last time. */
export function linesOf(source: Source): LineIndex {
  const { text } = source;
  let index = lineIndexes.get(source);
  if (index?.text !== text) lineIndexes.set(source, (index = new LineIndex(text)));
  return index;
}
