/** Deltas of Git's objects. */
import { GitError } from './failure';

/** Objects of more bytes are no source files. */
export const longestObject = 2 ** 30;

/** The object that a delta makes of its base. Git: gitformat-pack, "Deltified representation". @throws GitError */
export function applyDelta(base: Uint8Array, delta: Uint8Array): Buffer {
  const reader = new DeltaReader(delta);
  if (reader.size() !== base.length) throw new GitError('a delta does not fit its base');
  const size = reader.size();
  if (size > longestObject) throw new GitError('an object is too large');
  const result = Buffer.alloc(size);
  let at = 0;
  while (!reader.done) {
    const code = reader.byte();
    let part: Uint8Array;
    if ((code & 0x80) !== 0) {
      const offset = reader.bits(code, 4);
      const length = reader.bits(code >> 4, 3) || 0x10000;
      part = base.subarray(offset, offset + length);
      if (part.length !== length) throw new GitError('a delta copies what its base does not have');
    } else if (code !== 0) part = reader.bytes(code);
    else throw new GitError('a delta has an instruction that is not known');
    if (at + part.length > result.length) throw new GitError('a delta makes more than it says');
    result.set(part, at);
    at += part.length;
  }
  if (at !== result.length) throw new GitError('a delta makes less than it says');
  return result;
}

class DeltaReader {
  private at = 0;

  constructor(private readonly delta: Uint8Array) {}

  get done(): boolean {
    return this.at >= this.delta.length;
  }

  byte(): number {
    if (this.done) throw new GitError('a delta is cut off');
    return this.delta[this.at++]!;
  }

  bytes(count: number): Uint8Array {
    const part = this.delta.subarray(this.at, this.at + count);
    if (part.length !== count) throw new GitError('a delta is cut off');
    this.at += count;
    return part;
  }

  /** Seven bits a byte, the lowest first. */
  size(): number {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = this.byte();
      value += (byte & 0x7f) * factor;
      if ((byte & 0x80) === 0) return value;
    }
  }

  /** A number of which only those bytes are written whose bit is set, the lowest first. */
  bits(present: number, count: number): number {
    let value = 0;
    for (let i = 0; i < count; i++) if ((present & (1 << i)) !== 0) value += this.byte() * 2 ** (8 * i);
    return value;
  }
}
