/** What all chunks of one text share. */
import type { Bytes } from '../base/bytes';
import type { Source } from '../values/position';
import type { Value } from '../values/value';

export interface CompilationUnit {
  readonly source: Source;
  /** The folder that relative paths start from: absolute, canonical. */
  readonly directory: Bytes;
  /** The global scope. */
  readonly globals: ReadonlyMap<string, Value>;
  /** Where the root expression starts in the text. */
  readonly rootAt: number;
}
