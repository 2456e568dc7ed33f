/**
 * An open document: its text as the protocol has it, as bytes, and as a tree.
 *
 * The text of the protocol decides; bytes, lines and tree follow it. Positions
 * are converted here and by {@link Positions}, and nowhere else.
 */
import { TextDocument } from 'vscode-languageserver-textdocument';
import { encodeUtf8, type Bytes } from '../base/bytes';
import type { Edit } from '../diagnostics/evaluation';
import { parse, type ParsedFile, type ParseOptions } from '../syntax/parse';
import { Positions, type PositionRange } from './positions';

/** A change of the text; without a range, the whole text. */
export interface ContentChange {
  readonly range?: PositionRange;
  readonly text: string;
}

export class OpenDocument {
  private content: TextDocument;
  private currentBytes: Bytes;
  private currentPositions: Positions | undefined;
  private currentParsed: ParsedFile | undefined;
  private readonly listeners = new Set<() => void>();
  /** How many bytes the last change made the parser read again. */
  bytesReparsed: number;

  constructor(
    readonly uri: string,
    readonly path: Bytes,
    languageId: string,
    version: number,
    text: string,
    private options: ParseOptions,
  ) {
    this.content = TextDocument.create(uri, languageId, version, text);
    this.currentBytes = encodeUtf8(text);
    this.bytesReparsed = this.currentBytes.length;
  }

  get version(): number {
    return this.content.version;
  }

  get bytes(): Bytes {
    return this.currentBytes;
  }

  get positions(): Positions {
    return (this.currentPositions ??= new Positions(this.currentBytes));
  }

  get parsed(): ParsedFile {
    return (this.currentParsed ??= parse(this.currentBytes, this.options));
  }

  /** Parses anew if the options of the language have changed. */
  setOptions(options: ParseOptions): void {
    if (options.pipeOperators !== this.options.pipeOperators) this.currentParsed = undefined;
    this.options = options;
  }

  /** Applies changes one after the other, and gives them in bytes. */
  change(changes: readonly ContentChange[], version: number): Edit[] {
    const edits = changes.map((change) => this.changeOnce(change, version));
    this.tellListeners();
    return edits;
  }

  /** The document is closed: nobody should wait for an answer about it. */
  close(): void {
    this.tellListeners();
  }

  /** Calls the listener after each change, and when the document is closed. */
  onChange(listener: () => void): { dispose(): void } {
    this.listeners.add(listener);
    return { dispose: () => this.listeners.delete(listener) };
  }

  private tellListeners(): void {
    for (const listener of [...this.listeners]) listener();
  }

  private changeOnce(change: ContentChange, version: number): Edit {
    const before = this.currentBytes;
    const range =
      change.range === undefined
        ? { start: 0, end: before.length }
        : ordered(
            this.positions.clampedOffsetAt(change.range.start),
            this.positions.clampedOffsetAt(change.range.end),
          );
    // The library changes the object in place, and takes positions outside the text to its ends.
    this.content = TextDocument.update(this.content, [mutable(change)], version);
    this.currentBytes = encodeUtf8(this.content.getText());
    this.currentPositions = undefined;
    this.currentParsed = undefined;
    this.bytesReparsed = this.currentBytes.length;
    const removed = range.end - range.start;
    // What was inserted is what the lengths say, whatever the client's text was.
    return { range, inserted: Math.max(0, this.currentBytes.length - before.length + removed) };
  }
}

/** The library swaps the ends of a range that is the wrong way round, and so does this. */
function ordered(a: number, b: number): { start: number; end: number } {
  return a <= b ? { start: a, end: b } : { start: b, end: a };
}

function mutable({ range, text }: ContentChange): Parameters<typeof TextDocument.update>[1][number] {
  return range === undefined ? { text } : { range: { start: range.start, end: range.end }, text };
}
