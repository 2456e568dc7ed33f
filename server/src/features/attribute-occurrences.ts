/**
 * Where a file names the attribute that a name of a scope stands for, too: a formal is passed
 * by calls and selected from the `@` name; what `rec { … }` binds is selected from the set.
 *
 * The text alone decides. A variable that is bound to the very function or set is followed,
 * also as a part of other sets and by other names. What a value becomes in a function that is
 * called with it or behind `//` is not known here, but it is told that the value goes there.
 */
import type { Bytes } from '../base/bytes';
import type { Range } from '../base/range';
import { globalNames } from '../builtins/global-names';
import {
  bindsNames,
  meaningOf,
  nameAt,
  occurrences,
  type Declaration,
  type Occurrence,
} from '../names/declarations';
import type { ParsedFile } from '../syntax/parse';
import {
  Kind,
  staticName,
  type AttributeName,
  type AttributePathNode,
  type BindingNode,
  type CallNode,
  type InheritNode,
} from '../syntax/tree';
import { innerOf, nodesAt, type PlacedNode } from '../syntax/walk';

/** An attribute is named in the text; `selected` is a name in an `inherit (…)` that takes it. */
export type AttributeOccurrence =
  Occurrence | (Omit<Required<Occurrence>, 'kind'> & { readonly kind: 'selected' });

/** What has to be done with a value to come to the function or set: a name is selected, or it is called. */
type Step = { readonly select: Bytes } | 'call';

/** The way from a value to what has the attribute. */
interface Trail {
  readonly steps: readonly Step[];
  /** What is at its end: the function that has the formal, or a set that has the attribute. */
  readonly end: 'function' | 'set';
}

/** Where a function or set goes, as a value, where it is not followed. */
export interface GivenAway {
  /** `with`: a variable may have the attribute by a `with`, or another one by a nearer `with`. */
  readonly value: Trail['end'] | 'with';
  /** Where the text of the value starts, that of the argument that a function is called with, or the variable. */
  readonly at: number;
}

/** What is known least about comes first. */
const gravity = { set: 0, function: 1, with: 2 } as const;

export interface AttributeOccurrences {
  /** In no order. */
  readonly places: readonly AttributeOccurrence[];
  /** The first place that was found where the value is used as a whole; `undefined` if all uses are known. */
  readonly givenAway: GivenAway | undefined;
}

/** So many variables are looked at: sets that hold themselves by many names have ways without number. */
const maxVariables = 1000;

/** A longer way is none of a user's making. */
const maxSteps = 64;

/** Where else in the file the attribute is named that a declaration stands for; nowhere if it stands for none. */
export function attributeOccurrences(parsed: ParsedFile, declaration: Declaration): AttributeOccurrences {
  return new Search(parsed, declaration).run();
}

class Search {
  private readonly found: AttributeOccurrence[] = [];
  private givenAway: GivenAway | undefined;
  /** The places that were looked at, with the steps from them. */
  private readonly seen = new Set<string>();
  /** The variables to look at, those first that are fewer names away. */
  private readonly waiting: { readonly path: readonly PlacedNode[]; readonly trail: Trail }[] = [];
  /** What means the names of binders. */
  private readonly known = new Map<string, readonly Occurrence[]>();

  constructor(
    private readonly parsed: ParsedFile,
    private readonly declaration: Declaration,
  ) {}

  run(): AttributeOccurrences {
    const { kind, binder } = this.declaration;
    const trail: Trail = { steps: [], end: kind === 'formal' ? 'function' : 'set' };
    if (kind === 'attribute' || kind === 'formal') {
      const path = nodesAt(this.parsed, this.declaration.range.start).reverse();
      this.follow(pathTo(path, binder.node), trail);
    }
    if (kind === 'formal' && binder.node.kind === Kind.Lambda) {
      const name = binder.node.parameter?.name;
      // What the whole argument is called is a set that has the formals.
      if (name !== undefined) this.followName(binder, name, { ...trail, end: 'set' });
    }
    for (const { path, trail } of this.waiting) this.follow(path, trail);
    return { places: this.found, givenAway: this.givenAway };
  }

  /** Looks at what is done with the value of the expression that ends a path from the root. */
  private follow(inner: readonly PlacedNode[], innerTrail: Trail): void {
    const { path, calls } = asFarAsItIs(inner);
    const trail = before(Array<Step>(calls).fill('call'), innerTrail);
    const { node, at } = path.at(-1)!;
    const around = path.slice(0, -1);
    const parent = around.at(-1)?.node;
    if (parent === undefined) return;
    if (trail.steps.length > maxSteps) return this.giveAway('set', at);
    if (parent.kind === Kind.Binding) this.bound(around.slice(0, -1), parent, trail);
    else if (parent.kind === Kind.HasAttribute || (parent.kind === Kind.Select && parent.target === node))
      this.selected(around, trail);
    else if (parent.kind === Kind.Inherit && parent.source === node) this.inherited(around, trail);
    else if (parent.kind === Kind.Call && parent.callee === node) this.called(around, trail);
    else if (parent.kind === Kind.With && trail.end === 'set' && trail.steps.length === 0) this.inWith(at);
    else this.giveAway(trail.end, at);
  }

  private giveAway(value: GivenAway['value'], at: number): void {
    // That a function is given away says more: its argument is named by whoever calls it.
    if (this.givenAway === undefined || gravity[this.givenAway.value] < gravity[value])
      this.givenAway = { value, at };
  }

  /** What a binding of the node that ends a path is bound to. */
  private bound(owner: readonly PlacedNode[], { path }: BindingNode, trail: Trail): void {
    const names = path.names.map(staticName);
    if (names.every((name) => name !== undefined)) this.named(owner, names, trail);
    else this.giveAway(trail.end, owner.at(-1)!.at);
  }

  /** What has a path of names in the node that ends a path from the root. */
  private named(owner: readonly PlacedNode[], names: readonly Bytes[], trail: Trail): void {
    const placed = owner.at(-1)!;
    const selections = names.map((select) => ({ select }));
    if (bindsNames(placed.node)) this.followName(placed, names[0]!, before(selections.slice(1), trail));
    if (placed.node.kind === Kind.AttributeSet) this.follow(owner, before(selections, trail));
  }

  /** All variables that mean what a node binds by a name. */
  private followName(binder: PlacedNode, name: Bytes, trail: Trail): void {
    for (const { range, kind, inherit } of this.variables(binder, name)) {
      const key = `${range.start} ${trail.end} ${JSON.stringify(trail.steps)}`;
      if (kind === 'declaration' || this.seen.has(key)) continue;
      if (this.seen.size > maxVariables) return this.giveAway('set', range.start);
      this.seen.add(key);
      const path = nodesAt(this.parsed, range.start).reverse();
      if (inherit === undefined) this.waiting.push({ path, trail });
      else this.named(pathTo(path, inherit.node).slice(0, -1), [name], trail);
    }
  }

  private variables(binder: PlacedNode, name: Bytes): readonly Occurrence[] {
    const key = `${binder.at} ${binder.node.kind} ${name}`;
    let found = this.known.get(key);
    if (found === undefined) this.known.set(key, (found = occurrences(binder, name, binder.node)));
    return found;
  }

  /** A selection, or the question whether there is such an attribute, ends the path. */
  private selected(path: readonly PlacedNode[], trail: Trail): void {
    const { node, at } = path.at(-1)!;
    const { path: names, pathAt } = node as { path: AttributePathNode; pathAt: number };
    for (const [i, name] of names.names.entries()) {
      const step = trail.steps[i];
      const known = staticName(name);
      if (known === undefined) return this.giveAway(trail.end, at);
      if (step === undefined) {
        if (trail.end === 'set') this.addIfWanted(name, at + pathAt + names.namesAt[i]!, 'use');
        return;
      }
      if (step === 'call' || known !== step.select) return;
    }
    if (node.kind === Kind.Select) this.follow(path, behind(trail, names.names.length));
  }

  /** An `inherit` that takes from the value ends the path. */
  private inherited(path: readonly PlacedNode[], trail: Trail): void {
    const placed = path.at(-1)!;
    const node = placed.node as InheritNode;
    const [step] = trail.steps;
    if (step === undefined) {
      if (trail.end === 'function') return;
      for (const [i, name] of node.names.entries())
        this.addIfWanted(name, placed.at + node.namesAt[i]!, 'selected', { node, at: placed.at });
    } else if (step !== 'call' && node.names.some((name) => staticName(name) === step.select))
      this.named(path.slice(0, -1), [step.select], behind(trail, 1));
  }

  /** A call ends the path. */
  private called(path: readonly PlacedNode[], trail: Trail): void {
    const { node, at } = path.at(-1)!;
    const { args, argsAt } = node as CallNode;
    for (const [i, argument] of args.entries()) {
      const step = trail.steps[i];
      if (step === 'call') continue;
      if (step !== undefined) return;
      const placed = { node: argument, at: at + argsAt[i]! };
      if (trail.end === 'function') this.passed(placed);
      else this.giveAway('set', at);
      return;
    }
    this.follow(path, behind(trail, args.length));
  }

  /** The argument of a call of the function. */
  private passed({ node, at }: PlacedNode): void {
    if (node.kind === Kind.Parenthesised) return this.passed({ node: node.inner, at: at + node.innerAt });
    if (node.kind !== Kind.AttributeSet) return this.giveAway('function', at);
    const { name } = this.declaration;
    if (node.recursive) {
      this.found.push(...occurrences({ node, at }, name, node));
      return;
    }
    for (const [i, binding] of node.bindings.entries()) {
      const bindingAt = at + node.bindingsAt[i]!;
      if (binding.kind === Kind.Binding) {
        if (staticName(binding.path.names[0]!) === undefined) this.giveAway('function', bindingAt);
        this.addIfWanted(binding.path.names[0]!, bindingAt + binding.path.namesAt[0]!, 'declaration');
        continue;
      }
      for (const [j, inheritedName] of binding.names.entries())
        this.addIfWanted(inheritedName, bindingAt + binding.namesAt[j]!, 'declaration', {
          node: binding,
          at: bindingAt,
        });
    }
  }

  /** What a `with` of the set gives; its environment stands at an offset. */
  private inWith(environmentAt: number): void {
    const { root, rootAt } = this.parsed;
    const { name } = this.declaration;
    if (globalNames.has(name)) return;
    for (const occurrence of occurrences({ node: root, at: rootAt }, name, undefined)) {
      const found = nameAt(this.parsed, occurrence.range.start);
      const withs = found === undefined ? [] : meaningOf(found).withs;
      const index = withs.findIndex(({ at }) => at === environmentAt);
      if (index < 0) continue;
      if (withs.slice(0, index).every((inner) => this.lacksName(inner))) this.found.push(occurrence);
      else this.giveAway('with', occurrence.range.start);
    }
  }

  /** Whether the text shows that the environment of a `with` has no attribute of the name. */
  private lacksName(environment: PlacedNode): boolean {
    const { node } = this.definitionOf(environment);
    if (node.kind !== Kind.AttributeSet) return false;
    return node.bindings.every((binding) => {
      const names = binding.kind === Kind.Binding ? binding.path.names.slice(0, 1) : binding.names;
      return names.map(staticName).every((name) => name !== undefined && name !== this.declaration.name);
    });
  }

  /** What a variable is bound to, or what that is bound to, and so on; anything else as it is. */
  private definitionOf(placed: PlacedNode): PlacedNode {
    let found = placed;
    for (let steps = 0; found.node.kind === Kind.Identifier && steps < maxSteps; steps++) {
      const name = nameAt(this.parsed, found.at);
      const bound = name && meaningOf(name).declaration?.bound;
      if (bound?.binding.kind !== Kind.Binding || bound.binding.path.names.length > 1) break;
      found = { node: bound.binding.value, at: bound.bindingAt + bound.binding.valueAt };
    }
    return found;
  }

  private addIfWanted(
    name: AttributeName,
    start: number,
    kind: 'declaration' | 'use' | 'selected',
    inherit?: { readonly node: InheritNode; readonly at: number },
  ): void {
    if (staticName(name) !== this.declaration.name) return;
    const range: Range = { start, end: start + name.width };
    if (inherit !== undefined) this.found.push({ range, kind, inherit });
    else if (kind !== 'selected') this.found.push({ range, kind });
  }
}

/**
 * The outermost expression around the one that ends a path whose value is the same, or is a
 * function that gives it, and how many calls that takes.
 */
function asFarAsItIs(path: readonly PlacedNode[]): { readonly path: readonly PlacedNode[]; calls: number } {
  let calls = 0;
  let last = path.length - 1;
  for (; last > 0; last--) {
    const { node } = path[last - 1]!;
    if (innerOf(path[last - 1]!)?.node !== path[last]!.node) break;
    if (node.kind === Kind.Lambda) calls++;
  }
  return { path: path.slice(0, last + 1), calls };
}

function before(steps: readonly Step[], trail: Trail): Trail {
  return { ...trail, steps: [...steps, ...trail.steps] };
}

/** What is left of a way after some steps. */
function behind(trail: Trail, count: number): Trail {
  return { ...trail, steps: trail.steps.slice(count) };
}

/** A path from the root up to and with a node of it. */
function pathTo(path: readonly PlacedNode[], node: PlacedNode['node']): readonly PlacedNode[] {
  return path.slice(0, path.findIndex((placed) => placed.node === node) + 1);
}
