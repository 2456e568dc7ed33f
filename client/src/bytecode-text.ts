// The text of the byte code document, and for each of its lines the source that
// it belongs to. The text is written here rather than taken from the server, so
// that a line and its source cannot drift apart.
//
// Knows nothing of the editor: positions are the protocol's.
import type {
  BytecodeChunk,
  BytecodeInstruction,
  BytecodeResult,
  Position,
  Range,
} from '../../shared/src/protocol';

export interface LineSource {
  readonly kind: 'chunk' | 'instruction';
  readonly range: Range;
}

export interface BytecodeText {
  readonly text: string;
  /** By line of the text; a heading, a constant and an empty line have none. */
  readonly lines: readonly (LineSource | undefined)[];
}

/** The least and greatest width of the column of bytes; what is longer pushes its line's rest to the right. */
const bytesWidths = { least: 8, greatest: 20 };
const opWidth = 17;

/** The editor refuses documents of 50 MB; long before that, nobody reads on. */
const lengthLimit = 8_000_000;

export function renderBytecode(name: string, result: BytecodeResult, limit = lengthLimit): BytecodeText {
  const lines: string[] = [];
  let length = 0;
  const sources: (LineSource | undefined)[] = [];
  const add = (line: string, source?: LineSource) => {
    sources[lines.length] = source;
    length += lines[lines.push(oneLine(line)) - 1]!.length;
  };
  add(`# ${name}: ${summary(result.chunks)}`);
  for (const [index, chunk] of result.chunks.entries()) {
    add('');
    if (length > limit) {
      add(`# … and ${counted(result.chunks.length - index, 'chunk')} more, which would be too long to show`);
      break;
    }
    add(chunkHeading(chunk), { kind: 'chunk', range: chunk.range });
    if (chunk.constants.length > 0) add('  constants');
    chunk.constants.forEach((constant, index) => add(`    ${String(index).padStart(4)}  ${constant}`));
    add('  code');
    const width = bytesWidth(chunk);
    for (const instruction of chunk.instructions) {
      add(`    ${instructionText(instruction, width)}`, { kind: 'instruction', range: instruction.range });
    }
  }
  return { text: lines.join('\n') + '\n', lines: sources };
}

/** A text without byte code, which says why. */
export function renderMessage(message: string): BytecodeText {
  return { text: `# ${oneLine(message)}\n`, lines: [undefined] };
}

/**
 * The lines that belong to a place in the source: those of the instructions
 * with the smallest range that holds it, else the heading of the innermost chunk.
 */
export function linesAt(bytecode: BytecodeText, position: Position): number[] {
  return innermost(bytecode, 'instruction', position) ?? innermost(bytecode, 'chunk', position) ?? [];
}

function innermost(
  bytecode: BytecodeText,
  kind: LineSource['kind'],
  position: Position,
): number[] | undefined {
  let best: Range | undefined;
  let found: number[] = [];
  bytecode.lines.forEach((source, line) => {
    if (source === undefined || source.kind !== kind || !contains(source.range, position)) return;
    const order = best === undefined ? -1 : compareSize(source.range, best);
    if (order < 0) {
      best = source.range;
      found = [line];
    } else if (order === 0) found.push(line);
  });
  return best === undefined ? undefined : found;
}

/** The end counts as inside, so that a cursor just behind a word belongs to the word. */
function contains(range: Range, position: Position): boolean {
  return comparePositions(range.start, position) <= 0 && comparePositions(position, range.end) <= 0;
}

function comparePositions(a: Position, b: Position): number {
  return a.line - b.line || a.character - b.character;
}

/** Orders two ranges that share a position by their extent. */
function compareSize(a: Range, b: Range): number {
  const lines = a.end.line - a.start.line - (b.end.line - b.start.line);
  return lines || a.end.character - a.start.character - (b.end.character - b.start.character);
}

function summary(chunks: readonly BytecodeChunk[]): string {
  const bytes = chunks.reduce((total, chunk) => total + chunk.byteLength, 0);
  return `${counted(chunks.length, 'chunk')}, ${counted(bytes, 'byte')}`;
}

function chunkHeading(chunk: BytecodeChunk): string {
  const { line, character } = chunk.range.start;
  const name = chunk.name === chunk.kind || chunk.name === '' ? '' : ` ${chunk.name}`;
  return `${chunk.kind}${name}  # at ${line + 1}:${character + 1}, ${counted(chunk.byteLength, 'byte')}`;
}

function bytesWidth({ instructions }: BytecodeChunk): number {
  const { least, greatest } = bytesWidths;
  return instructions.reduce((width, { bytes }) => {
    return bytes.length <= greatest ? Math.max(width, bytes.length) : width;
  }, least);
}

function instructionText({ offset, bytes, op, operands }: BytecodeInstruction, width: number): string {
  const column = `${String(offset).padStart(4, '0')}  ${bytes.padEnd(width)}  `;
  return (column + (operands === '' ? op : `${op.padEnd(opWidth)} ${operands}`)).trimEnd();
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** What the server names may hold line breaks; a line of the document never does. */
function oneLine(text: string): string {
  return text.replace(/[\r\n\u2028\u2029]+/g, '⏎');
}
