/**
 * Live scopes: the scopes around a place of a document, instantiated once and
 * shared by all that is asked below them.
 *
 * A `let` or a recursive set makes its bindings (as thunks), a `with` its set, a
 * function its parameters. Nothing else on the way is evaluated.
 */
import { decodeUtf8 } from '../base/bytes';
import { NodeBlueprint, type Body } from '../compiler/blueprint';
import type { CompilationUnit } from '../compiler/unit';
import { freeNames, freeNamesOfGroup } from '../names/free-names';
import { BindingGroup, mergeBindings } from '../names/merge';
import {
  Kind,
  type AttributeSetNode,
  type Expression,
  type FreeNames,
  type LambdaNode,
  type LegacyLetNode,
  type LetNode,
  type Node,
} from '../syntax/tree';
import type { PlacedNode } from '../syntax/walk';
import { Attrs } from '../values/attrs';
import { EvalError } from '../values/error';
import type { Dependence } from '../values/dependence';
import { lineAndColumn, type Position } from '../values/position';
import { forward, lazily, Thunk } from '../values/thunk';
import type { WithScope } from '../values/value';
import type { Captured, Forced, Value } from '../values/value';
import type { Vm } from '../vm/vm';
import { isThunkOf, KeptValues } from './kept-values';
import { SharedValues } from './shared-values';

/** The names that are bound at a place, and the `with` scopes around it. */
export class LiveScope {
  /** The values of expressions in this scope. */
  readonly values = new Map<Node, Value>();

  constructor(
    private readonly bound: ReadonlyMap<string, Value>,
    readonly withs: WithScope | null,
    readonly outer: LiveScope | undefined,
    /** For the parameters of a function: what it is called with, if that is known. */
    private readonly entered: EnteredFunction | undefined = undefined,
    /** Stands for a name of the functions around that the call of this one says nothing of. */
    private readonly fromAround: ((name: string, value: Thunk) => Value) | undefined = undefined,
  ) {}

  /** For the parameters of a function: the argument, if it is known. */
  get argument(): Value | undefined {
    return this.entered?.with.value;
  }

  /** The innermost function around whose argument is known. */
  get function(): EnteredFunction | undefined {
    for (let scope: LiveScope | undefined = this; scope !== undefined; scope = scope.outer) {
      if (scope.entered !== undefined) return scope.entered;
    }
    return undefined;
  }

  /** Where the arguments of the innermost function around come from, if they are known. */
  get source(): string | undefined {
    return this.function?.with.source;
  }

  /** Whether one of the functions around is in a call that is only supposed. */
  get isSupposed(): boolean {
    for (let scope: LiveScope | undefined = this; scope !== undefined; scope = scope.outer)
      if (scope.entered?.with.isSupposed === true) return true;
    return false;
  }

  /** Whether one of the functions around is in a call that the file itself speaks against. */
  get isDoubtful(): boolean {
    for (let scope: LiveScope | undefined = this; scope !== undefined; scope = scope.outer)
      if (scope.entered?.with.isDoubtful === true) return true;
    return false;
  }

  find(name: string): Value | undefined {
    let inner: LiveScope | undefined;
    for (let scope: LiveScope | undefined = this; scope !== undefined; scope = scope.outer) {
      const value = scope.bound.get(name);
      if (value === undefined) {
        if (inner?.fromAround === undefined) inner = scope;
        continue;
      }
      const isOfCall = value instanceof Thunk && scope.function !== undefined;
      return isOfCall && inner?.fromAround !== undefined ? inner.fromAround(name, value) : value;
    }
    return undefined;
  }

  /** The names that are bound here, the innermost scope first. */
  *names(): Iterable<string> {
    for (let scope: LiveScope | undefined = this; scope !== undefined; scope = scope.outer)
      yield* scope.bound.keys();
  }
}

export interface PlacedLambda {
  readonly node: LambdaNode;
  readonly at: number;
}

/** Where an argument comes from. */
export interface ArgumentSource {
  /** For the user. */
  readonly source: string;
  /** The call that the source names, if it names one. */
  readonly call?: NamedPlace;
  /**
   * Whether nobody calls the function so, as far as is known: it is only usual for such a file,
   * or the call stands in a function of which that is true.
   */
  readonly isSupposed?: boolean;
  /** Whether the file itself speaks against such a call, so that nothing which fails in it is a mistake. */
  readonly isDoubtful?: boolean;
  /** Whether the function is taken for a package of nixpkgs's callPackage, and nothing else may call it. */
  readonly isPackage?: boolean;
}

/** A place in a file, and its name in a sentence. */
export interface NamedPlace {
  /** Such as `default.nix:12:5`. */
  readonly text: string;
  readonly position: Position;
}

/** What a function is called with. */
export interface KnownArgument extends ArgumentSource {
  readonly value: Value;
  /** What the function had captured in that call, by name; it comes before the live scopes around it. */
  readonly captured?: ReadonlyMap<string, Value>;
  /** The `with` scopes around the function in that call. */
  readonly withs?: WithScope;
}

/** A function whose argument is known. */
export interface EnteredFunction {
  /** Where it starts. */
  readonly at: number;
  readonly with: KnownArgument;
}

/**
 * The scopes and values of one text. They live until the text, or something that
 * making them has read, changes; then the next file takes over from `kept` what
 * an edit has not touched.
 */
export class LiveFile {
  private readonly scopes = new Map<Node, LiveScope>();
  private readonly rootScope = new LiveScope(new Map(), null, undefined);
  private dependence: Dependence | undefined;

  constructor(
    private readonly vm: Vm,
    private readonly unit: CompilationUnit,
    private readonly argumentOf: (lambda: PlacedLambda) => KnownArgument | undefined,
    private readonly kept = new KeptValues(unit.globals),
    private readonly shared = new SharedValues(),
  ) {}

  /** Whether something that was read to make the scopes has changed. */
  get stale(): boolean {
    return this.dependence?.stale === true;
  }

  /** The innermost scope inside of `ancestors`, of which the root comes first and `last` is inside. */
  scopeAt(ancestors: readonly PlacedNode[], last: PlacedNode): LiveScope {
    this.dependence?.use();
    let scope = this.rootScope;
    for (let i = 0; i < ancestors.length; i++)
      scope = this.enter(scope, ancestors[i]!, ancestors[i + 1] ?? last);
    return scope;
  }

  /** The scope in which a child of a node stands. */
  enter(scope: LiveScope, parent: PlacedNode, child: PlacedNode): LiveScope {
    const { node } = parent;
    switch (node.kind) {
      case Kind.Let:
      case Kind.LegacyLet:
        return this.remembered(node, () => this.bindings(scope, node, parent.at));
      case Kind.AttributeSet:
        return node.recursive ? this.remembered(node, () => this.bindings(scope, node, parent.at)) : scope;
      case Kind.With:
        if (child.node !== node.body) return scope;
        return this.remembered(node, () => {
          const environment = this.thunk(scope, node.environment, parent.at + node.environmentAt);
          const withs = this.kept.withScope(node.environment, environment, scope.withs);
          return new LiveScope(new Map(), withs, scope);
        });
      case Kind.Lambda:
        return this.remembered(node, () => this.parameters(scope, node, parent.at));
      default:
        return scope;
    }
  }

  private remembered(node: Node, make: () => LiveScope): LiveScope {
    let scope = this.scopes.get(node);
    if (scope === undefined) {
      const { dependences } = this.vm;
      const reads = dependences.log.length;
      this.scopes.set(node, (scope = make()));
      if (dependences.log.length > reads) {
        this.dependence?.use();
        this.dependence = dependences.since(reads);
      }
    }
    return scope;
  }

  private bindings(
    scope: LiveScope,
    node: LetNode | LegacyLetNode | AttributeSetNode,
    at: number,
  ): LiveScope {
    const group = withoutDynamic(mergeBindings(node));
    const made = this.suspend(
      scope,
      { kind: 'group', group, width: node.width },
      freeNamesOfGroup(group),
      at,
    );
    const set = this.vm.force(made) as Attrs;
    const bound = new Map<string, Value>();
    set.shape.names.forEach((name, i) => bound.set(name, set.values[i]!));
    const inner = new LiveScope(bound, scope.withs, scope);
    for (const [name, entry] of group.entries) {
      const value = bound.get(name);
      if (entry.kind === 'value' && value instanceof Thunk) {
        this.shareValue(inner, value, entry.value, at + entry.at);
      }
    }
    // Overrides can be the value of any name.
    if (!group.entries.has('__overrides')) this.kept.bind(group, inner, bound);
    return inner;
  }

  /** The parameters of a function: from a known argument, else from the defaults as far as there are any. */
  private parameters(scope: LiveScope, node: LambdaNode, at: number): LiveScope {
    const bound = new Map<string, Value>();
    const known = this.argumentOf({ node, at });
    const entered = known && { at, with: known };
    const captured = known?.captured;
    const fromAround = captured && this.checkedNames(scope, captured, at);
    const inner = new LiveScope(bound, known?.withs ?? scope.withs, scope, entered, fromAround);
    for (const [name, value] of captured ?? []) bound.set(name, value);
    node.formals?.formals.forEach((formal, i) => {
      const { name } = formal.name;
      const fallbackAt = at + node.formalsAt + node.formals!.formalsAt[i]! + formal.fallbackAt;
      const fallback =
        formal.fallback === undefined
          ? this.unknown(name, at)
          : lazily(() => this.vm.force(this.thunk(inner, formal.fallback!, fallbackAt)));
      bound.set(name, known === undefined ? fallback : this.attribute(known.value, name, fallback));
    });
    const { parameter } = node;
    if (parameter !== undefined) bound.set(parameter.name, known?.value ?? this.unknown(parameter.name, at));
    return inner;
  }

  /** An attribute of an argument, or what stands for it where the argument has none. */
  private attribute(argument: Value, name: string, fallback: Value): Value {
    return lazily(() => {
      const set = this.vm.forceAttrs(argument, 'while evaluating the value passed for the lambda argument');
      return this.vm.force(set.get(name) ?? fallback);
    });
  }

  /**
   * What a function has not captured comes from the calls of the functions around that are shown there. One of
   * these need not have made this function; where what it has captured tells so, such names are not known.
   */
  private checkedNames(
    scope: LiveScope,
    captured: ReadonlyMap<string, Value>,
    at: number,
  ): (name: string, value: Thunk) => Value {
    let isOther: boolean | undefined;
    return (name, value) =>
      lazily(() => {
        isOther ??= [...captured].some(([each, own]) => this.differs(own, scope.find(each)));
        if (!isOther) return this.vm.force(value);
        const { line } = lineAndColumn(this.unit.source, at);
        throw new EvalError(
          'unknown-argument',
          `depends on '${decodeUtf8(name)}', which is not known in the call of the function at line ${line}`,
        );
      });
  }

  /** Whether two values are certainly different, without a look into what they consist of. */
  private differs(a: Value, b: Value | undefined): boolean {
    if (b === undefined) return false;
    try {
      const [x, y] = [this.vm.force(a), this.vm.force(b)];
      return x !== y && isPlain(x) && isPlain(y);
    } catch (error) {
      if (error instanceof EvalError) return false;
      throw error;
    }
  }

  /** Stands for an argument that nobody knows. */
  private unknown(name: string, at: number): Value {
    const { line } = lineAndColumn(this.unit.source, at);
    return lazily(() => {
      throw new EvalError(
        'unknown-argument',
        `depends on the argument '${decodeUtf8(name)}' of the function at line ${line}, and no call of it is known`,
      );
    });
  }

  /** The unevaluated value of an expression in its scope; one for each expression and scope. */
  thunk(scope: LiveScope, node: Expression, at: number): Value {
    let value = scope.values.get(node);
    if (value === undefined) {
      value = this.kept.find(node, scope);
      if (value === undefined) this.kept.keep(node, scope, (value = this.newThunk(scope, node, at)));
      scope.values.set(node, value);
    }
    return value;
  }

  /** What stands inside of bindings or a `with` is evaluated in their live scope, and so shares its values. */
  private newThunk(scope: LiveScope, node: Expression, at: number): Thunk {
    switch (node.kind) {
      case Kind.Parenthesised:
        return this.inner(scope, { node, at }, { node: node.inner, at: at + node.innerAt });
      case Kind.Let:
      case Kind.With:
        return this.inner(scope, { node, at }, { node: node.body, at: at + node.bodyAt });
      case Kind.AttributeSet:
        return this.set(scope, node, at);
      default: {
        const made = this.suspend(scope, { kind: 'expression', node }, freeNames(node), at);
        this.shareValue(scope, made, node, at);
        return made;
      }
    }
  }

  /** Lets a new thunk have the value that its expression has elsewhere, if it means the same here. */
  private shareValue(scope: LiveScope, thunk: Thunk, node: Expression, at: number): void {
    if (!isThunkOf(thunk, node)) return;
    const { source, globals } = this.unit;
    const text = source.text.slice(at, at + node.width);
    const isGlobal = (name: string) =>
      scope.find(name) === undefined && globals.has(name) && scope.withs === null;
    this.shared.share(thunk, node, text, isGlobal);
  }

  /** A set whose attributes have the values that are shown where they are written. */
  private set(scope: LiveScope, node: AttributeSetNode, at: number): Thunk {
    const made = this.suspend(scope, { kind: 'expression', node }, freeNames(node), at);
    if (node.recursive || node.bindings.length > maxSharedAttributes) return made;
    return lazily(() => {
      const set = this.vm.force(made);
      if (!(set instanceof Attrs)) return set;
      for (const entry of mergeBindings(node).entries.values()) {
        if (entry.kind !== 'value' || namesFunction(entry.value)) continue;
        const fresh = set.get(entry.name);
        if (!(fresh instanceof Thunk) || !isThunkOf(fresh, entry.value)) continue;
        forward(fresh, this.thunk(scope, entry.value, at + entry.at));
      }
      return set;
    });
  }

  private inner(
    scope: LiveScope,
    parent: PlacedNode,
    child: { readonly node: Expression; readonly at: number },
  ): Thunk {
    return lazily(() => this.vm.force(this.thunk(this.enter(scope, parent, child), child.node, child.at)));
  }

  /** A thunk of code that takes what it needs from a live scope. */
  suspend(scope: LiveScope, body: Body, free: FreeNames, at: number, unit = this.unit): Thunk {
    const captures: string[] = [];
    const upvalues: Captured[] = [];
    for (const name of new Set([...free.lexical, ...free.dynamic])) {
      const value = scope.find(name);
      if (value === undefined) continue;
      captures.push(name);
      upvalues.push(value);
    }
    const capturesWith = scope.withs !== null;
    if (capturesWith) upvalues.push(scope.withs);
    const start = at - unit.rootAt;
    const blueprint = NodeBlueprint.of('thunk', '', unit, undefined, start, body, captures, capturesWith);
    return Thunk.suspended(blueprint, upvalues);
  }
}

/** Whether a value is equal to another one only where `===` says so. */
function isPlain(value: Forced): boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

/** In larger sets, the attributes are evaluated by themselves: few of them are ever shown. */
const maxSharedAttributes = 2000;

/** Whether a binding may give its name to a function, which only the code of the whole set does. */
function namesFunction(node: Expression): boolean {
  switch (node.kind) {
    case Kind.Lambda:
      return true;
    case Kind.Parenthesised:
      return namesFunction(node.inner);
    case Kind.Let:
    case Kind.With:
    case Kind.Assert:
      return namesFunction(node.body);
    case Kind.If:
      return namesFunction(node.consequent) || namesFunction(node.alternative);
    default:
      return false;
  }
}

/** Dynamic attributes are no names of a scope, and would have to be evaluated. */
function withoutDynamic(group: BindingGroup): BindingGroup {
  if (group.dynamic.length === 0) return group;
  const copy = new BindingGroup(group.recursive, group.at);
  for (const [name, entry] of group.entries) copy.entries.set(name, entry);
  copy.sources.push(...group.sources);
  return copy;
}
