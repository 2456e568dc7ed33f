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
import type { PlaceQuestion } from '../evaluator/service';
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
import { attributeEdits, refusalOfName, renameAt, type Refusal } from '../features/rename';
import type { TextEdit } from '../features/text-edit';
import { isBelow } from '../host/path';
import type { Parts } from './parts';
import { pathsWith, type SourceFile } from './source-files';
import { TargetSearch } from './target-search';
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
  /** The starts of formals that the attribute is passed for. */
  readonly formals: number[];
}

export class AttributeRename {
  private readonly search: TargetSearch;
  private readonly oldName: Bytes;
  private readonly places = new Map<Bytes, Places>();

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
    const refusal = refusalOfName(this.newName);
    if (refusal !== undefined) throw refused(refusal.problem);
    const file = this.search.files.at(path);
    if (file === undefined || this.newName === this.oldName) return null;
    const bound = await this.boundFrom(file);
    this.checkOwn(bound);
    this.placesIn(bound.file).known.push(...bound.attribute.places);
    const users = await pathsWith(this.parts, this.oldName, () => this.search.checkWanted());
    for (const user of new Set([path, bound.file.path, ...users])) await this.addUses(user, bound);
    return this.edit();
  }

  /** What binds the attribute that is named in a file. */
  private async boundFrom(file: SourceFile): Promise<Bound> {
    const { declaredAt = this.named.range.start } = this.named;
    const candidate = candidateAt(file.parsed, file.path, declaredAt, this.oldName);
    const own = attributeBoundBy(file.parsed, declaredAt);
    // An `inherit` binds an attribute of its own; a binding may define an option that another file declares.
    if (own !== undefined && (candidate === undefined || candidate.place.inherit !== undefined))
      return { file, attribute: own };
    const found = candidate && (await this.boundBy(file, candidate.question));
    if (found === 'elsewhere' || (found === undefined && own === undefined))
      throw refused(
        `It is not known where '${decodeUtf8(this.oldName)}' is bound: no evaluation gets there, or the name is computed.`,
      );
    return found ?? { file, attribute: own! };
  }

  /** The attribute that the evaluator says is meant; `elsewhere` where it stands in no text that binds it. */
  private async boundBy(from: SourceFile, question: PlaceQuestion): Promise<Bound | 'elsewhere' | undefined> {
    const location = await this.search.ask((supervisor) => supervisor.ask('locate', from.path, question));
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

  /** Asks about all places of a file that have the name. */
  private async addUses(path: Bytes, bound: Bound): Promise<void> {
    const file = this.search.files.at(path);
    if (file === undefined) return;
    for (const candidate of candidatesFor(file.parsed, path, this.oldName)) {
      const { question, place, isFormal } = candidate;
      const found = await this.boundBy(file, question);
      if (found === undefined) {
        // A definition of an option that there is not is an attribute of its own, and a function may never be called.
        if (!isFormal && aboutName(question, this.newName) !== undefined)
          this.placesIn(file).unknown.push(place);
      } else if (found !== 'elsewhere' && isSame(found, bound)) {
        await this.checkFree(file, candidate);
        if (isFormal) this.placesIn(file).formals.push(place.range.start);
        else this.placesIn(file).known.push(place);
      }
    }
  }

  /** Refuses a name that the set has already where the attribute is used. */
  private async checkFree(file: SourceFile, { question, place }: Candidate): Promise<void> {
    const other = aboutName(question, this.newName);
    const found =
      other && (await this.search.ask((supervisor) => supervisor.ask('locate', file.path, other)));
    if (found === undefined) return;
    throw refused(
      `'${decodeUtf8(this.newName)}' already has a meaning where '${decodeUtf8(this.oldName)}' is used in ${placeName(file, place)}.`,
    );
  }

  private placesIn(file: SourceFile): Places {
    let places = this.places.get(file.path);
    if (places === undefined)
      this.places.set(file.path, (places = { file, known: [], unknown: [], formals: [] }));
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

  private changeOf({ file, known, unknown, formals }: Places, asks: boolean): FileChange {
    const edits = this.editsOf(file, known);
    // Formals have edits of their own, which may meet others where a call stands in the same file.
    const starts = new Set(edits.map(({ range }) => range.start));
    for (const start of formals)
      for (const edit of this.accepted(file, renameAt(file.parsed, start, this.newName)))
        if (!starts.has(edit.range.start)) edits.push(edit);
    return { file, edits, doubtful: asks ? this.editsOf(file, unknown) : [] };
  }

  private editsOf(file: SourceFile, places: readonly AttributeOccurrence[]): TextEdit[] {
    return [...this.accepted(file, attributeEdits(file.parsed, places, this.oldName, this.newName))];
  }

  private accepted(file: SourceFile, edits: readonly TextEdit[] | Refusal): readonly TextEdit[] {
    if (!('problem' in edits)) return edits;
    throw refused(`${edits.problem} (${decodeUtf8(file.path)})`);
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
