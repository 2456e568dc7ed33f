/**
 * An open document: its text as the protocol has it, as bytes, and as a tree.
 *
 * The text of the protocol decides; bytes, lines and tree follow it. Positions
 * are converted here and by {@link Positions}, and nowhere else.
 */
import { TextDocument } from 'vscode-languageserver-textdocument';
import { encodeUtf8, type Bytes } from '../base/bytes';
import type { Edit } from '../diagnostics/evaluation';
import { DocumentBytecode } from '../features/bytecode';
import { parse, type ParsedFile, type ParseOptions } from '../syntax/parse';
import { reparse, type Edit as SourceEdit } from '../syntax/reparse';
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
  /** The byte code that was compiled from it so far. */
  readonly bytecode: DocumentBytecode;
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
    this.bytecode = new DocumentBytecode(path);
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
    this.bytesReparsed = 0;
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
    const guess = change.range === undefined ? undefined : this.editOf(change.range, change.text);
    // The library changes the object in place, and takes positions outside the text to its ends.
    this.content = TextDocument.update(this.content, [mutable(change)], version);
    const after = encodeUtf8(this.content.getText());
    const edit = guess !== undefined && gives(before, guess, after) ? guess : difference(before, after);
    this.currentBytes = after;
    this.currentPositions = undefined;
    this.parseAgain(edit);
    return { range: { start: edit.start, end: edit.end }, inserted: edit.text.length };
  }

  /** A change in bytes of the present text. */
  private editOf(range: PositionRange, text: string): SourceEdit {
    const a = this.positions.clampedOffsetAt(range.start);
    const b = this.positions.clampedOffsetAt(range.end);
    // The library swaps the ends of a range that is the wrong way round.
    return { start: Math.min(a, b), end: Math.max(a, b), text: encodeUtf8(text) };
  }

  /** Nobody has asked for a tree yet if there is none to start from. */
  private parseAgain(edit: SourceEdit): void {
    if (this.currentParsed === undefined) {
      this.bytesReparsed = this.currentBytes.length;
      return;
    }
    const { parsed, bytesReparsed } = reparse(this.currentParsed, edit);
    this.currentParsed = parsed;
    this.bytesReparsed += bytesReparsed;
  }
}

/** Whether an edit makes one text of the other. It does not where it cuts a surrogate pair in two. */
function gives(before: Bytes, { start, end, text }: SourceEdit, after: Bytes): boolean {
  return (
    before.length - (end - start) + text.length === after.length &&
    before.slice(0, start) + text + before.slice(end) === after
  );
}

/** The smallest edit that makes one text of the other. */
function difference(before: Bytes, after: Bytes): SourceEdit {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before.charCodeAt(start) === after.charCodeAt(start)) start++;
  let kept = 0;
  while (
    kept < shorter - start &&
    before.charCodeAt(before.length - 1 - kept) === after.charCodeAt(after.length - 1 - kept)
  )
    kept++;
  return { start, end: before.length - kept, text: after.slice(start, after.length - kept) };
}

function mutable({ range, text }: ContentChange): Parameters<typeof TextDocument.update>[1][number] {
  return range === undefined ? { text } : { range: { start: range.start, end: range.end }, text };
}
