/** What all chunks of one text share. */
import type { Bytes } from '../base/bytes';
import type { ParseOptions } from '../syntax/parse';
import type { Source } from '../values/position';
import type { Value } from '../values/value';
import type { CodeImage } from './image/reader';

export interface CompilationUnit {
  readonly source: Source;
  /** The folder that relative paths start from: absolute, canonical. */
  readonly directory: Bytes;
  /** The global scope. */
  readonly globals: ReadonlyMap<string, Value>;
  /** Where the root expression starts in the text. */
  readonly rootAt: number;
  /** What was compiled of the text before, if that was kept. */
  readonly stored: StoredCode | undefined;
  /** How many chunks were compiled since: what a new image would have more than the old one. */
  compiled: number;
}

export interface StoredCode {
  readonly image: CodeImage;
  /** How the text was parsed. */
  readonly parsing: ParseOptions;
}
