/**
 * The hash function BLAKE3 with its default output of 32 bytes. Its input is
 * cut into chunks of 1 KiB, each hashed block by block, and the chunks form a
 * binary tree whose left subtrees are complete. Specification: BLAKE3, section 2.
 */
const blockLength = 64;
const chunkLength = 1024;

const chunkStart = 1;
const chunkEnd = 2;
const parent = 4;
const root = 8;

const initial = new Uint32Array([
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
]);
const permutation = [2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8];

/** The order of the message words in each of the seven rounds. */
const schedule: readonly (readonly number[])[] = (() => {
  const rounds = [Array.from({ length: 16 }, (_, i) => i)];
  for (let round = 1; round < 7; round++) rounds.push(permutation.map((from) => rounds[round - 1]![from]!));
  return rounds;
})();

function rotateRight(word: number, by: number): number {
  return (word >>> by) | (word << (32 - by));
}

function mix(v: Uint32Array, a: number, b: number, c: number, d: number, x: number, y: number): void {
  v[a] = v[a]! + v[b]! + x;
  v[d] = rotateRight(v[d]! ^ v[a], 16);
  v[c] = v[c]! + v[d];
  v[b] = rotateRight(v[b]! ^ v[c], 12);
  v[a] = v[a] + v[b] + y;
  v[d] = rotateRight(v[d] ^ v[a], 8);
  v[c] = v[c] + v[d];
  v[b] = rotateRight(v[b] ^ v[c], 7);
}

/** The eight words that a block makes of a chaining value. */
function compress(
  chaining: Uint32Array,
  block: Uint32Array,
  counter: number,
  length: number,
  flags: number,
): Uint32Array {
  const v = new Uint32Array(16);
  v.set(chaining);
  v.set(initial.subarray(0, 4), 8);
  v[12] = counter;
  v[13] = Math.floor(counter / 0x1_0000_0000);
  v[14] = length;
  v[15] = flags;
  for (const order of schedule) {
    const m = (i: number): number => block[order[i]!]!;
    mix(v, 0, 4, 8, 12, m(0), m(1));
    mix(v, 1, 5, 9, 13, m(2), m(3));
    mix(v, 2, 6, 10, 14, m(4), m(5));
    mix(v, 3, 7, 11, 15, m(6), m(7));
    mix(v, 0, 5, 10, 15, m(8), m(9));
    mix(v, 1, 6, 11, 12, m(10), m(11));
    mix(v, 2, 7, 8, 13, m(12), m(13));
    mix(v, 3, 4, 9, 14, m(14), m(15));
  }
  return Uint32Array.from({ length: 8 }, (_, i) => v[i]! ^ v[i + 8]!);
}

/** What the last block of a node needs, so that it can be compressed once it is known whether it is the root. */
interface Node {
  readonly chaining: Uint32Array;
  readonly block: Uint32Array;
  readonly counter: number;
  readonly length: number;
  readonly flags: number;
}

function finish(node: Node, extra: number): Uint32Array {
  return compress(node.chaining, node.block, node.counter, node.length, node.flags | extra);
}

function parentOf(left: Uint32Array, right: Uint32Array): Node {
  const block = new Uint32Array(16);
  block.set(left);
  block.set(right, 8);
  return { chaining: initial, block, counter: 0, length: blockLength, flags: parent };
}

function words(bytes: Uint8Array): Uint32Array {
  const padded = Buffer.alloc(blockLength);
  padded.set(bytes);
  return Uint32Array.from({ length: 16 }, (_, i) => padded.readUInt32LE(i * 4));
}

/** The last node of a chunk, all blocks but its last compressed. */
function chunkNode(bytes: Uint8Array, counter: number): Node {
  let chaining: Uint32Array = initial;
  let start = 0;
  for (; bytes.length - start > blockLength; start += blockLength) {
    const block = words(bytes.subarray(start, start + blockLength));
    chaining = compress(chaining, block, counter, blockLength, start === 0 ? chunkStart : 0);
  }
  const rest = bytes.subarray(start);
  const flags = chunkEnd | (start === 0 ? chunkStart : 0);
  return { chaining, block: words(rest), counter, length: rest.length, flags };
}

export class Blake3 {
  /** Complete subtrees that wait for their right neighbour, the largest first. */
  private readonly subtrees: Uint32Array[] = [];
  private chunks = 0;
  private readonly pending = new Uint8Array(chunkLength);
  private pendingLength = 0;

  update(bytes: Uint8Array): void {
    let at = 0;
    while (at < bytes.length) {
      // The last chunk stays here, since it may turn out to be the root.
      if (this.pendingLength === chunkLength) this.completeChunk();
      const count = Math.min(chunkLength - this.pendingLength, bytes.length - at);
      this.pending.set(bytes.subarray(at, at + count), this.pendingLength);
      this.pendingLength += count;
      at += count;
    }
  }

  private completeChunk(): void {
    let value = finish(chunkNode(this.pending, this.chunks++), 0);
    // A subtree is complete for every factor of two in the count of chunks.
    for (let total = this.chunks; total % 2 === 0; total /= 2) {
      value = finish(parentOf(this.subtrees.pop()!, value), 0);
    }
    this.subtrees.push(value);
    this.pendingLength = 0;
  }

  digest(): Uint8Array {
    let node = chunkNode(this.pending.subarray(0, this.pendingLength), this.chunks);
    for (let i = this.subtrees.length - 1; i >= 0; i--) {
      node = parentOf(this.subtrees[i]!, finish(node, 0));
    }
    const digest = Buffer.alloc(32);
    finish(node, root).forEach((word, i) => digest.writeUInt32LE(word, i * 4));
    return digest;
  }
}
