/**
 * Where emitters write code: pages that many chunks share. Code lies in them one
 * chunk behind the other and is never changed; a page lives as long as one of
 * its chunks.
 */

const pageSize = 1 << 16;

/** An instruction with two operands, or one operand, never needs more bytes at once. */
const margin = 16;

export class CodeMemory {
  private page = new Uint8Array(pageSize);
  /** Where the next chunk starts. */
  private used = 0;

  /** The page and the place where a chunk can start. */
  begin(): { page: Uint8Array; start: number } {
    if (this.used + margin > this.page.length) this.newPage(pageSize);
    return { page: this.page, start: this.used };
  }

  /** A page with more room, which begins with the part of the chunk that is there already. */
  enlarge(page: Uint8Array, start: number, end: number): Uint8Array {
    const length = end - start;
    this.newPage(Math.max(pageSize, 2 * length + margin));
    this.page.set(page.subarray(start, end));
    return this.page;
  }

  /** Says that a chunk ends at `end` of the page it was begun in. */
  commit(end: number): void {
    this.used = end;
  }

  private newPage(size: number): void {
    this.page = new Uint8Array(size);
    this.used = 0;
  }
}
