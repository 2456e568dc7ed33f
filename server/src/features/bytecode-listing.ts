/**
 * How a chunk is listed: its constants and instructions as text, each
 * instruction with the source it stands for.
 *
 * Nearly all of it depends on the code alone, with places counted from where the
 * chunk's source starts ({@link ListedCode}); so it can be kept as long as the
 * code is, wherever edits move that. The rest is put to it when it is shown.
 */
import { decodeUtf8, type Bytes } from '../base/bytes';
import { LineIndex } from '../base/line-index';
import { finish, type Work } from '../base/portions';
import type { Range } from '../base/range';
import type { Chunk, Span } from '../bytecode/chunk';
import { AttributeSite, FormalsTable, type Constant } from '../bytecode/constant';
import { disassemble, isBlueprint } from '../bytecode/disassemble';
import type { NodeBlueprint } from '../compiler/blueprint';
import { placeholderName } from '../diagnostics/global-scope';
import { printAttributeName } from '../base/literals';
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

/** What is listed of a chunk's code. Ranges count from where the chunk's source starts. */
export interface ListedCode {
  readonly byteLength: number;
  readonly constants: readonly string[];
  readonly instructions: readonly ListedInstruction[];
}

/** Ranges count from the start of the text. */
export interface ListedChunk extends ListedCode {
  readonly name: string;
  readonly kind: 'toplevel' | 'lambda' | 'thunk';
  readonly range: Range;
}

export interface Listing {
  readonly chunks: readonly ListedChunk[];
  /** How many more there are, past what anybody reads. */
  readonly left: number;
}

/** @param spans of the chunk's instructions; they are found by compiling again where they are not at hand */
export function listCode(
  blueprint: NodeBlueprint,
  chunk: Chunk,
  spans: readonly Span[] = blueprint.spans(),
): ListedCode {
  const whole = moved(blueprint.range, -blueprint.start);
  const places = new Map(spans.map((span) => [span.at, span]));
  return {
    byteLength: chunk.end - chunk.start,
    constants: chunk.constants.map(constantText),
    instructions: disassemble(chunk, constantText).map(({ offset, bytes, op, operands }) => {
      const { start, end } = places.get(offset) ?? whole;
      return {
        offset,
        bytes: bytes.map((byte) => byte.toString(16).padStart(2, '0')).join(' '),
        op,
        operands: operands.join(' '),
        range: { start, end },
      };
    }),
  };
}

/** The code of a blueprint where its source stands now. */
export function listChunk(blueprint: NodeBlueprint, code: ListedCode): ListedChunk {
  const { start, range, kind } = blueprint;
  return {
    name: chunkName(blueprint),
    kind,
    range,
    byteLength: code.byteLength,
    constants: code.constants,
    instructions: code.instructions.map((instruction) => ({
      offset: instruction.offset,
      bytes: instruction.bytes,
      op: instruction.op,
      operands: instruction.operands,
      range: moved(instruction.range, start),
    })),
  };
}

function moved({ start, end }: Range, distance: number): Range {
  return { start: start + distance, end: end + distance };
}

/** A chunk without a name is called by how its source begins. */
const maxSourceName = 24;

/** More bytes than a name takes, unless there is much white space. */
const enoughForName = 256;

function chunkName(blueprint: NodeBlueprint): string {
  if (blueprint.name !== '') return decodeUtf8(blueprint.name);
  const { text } = blueprint.unit.source;
  const { start, end } = blueprint.range;
  for (let length = enoughForName; ; length *= 2) {
    const cut = Math.min(end, start + length);
    const source = decodeUtf8(text.slice(start, cut)).replace(/\s+/g, ' ');
    // What was cut may end in a part of a character or of white space.
    if (cut < end && source.length <= maxSourceName + 2) continue;
    return source.length <= maxSourceName ? source : `${source.slice(0, maxSourceName).trimEnd()}…`;
  }
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

/** The listing for editors that show text. Lines and columns count from 1, columns in bytes, as in Nix. */
export function listingText(listing: Listing, source: Bytes): string {
  return finish(writeListing(listing, source));
}

/** {@link listingText} as work that can pause. */
export function* writeListing({ chunks, left }: Listing, source: Bytes): Work<string> {
  const lines = new LineIndex(source);
  const place = (offset: number): string => {
    const { line, column } = lines.position(offset);
    return `${line + 1}:${column + 1}`;
  };
  const texts: string[] = [];
  for (const chunk of chunks) {
    texts.push(chunkText(chunk, place));
    yield;
  }
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
