/**
 * Which files of the workspace refer to a file by a path literal: the edges of
 * the import graph, found in the text alone.
 *
 * The whole workspace is read once; a file that changes is read again. In the file
 * that changed last, only what an edit touches is looked at.
 */
import type { Bytes } from '../base/bytes';
import type { Host } from '../host/host';
import { canonicalPath, directoryOf, pathWithin } from '../host/path';
import { editBetween } from '../syntax/reparse';
import { maxSourceFiles, readSource, readSourceFolder } from './source-folders';

/** It holds until its file changes. */
export interface PathReference {
  /** The file that refers. */
  readonly path: Bytes;
  /** Where the path literal starts in it. */
  readonly offset: number;
}

interface Entry extends PathReference {
  offset: number;
  readonly target: Bytes;
}

/** A part of a text that was, from `start` to `end`, and what is there now, from `start` to `newEnd`. */
interface Region {
  readonly start: number;
  readonly end: number;
  readonly newEnd: number;
}

/** What may be a relative path literal. A match in a comment or a string does no harm: the tree decides later. */
const pathLiteral =
  /(?<![\w.+\-/])\.{1,2}(?:\/[\w.+\-]+)*\/?(?=$|[^\w.+\-])|(?<![\w.+\-/~>])[\w.+\-]+(?:\/[\w.+\-]+)+/g;

/** What a path literal is made of. Whether there is one is a matter of such characters in a row, and of the one before. */
const pathCharacter = /[\w.+\-/]/;

/** The order must not tell which file was read last. */
function compareReferences(a: PathReference, b: PathReference): number {
  if (a.path !== b.path) return a.path < b.path ? -1 : 1;
  return a.offset - b.offset;
}

export class PathReferences {
  /** By the path that they refer to. */
  private readonly references = new Map<Bytes, Entry[]>();
  /** By the file that refers, in the order of the text; the same ones. */
  private readonly entriesOf = new Map<Bytes, Entry[]>();
  /** The folders that were not read yet. An interruption leaves the rest for the next time. */
  private readonly waiting: Bytes[];
  /** Those that were read before the others. */
  private readonly prepared = new Set<Bytes>();
  private files = 0;
  /** The file that changed last, as it was read then. */
  private last: { readonly path: Bytes; readonly text: Bytes } | undefined;

  constructor(
    private readonly host: Host,
    private readonly folders: readonly Bytes[],
    /** Called now and then while the workspace is read; may throw to stop it. */
    private readonly checkpoint: () => void,
    /** Hears of every look-up: by the file that is referred to. */
    private readonly onLookUp: (target: Bytes) => void = () => {},
  ) {
    this.waiting = [...folders];
  }

  /** Reads the workspace, unless that was done before. */
  prepare(): void {
    this.index();
  }

  /** Reads one folder of the workspace and what is below it before all others; nothing outside the workspace. */
  prepareFolder(folder: Bytes): void {
    if (this.waiting.length === 0 || this.prepared.has(folder)) return;
    if (!this.folders.some((known) => pathWithin(folder, known) !== undefined)) return;
    this.readAll([folder]);
    this.prepared.add(folder);
  }

  /** The places that may refer to a file, or to the folder whose `default.nix` it is; the file before its folder, by path. */
  to(path: Bytes): readonly PathReference[] {
    return this.placesOf(path, (target) => this.toTarget(target));
  }

  /** The same, as far as the workspace was read. */
  knownTo(path: Bytes): readonly PathReference[] {
    return this.placesOf(path, (target) => this.lookUp(target));
  }

  private placesOf(path: Bytes, find: (target: Bytes) => PathReference[]): PathReference[] {
    const folder = path.endsWith('/default.nix') ? find(directoryOf(path)) : [];
    return [...find(path).sort(compareReferences), ...folder.sort(compareReferences)];
  }

  private toTarget(target: Bytes): PathReference[] {
    this.index();
    return this.lookUp(target);
  }

  private lookUp(target: Bytes): PathReference[] {
    this.onLookUp(target);
    return [...(this.references.get(target) ?? [])];
  }

  /** The places that name exactly a path, which may be a folder's. */
  exactlyTo(path: Bytes): readonly PathReference[] {
    return this.toTarget(path).sort(compareReferences);
  }

  /** How a path is shown: from the folder of the workspace that it is in, else whole. */
  shown(path: Bytes): Bytes {
    for (const folder of this.folders) {
      const inside = pathWithin(path, folder);
      if (inside !== undefined) return inside;
    }
    return path;
  }

  /** Reads some files again, or forgets them if they are gone. Gives what they refer to now and did not before, or the other way round. */
  changed(paths: Iterable<Bytes>): Set<Bytes> {
    const different = new Set<Bytes>();
    for (const path of paths) {
      const text = path.endsWith('.nix') ? readSource(this.host, path) : undefined;
      const region = this.regionOf(path, text);
      this.last = text === undefined ? undefined : { path, text };
      for (const target of this.update(path, text, region)) different.add(target);
    }
    return different;
  }

  /** What an edit touches, if the text before it is known; else all. */
  private regionOf(path: Bytes, text: Bytes | undefined): Region {
    const whole = { start: 0, end: Infinity, newEnd: text?.length ?? 0 };
    if (text === undefined || this.last?.path !== path || !this.entriesOf.has(path)) return whole;
    const edit = editBetween(this.last.text, text);
    let { start } = edit;
    const behind = start + edit.text.length;
    let newEnd = behind;
    while (start > 0 && pathCharacter.test(text[start - 1]!)) start--;
    while (newEnd < text.length && pathCharacter.test(text[newEnd]!)) newEnd++;
    return { start, end: edit.end + newEnd - behind, newEnd };
  }

  /** Gives the targets to which the file refers now and did not before, or the other way round. */
  private update(path: Bytes, text: Bytes | undefined, { start, end, newEnd }: Region): Bytes[] {
    const known = this.entriesOf.get(path) ?? [];
    const removed = known.filter(({ offset }) => offset >= start && offset < end);
    const behind = known.filter(({ offset }) => offset >= end);
    const added = text === undefined ? [] : entriesIn(path, text, start, newEnd);
    const targets = [...new Set([...removed, ...added].map(({ target }) => target))];
    const refers = targets.map((target) => this.refersTo(path, target));
    this.unlink(removed);
    for (const entry of behind) entry.offset += newEnd - end;
    if (text === undefined) this.entriesOf.delete(path);
    else this.entriesOf.set(path, [...known.filter(({ offset }) => offset < start), ...added, ...behind]);
    this.link(added);
    return targets.filter((target, i) => this.refersTo(path, target) !== refers[i]);
  }

  private refersTo(path: Bytes, target: Bytes): boolean {
    return this.references.get(target)?.some((entry) => entry.path === path) ?? false;
  }

  private link(entries: readonly Entry[]): void {
    for (const entry of entries) {
      const known = this.references.get(entry.target);
      if (known === undefined) this.references.set(entry.target, [entry]);
      else known.push(entry);
    }
  }

  private unlink(entries: readonly Entry[]): void {
    const gone = new Set(entries);
    for (const target of new Set(entries.map((entry) => entry.target))) {
      const left = this.references.get(target)!.filter((entry) => !gone.has(entry));
      if (left.length > 0) this.references.set(target, left);
      else this.references.delete(target);
    }
  }

  private index(): void {
    this.readAll(this.waiting);
  }

  /** Reads folders until none is left; those below them wait there, too. */
  private readAll(waiting: Bytes[]): void {
    for (let folder = waiting.at(-1); folder !== undefined; folder = waiting.at(-1)) {
      this.checkpoint();
      waiting.pop();
      this.readFolder(folder, waiting);
    }
  }

  private readFolder(folder: Bytes, waiting: Bytes[]): void {
    const { files, folders } = readSourceFolder(this.host, folder);
    waiting.push(...folders);
    for (const path of files) this.readFile(path);
  }

  private readFile(path: Bytes): void {
    if (this.entriesOf.has(path) || this.files++ >= maxSourceFiles) return;
    const text = readSource(this.host, path);
    if (text === undefined) return;
    const entries = entriesIn(path, text, 0, text.length);
    this.entriesOf.set(path, entries);
    this.link(entries);
  }
}

/** What refers to files in a part of a text, at whose ends no path literal is cut. */
function entriesIn(path: Bytes, text: Bytes, start: number, end: number): Entry[] {
  const directory = directoryOf(path);
  // The characters before and behind tell a path literal from other things.
  const from = Math.max(0, start - 1);
  return [...text.slice(from, end + 1).matchAll(pathLiteral)].map((match) => ({
    path,
    offset: from + match.index,
    target: canonicalPath(`${directory}/${match[0]}`),
  }));
}
