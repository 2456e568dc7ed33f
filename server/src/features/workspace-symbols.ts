/**
 * The names that the files of a workspace offer, for those who look for one.
 *
 * The workspace is read once, when somebody first asks; of its files only the names are
 * kept. What is found is compared with the text as it is now before anybody sees it, so
 * that a change nobody has told of leads to no wrong place. Documents are looked at as they are.
 */
import type { Bytes } from '../base/bytes';
import type { Work } from '../base/portions';
import type { Host } from '../host/host';
import { isBelow } from '../host/path';
import { parse, type ParsedFile, type ParseOptions } from '../syntax/parse';
import { maxSourceFiles, readSource, readSourceFolder } from '../analysis/source-folders';
import { fileSymbols, standsIn, type FileSymbol } from './file-symbols';
import { NameSearch } from './name-search';

export interface FoundSymbol {
  readonly path: Bytes;
  readonly symbol: FileSymbol;
  /** The text in which it stands. */
  readonly text: Bytes;
}

/** A document whose text comes before that of its file. */
export interface SearchedDocument {
  readonly path: Bytes;
  readonly parsed: ParsedFile;
}

interface Match {
  readonly path: Bytes;
  /** Whether it is in a document. */
  readonly isOpen: boolean;
  readonly symbol: FileSymbol;
}

/** An editor shows no more, and people type another letter. */
const maxFound = 200;

/** How often what was found is looked for again, since files have changed meanwhile. */
const maxAttempts = 3;

/** How many symbols are looked at between two places where the work may pause. */
const step = 2000;

export class WorkspaceSymbols {
  private readonly files = new Map<Bytes, readonly FileSymbol[]>();
  /** What was not read yet; a search that is cancelled leaves the rest to the next one. */
  private waitingFolders: Bytes[] = [];
  private waitingFiles: Bytes[] = [];
  private folders: readonly Bytes[] = [];

  constructor(
    private readonly host: Host,
    private readonly options: ParseOptions,
  ) {}

  /** Which folders the workspace has; where these are others than before, all is read anew. */
  cover(folders: readonly Bytes[]): void {
    if (folders.length === this.folders.length && folders.every((path, i) => path === this.folders[i]))
      return;
    this.folders = [...folders];
    this.files.clear();
    this.waitingFiles = [];
    this.waitingFolders = [...folders].reverse();
  }

  /** Files were written, came, or went; below a folder that came, all may be new. */
  changed(paths: readonly Bytes[]): void {
    for (const path of paths) {
      if (!this.folders.some((folder) => isBelow(path, folder))) continue;
      if (this.host.fileType(path) === 'directory') this.waitingFolders.push(path);
      else if (path.endsWith('.nix')) this.renew(path);
    }
  }

  private renew(path: Bytes): void {
    this.files.delete(path);
    this.waitingFiles.push(path);
  }

  /** The names that fit a query, the best ones first, with those of documents before others that fit as well. */
  *search(query: string, documents: readonly SearchedDocument[]): Work<FoundSymbol[]> {
    yield* this.readRest();
    for (let attempt = 1; ; attempt++) {
      const matches = yield* this.matches(new NameSearch(query), documents);
      const outdated = new Set<Bytes>();
      const found = [...this.inPresentText(matches, documents, outdated)];
      // Files that change all the time would keep the search from its end.
      if (outdated.size === 0 || attempt === maxAttempts) return found;
      for (const path of outdated) this.renew(path);
      yield* this.readRest();
    }
  }

  /** The files of the workspace whose text on disk has a word somewhere, in the order of their paths. */
  *filesWith(word: Bytes): Work<Bytes[]> {
    yield* this.readRest();
    const found: Bytes[] = [];
    for (const path of [...this.files.keys()].sort()) {
      if (readSource(this.host, path)?.includes(word) === true) found.push(path);
      yield;
    }
    return found;
  }

  /** The files in a folder and below it. */
  *filesBelow(folder: Bytes): Work<Bytes[]> {
    yield* this.readRest();
    return [...this.files.keys()].filter((path) => isBelow(path, folder)).sort();
  }

  private *readRest(): Work<void> {
    for (;;) {
      const path = this.waitingFiles.pop();
      const folder = path === undefined ? this.waitingFolders.pop() : undefined;
      if (path !== undefined) this.readFile(path);
      else if (folder !== undefined) this.readFolder(folder);
      else return;
      yield;
    }
  }

  private readFolder(folder: Bytes): void {
    const { files, folders } = readSourceFolder(this.host, folder);
    this.waitingFolders.push(...folders);
    for (const path of files) if (!this.files.has(path)) this.waitingFiles.push(path);
  }

  private readFile(path: Bytes): void {
    if (this.files.size >= maxSourceFiles) return;
    const text = readSource(this.host, path);
    if (text !== undefined) this.files.set(path, detached(fileSymbols(parse(text, this.options))));
  }

  private *matches(search: NameSearch, documents: readonly SearchedDocument[]): Work<Match[]> {
    const ranked = new Map<number, Match[]>();
    let looked = 0;
    for (const { path, isOpen, symbols } of this.sources(documents)) {
      for (const symbol of symbols) {
        const rank = search.rank(symbol.name);
        if (rank !== undefined) add(ranked, rank, { path, isOpen, symbol });
        if (++looked % step === 0) yield;
      }
    }
    return best(ranked);
  }

  private *sources(
    documents: readonly SearchedDocument[],
  ): Iterable<{ path: Bytes; isOpen: boolean; symbols: readonly FileSymbol[] }> {
    const open = new Set(documents.map(({ path }) => path));
    for (const { path, parsed } of documents) yield { path, isOpen: true, symbols: symbolsOf(parsed) };
    for (const [path, symbols] of this.files) if (!open.has(path)) yield { path, isOpen: false, symbols };
  }

  /** Adds the files that have another text than the index has read to `outdated`. */
  private *inPresentText(
    matches: readonly Match[],
    documents: readonly SearchedDocument[],
    outdated: Set<Bytes>,
  ): Iterable<FoundSymbol> {
    const texts = new Map<Bytes, Bytes | undefined>();
    for (const { path, parsed } of documents) texts.set(path, parsed.text);
    for (const { path, symbol } of matches) {
      if (!texts.has(path)) texts.set(path, readSource(this.host, path));
      const text = texts.get(path);
      if (text !== undefined && standsIn(text, symbol)) yield { path, symbol, text };
      else outdated.add(path);
    }
  }
}

function add(ranked: Map<number, Match[]>, rank: number, match: Match): void {
  const known = ranked.get(rank);
  if (known === undefined) ranked.set(rank, [match]);
  else known.push(match);
}

function best(ranked: ReadonlyMap<number, Match[]>): Match[] {
  const ranks = [...ranked.keys()].sort((a, b) => a - b);
  const found: Match[] = [];
  for (const rank of ranks) {
    found.push(...ranked.get(rank)!.sort(compareMatches));
    if (found.length >= maxFound) break;
  }
  return found.slice(0, maxFound);
}

/** Of names that fit equally well: those of documents, those at the top of a file, those in fewer folders. */
function compareMatches(a: Match, b: Match): number {
  return (
    Number(b.isOpen) - Number(a.isOpen) ||
    Number(a.symbol.container !== '') - Number(b.symbol.container !== '') ||
    a.path.split('/').length - b.path.split('/').length ||
    (a.path < b.path ? -1 : a.path > b.path ? 1 : a.symbol.at - b.symbol.at)
  );
}

const known = new WeakMap<ParsedFile, readonly FileSymbol[]>();

function symbolsOf(parsed: ParsedFile): readonly FileSymbol[] {
  let symbols = known.get(parsed);
  if (symbols === undefined) known.set(parsed, (symbols = fileSymbols(parsed)));
  return symbols;
}

/** Names that are parts of a text would keep all of the text in memory. */
function detached(symbols: readonly FileSymbol[]): FileSymbol[] {
  const copies = new Map<string, string>();
  const copyOf = (text: string): string => {
    let copy = copies.get(text);
    if (copy === undefined) copies.set(text, (copy = Buffer.from(text, 'utf8').toString('utf8')));
    return copy;
  };
  return symbols.map((symbol) => ({
    ...symbol,
    name: copyOf(symbol.name),
    container: copyOf(symbol.container),
  }));
}
