/**
 * Documents and files, parsed and with their live scopes, as questions about them
 * need them. Each is made when it is first asked for, and made again when its text,
 * or something that its scopes were made of, has changed.
 */
import type { Bytes } from '../base/bytes';
import { directoryOf } from '../host/path';
import { parse, type ParsedFile, workspaceSyntax } from '../syntax/parse';
import { editBetween, reparse } from '../syntax/reparse';
import { keepsCode } from '../syntax/same-code';
import type { Dependence } from '../values/dependence';
import { EvalError } from '../values/error';
import type { Source } from '../values/position';
import { EditedText } from './edited-text';
import { KeptValues } from './kept-values';
import { LiveFile, type KnownArgument, type PlacedLambda } from './live-scopes';
import type { Subject } from './live-values';
import { SharedValues } from './shared-values';
import type { World } from './world';

/** What outlives the edits of a document. */
interface EditedDocument {
  parsed: ParsedFile;
  readonly text: EditedText;
  readonly kept: KeptValues;
  /** Where the last edit was. */
  editedAt: number;
}

/** Brings a document to the present text and says what has changed; undefined if it has been edited too often. */
function bringTo(document: EditedDocument, text: Bytes): 'layout' | 'content' | undefined {
  const before = document.parsed;
  const edit = editBetween(before.text, text);
  const { parsed } = reparse(before, edit);
  if (!document.text.edit(edit, text)) return undefined;
  document.parsed = parsed;
  document.editedAt = edit.start;
  return keepsCode(before, edit, parsed) ? 'layout' : 'content';
}

/** So many files are kept parsed. */
const maxSubjects = 500;

/** The tree of a text that a value was made of. */
export type TreeOf = (source: Source) => ParsedFile;

/** What a function of a file is called with, if that is known. */
export type ArgumentOf = (subject: Subject, lambda: PlacedLambda) => KnownArgument | undefined;

export class Subjects {
  private readonly subjects = new Map<Bytes, Subject>();
  /** What outlives the edits of each document. */
  private readonly edited = new Map<Bytes, EditedDocument>();
  /** What documents have in common. */
  private readonly shared = new SharedValues();
  /** The trees of texts that were evaluated and that nobody asked about. */
  private readonly otherTrees = new WeakMap<Source, ParsedFile>();

  /** @param documents the texts of the open documents by path, as they are at any time */
  constructor(
    private readonly world: World,
    private readonly documents: ReadonlyMap<Bytes, Bytes>,
    private readonly argumentOf: ArgumentOf,
  ) {}

  /**
   * A document, or else a file, parsed; undefined where there is no such file.
   * @param read what the answer depends on, of a document
   */
  get(path: Bytes, read: 'read' | 'code' = 'read'): Subject | undefined {
    const { evaluator, inputs } = this.world;
    const { dependences } = evaluator.vm;
    const text = this.documents.get(path);
    if (text !== undefined) inputs.record(dependences, path, read);
    const known = this.subjects.get(path);
    if (known !== undefined && !known.live.stale) {
      known.on?.use();
      if (known.on?.stale !== true) return known;
    }
    const made = text === undefined ? this.subjectOfFile(path) : this.subjectOfDocument(path, text);
    if (made !== undefined) this.remember(made);
    return made;
  }

  /** Files that nobody edits are parsed again when they are asked for again after so many others. */
  private remember(subject: Subject): void {
    this.subjects.set(subject.path, subject);
    if (this.subjects.size <= maxSubjects) return;
    for (const path of this.subjects.keys())
      if (!this.documents.has(path) && path !== subject.path) this.subjects.delete(path);
  }

  private subjectOfFile(path: Bytes): Subject | undefined {
    const { evaluator } = this.world;
    const { log } = evaluator.vm.dependences;
    const reads = log.length;
    try {
      const source = evaluator.readSource(path);
      const parsed = this.parse(source.text);
      return this.makeSubject(parsed, source, evaluator.vm.dependences.since(reads));
    } catch (error) {
      if (error instanceof EvalError) return undefined;
      throw error;
    }
  }

  private subjectOfDocument(path: Bytes, text: Bytes): Subject {
    const document = this.editedDocument(path, text);
    return this.makeSubject(document.parsed, document.text.source, undefined, document.kept);
  }

  private parse(text: Bytes): ParsedFile {
    return parse(text, workspaceSyntax);
  }

  private makeSubject(
    parsed: ParsedFile,
    source: Source,
    on: Dependence | undefined,
    kept?: KeptValues,
  ): Subject {
    const { path } = source;
    const { unit } = this.world.evaluator.prepare(source, parsed, directoryOf(path)).blueprint;
    const live = new LiveFile(
      this.world.evaluator.vm,
      unit,
      (lambda) => this.argumentOf(subject, lambda),
      kept,
      this.shared,
    );
    const subject: Subject = { path, parsed, unit, live, on };
    return subject;
  }

  /** The tree and the history of a document, brought to the present text. */
  private editedDocument(path: Bytes, text: Bytes): EditedDocument {
    const known = this.edited.get(path);
    if (known?.parsed.text === text) return known;
    if (known !== undefined && bringTo(known, text) !== undefined) return known;
    const { evaluator, inputs } = this.world;
    const onRead = (): void => inputs.record(evaluator.vm.dependences, path, 'read');
    const made: EditedDocument = {
      parsed: this.parse(text),
      text: new EditedText(path, text, onRead),
      kept: new KeptValues(evaluator.globals.names),
      editedAt: 0,
    };
    this.edited.set(path, made);
    return made;
  }

  /** The tree of a text that a value was made of: that of the document or the file, where it has this text. */
  treeOf(source: Source): ParsedFile {
    const { path, text } = source;
    const known = this.edited.get(path) ?? this.subjects.get(path);
    if (known?.parsed.text === text) return known.parsed;
    let tree = this.otherTrees.get(source);
    if (tree?.text !== text) this.otherTrees.set(source, (tree = this.parse(text)));
    return tree;
  }

  /** Where the last edit of a document was, in bytes from its start. */
  editedAt(path: Bytes): number {
    return this.edited.get(path)?.editedAt ?? 0;
  }

  /** The scopes of a path are made again, since it has another text or they have taken enough room. */
  drop(path: Bytes): void {
    this.subjects.delete(path);
  }

  /** What of a document changes with its new text. */
  changeTo(path: Bytes, text: Bytes): 'layout' | 'content' {
    const known = this.edited.get(path);
    return (known && bringTo(known, text)) ?? 'content';
  }

  /** A document is closed. Gives whether there may be values that were made of its tree. */
  closed(path: Bytes): boolean {
    return this.edited.delete(path);
  }

  /** The arguments of functions may be others: all scopes are made again. */
  clear(): void {
    this.subjects.clear();
  }
}
