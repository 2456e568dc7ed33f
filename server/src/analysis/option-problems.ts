/**
 * What is wrong with the options that a module sets: options that there are not, and values
 * that the module system refuses. It finds both by itself, but says so where somebody reads
 * the configuration.
 *
 * In a call that is only supposed, another nixpkgs, another module system or other modules may
 * be meant. So there the problems are warnings; where too much of what the module sets is not
 * known, it is another kind of module, such as one of nix-darwin.
 */
import { decodeUtf8, type Bytes } from '../base/bytes';
import type { Range } from '../base/range';
import { bestMatches } from '../base/suggestions';
import { scopeOfFunction, type Subject } from '../evaluator/live-values';
import type { EvaluationDiagnostic } from '../evaluator/service';
import { valueOfTarget } from '../evaluator/target-values';
import type { Evaluator } from '../evaluator/evaluator';
import { canonicalPath, directoryOf } from '../host/path';
import { parse } from '../syntax/parse';
import {
  Kind,
  staticName,
  type AttributePathNode,
  type BindingNode,
  type CallNode,
  type Expression,
  type LambdaNode,
} from '../syntax/tree';
import { resultPath, type PlacedNode } from '../syntax/walk';
import { Attrs } from '../values/attrs';
import { EvalError, isTimeout } from '../values/error';
import { elementAt, elementsOf, isList } from '../values/list';
import type { Position } from '../values/position';
import type { Forced, Value } from '../values/value';
import { calleeName, leadsTo, structure } from './option-path';
import { Options, type OptionNode } from './options';

/** Functions of nixpkgs whose last argument is defined as it stands. What others make of their arguments is not to be told. */
const defining =
  /^mk(?:If|Merge|Force|Default|OptionDefault|Override|VMOverride|ImageMediaOverride|Order|Before|After)$/;

/** In a call that is only supposed, so many options have to be known for each that is not. */
const knownForOneUnknown = 4;

/** How deep the definitions inside of an option's value are looked at, in names. */
const maxPartDepth = 8;

/** How many elements of an option's value are looked at. */
const maxElements = 400;

export interface OptionCheckContext {
  readonly evaluator: Evaluator;
  readonly subject: Subject;
  /** A value in short. */
  readonly print: (value: Value) => Bytes;
}

export interface OptionFindings {
  readonly problems: readonly EvaluationDiagnostic[];
  /** Whether the file may well be a module of the kind that it is taken for. */
  readonly isLikely: boolean;
}

/** What there is to say of a file that is no module, or sets nothing. */
export const noFindings: OptionFindings = { problems: [], isLikely: true };

/** Gives what it has found when the time is over. @throws EvalError, Interruption */
export function checkOptions(context: OptionCheckContext): OptionFindings {
  const { parsed } = context.subject;
  const spine = resultPath({ node: parsed.root, at: parsed.rootAt });
  const index = spine.findLastIndex(({ node }) => node.kind === Kind.Lambda);
  const lambda = spine[index] as (PlacedNode & { node: LambdaNode }) | undefined;
  const scope = lambda && scopeOfFunction(context.subject, lambda.at);
  if (scope?.argument === undefined || lambda!.node.formals?.ellipsis !== true) return noFindings;
  const { call, isDoubtful = false } = scope.function?.with ?? {};
  if (isDoubtful) return { problems: [], isLikely: false };
  const count = spine.slice(0, index + 1).filter(({ node }) => node.kind === Kind.Lambda).length;
  if (call !== undefined && isAppliedByHand(call.position, context.subject.path, count)) return noFindings;
  const options = new Options(context.evaluator.vm);
  const root = options.find(scope.argument, []);
  if (root?.kind !== 'set') return noFindings;
  const check = new OptionCheck(context, options, options.refusesOthers(root.set));
  try {
    check.check(spine.slice(0, index + 1), lambda!, root.set);
  } catch (error) {
    // What was found by then counts.
    if (!isTimeout(error)) throw error;
  }
  const { found, known, unknown } = check;
  if (!scope.isSupposed) return { problems: found, isLikely: true };
  const isLikely = known >= knownForOneUnknown * unknown;
  const problems = isLikely ? found.map((each) => ({ ...each, severity: 'warning' as const })) : [];
  return { problems, isLikely };
}

/**
 * Whether a call imports a file and passes `count` arguments on, such as `import ./names.nix args`
 * in a module: what it gives is for whoever calls, and may be no module.
 */
function isAppliedByHand({ source, offset, end }: Position, path: Bytes, count: number): boolean {
  const text = source.text.slice(offset, end);
  const { root, rootAt } = parse(text);
  if (root.kind !== Kind.Call || root.args.length <= count || calleeName(root) !== 'import') return false;
  const file = root.args[0]!;
  if (file.kind !== Kind.Path || source.path === undefined) return false;
  const start = rootAt + root.argsAt[0]!;
  const target = canonicalPath(`${directoryOf(source.path)}/${text.slice(start, start + file.width)}`);
  return target === path || `${target}/default.nix` === path;
}

type DeclaredOption = OptionNode & { readonly kind: 'option' };

/** An option that a path leads to, and the names that follow in its value. */
interface OptionPart {
  readonly option: DeclaredOption;
  readonly rest: readonly Bytes[];
}

/** A set of options, and the names that lead to it. */
interface OptionSet {
  readonly set: Attrs;
  readonly names: readonly Bytes[];
}

class OptionCheck {
  /** How many of the options that the module sets there are, and how many there are not. */
  known = 0;
  unknown = 0;
  readonly found: EvaluationDiagnostic[] = [];

  constructor(
    private readonly context: OptionCheckContext,
    private readonly options: Options,
    /** Whether definitions of options that there are not are refused. */
    private readonly refusesOthers: boolean,
  ) {}

  /** Looks at the value of a module. */
  check(
    ancestors: readonly PlacedNode[],
    { node, at }: PlacedNode & { node: LambdaNode },
    root: Attrs,
  ): void {
    this.visit(ancestors, { node: node.body, at: at + node.bodyAt }, { set: root, names: [] });
  }

  /** Goes through an expression that defines options below a set of them. */
  private visit(ancestors: readonly PlacedNode[], placed: PlacedNode, below: OptionSet): void {
    const { node, at } = placed;
    const inner = [...ancestors, placed];
    if (node.kind !== Kind.AttributeSet) {
      for (const child of this.definingChildren(ancestors, placed)) this.visit(inner, child, below);
      return;
    }
    // A module that has a `config` defines nothing beside it.
    const isSplit = isTop(inner) && node.bindings.some((each) => firstName(each) === 'config');
    node.bindings.forEach((binding, i) => {
      if (binding.kind !== Kind.Binding) return;
      const first = firstName(binding);
      if (isSplit ? first !== 'config' : isTop(inner) && isStructure(first)) return;
      this.binding(inner, { node: binding, at: at + node.bindingsAt[i]! }, below, isSplit ? 1 : 0);
    });
  }

  /** The children of an expression whose definitions are those of the expression. */
  private definingChildren(ancestors: readonly PlacedNode[], { node, at }: PlacedNode): PlacedNode[] {
    const children: PlacedNode[] = [];
    const add = (child: Expression, childAt: number): void => {
      const names = leadsTo(node, child, ancestors.at(-1)?.node);
      if (names?.length === 0) children.push({ node: child, at: at + childAt });
    };
    const holds = (condition: Expression, conditionAt: number): boolean | undefined =>
      this.condition([...ancestors, { node, at }], { node: condition, at: at + conditionAt });
    switch (node.kind) {
      case Kind.Parenthesised:
        add(node.inner, node.innerAt);
        break;
      case Kind.Let:
      case Kind.With:
      case Kind.Assert:
        add(node.body, node.bodyAt);
        break;
      case Kind.If: {
        const condition = holds(node.condition, node.conditionAt);
        if (condition === true) add(node.consequent, node.consequentAt);
        if (condition === false) add(node.alternative, node.alternativeAt);
        break;
      }
      case Kind.Binary:
        add(node.left, 0);
        add(node.right, node.rightAt);
        break;
      case Kind.Call:
        if (definesArgument(node, holds)) add(node.args.at(-1)!, node.argsAt.at(-1)!);
        break;
      case Kind.List:
        node.items.forEach((item, i) => add(item, node.itemsAt[i]!));
        break;
    }
    return children;
  }

  /** Whether a condition holds, such as `options ? a`; undefined where it has no such value. */
  private condition(
    ancestors: readonly PlacedNode[],
    { node, at }: PlacedNode & { node: Expression },
  ): boolean | undefined {
    const { evaluator, subject } = this.context;
    try {
      const target = { kind: 'expression', node, at } as const;
      const value = evaluator.vm.force(valueOfTarget(evaluator, subject, { target, ancestors }));
      return typeof value === 'boolean' ? value : undefined;
    } catch (error) {
      if (!(error instanceof EvalError)) throw error;
      return undefined;
    }
  }

  /** @param from how many names of the path come before those of options */
  private binding(
    ancestors: readonly PlacedNode[],
    { node, at }: PlacedNode & { node: BindingNode },
    below: OptionSet,
    from: number,
  ): void {
    const end = this.follow(node.path, at, below, from);
    if (end === undefined) return;
    if (!('set' in end)) {
      if (end.rest.length === 0) this.checkDefinition(ancestors, node, at, end.option);
      else this.checkPart(end.option, end.rest, node, at);
      return;
    }
    this.visit([...ancestors, { node, at }], { node: node.value, at: at + node.valueAt }, end);
  }

  /** The set of options, or the option, that a path leads to; undefined where there is none, or where that is not to be told. */
  private follow(
    path: AttributePathNode,
    at: number,
    below: OptionSet,
    from: number,
  ): OptionSet | OptionPart | undefined {
    let { set, names } = below;
    for (let i = from; i < path.names.length; i++) {
      const name = staticName(path.names[i]!);
      if (name === undefined) return undefined;
      const next = this.options.step({ kind: 'set', set }, name);
      names = [...names, name];
      if (next?.kind === 'set') {
        set = next.set;
        continue;
      }
      if (next?.kind === 'option') {
        this.known++;
        const rest = path.names.slice(i + 1).map(staticName);
        // What is below an option is a matter of its type, which may take any name.
        return rest.includes(undefined) ? undefined : { option: next, rest: rest as Bytes[] };
      }
      const start = at + path.namesAt[i]!;
      const range = { start, end: start + path.names[i]!.width };
      if (!set.has(name)) {
        this.unknown++;
        if (this.refusesOthers) this.unknownOption(range, set, names);
      }
      return undefined;
    }
    return { set, names };
  }

  private unknownOption(range: Range, among: Attrs, names: readonly Bytes[]): void {
    const near = bestMatches(among.shape.names, names.at(-1)!).map((each) => `'${decodeUtf8(each)}'`);
    const hint = near.length === 0 ? '' : `\nDid you mean ${near.join(' or ')}?`;
    const name = names.map(decodeUtf8).join('.');
    this.add(range, 'unknown-option', `the option '${name}' does not exist${hint}`);
  }

  private checkDefinition(
    ancestors: readonly PlacedNode[],
    node: BindingNode,
    at: number,
    option: DeclaredOption,
  ): void {
    const target = { kind: 'binding', node, at, count: node.path.names.length } as const;
    const { evaluator, subject } = this.context;
    const start = at + node.valueAt;
    const range = { start, end: start + node.value.width };
    try {
      const value = evaluator.vm.force(valueOfTarget(evaluator, subject, { target, ancestors }));
      const mistyped = this.mistyped(option, value);
      if (mistyped !== undefined) return this.add(range, 'option-type', mistyped);
      this.checkPart(option, [], node, at);
    } catch (error) {
      // What fails to evaluate is reported for what it is.
      if (!(error instanceof EvalError)) throw error;
    }
  }

  /**
   * Looks at a definition of what stands at `names` in the value of an option, such as a
   * submodule's option. What is refused is told of the innermost definition of which it is true.
   */
  private checkPart(
    option: DeclaredOption,
    names: readonly Bytes[],
    { value, valueAt }: BindingNode,
    at: number,
  ): void {
    const start = at + valueAt;
    const before = this.found.length;
    this.checkInside(option, names, { node: value, at: start });
    const refusal = this.found.length === before ? this.refusal(option, names) : undefined;
    if (refusal !== undefined) this.add({ start, end: start + value.width }, 'option-value', refusal);
  }

  /** Looks at the definitions that a literal set makes at `names` in the value of an option. */
  private checkInside(
    option: DeclaredOption,
    names: readonly Bytes[],
    { node, at }: PlacedNode & { node: Expression },
  ): void {
    if (node.kind !== Kind.AttributeSet || names.length > maxPartDepth) return;
    node.bindings.forEach((binding, i) => {
      if (binding.kind !== Kind.Binding) return;
      const inner = binding.path.names.map(staticName);
      if (inner.includes(undefined)) return;
      this.checkPart(option, [...names, ...(inner as Bytes[])], binding, at + node.bindingsAt[i]!);
    });
  }

  /** What is wrong with a value that the type of its option does not take. @throws EvalError */
  private mistyped({ option, type }: DeclaredOption, value: Forced): string | undefined {
    const typeSet = type === undefined ? undefined : this.options.tryForce(type);
    const check = typeSet instanceof Attrs ? typeSet.get('check') : undefined;
    if (check === undefined) return undefined;
    const { vm } = this.context.evaluator;
    for (const definition of this.definitions(value)) {
      if (vm.force(vm.call(check, definition)) === false)
        return this.typeMessage(option, typeSet as Attrs, definition);
    }
    return undefined;
  }

  /**
   * What the module system says when it puts together the definitions of an option, if it names
   * the option and this module: that an element is not of its type, that a submodule has no such
   * option, or that definitions are in conflict.
   *
   * @param names where in the value of the option to look
   */
  private refusal({ option }: DeclaredOption, names: readonly Bytes[]): string | undefined {
    let value = option.get('value');
    const {
      evaluator: { vm },
      subject,
    } = this.context;
    try {
      for (const name of names) {
        const set = value === undefined ? undefined : vm.force(value);
        value = set instanceof Attrs ? set.get(name) : undefined;
      }
      if (value === undefined) return undefined;
      const forced = vm.force(value);
      // Elements have types of their own, which are looked at when somebody reads them.
      const parts = isList(forced) ? forced : forced instanceof Attrs ? forced.values : [];
      for (let i = 0; i < Math.min(parts.length, maxElements); i++) vm.force(elementAt(parts, i));
      return undefined;
    } catch (error) {
      if (!(error instanceof EvalError)) throw error;
      const { kind, message } = error;
      const isOfModule = message.includes(`${subject.path}'`);
      const isOfPart = isAbout(message, this.options.namesOf(option).join('.'), names.join('.'));
      return kind === 'throw' && isOfPart && isOfModule ? decodeUtf8(message) : undefined;
    }
  }

  /** The values that `mkIf`, `mkMerge` and the like define, as far as they count. */
  private definitions(value: Forced): Forced[] {
    const { vm } = this.context.evaluator;
    if (!(value instanceof Attrs)) return [value];
    const kind = this.options.attribute(value, '_type');
    const inner = (name: string): Forced[] => {
      const content = value.get(name);
      return content === undefined ? [] : this.definitions(vm.force(content));
    };
    switch (kind) {
      case 'if':
        return this.options.attribute(value, 'condition') === true ? inner('content') : [];
      case 'override':
      case 'order':
        return inner('content');
      case 'merge': {
        const contents = this.options.attribute(value, 'contents');
        if (!isList(contents)) return [];
        return [...elementsOf(contents)].flatMap((each) => this.definitions(vm.force(each)));
      }
      default:
        return [value];
    }
  }

  private typeMessage(option: Attrs, type: Attrs, value: Forced): string {
    const name = this.options.namesOf(option).map(decodeUtf8).join('.');
    const wanted = this.options.text(type.get('description')) ?? 'another type';
    return `the value of the option '${name}' is not of its type: ${wanted}\nIt is ${decodeUtf8(this.context.print(value))}.`;
  }

  private add(range: Range, code: string, message: string): void {
    this.found.push({ range, error: { message, code, trace: [] }, severity: 'error' });
  }
}

/** Whether the option that a message names first is a part of another one's value, or around or in that part. */
function isAbout(message: Bytes, option: Bytes, part: Bytes): boolean {
  const named = /`([^']*)'/.exec(message)?.[1];
  if (named !== option && named?.startsWith(`${option}.`) !== true) return false;
  const whole = part === '' ? option : `${option}.${part}`;
  return `${named}.`.startsWith(`${whole}.`) || whole.startsWith(`${named}.`);
}

function firstName(binding: { readonly kind: Kind }): Bytes | undefined {
  return binding.kind === Kind.Binding ? staticName((binding as BindingNode).path.names[0]!) : undefined;
}

/** Whether what is at the end of a path from the root is what a module gives, and no part of it. */
function isTop(path: readonly PlacedNode[]): boolean {
  return path.every(({ node }) => node.kind !== Kind.Binding);
}

function isStructure(name: Bytes | undefined): boolean {
  return name !== undefined && (structure.has(name) || name.startsWith('_'));
}

/** Whether a call gives its last argument, as far as definitions of options go. */
function definesArgument(
  node: CallNode,
  holds: (condition: Expression, at: number) => boolean | undefined,
): boolean {
  const name = calleeName(node) ?? '';
  if (name !== 'optionalAttrs') return defining.test(name);
  return node.args.length === 2 && holds(node.args[0]!, node.argsAt[0]!) === true;
}
