/** The open documents, by URI and by path. */
import type { Bytes } from '../base/bytes';
import type { OpenDocument } from './document';

export class Documents {
  private readonly byUri = new Map<string, OpenDocument>();
  private readonly byPath = new Map<Bytes, OpenDocument>();

  /** Undefined for a document that is not open. */
  get(uri: string): OpenDocument | undefined {
    return this.byUri.get(uri);
  }

  at(path: Bytes): OpenDocument | undefined {
    return this.byPath.get(path);
  }

  all(): IterableIterator<OpenDocument> {
    return this.byUri.values();
  }

  get count(): number {
    return this.byUri.size;
  }

  add(document: OpenDocument): void {
    this.byUri.set(document.uri, document);
    this.byPath.set(document.path, document);
  }

  /** Gives the document that was open. */
  remove(uri: string): OpenDocument | undefined {
    const document = this.byUri.get(uri);
    if (document === undefined) return undefined;
    this.byUri.delete(uri);
    this.byPath.delete(document.path);
    // Two spellings of a URI may mean one path; then another document stays.
    for (const other of this.byUri.values())
      if (other.path === document.path) this.byPath.set(other.path, other);
    return document;
  }
}
