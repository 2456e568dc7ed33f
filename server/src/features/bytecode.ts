/**
 * The byte code of a document, every chunk of it, with the source of each
 * instruction.
 *
 * A chunk is emitted again only when its own part of the tree is another one: a
 * node that an edit kept means the same code, as long as the same names are
 * captured, since a chunk knows nothing else of its surroundings.
 */
import { decodeUtf8, type Bytes } from '../base/bytes';
import { LineIndex } from '../base/line-index';
import type { Range } from '../base/range';
import type { Chunk } from '../bytecode/chunk';
import { type Span } from '../bytecode/chunk';
import { AttributeSite, FormalsTable, type Constant } from '../bytecode/constant';
import { disassemble, isBlueprint } from '../bytecode/disassemble';
import { NodeBlueprint } from '../compiler/blueprint';
import { compileChunk } from '../compiler/chunk-compiler';
import type { CompilationUnit } from '../compiler/unit';
import { globalScope, placeholderName } from '../diagnostics/global-scope';
import { directoryOf } from '../host/path';
import type { ParsedFile } from '../syntax/parse';
import type { Node } from '../syntax/tree';
import { alignChunk } from './chunk-alignment';
import { printAttributeName } from '../values/literals';
import { print, printScalar } from '../values/printer';
import { Shape } from '../values/shape';

export interface ListedInstruction {
  readonly offset: number;
  /** Hexadecimal digits. */
  readonly bytes: string;
  readonly op: string;
  readonly operands: string;
  readonly range: Range;
}

export interface ListedChunk {
  readonly name: string;
  readonly kind: 'toplevel' | 'lambda' | 'thunk';
  readonly range: Range;
  readonly byteLength: number;
  readonly constants: readonly string[];
  readonly instructions: readonly ListedInstruction[];
}

export interface Listing {
  readonly chunks: readonly ListedChunk[];
  /** How many more there are, past what anybody reads. */
  readonly left: number;
}

/** How many chunks a listing has at most: those of a text of about a megabyte. */
const maxListed = 20_000;

export interface CompilationCounters {
  readonly chunksCompiled: number;
  readonly chunksReused: number;
  readonly codeBytesTotal: number;
  readonly codeBytesEmitted: number;
}

/** A chunk with what it takes to list it. */
interface Compiled {
  readonly blueprint: NodeBlueprint;
  readonly chunk: Chunk;
  /** Undefined where an edit moved them; they are then found by compiling again, when the chunk is listed. */
  readonly spans: readonly Span[] | undefined;
}

/** What was compiled from a node, and for which captures. */
interface Remembered {
  readonly key: string;
  readonly chunk: Chunk;
  readonly spans: readonly Span[] | undefined;
}

/** The compiled chunks of one document over its edits. */
export class DocumentBytecode {
  private readonly remembered = new WeakMap<Node, Remembered[]>();
  /** For nodes that an edit replaced, those which they replaced. */
  private readonly replacedBy = new Map<Node, Node>();
  private compiledFor: ParsedFile | undefined;
  private compiled: readonly Compiled[] = [];
  private reused = 0;
  private emitted = 0;

  constructor(private readonly path: Bytes) {}

  /**
   * Every chunk, a parent before its children; with an offset, those that hold
   * it before all others, from the inside out.
   * @throws RangeError if the text nests too deeply
   */
  list(parsed: ParsedFile, offset?: number, limit = maxListed): Listing {
    const compiled = this.compile(parsed);
    const ordered = offset === undefined ? compiled : innermostFirst(compiled, offset);
    const chunks = ordered.slice(0, limit).map(listed);
    return { chunks, left: ordered.length - chunks.length };
  }

  /** Counts for the text, against what was compiled before it. */
  counters(parsed: ParsedFile): CompilationCounters {
    const compiled = this.compile(parsed);
    return {
      chunksCompiled: compiled.length - this.reused,
      chunksReused: this.reused,
      codeBytesTotal: compiled.reduce((sum, { chunk }) => sum + chunk.code.length, 0),
      codeBytesEmitted: this.emitted,
    };
  }

  private compile(parsed: ParsedFile): readonly Compiled[] {
    if (this.compiledFor === parsed) return this.compiled;
    this.reused = 0;
    this.emitted = 0;
    this.replacedBy.clear();
    if (this.compiledFor !== undefined) this.replacedBy.set(parsed.root, this.compiledFor.root);
    const found: Compiled[] = [];
    const waiting = [this.toplevel(parsed)];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const compiled = this.chunkOf(next);
      found.push(compiled);
      const children = compiled.chunk.constants.filter(isBlueprint) as NodeBlueprint[];
      for (const child of children.reverse()) waiting.push(adopted(child, next));
    }
    this.compiled = found;
    this.compiledFor = parsed;
    return found;
  }

  private toplevel(parsed: ParsedFile): NodeBlueprint {
    const unit: CompilationUnit = {
      source: { kind: 'file', path: this.path, text: parsed.text },
      directory: directoryOf(this.path),
      globals: globalScope,
      rootAt: parsed.rootAt,
      stored: undefined,
      compiled: 0,
    };
    const body = { kind: 'expression', node: parsed.root } as const;
    return NodeBlueprint.of('toplevel', 'toplevel', unit, undefined, 0, body, [], false);
  }

  private chunkOf(blueprint: NodeBlueprint): Compiled {
    const { body, kind, captures, capturesWith } = blueprint;
    // The set of a nested attribute path has no node of its own, so nothing tells that it stayed the same.
    const owner = body.kind === 'group' ? undefined : body.node;
    const key = `${kind} ${capturesWith} ${captures.join(' ')}`;
    const known = owner && this.remembered.get(owner)?.find((candidate) => candidate.key === key);
    if (known !== undefined) {
      this.reused++;
      return { blueprint, chunk: known.chunk, spans: known.spans };
    }
    const aligned = owner && this.align(blueprint, owner, key);
    if (aligned !== undefined) {
      this.reused++;
      return { blueprint, chunk: aligned, spans: undefined };
    }
    const spans: Span[] = [];
    const chunk = compileChunk(blueprint, spans);
    this.emitted += chunk.code.length;
    if (owner !== undefined) this.remember(owner, { key, chunk, spans });
    return { blueprint, chunk, spans };
  }

  private remember(owner: Node, compiled: Remembered): void {
    this.remembered.set(owner, [...(this.remembered.get(owner) ?? []), compiled]);
  }

  /** The chunk of the node that this one replaced, if the edit left the chunk's own code as it was. */
  private align(blueprint: NodeBlueprint, owner: Node, key: string): Chunk | undefined {
    const before = this.replacedBy.get(owner);
    const known = before && this.remembered.get(before)?.find((candidate) => candidate.key === key);
    if (before === undefined || known === undefined) return undefined;
    const aligned = alignChunk(known.chunk, before, owner, blueprint);
    if (aligned === undefined) return undefined;
    for (const [old, now] of aligned.replaced) this.replacedBy.set(now, old);
    const chunk = known.chunk.withConstants(aligned.constants);
    this.remember(owner, { key, chunk, spans: undefined });
    return chunk;
  }
}

/** The blueprint below a parent that may not be the one it was made for. */
function adopted(child: NodeBlueprint, parent: NodeBlueprint): NodeBlueprint {
  if (child.parent === parent) return child;
  const { kind, name, at, body, captures, capturesWith } = child;
  return NodeBlueprint.of(kind, name, parent.unit, parent, at, body, captures, capturesWith);
}

function listed({ blueprint, chunk, spans }: Compiled): ListedChunk {
  const { start } = blueprint;
  const places = new Map((spans ?? blueprint.spans()).map((span) => [span.at, span]));
  return {
    name: chunkName(blueprint),
    kind: blueprint.kind,
    range: blueprint.range,
    byteLength: chunk.code.length,
    constants: chunk.constants.map(constantText),
    instructions: disassemble(chunk, constantText).map(({ offset, bytes, op, operands }) => {
      const span = places.get(offset);
      return {
        offset,
        bytes: bytes.map((byte) => byte.toString(16).padStart(2, '0')).join(' '),
        op,
        operands: operands.join(' '),
        range: span === undefined ? blueprint.range : { start: start + span.start, end: start + span.end },
      };
    }),
  };
}

/** A chunk without a name is called by how its source begins. */
const maxSourceName = 24;

function chunkName(blueprint: NodeBlueprint): string {
  if (blueprint.name !== '') return decodeUtf8(blueprint.name);
  const { start, end } = blueprint.range;
  const source = decodeUtf8(blueprint.unit.source.text.slice(start, end)).replace(/\s+/g, ' ');
  return source.length <= maxSourceName ? source : `${source.slice(0, maxSourceName).trimEnd()}…`;
}

/** How a constant is shown: short, on one line. */
function constantText(constant: Constant): string {
  if (isBlueprint(constant)) return `«${constant.kind} ${chunkName(constant as NodeBlueprint)}»`;
  if (constant instanceof AttributeSite) return decodeUtf8(printAttributeName(constant.name));
  if (constant instanceof Shape) return `{ ${namesText(constant.names)} }`;
  if (constant instanceof FormalsTable) return formalsText(constant);
  const placeholder = placeholderName(constant);
  if (placeholder !== undefined) return `«${placeholder}»`;
  const scalar = printScalar(constant);
  return shortened(decodeUtf8(scalar ?? print(constant, { maxDepth: 2, maxAttrs: 10, maxListItems: 10 })));
}

function namesText(names: readonly string[]): string {
  return shortened(names.map((name) => `${decodeUtf8(printAttributeName(name))};`).join(' '));
}

function formalsText({ names, optional, ellipsis }: FormalsTable): string {
  const parts = names.map((name, i) => (optional[i] ? `${decodeUtf8(name)} ?` : decodeUtf8(name)));
  if (ellipsis) parts.push('...');
  return `{ ${parts.join(', ')} }`;
}

/** A constant is there to be recognised; who wants all of a long string looks at the source. */
const maxConstant = 200;

function shortened(text: string): string {
  return text.length <= maxConstant ? text : `${text.slice(0, maxConstant)}…`;
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

/** The listing for editors that show text. Lines and columns count from 1, columns in bytes, as in Nix. */
export function listingText({ chunks, left }: Listing, source: Bytes): string {
  const lines = new LineIndex(source);
  const place = (offset: number): string => {
    const { line, column } = lines.position(offset);
    return `${line + 1}:${column + 1}`;
  };
  const texts = chunks.map((chunk) => chunkText(chunk, place));
  if (left > 0) texts.push(`# … and ${left} chunks more\n`);
  return texts.join('\n');
}

function chunkText(chunk: ListedChunk, place: (offset: number) => string): string {
  const title = chunk.name === chunk.kind ? chunk.kind : `${chunk.kind} ${chunk.name}`;
  const rows = [`${title}  # at ${place(chunk.range.start)}, ${chunk.byteLength} bytes`];
  for (const { offset, bytes, op, operands, range } of chunk.instructions) {
    const columns = [String(offset).padStart(4, '0'), bytes.padEnd(11), op.padEnd(20), operands];
    rows.push(`    ${columns.join('  ').trimEnd()}  # ${place(range.start)}`);
  }
  return `${rows.join('\n')}\n`.replace(/[\r\u2028\u2029]/g, '⏎');
}
