/**
 * Modules that are sets, with no function around: `{ services.openssh.enable = true; }` in a file of
 * its own, or in a list of modules. Nothing is called with the configuration there, so what they set
 * is known by a module beside them: a function in the same list, or the one that imports them.
 */
import type { Bytes } from '../base/bytes';
import type { LiveScope } from '../evaluator/live-scopes';
import { scopeOfFunction, type Subject } from '../evaluator/live-values';
import { Kind, type ListNode } from '../syntax/tree';
import { nodesAt, resultPath, type PlacedNode } from '../syntax/walk';
import { Attrs } from '../values/attrs';
import type { Value } from '../values/value';
import type { Vm } from '../vm/vm';
import { isModuleList } from './option-path';
import { pathOfLiteral } from './path-of-literal';
import type { PathReference } from './path-references';
import { attributeOf, tryForce } from './told-values';

export interface SetModuleContext {
  readonly vm: Vm;
  readonly file: (path: Bytes) => Subject | undefined;
  /** The places in the workspace that name a file. */
  readonly referencesTo: (path: Bytes) => readonly PathReference[];
}

/** A place in a file. */
interface Place {
  readonly subject: Subject;
  readonly offset: number;
}

/** Modules that import one another are followed so far. */
const maxImports = 8;

/** The parameters of a module that stands beside the set that starts at an offset. @throws EvalError, Interruption */
export function scopeBeside(
  context: SetModuleContext,
  subject: Subject,
  offset: number,
): LiveScope | undefined {
  const waiting: Place[] = [{ subject, offset }];
  const seen = new Set<Bytes>();
  for (const { subject: file, offset: at } of waiting) {
    if (waiting.length > maxImports) return undefined;
    for (const place of namedPlaces(context, file, at)) {
      const list = listAround(place);
      if (list === undefined) continue;
      for (const lambda of functionsOf(context, place, list)) {
        const scope = scopeOfFunction(lambda.subject, lambda.offset);
        if (scope?.argument !== undefined && isOfModule(context.vm, scope.argument)) return scope;
      }
      const { path, parsed } = place.subject;
      if (!seen.has(path) && isWholeFile(place.subject))
        waiting.push({ subject: place.subject, offset: parsed.rootAt });
      seen.add(path);
    }
  }
  return undefined;
}

/** The places where a set is an item of a list, if it is: itself, or what names its file. */
function namedPlaces({ file, referencesTo }: SetModuleContext, subject: Subject, offset: number): Place[] {
  const { path, parsed } = subject;
  if (offset !== parsed.rootAt) return [{ subject, offset }];
  return referencesTo(path).flatMap((reference) => {
    const other = reference.path === path ? undefined : file(reference.path);
    return other === undefined ? [] : [{ subject: other, offset: reference.offset }];
  });
}

/** The nodes around the list of modules that has an item at a place, the root first, the list last. */
function listAround({ subject, offset }: Place): readonly PlacedNode[] | undefined {
  const nodes = nodesAt(subject.parsed, offset).reverse();
  const index = nodes.findLastIndex(({ node }) => node.kind === Kind.List);
  return index >= 0 && isModuleList(nodes, index) ? nodes.slice(0, index + 1) : undefined;
}

/** The functions that may be modules of the same configuration, those in the list first. */
function* functionsOf(
  { file }: SetModuleContext,
  { subject }: Place,
  list: readonly PlacedNode[],
): Iterable<Place> {
  const { node, at } = list.at(-1)! as PlacedNode & { node: ListNode };
  for (const [i, item] of node.items.entries()) {
    const itemAt = at + node.itemsAt[i]!;
    if (item.kind === Kind.Path) {
      const path = pathOfLiteral(item, subject.path);
      const other = path === undefined ? undefined : (file(path) ?? file(`${path}/default.nix`));
      const own = other && functionOf(resultPath({ node: other.parsed.root, at: other.parsed.rootAt }));
      if (own !== undefined) yield { subject: other!, offset: own.at };
    } else {
      const own = functionOf(resultPath({ node: item, at: itemAt }));
      if (own !== undefined) yield { subject, offset: own.at };
    }
  }
  const around = functionOf(list);
  if (around !== undefined) yield { subject, offset: around.at };
}

/** The innermost function on a path that may be a module. */
function functionOf(path: readonly PlacedNode[]): PlacedNode | undefined {
  return path.findLast(({ node }) => node.kind === Kind.Lambda && node.formals?.ellipsis === true);
}

function isWholeFile({ parsed }: Subject): boolean {
  return resultPath({ node: parsed.root, at: parsed.rootAt }).at(-1)!.node.kind === Kind.AttributeSet;
}

function isOfModule(vm: Vm, argument: Value): boolean {
  const set = tryForce(vm, argument);
  return set instanceof Attrs && attributeOf(vm, set, 'options') instanceof Attrs;
}
