/** Documents and files alike, as one request reads them: the text of an open document comes before the disk. */
import type { Bytes } from '../base/bytes';
import { readSource } from '../analysis/source-folders';
import { parse, type ParsedFile, workspaceSyntax } from '../syntax/parse';
import type { OpenDocument } from './document';
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
  /** The open ones, and their versions when they were read. */
  private readonly documents = new Map<OpenDocument, number>();

  constructor(private readonly parts: Parts) {}

  /** Undefined where there is no such document or file. */
  ofUri(uri: string): SourceFile | undefined {
    const path = this.parts.documents.get(uri)?.path ?? filePath(uri);
    return path === undefined ? undefined : this.at(path);
  }

  at(path: Bytes): SourceFile | undefined {
    if (!this.known.has(path)) this.known.set(path, this.read(path));
    return this.known.get(path);
  }

  /** Whether the documents among them still have the text that was read. */
  get areUnchanged(): boolean {
    for (const [document, version] of this.documents) if (document.version !== version) return false;
    return true;
  }

  private read(path: Bytes): SourceFile | undefined {
    const document = this.parts.documents.at(path);
    if (document !== undefined) {
      this.documents.set(document, document.version);
      const { uri, parsed, positions } = document;
      return { uri, path, parsed, positions };
    }
    const text = readSource(this.parts.disk, path);
    if (text === undefined) return undefined;
    const parsed = parse(text, workspaceSyntax);
    return { uri: fileUri(path), path, parsed, positions: new Positions(text) };
  }
}
