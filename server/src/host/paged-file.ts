/** A large file of which some parts are wanted: read in pages, of which the last ones are kept. */
import type { Bytes } from '../base/bytes';
import { HostError, type Host } from './host';

const pageSize = 1 << 16;

/** Pages of one file that are kept: 8 MiB. */
const maxPages = 128;

export class PagedFile {
  private readonly pages = new Map<number, Uint8Array>();
  readonly size: number;

  /** @throws HostError if there is no such file */
  constructor(
    private readonly host: Host,
    private readonly path: Bytes,
  ) {
    this.size = host.fileSize(path);
  }

  /** Bytes from an offset on, at most so many, and fewer at the end. @throws HostError */
  upTo(offset: number, length: number): Buffer {
    const end = Math.min(this.size, offset + length);
    const result = Buffer.allocUnsafe(Math.max(0, end - offset));
    for (let at = offset; at < end;) {
      const index = Math.floor(at / pageSize);
      const page = this.page(index);
      const start = at - index * pageSize;
      const part = page.subarray(start, Math.min(page.length, start + end - at));
      // The file is shorter than it was.
      if (part.length === 0) throw this.tooShort();
      result.set(part, at - offset);
      at += part.length;
    }
    return result;
  }

  /** @throws HostError if the file ends before */
  exactly(offset: number, length: number): Buffer {
    if (offset < 0 || offset + length > this.size) throw this.tooShort();
    return this.upTo(offset, length);
  }

  private page(index: number): Uint8Array {
    let page = this.pages.get(index);
    // What was used last stands last, so that the first one is the one to go.
    if (page !== undefined) this.pages.delete(index);
    else page = this.host.readRange(this.path, index * pageSize, pageSize);
    this.pages.set(index, page);
    if (this.pages.size > maxPages) this.pages.delete(this.pages.keys().next().value!);
    return page;
  }

  private tooShort(): HostError {
    return new HostError('other', `'${this.path}' ends too early`);
  }
}
