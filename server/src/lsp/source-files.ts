/** Documents and files alike, as one request reads them: the text of an open document comes before the disk. */
import type { Bytes } from '../base/bytes';
import { inPortions, type Work } from '../base/portions';
import { readSource } from '../analysis/source-folders';
import { isBelow } from '../host/path';
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

/**
 * The documents, and then the files of the workspace, that have a word.
 * @param check is called now and then, and ends the search by throwing
 */
export function pathsWith(parts: Parts, word: Bytes, check: () => void): Promise<Bytes[]> {
  const open = [...parts.documents.all()].filter(({ bytes }) => bytes.includes(word));
  return withFiles(parts, open, (symbols) => symbols.filesWith(word), check);
}

/** The documents, and then the files of the workspace, that are in a folder or below it. */
export function pathsBelow(parts: Parts, folder: Bytes, check: () => void): Promise<Bytes[]> {
  const open = [...parts.documents.all()].filter(({ path }) => isBelow(path, folder));
  return withFiles(parts, open, (symbols) => symbols.filesBelow(folder), check);
}

async function withFiles(
  { symbols, folders }: Parts,
  open: readonly OpenDocument[],
  find: (symbols: Parts['symbols']) => Work<Bytes[]>,
  check: () => void,
): Promise<Bytes[]> {
  symbols.cover(folders.paths);
  const files = await inPortions(find(symbols), check);
  return [...new Set([...open.map(({ path }) => path), ...files])];
}
