/** Git's objects, loose and packed. Git: gitrepository-layout, "objects". */
import { inflateSync } from 'node:zlib';
import type { Bytes } from '../base/bytes';
import { HostError, type Host } from '../host/host';
import { canonicalPath } from '../host/path';
import { applyDelta } from './delta';
import { GitError } from './failure';
import { Pack, type GitObject, type ObjectType } from './pack';

/** Bytes of objects that are kept, since the next deltas most likely have the same bases. */
const cacheSize = 32 << 20;

/** Git makes chains of 50, and of 250 where it is told to. */
const maxChain = 5000;

export class ObjectStore {
  private packs_: readonly Pack[] | undefined;
  private alternates_: readonly ObjectStore[] | undefined;
  private readonly cache = new ObjectCache();

  /** @param folder that of the objects */
  constructor(
    private readonly host: Host,
    private readonly folder: Bytes,
    private readonly depth = 0,
  ) {}

  has(id: Bytes): boolean {
    return (
      this.host.fileType(this.loosePath(id)) !== undefined ||
      this.packs.some((pack) => pack.index.find(id) !== undefined) ||
      this.alternates.some((other) => other.has(id))
    );
  }

  /** The object of a hash in hexadecimal, or undefined if it is not here. @throws HostError, GitError */
  read(id: Bytes): GitObject | undefined {
    const found = this.findUnlessMoved(id);
    if (found !== undefined || this.depth > 0) return found;
    // Git may have packed its objects anew since the packs were looked for.
    this.packs_ = this.alternates_ = undefined;
    return this.find(id);
  }

  /** As {@link find}; what is no longer where it was is not found. */
  private findUnlessMoved(id: Bytes): GitObject | undefined {
    try {
      return this.find(id);
    } catch (error) {
      if (error instanceof HostError && error.code === 'not-found') return undefined;
      throw error;
    }
  }

  private find(id: Bytes): GitObject | undefined {
    const packed = this.readPacked(id) ?? this.readLoose(id);
    if (packed !== undefined) return packed;
    for (const other of this.alternates) {
      const found = other.read(id);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  private loosePath(id: Bytes): Bytes {
    return `${this.folder}/${id.slice(0, 2)}/${id.slice(2)}`;
  }

  private readLoose(id: Bytes): GitObject | undefined {
    const path = this.loosePath(id);
    if (this.host.fileType(path) === undefined) return undefined;
    return parseLoose(Buffer.from(this.host.readFile(path), 'latin1'), path);
  }

  private readPacked(id: Bytes): GitObject | undefined {
    for (const pack of this.packs) {
      const offset = pack.index.find(id);
      if (offset !== undefined) return this.readAt(pack, offset);
    }
    return undefined;
  }

  /** Follows the deltas, step by step so that no chain is too long, to an object that is there as a whole, and applies them on the way back. */
  private readAt(pack: Pack, offset: number): GitObject {
    const chain: { readonly key: Bytes; readonly delta: Buffer }[] = [];
    let at = offset;
    let object: GitObject | undefined;
    while (object === undefined) {
      if (chain.length > maxChain) throw new GitError(`'${pack.path}.pack' is damaged`);
      const key = `${pack.path}:${at}`;
      object = this.cache.get(key);
      if (object !== undefined) break;
      const packed = pack.read(at);
      if (packed.kind === 'whole') {
        object = packed.object;
        this.cache.set(key, object);
        break;
      }
      chain.push({ key, delta: packed.delta });
      const base = packed.kind === 'offset-delta' ? packed.base : pack.index.find(packed.base);
      if (base !== undefined) at = base;
      else object = this.baseOf(pack, String(packed.base));
    }
    for (const { key, delta } of chain.reverse()) {
      object = { type: object.type, data: applyDelta(object.data, delta) };
      this.cache.set(key, object);
    }
    return object;
  }

  private baseOf(pack: Pack, id: Bytes): GitObject {
    const base = this.read(id);
    if (base === undefined)
      throw new GitError(`'${pack.path}.pack' needs the object ${id}, which is not there`);
    return base;
  }

  private get packs(): readonly Pack[] {
    return (this.packs_ ??= this.findPacks());
  }

  private findPacks(): Pack[] {
    const folder = `${this.folder}/pack`;
    if (this.host.fileType(folder) === undefined) return [];
    return this.host
      .readDirectory(folder)
      .filter(({ name }) => name.endsWith('.idx'))
      .map(({ name }) => new Pack(this.host, `${folder}/${name.slice(0, -'.idx'.length)}`));
  }

  /** Other folders of objects that this one relies on. */
  private get alternates(): readonly ObjectStore[] {
    return (this.alternates_ ??= this.depth > 5 ? [] : this.findAlternates());
  }

  private findAlternates(): ObjectStore[] {
    const text = readIfThere(this.host, `${this.folder}/info/alternates`) ?? '';
    return text
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => canonicalPath(line.startsWith('/') ? line : `${this.folder}/${line}`))
      .map((folder) => new ObjectStore(this.host, folder, this.depth + 1));
  }
}

function parseLoose(compressed: Buffer, path: Bytes): GitObject {
  let content: Buffer;
  try {
    content = inflateSync(compressed);
  } catch {
    throw new GitError(`'${path}' is damaged`);
  }
  const end = content.indexOf(0);
  const head = /^(commit|tree|blob|tag) (\d+)$/.exec(content.toString('latin1', 0, Math.max(0, end)));
  const data = content.subarray(end + 1);
  if (head === null || Number(head[2]) !== data.length) throw new GitError(`'${path}' is damaged`);
  return { type: head[1] as ObjectType, data };
}

export function readIfThere(host: Host, path: Bytes): Bytes | undefined {
  try {
    return host.readFile(path);
  } catch (error) {
    if (error instanceof HostError) return undefined;
    throw error;
  }
}

/** The objects that were used last, up to a number of bytes. */
class ObjectCache {
  private readonly objects = new Map<string, GitObject>();
  private bytes = 0;

  get(key: string): GitObject | undefined {
    const object = this.objects.get(key);
    if (object === undefined) return undefined;
    this.objects.delete(key);
    this.objects.set(key, object);
    return object;
  }

  set(key: string, object: GitObject): void {
    if (object.data.length > cacheSize / 4 || this.objects.has(key)) return;
    this.objects.set(key, object);
    this.bytes += object.data.length;
    for (const [oldest, { data }] of this.objects) {
      if (this.bytes <= cacheSize) break;
      this.objects.delete(oldest);
      this.bytes -= data.length;
    }
  }
}
