/**
 * The byte code of a document, every chunk of it, with the source of each
 * instruction.
 *
 * A chunk is emitted and listed again only when its own part of the tree is another
 * one: a node that an edit kept means the same code, as long as the same names are
 * captured, since a chunk knows nothing else of its surroundings.
 */
import type { Bytes } from '../base/bytes';
import { finish, type Work } from '../base/portions';
import type { Chunk, Span } from '../bytecode/chunk';
import { isBlueprint } from '../bytecode/disassemble';
import { NodeBlueprint } from '../compiler/blueprint';
import { compileChunk } from '../compiler/chunk-compiler';
import type { CompilationUnit } from '../compiler/unit';
import { globalScope } from '../diagnostics/global-scope';
import { directoryOf } from '../host/path';
import type { ParsedFile } from '../syntax/parse';
import type { Node } from '../syntax/tree';
import { listChunk, listCode, type ListedChunk, type ListedCode, type Listing } from './bytecode-listing';
import { alignChunk } from './chunk-alignment';

/** How many chunks a listing has at most: those of a text of about a megabyte. */
const maxListed = 20_000;

export interface CompilationCounters {
  readonly chunksCompiled: number;
  readonly chunksReused: number;
  readonly codeBytesTotal: number;
  readonly codeBytesEmitted: number;
}

/** What was compiled from a node for certain captures. It outlives the blueprints that it was compiled for. */
class KnownCode {
  private listing: ListedCode | undefined;

  constructor(
    readonly key: string,
    readonly chunk: Chunk,
    /** Undefined where an edit moved them, and once they are in the listing. */
    private spans: readonly Span[] | undefined,
  ) {}

  /** The listing, which is made once. */
  listed(blueprint: NodeBlueprint): ListedCode {
    if (this.listing === undefined) {
      this.listing = listCode(blueprint, this.chunk, this.spans);
      this.spans = undefined;
    }
    return this.listing;
  }
}

interface Compiled {
  readonly blueprint: NodeBlueprint;
  readonly code: KnownCode;
}

/** What is known of each node; nodes that edits replaced go with all of it. */
type Known = WeakMap<Node, KnownCode[]>;

/** The compiled chunks of one document over its edits. */
export class DocumentBytecode {
  private readonly known: Known = new WeakMap();
  /** That of the last text that was asked about, maybe still under way. */
  private compilation: Compilation | undefined;
  /** The last tree that was compiled as a whole. */
  private compiled: ParsedFile | undefined;

  constructor(private readonly path: Bytes) {}

  /**
   * Every chunk, a parent before its children; with an offset, those that hold
   * it before all others, from the inside out.
   * @throws RangeError if the text nests too deeply
   */
  list(parsed: ParsedFile, offset?: number, limit = maxListed): Listing {
    return finish(this.listing(parsed, offset, limit));
  }

  /** {@link list} as work that can pause, and be left undone. */
  *listing(parsed: ParsedFile, offset?: number, limit = maxListed): Work<Listing> {
    const { found } = yield* this.compile(parsed);
    const ordered = offset === undefined ? found : innermostFirst(found, offset);
    const chunks: ListedChunk[] = [];
    for (const { blueprint, code } of ordered.slice(0, limit)) {
      chunks.push(listChunk(blueprint, code.listed(blueprint)));
      yield;
    }
    return { chunks, left: ordered.length - chunks.length };
  }

  /** Counts for the text, against what was compiled before it. */
  counters(parsed: ParsedFile): CompilationCounters {
    const { found, reused, emitted } = finish(this.compile(parsed));
    return {
      chunksCompiled: found.length - reused,
      chunksReused: reused,
      codeBytesTotal: found.reduce((sum, { code }) => sum + code.chunk.end - code.chunk.start, 0),
      codeBytesEmitted: emitted,
    };
  }

  /** Whoever asks about a text that is being compiled goes on where the others are. */
  private *compile(parsed: ParsedFile): Work<Compilation> {
    if (this.compilation?.parsed !== parsed)
      this.compilation = new Compilation(parsed, this.path, this.known, this.compiled);
    const { compilation } = this;
    while (compilation.next()) yield;
    if (this.compilation === compilation) this.compiled = parsed;
    return compilation;
  }
}

/** All chunks of one text, compiled one by one. */
class Compilation {
  /** A parent before its children. */
  readonly found: Compiled[] = [];
  reused = 0;
  /** Bytes of code. */
  emitted = 0;
  private readonly waiting: NodeBlueprint[];
  /** For nodes that an edit replaced, those which they replaced. */
  private readonly replacedBy = new Map<Node, Node>();

  /** @param before the text that `known` is of */
  constructor(
    readonly parsed: ParsedFile,
    path: Bytes,
    private readonly known: Known,
    before: ParsedFile | undefined,
  ) {
    this.waiting = [toplevel(parsed, path)];
    if (before !== undefined) this.replacedBy.set(parsed.root, before.root);
  }

  /**
   * Compiles one more chunk; false if there is none.
   * @throws RangeError if it nests too deeply; it is then still the next one
   */
  next(): boolean {
    const blueprint = this.waiting.at(-1);
    if (blueprint === undefined) return false;
    const code = this.codeOf(blueprint);
    const children = (code.chunk.constants.filter(isBlueprint) as NodeBlueprint[])
      .map((child) => adopted(child, blueprint))
      .reverse();
    // What needs much of the stack is behind us.
    this.waiting.pop();
    this.found.push({ blueprint, code });
    for (const child of children) this.waiting.push(child);
    return true;
  }

  private codeOf(blueprint: NodeBlueprint): KnownCode {
    const { body, kind, captures, capturesWith } = blueprint;
    // The set of a nested attribute path has no node of its own, so nothing tells that it stayed the same.
    const owner = body.kind === 'group' ? undefined : body.node;
    const key = `${kind} ${capturesWith} ${captures.join(' ')}`;
    const kept = owner && (this.knownCode(owner, key) ?? this.align(blueprint, owner, key));
    if (kept !== undefined) {
      this.reused++;
      return kept;
    }
    const spans: Span[] = [];
    const chunk = compileChunk(blueprint, spans);
    this.emitted += chunk.code.length;
    const code = new KnownCode(key, chunk, spans);
    if (owner !== undefined) this.remember(owner, code);
    return code;
  }

  private knownCode(owner: Node, key: string): KnownCode | undefined {
    return this.known.get(owner)?.find((candidate) => candidate.key === key);
  }

  private remember(owner: Node, code: KnownCode): void {
    this.known.set(owner, [...(this.known.get(owner) ?? []), code]);
  }

  /** The code of the node that this one replaced, if the edit left the chunk's own code as it was. */
  private align(blueprint: NodeBlueprint, owner: Node, key: string): KnownCode | undefined {
    const before = this.replacedBy.get(owner);
    const known = before && this.knownCode(before, key);
    if (before === undefined || known === undefined) return undefined;
    const aligned = alignChunk(known.chunk, before, owner, blueprint);
    if (aligned === undefined) return undefined;
    for (const [old, now] of aligned.replaced) this.replacedBy.set(now, old);
    const code = new KnownCode(key, known.chunk.withConstants(aligned.constants), undefined);
    this.remember(owner, code);
    return code;
  }
}

function toplevel(parsed: ParsedFile, path: Bytes): NodeBlueprint {
  const unit: CompilationUnit = {
    source: { kind: 'file', path, text: parsed.text },
    directory: directoryOf(path),
    globals: globalScope,
    rootAt: parsed.rootAt,
    stored: undefined,
    compiled: 0,
  };
  const body = { kind: 'expression', node: parsed.root } as const;
  return NodeBlueprint.of('toplevel', 'toplevel', unit, undefined, 0, body, [], false);
}

/** The blueprint below a parent that may not be the one it was made for. */
function adopted(child: NodeBlueprint, parent: NodeBlueprint): NodeBlueprint {
  if (child.parent === parent) return child;
  const { kind, name, at, body, captures, capturesWith } = child;
  return NodeBlueprint.of(kind, name, parent.unit, parent, at, body, captures, capturesWith);
}

/** The chunks that hold an offset first, from the inside out, and then the others as they were. */
function innermostFirst(all: readonly Compiled[], offset: number): Compiled[] {
  const around: { compiled: Compiled; index: number; width: number }[] = [];
  const others: Compiled[] = [];
  all.forEach((compiled, index) => {
    const { start, end } = compiled.blueprint.range;
    if (start <= offset && offset <= end) around.push({ compiled, index, width: end - start });
    else others.push(compiled);
  });
  // A child comes behind its parent, and where both are as wide it is the inner one.
  around.sort((a, b) => a.width - b.width || b.index - a.index);
  return [...around.map(({ compiled }) => compiled), ...others];
}
