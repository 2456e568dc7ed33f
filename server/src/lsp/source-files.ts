/** Documents and files alike, as one request reads them: the text of an open document comes before the disk. */
import type { Bytes } from '../base/bytes';
import { readSource } from '../analysis/source-folders';
import { parse, type ParsedFile } from '../syntax/parse';
import { pipeOperators } from './evaluation';
import type { Parts } from './parts';
import { Positions } from './positions';
import { fileUri, filePath } from './uris';

export interface SourceFile {
  readonly uri: string;
  readonly path: Bytes;
  readonly parsed: ParsedFile;
  readonly positions: Positions;
}

/** What was read is kept, so an object of this class is for one request only. */
export class SourceFiles {
  private readonly known = new Map<Bytes, SourceFile | undefined>();

  constructor(private readonly parts: Parts) {}

  /** Undefined where there is no such document or file. */
  ofUri(uri: string): SourceFile | undefined {
    const document = this.parts.documents.get(uri);
    if (document !== undefined) return document;
    const path = filePath(uri);
    return path === undefined ? undefined : this.at(path);
  }

  at(path: Bytes): SourceFile | undefined {
    const document = this.parts.documents.at(path);
    if (document !== undefined) return document;
    if (!this.known.has(path)) this.known.set(path, this.read(path));
    return this.known.get(path);
  }

  private read(path: Bytes): SourceFile | undefined {
    const text = readSource(this.parts.disk, path);
    if (text === undefined) return undefined;
    const parsed = parse(text, { pipeOperators });
    return { uri: fileUri(path), path, parsed, positions: new Positions(text) };
  }
}
