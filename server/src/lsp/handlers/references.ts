/**
 * The places that mean a name or a file. Names of scopes are a matter of one document.
 * Uses of an attribute are names of the workspace's files that the evaluator follows to
 * where it is bound; what it does not know in time is left out.
 */
import type { CancellationToken, Location as ProtocolLocation } from 'vscode-languageserver/node';
import type { Bytes } from '../../base/bytes';
import type { Range } from '../../base/range';
import { attributeReceivers } from '../../features/attribute-names';
import { attributeUses, fileNear, isOfScope, nameNear, pathUses } from '../../features/attribute-uses';
import { referencesAt } from '../../features/references';
import { baseNameOf, directoryOf } from '../../host/path';
import { readDocumentUri, readFields, readParams, readPosition } from '../params';
import type { Parts } from '../parts';
import { pathsBelow, pathsWith, type SourceFile } from '../source-files';
import { isSame, TargetSearch, type Target } from '../target-search';

/** Milliseconds; in a large workspace there is always more to follow. */
const searchTime = 15_000;

/** `textDocument/references` */
export async function references(
  parts: Parts,
  params: unknown,
  token: CancellationToken,
): Promise<ProtocolLocation[] | null> {
  const search = new TargetSearch(parts, token, searchTime);
  const file = search.files.ofUri(readDocumentUri(params));
  const offset = file?.positions.offsetAt(readPosition(readParams(params).position, 'position'));
  if (file === undefined || offset === undefined) return null;
  const { includeDeclaration } = readFields(readParams(params).context ?? {}, 'context');
  const withDeclaration = includeDeclaration !== false;
  const found = new Found();
  found.add(file, referencesAt(file.parsed, offset, withDeclaration));
  const name = nameNear(file.parsed, offset);
  const named = name === undefined ? fileNear(file.parsed, file.path, offset) : undefined;
  if (named !== undefined) await findPaths(parts, search, named, found);
  else if (name !== undefined && !isOfScope(file.parsed, offset))
    await findAttribute(parts, search, { file, offset, name, withDeclaration }, found);
  if (search.isOver) parts.editor.log('The time for references was over before all names were followed.');
  return found.locations();
}

interface Asked {
  readonly file: SourceFile;
  readonly offset: number;
  readonly name: Bytes;
  readonly withDeclaration: boolean;
}

async function findAttribute(
  parts: Parts,
  search: TargetSearch,
  { file, offset, name, withDeclaration }: Asked,
  found: Found,
): Promise<void> {
  const target = await search.targetOf(file, offset);
  if (target === undefined) return;
  if (withDeclaration && target.item.kind !== 'file') found.add(target.file, [target.item.nameRange]);
  const users = await pathsWith(parts, name, () => search.checkWanted());
  for (const path of new Set([file.path, target.file.path, ...users])) {
    const user = search.isOver ? undefined : search.files.at(path);
    if (user === undefined) continue;
    const places = [...attributeUses(user.parsed, name), ...attributeReceivers(user.parsed, path, name)];
    for (const range of places) {
      const led = await search.targetOf(user, range.start);
      if (led !== undefined && isSame(led, target) && !isOwnName(target, path, range))
        found.add(user, [range]);
    }
  }
}

/** Whether a place is in the name of what is asked about, which is listed only where the declaration is wanted. */
function isOwnName({ file, item }: Target, path: Bytes, range: Range): boolean {
  return path === file.path && range.start >= item.nameRange.start && range.end <= item.nameRange.end;
}

/**
 * The last name of a path stands in every literal that names it, but for those that end in
 * `.` or `..`, which stand below the folder that they name.
 */
async function findPaths(parts: Parts, search: TargetSearch, named: Bytes, found: Found): Promise<void> {
  const isFolder = parts.disk.fileType(named) === 'directory';
  const path = isFolder ? `${named}/default.nix` : named;
  const folder = directoryOf(path);
  const isDefault = baseNameOf(path) === 'default.nix';
  const check = (): void => search.checkWanted();
  const users = await pathsWith(parts, baseNameOf(isDefault ? folder : path), check);
  const below = isDefault ? await pathsBelow(parts, folder, check) : [];
  for (const user of new Set([...users, ...below])) {
    const file = search.files.at(user);
    if (file !== undefined) found.add(file, pathUses(file.parsed, user, path));
  }
}

/** Places, each once. */
class Found {
  private readonly places = new Map<string, ProtocolLocation>();

  add({ uri, positions }: SourceFile, ranges: readonly Range[]): void {
    for (const range of ranges)
      this.places.set(`${range.start} ${uri}`, { uri, range: positions.rangeOf(range) });
  }

  locations(): ProtocolLocation[] {
    return [...this.places.values()];
  }
}
