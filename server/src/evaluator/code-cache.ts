/**
 * What has been compiled of files, kept from one evaluator to the next.
 *
 * The cache holds code and no results. An entry belongs to a text, not to a
 * file: its name is a digest of the text and of how it is parsed, so nothing in
 * it can be out of date.
 */
import type { Bytes } from '../base/bytes';
import type { NodeBlueprint } from '../compiler/blueprint';
import { CodeImage } from '../compiler/image/reader';
import { writeImage } from '../compiler/image/writer';
import { freeNames } from '../names/free-names';
import { hashHex } from '../store/hash';
import type { ParseOptions, ParsedFile } from '../syntax/parse';
import type { Value } from '../values/value';

/** Where entries are kept, such as a folder. It may lose entries, but gives whole ones or none. */
export interface CodeStorage {
  read(name: string): Buffer | undefined;
  /** Has an entry kept by the next {@link flush}. @param bytes are not changed any more */
  write(name: string, bytes: Uint8Array): void;
  /** Keeps what was written since the last time. */
  flush(): void;
}

export class CodeCache {
  /** The files of which more may be compiled than is kept, by the names of their entries. */
  private readonly loaded = new Map<string, NodeBlueprint>();

  constructor(private readonly storage: CodeStorage) {}

  /**
   * The name of the entry for a text. How it is parsed matters where it may have
   * pipe operators; `globals` is a digest of the names that there are.
   */
  nameOf(text: Bytes, { pipeOperators }: ParseOptions, globals: string): string {
    const hasPipes = pipeOperators && /\|>|<\|/.test(text);
    return `${hashHex('sha1', text)}-${globals}${hasPipes ? '-pipe' : ''}`;
  }

  /** What was compiled of a text before, if it was kept. */
  find(name: string): CodeImage | undefined {
    const bytes = this.storage.read(name);
    return bytes && CodeImage.open(bytes);
  }

  /** Has what becomes of a file's code kept by {@link save}. */
  add(name: string, blueprint: NodeBlueprint): void {
    this.loaded.set(name, blueprint);
  }

  /**
   * Keeps what was compiled since; what several calls write is kept together by the last of them.
   * @param deadline when to stop, on the clock of `performance.now`
   * @returns whether there is more to keep
   */
  save(deadline = Infinity): boolean {
    for (const [name, blueprint] of this.loaded) {
      const { unit } = blueprint;
      if (unit.compiled === 0) continue;
      if (performance.now() >= deadline) return true;
      unit.compiled = 0;
      this.storage.write(name, writeImage(blueprint));
    }
    this.storage.flush();
    return false;
  }
}

const plainTypes: ReadonlySet<string> = new Set(['string', 'number', 'bigint']);

/**
 * Whether the code of a text depends on nothing but the text: not on a global
 * name that stands for a text or a number of this machine, such as
 * `__currentSystem`, which would be among the constants.
 */
export function isPortable(parsed: ParsedFile, globals: ReadonlyMap<string, Value>): boolean {
  const { lexical, dynamic } = freeNames(parsed.root);
  const isPlain = (name: string) => plainTypes.has(typeof globals.get(name));
  return !lexical.some(isPlain) && !dynamic.some(isPlain);
}
