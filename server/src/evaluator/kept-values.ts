/**
 * Values that outlive an edit. The value of an expression that an edit did not
 * touch is the same as before if each name that it takes from its surroundings
 * means the same value as before. Most of all that keeps what was made of other
 * files: after an edit anywhere else in the file, `import <nixpkgs> { }` is not
 * evaluated again.
 */
import { NodeBlueprint } from '../compiler/blueprint';
import { freeNames } from '../names/free-names';
import type { BindingGroup, Entry } from '../names/merge';
import { originOf } from '../syntax/same-code';
import { withoutParentheses, type Expression, type Node } from '../syntax/tree';
import { forward, Thunk } from '../values/thunk';
import { WithScope, type Value } from '../values/value';
import { isSelectThunk } from '../vm/operations';

/** What the names of a place mean. */
export interface Surroundings {
  find(name: string): Value | undefined;
  readonly withs: WithScope | null;
}

interface Kept {
  readonly value: Value;
  /** The free names, and what each meant; undefined what is global or comes from a `with`. */
  readonly names: readonly string[];
  readonly meanings: readonly (Value | undefined)[];
  /** The `with` scopes, if a name may come from them. */
  readonly withs: WithScope | null | undefined;
}

/** An expression, or what `inherit` selects from it by a name. */
interface Key {
  readonly node: Expression;
  readonly name: string | undefined;
}

export class KeptValues {
  /** By the origins of nodes; those that an edit removes take their values with them. */
  private readonly values = new WeakMap<Node, Map<string | undefined, Kept>>();
  private readonly withScopes = new WeakMap<Node, WithScope>();

  constructor(private readonly globals: { has(name: string): boolean }) {}

  /** The value of an expression, if it was kept and holds in these surroundings. */
  find(node: Expression, surroundings: Surroundings): Value | undefined {
    const kept = this.values.get(originOf(node))?.get(undefined);
    return kept !== undefined && holds(kept, surroundings) ? kept.value : undefined;
  }

  keep(node: Expression, surroundings: Surroundings, value: Value): void {
    this.keepFor({ node, name: undefined }, surroundings, value);
  }

  private keepFor({ node, name }: Key, surroundings: Surroundings, value: Value): void {
    const { lexical, dynamic } = freeNames(node);
    const names = [...new Set([...lexical, ...dynamic])];
    const meanings = names.map((each) => surroundings.find(each));
    const usesWiths = names.some((each, i) => meanings[i] === undefined && !this.globals.has(each));
    const withs = usesWiths ? surroundings.withs : undefined;
    const ofNode = this.values.get(originOf(node)) ?? new Map<string | undefined, Kept>();
    ofNode.set(name, { value, names, meanings, withs });
    this.values.set(originOf(node), ofNode);
  }

  /** The scope of a `with`: the same one as long as its set and the scopes around it are the same. */
  withScope(node: Expression, environment: Value, outer: WithScope | null): WithScope {
    const known = this.withScopes.get(originOf(node));
    if (known?.environment === environment && known.outer === outer) return known;
    const made = new WithScope(environment, outer);
    this.withScopes.set(originOf(node), made);
    return made;
  }

  /**
   * Puts the values that hold in the place of new ones in a recursive group that
   * was just made: `bound` is what `surroundings` finds first. Bindings refer to
   * each other, so all are taken to hold until one is found that does not.
   */
  bind(group: BindingGroup, surroundings: Surroundings, bound: Map<string, Value>): void {
    const replaced = new Map<string, { readonly fresh: Value; readonly kept: Kept }>();
    for (const [name, entry] of group.entries) {
      const key = keyOf(group, entry);
      const kept = key && this.values.get(originOf(key.node))?.get(key.name);
      if (kept === undefined) continue;
      replaced.set(name, { fresh: bound.get(name)!, kept });
      bound.set(name, kept.value);
    }
    const users = usersOf(replaced);
    const suspects = [...replaced.keys()];
    for (let name = suspects.pop(); name !== undefined; name = suspects.pop()) {
      const each = replaced.get(name);
      if (each === undefined || holds(each.kept, surroundings)) continue;
      bound.set(name, each.fresh);
      replaced.delete(name);
      suspects.push(...(users.get(name) ?? []));
    }
    for (const [name, entry] of group.entries) {
      const key = keyOf(group, entry);
      if (key === undefined) continue;
      const fresh = replaced.get(name)?.fresh;
      if (fresh === undefined) this.keepFor(key, surroundings, bound.get(name)!);
      // Its new siblings have captured the new thunk.
      else if (fresh instanceof Thunk && isNew(fresh, key)) forward(fresh, bound.get(name)!);
    }
  }
}

/** Which of some bindings use which name. */
function usersOf(bindings: ReadonlyMap<string, { readonly kept: Kept }>): Map<string, string[]> {
  const users = new Map<string, string[]>();
  for (const [user, { kept }] of bindings)
    for (const name of kept.names) {
      const known = users.get(name);
      if (known === undefined) users.set(name, [user]);
      else known.push(user);
    }
  return users;
}

/** Whether a thunk was just made for a binding. */
function isNew(thunk: Thunk, { node, name }: Key): boolean {
  return name === undefined ? isThunkOf(thunk, node) : isSelectThunk(thunk);
}

function holds({ names, meanings, withs }: Kept, surroundings: Surroundings): boolean {
  if (withs !== undefined && withs !== surroundings.withs) return false;
  return names.every((name, i) => surroundings.find(name) === meanings[i]);
}

/** Whether a thunk was made for an expression. A name alone has the thunk of what it means, which is somebody else's. */
export function isThunkOf({ code }: Thunk, node: Expression): boolean {
  if (!(code instanceof NodeBlueprint) || code.body.kind !== 'expression') return false;
  return code.body.node === withoutParentheses(node);
}

/** What a binding by itself is bound to. */
function keyOf({ sources }: BindingGroup, entry: Entry): Key | undefined {
  if (entry.kind === 'value') return { node: entry.value, name: undefined };
  return entry.kind === 'inherit-from' ? { node: sources[entry.source]!.node, name: entry.name } : undefined;
}
