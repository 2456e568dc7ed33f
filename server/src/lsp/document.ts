/**
 * An open document: its text as bytes, and as a tree.
 *
 * An edit is made in the bytes; lines and tree follow it. Only where bytes cannot
 * hold the text of the protocol, since an edit has cut a character in two, or where
 * a position is not in the text, the text of the protocol decides. Positions are
 * converted here and by {@link Positions}, and nowhere else.
 */
import { TextDocument } from 'vscode-languageserver-textdocument';
import { decodeUtf8, encodeUtf8, type Bytes } from '../base/bytes';
import type { Edit } from '../diagnostics/evaluation';
import { DocumentBytecode } from '../features/bytecode';
import { parse, type ParsedFile, type ParseOptions } from '../syntax/parse';
import { editBetween, editedText, reparse, type Edit as SourceEdit } from '../syntax/reparse';
import { Positions, type PositionRange } from './positions';

/** A change of the text; without a range, the whole text. */
export interface ContentChange {
  readonly range?: PositionRange;
  readonly text: string;
}

export class OpenDocument {
  /** The text of the protocol, as long as it is no whole Unicode. */
  private content: string | undefined;
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
    private readonly languageId: string,
    private currentVersion: number,
    text: string,
    private readonly options: ParseOptions,
  ) {
    this.currentBytes = encodeUtf8(text);
    if (!isWhole(text)) this.content = text;
    this.bytesReparsed = this.currentBytes.length;
    this.bytecode = new DocumentBytecode(path);
  }

  get version(): number {
    return this.currentVersion;
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

  /** Applies changes one after the other, and gives them in bytes. */
  change(changes: readonly ContentChange[], version: number): Edit[] {
    this.bytesReparsed = 0;
    this.currentVersion = version;
    const edits = changes.map((change) => this.changeOnce(change));
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

  private changeOnce(change: ContentChange): Edit {
    const edit = this.exactEdit(change) ?? this.inexactEdit(change);
    const { start, end, text } = edit;
    this.parseAgain(edit);
    this.currentPositions = this.currentPositions?.edited(this.currentBytes, start, end, text);
    return { range: { start, end }, inserted: text.length };
  }

  /** A change in bytes, where bytes tell all of it. */
  private exactEdit({ range, text }: ContentChange): SourceEdit | undefined {
    if (range === undefined || this.content !== undefined || !isWhole(text)) return undefined;
    const start = this.positions.exactOffsetAt(range.start);
    const end = this.positions.exactOffsetAt(range.end);
    if (start === undefined || end === undefined || start > end) return undefined;
    return { start, end, text: encodeUtf8(text) };
  }

  /** What a change in the text of the protocol makes of the bytes. */
  private inexactEdit(change: ContentChange): SourceEdit {
    const content = this.content ?? decodeUtf8(this.currentBytes);
    // The library takes positions outside the text to its ends, and then miscounts the lines of the object.
    const document = TextDocument.create(this.uri, this.languageId, this.version, content);
    const text = TextDocument.update(document, [mutable(change)], this.version).getText();
    this.content = isWhole(text) ? undefined : text;
    return editBetween(this.currentBytes, encodeUtf8(text));
  }

  /** Nobody has asked for a tree yet if there is none to start from. */
  private parseAgain(edit: SourceEdit): void {
    if (this.currentParsed === undefined) {
      this.currentBytes = editedText(this.currentBytes, edit);
      this.bytesReparsed = this.currentBytes.length;
      return;
    }
    const { parsed, bytesReparsed } = reparse(this.currentParsed, edit);
    this.currentParsed = parsed;
    // The tree's own text, so that a huge one is put together once.
    this.currentBytes = parsed.text;
    this.bytesReparsed += bytesReparsed;
  }
}

/** Whether a text is whole Unicode: no half of a surrogate pair stands alone. */
function isWhole(text: string): boolean {
  return !/[\ud800-\udfff]/u.test(text);
}

function mutable({ range, text }: ContentChange): Parameters<typeof TextDocument.update>[1][number] {
  return range === undefined ? { text } : { range: { start: range.start, end: range.end }, text };
}
