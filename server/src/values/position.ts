/**
 * Places in source text. A position is a source and an offset; line and column
 * are computed when somebody asks.
 */
import type { Bytes } from '../base/bytes';

/** A text that was parsed: a file, or an expression given on the command line. */
export interface Source {
  readonly kind: 'file' | 'string' | 'stdin';
  /** The absolute path of a file, else a name such as `«string»`; a byte string. */
  readonly path: Bytes;
  readonly text: Bytes;
}

export interface Position {
  readonly source: Source;
  /** In bytes from the start of the text. */
  readonly offset: number;
  /** The end of the construct, where it is known; the editor underlines up to it. */
  readonly end?: number;
}
