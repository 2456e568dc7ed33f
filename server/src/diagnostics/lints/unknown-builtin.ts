/**
 * `builtins.x`, where no Nix has that. Evaluation says so only when it comes there.
 * What is asked for (`builtins ? x`) or has a fallback (`or`) is meant to be missing at times.
 */
import { bestMatches, didYouMean } from '../../base/suggestions';
import type { Bytes } from '../../base/bytes';
import { builtinRecords, constantRecords, literals } from '../../builtins/registry';
import { Kind, staticName, type AttributeName, type InheritNode, type SelectNode } from '../../syntax/tree';
import type { Finding, Lint } from './lint';

/** What is in `builtins` besides what Nixray has: of other versions and other implementations, and behind settings. */
const elsewhere = ['exec', 'importNative', 'valueSize', 'parallel', 'wasm', 'filterAttrs'];

const known: ReadonlySet<string> = new Set([
  ...builtinRecords.map(({ name }) => name),
  ...constantRecords.map(({ name }) => name),
  ...literals.map(([name]) => name),
  'builtins',
  ...elsewhere,
]);

export const unknownBuiltin: Lint<Kind.Select | Kind.Inherit> = {
  code: 'unknown-builtin',
  severity: 'warning',
  kinds: [Kind.Select, Kind.Inherit],
  find: (node) => (node.kind === Kind.Select ? inSelection(node) : inInherit(node)),
};

function* inSelection({ target, path, pathAt, fallback }: SelectNode): Iterable<Finding> {
  if (fallback !== undefined || target.kind !== Kind.Identifier || target.name !== 'builtins') return;
  yield* finding(path.names[0]!, pathAt + path.namesAt[0]!);
}

function* inInherit({ source, names, namesAt }: InheritNode): Iterable<Finding> {
  if (source?.kind !== Kind.Identifier || source.name !== 'builtins') return;
  for (let i = 0; i < names.length; i++) yield* finding(names[i]!, namesAt[i]!);
}

function* finding(node: AttributeName, start: number): Iterable<Finding> {
  const name = node.kind === Kind.DynamicName ? undefined : staticName(node);
  if (name === undefined || known.has(name)) return;
  const similar = didYouMean(similarBuiltins(name));
  yield {
    start,
    width: node.width,
    message: `there is no builtin '${name}'${similar === '' ? '' : `\n${similar}`}`,
    name,
    holds: (surroundings) => !surroundings.binds('builtins') && !isAskedFor(name, surroundings.text),
  };
}

/** Builtins that are written almost like a name. */
export function similarBuiltins(name: string): string[] {
  return bestMatches(known, name);
}

/** Whether the file asks anywhere whether there is such a builtin. */
function isAskedFor(name: string, text: Bytes): boolean {
  const escaped = name.replace(/[^A-Za-z0-9_]/g, '\\$&');
  return new RegExp(`builtins\\s*\\?\\s*"?${escaped}(?![\\w'-])|hasAttr\\s+"${escaped}"`).test(text);
}
