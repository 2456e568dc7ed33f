/**
 * The renaming of an attribute in all files of the workspace. Where a set of the workspace binds
 * it, the evaluator says of each place that has the name whether it means that binding. Of places
 * that it says nothing of, the user is asked.
 */
import {
  LSPErrorCodes,
  ResponseError,
  type CancellationToken,
  type WorkspaceEdit,
} from 'vscode-languageserver/node';
import { decodeUtf8, type Bytes } from '../base/bytes';
import type { Location, PlaceQuestion } from '../evaluator/service';
import {
  aboutName,
  attributeBoundBy,
  attributeWithPosition,
  candidateAt,
  candidatesFor,
  type BoundAttribute,
  type Candidate,
  type NamedAttribute,
} from '../features/attribute-names';
import type { AttributeOccurrence } from '../features/attribute-occurrences';
import {
  formalOf,
  formalOwner,
  isPassed,
  pathStartIn,
  passedArgument,
  receiverOf,
} from '../features/passed-sets';
import { attributeEdits, placesOfFormal, refusalOfAttribute, type Refusal } from '../features/rename';
import type { TextEdit } from '../features/text-edit';
import { isBelow } from '../host/path';
import { Kind } from '../syntax/tree';
import type { Parts } from './parts';
import { pathsWith, type SourceFile } from './source-files';
import { callsOf, targetIn, TargetSearch, type Target } from './target-search';
import { asksAboutEdits, workspaceEdit, type Doubt, type FileChange } from './workspace-edit';

/** Milliseconds in which the evaluator is asked; of what is not known then, the user is. */
const searchTime = 15_000;

/** A user is asked about so many places at most: of a name that half of the workspace has, nobody wants to look at each. */
const maxDoubts = 300;

/** So many places are named to a user who is not asked about them. */
const maxNamed = 3;

/** An attribute and the file that binds it. */
interface Bound {
  readonly file: SourceFile;
  readonly attribute: BoundAttribute;
}

/** What is to be changed in a file, for sure and maybe. */
interface Places {
  readonly file: SourceFile;
  readonly known: AttributeOccurrence[];
  readonly unknown: AttributeOccurrence[];
}

/** A place that may mean the attribute, and what the evaluator says that it means. */
interface Located {
  readonly file: SourceFile;
  readonly candidate: Candidate;
  readonly meant: Bound | 'elsewhere' | undefined;
  done: boolean;
}

export class AttributeRename {
  private readonly search: TargetSearch;
  private readonly oldName: Bytes;
  private readonly places = new Map<Bytes, Places>();
  /** The attributes that are renamed: a function whose argument it is may be called with several sets. */
  private readonly bounds: Bound[] = [];
  /** The formals that are renamed, and those that are still to be looked at. */
  private readonly formals = new Set<string>();
  private located: readonly Located[] = [];
  private hasUses = false;

  constructor(
    private readonly parts: Parts,
    token: CancellationToken,
    private readonly named: NamedAttribute,
    private readonly newName: Bytes,
  ) {
    this.search = new TargetSearch(parts, token, searchTime);
    this.oldName = named.name;
  }

  /** @throws ResponseError where it cannot be renamed, with the reason */
  async from(path: Bytes): Promise<WorkspaceEdit | null> {
    const refusal = refusalOfAttribute(this.oldName, this.newName);
    if (refusal !== undefined) throw refused(refusal.problem);
    const file = this.search.files.at(path);
    if (file === undefined || this.newName === this.oldName) return null;
    const { declaredAt = this.named.range.start, isFormal } = this.named;
    const bound = await this.boundFrom(file, declaredAt);
    if (bound !== undefined) this.checkOwn(bound);
    const users = await pathsWith(this.parts, this.oldName, () => this.search.checkWanted());
    const files = [path, ...(bound === undefined ? [] : [bound.file.path]), ...users];
    this.located = await this.locateAll(new Set(files));
    if (bound !== undefined) await this.addBound(bound);
    if (isFormal === true) await this.addFormal(file, declaredAt);
    this.checkReaders();
    for (const { file: user, candidate, meant } of this.located)
      // A definition of an option that there is not is an attribute of its own, and a function may never be called.
      if (
        meant === undefined &&
        !candidate.isFormal &&
        aboutName(candidate.question, this.newName) !== undefined
      )
        this.placesIn(user).unknown.push(candidate.place);
    return this.edit();
  }

  /** What binds the attribute that is named in a file; undefined for an argument of which no call is known. */
  private async boundFrom(file: SourceFile, declaredAt: number): Promise<Bound | undefined> {
    const candidate = candidateAt(file.parsed, file.path, declaredAt, this.oldName);
    const own = attributeBoundBy(file.parsed, declaredAt);
    // An `inherit` binds an attribute of its own; a binding may define an option that another file declares.
    if (own !== undefined && (candidate === undefined || candidate.place.inherit !== undefined))
      return { file, attribute: own };
    const found = candidate && (await this.boundBy(file, candidate.question));
    if (found === undefined && candidate?.isFormal === true) {
      const computed = candidate.question.kind === 'name' ? candidate.question.of : candidate.question;
      if ((await this.ask(file, computed)) === undefined) return undefined;
      throw this.unknownOrigin();
    }
    if (found === 'elsewhere' || (found === undefined && own === undefined)) throw this.unknownOrigin();
    return found ?? { file, attribute: own! };
  }

  private unknownOrigin(): ResponseError {
    return refused(
      `It is not known where '${decodeUtf8(this.oldName)}' is bound: no evaluation gets there, or the name is computed.`,
    );
  }

  private ask(from: SourceFile, question: PlaceQuestion): Promise<Location | undefined> {
    return this.search.ask((supervisor) => supervisor.ask('locate', from.path, question));
  }

  /** The attribute that the evaluator says is meant; `elsewhere` where it stands in no text that binds it. */
  private async boundBy(from: SourceFile, question: PlaceQuestion): Promise<Bound | 'elsewhere' | undefined> {
    const location = await this.ask(from, question);
    if (location === undefined) return undefined;
    const file = this.search.files.at(location.path);
    const position = file?.positions.offsetAt(location.range.start);
    if (file === undefined || position === undefined) return 'elsewhere';
    const attribute = attributeWithPosition(file.parsed, position, this.oldName);
    return attribute === undefined ? 'elsewhere' : { file, attribute };
  }

  private checkOwn({ file: { path, uri } }: Bound): void {
    const isOpen = this.parts.documents.get(uri) !== undefined;
    if (isOpen || this.parts.folders.paths.some((folder) => isBelow(path, folder))) return;
    throw refused(
      `'${decodeUtf8(this.oldName)}' is bound in ${decodeUtf8(path)}, which is not in the workspace.`,
    );
  }

  /** Asks about all places of files that have the name. */
  private async locateAll(paths: Iterable<Bytes>): Promise<Located[]> {
    const located: Located[] = [];
    for (const path of paths) {
      const file = this.search.files.at(path);
      if (file === undefined) continue;
      for (const candidate of candidatesFor(file.parsed, path, this.oldName))
        located.push({ file, candidate, meant: await this.boundBy(file, candidate.question), done: false });
    }
    return located;
  }

  /** An attribute is renamed where it is bound, where it is used, and in the functions that it is passed to. */
  private async addBound(bound: Bound): Promise<void> {
    if (this.bounds.some((known) => isSame(known, bound))) return;
    this.checkOwn(bound);
    this.bounds.push(bound);
    this.placesIn(bound.file).known.push(...bound.attribute.places);
    for (const located of this.located) {
      const { file, candidate, meant, done } = located;
      if (done || meant === undefined || meant === 'elsewhere' || !isSame(meant, bound)) continue;
      located.done = true;
      this.hasUses = true;
      await this.checkFree(file, candidate);
      if (candidate.isFormal) await this.addFormal(file, candidate.place.range.start);
      else this.placesIn(file).known.push(candidate.place);
    }
    await this.addReceiver(bound);
  }

  /** What is passed to a function is renamed in what other calls pass, too, and in the function where it is a formal. */
  private async addReceiver({ file, attribute }: Bound): Promise<void> {
    const { path, around } = attribute;
    const receiver = receiverOf(around);
    for (const name of receiver?.names ?? []) {
      const target = await this.search.targetOf(file, name.end);
      if (target === undefined) continue;
      const { file: called, item } = target;
      const formal = formalOf(called.parsed, item.nameRange.start, receiver!.index, path[0]!);
      if (formal === undefined) continue;
      if (path.length > 1) return this.addPassed(target, receiver!.index, path);
      this.hasUses = true;
      return this.addFormal(called, formal);
    }
  }

  /** A formal is renamed in its function, and in the sets that calls of the function pass for it. */
  private async addFormal(file: SourceFile, at: number): Promise<void> {
    const key = `${at} ${file.path}`;
    if (this.formals.has(key)) return;
    this.formals.add(key);
    const places = placesOfFormal(file.parsed, at, this.newName);
    if ('problem' in places) throw this.refusedIn(file, places);
    this.placesIn(file).known.push(...places);
    const owner = formalOwner(file.parsed, at);
    const called = owner && targetIn(file, owner.at);
    if (called !== undefined) await this.addPassed(called, owner!.index, [this.oldName]);
  }

  /** A path of names is renamed in all sets that calls pass for a parameter of a function. */
  private async addPassed(called: Target, index: number, path: readonly Bytes[]): Promise<void> {
    for (const { file, at, range } of await callsOf(this.search, called)) {
      const set = passedArgument(file.parsed, at, range, index);
      if (set === undefined) continue;
      if (set.node.kind !== Kind.AttributeSet) throw this.unknownArgument(file, set.at);
      const start = pathStartIn(set.node, set.at, path);
      const bound = start === undefined ? undefined : attributeBoundBy(file.parsed, start);
      if (bound !== undefined) await this.addBound({ file, attribute: bound });
    }
  }

  private unknownArgument({ path, positions }: SourceFile, at: number): ResponseError {
    const line = positions.rangeOf({ start: at, end: at }).start.line + 1;
    return refused(
      `'${decodeUtf8(this.oldName)}' is the name by which the function is given this argument, and the call in ${decodeUtf8(path)}:${line} does not show what it passes.`,
    );
  }

  /** What a set is passed to may read it in ways that nothing shows, such as what makes derivations. */
  private checkReaders(): void {
    if (this.hasUses) return;
    const passed = this.bounds.find(({ attribute }) => isPassed(attribute.around));
    if (passed === undefined) return;
    throw refused(
      `'${decodeUtf8(this.oldName)}' is in a set that a function is called with, and nothing in the workspace shows what reads it there: see ${placeName(passed.file, passed.attribute.places[0]!)}.`,
    );
  }

  /** Refuses a name that the set has already where the attribute is used. */
  private async checkFree(file: SourceFile, { question, place }: Candidate): Promise<void> {
    const other = aboutName(question, this.newName);
    if (other === undefined || (await this.ask(file, other)) === undefined) return;
    throw refused(
      `'${decodeUtf8(this.newName)}' already has a meaning where '${decodeUtf8(this.oldName)}' is used in ${placeName(file, place)}.`,
    );
  }

  private placesIn(file: SourceFile): Places {
    let places = this.places.get(file.path);
    if (places === undefined) this.places.set(file.path, (places = { file, known: [], unknown: [] }));
    return places;
  }

  private edit(): WorkspaceEdit {
    const all = [...this.places.values()];
    const unknown = all.flatMap(({ file, unknown }) => unknown.map((place) => placeName(file, place)));
    const asks = asksAboutEdits(this.parts) && unknown.length <= maxDoubts;
    const changes = all.map((places) => this.changeOf(places, asks));
    if (unknown.length > 0 && !asks) this.tellOf(unknown);
    return workspaceEdit(this.parts, changes, this.doubt);
  }

  private changeOf({ file, known, unknown }: Places, asks: boolean): FileChange {
    return { file, edits: this.editsOf(file, known), doubtful: asks ? this.editsOf(file, unknown) : [] };
  }

  private editsOf(file: SourceFile, places: readonly AttributeOccurrence[]): readonly TextEdit[] {
    const edits = attributeEdits(file.parsed, places, this.oldName, this.newName);
    if ('problem' in edits) throw this.refusedIn(file, edits);
    return edits;
  }

  private refusedIn({ path }: SourceFile, { problem }: Refusal): ResponseError {
    return refused(`${problem} (${decodeUtf8(path)})`);
  }

  private get doubt(): Doubt {
    return {
      label: `Maybe another '${decodeUtf8(this.oldName)}'`,
      description: 'No evaluation has told what this name means.',
    };
  }

  private tellOf(places: readonly string[]): void {
    const more = places.length - maxNamed;
    const named = `${places.slice(0, maxNamed).join(', ')}${more > 0 ? ` and ${more} more places` : ''}`;
    this.parts.editor.warn(
      `No evaluation has told what '${decodeUtf8(this.oldName)}' means in ${named}; it was not renamed there.`,
    );
  }
}

function isSame(a: Bound, b: Bound): boolean {
  return (
    a.file.path === b.file.path && a.attribute.places[0]!.range.start === b.attribute.places[0]!.range.start
  );
}

function placeName({ path, positions }: SourceFile, { range }: AttributeOccurrence): string {
  return `${decodeUtf8(path)}:${positions.rangeOf(range).start.line + 1}`;
}

function refused(problem: string): ResponseError {
  return new ResponseError(LSPErrorCodes.RequestFailed, problem);
}
