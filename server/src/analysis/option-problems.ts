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
import { bestMatches, didYouMean, type SimilarNames } from '../base/suggestions';
import type { LiveScope } from '../evaluator/live-scopes';
import { scopeOfFunction, type Subject } from '../evaluator/live-values';
import type { EvaluationDiagnostic } from '../evaluator/service';
import { valueOfTarget } from '../evaluator/target-values';
import type { Evaluator } from '../evaluator/evaluator';
import { flakeFunctions } from '../evaluator/flake-functions';
import { isFlake } from '../host/path';
import { parse } from '../syntax/parse';
import {
  Kind,
  staticName,
  type AttributePathNode,
  type AttributeSetNode,
  type BindingNode,
  type CallNode,
  type Expression,
  type Node,
} from '../syntax/tree';
import { resultPath, type PlacedNode } from '../syntax/walk';
import { Attrs } from '../values/attrs';
import { EvalError, isTimeout, meansNoValue } from '../values/error';
import { elementsOf, isList } from '../values/list';
import { printAttributeName } from '../base/literals';
import type { Position } from '../values/position';
import type { Forced, Value } from '../values/value';
import { statementsOf } from './module-assertions';
import { inlineModules, moduleBelow } from './module-lists';
import { anyName, calleeName, leadsTo, structure } from './option-path';
import { defaultProblems } from './option-defaults';
import {
  failureOf,
  isPartOf,
  maxElements,
  namesOfFile,
  OptionMessages,
  unknownOptionIn,
  type DeclaredOption,
  type OptionPart,
} from './option-messages';
import { Options, type OptionNode } from './options';
import { pathOfLiteral } from './path-of-literal';

/** Functions of nixpkgs whose last argument is defined as it stands. What others make of their arguments is not to be told. */
const defining =
  /^mk(?:If|Merge|Force|Default|OptionDefault|Override|VMOverride|ImageMediaOverride|Order|Before|After)$/;

/** In a call that is only supposed, so many options have to be known for each that is not. */
const knownForOneUnknown = 4;

/**
 * Other kinds of modules have sets of options such as `services`, too. Below so many names, one that is
 * almost that of an option is a mistake, and says nothing of the kind.
 */
const sharedNames = 2;

/** How deep the definitions inside of an option's value are looked at, in names. */
const maxPartDepth = 8;

export interface OptionCheckContext {
  readonly evaluator: Evaluator;
  readonly subject: Subject;
  /** A value in short. */
  readonly print: (value: Value) => Bytes;
  /** What is known beside a set that may be a module and starts at an offset. */
  readonly besideSet: (offset: number) => LiveScope | undefined;
}

export interface OptionFindings {
  readonly problems: readonly EvaluationDiagnostic[];
  /** Where functions start that are taken for modules of a kind that they are likely not of. */
  readonly mistaken: ReadonlySet<number>;
}

/** What there is to say of a file that has no module, or none that sets something. */
export const noFindings: OptionFindings = { problems: [], mistaken: new Set() };

/** Gives what it has found when the time is over. @throws EvalError, Interruption */
export function checkOptions(context: OptionCheckContext): OptionFindings {
  const problems: EvaluationDiagnostic[] = [];
  const mistaken = new Set<number>();
  for (const path of modulesOf(context.subject)) {
    const found = checkModule(context, path);
    if (found === undefined) mistaken.add(path.at(-1)!.at);
    else problems.push(...found);
  }
  return { problems, mistaken };
}

/** The nodes on the way to a function or a set that may be a module, the root of the file first, that last. */
type ModulePath = readonly PlacedNode[];

/** What of a file may be modules: the file itself, or some of the functions that a flake has, and what stands in lists of modules. */
function modulesOf({ path, parsed }: Subject): ModulePath[] {
  const inline = inlineModules(parsed);
  if (isFlake(path)) {
    const functions = flakeFunctions(parsed).filter(({ kind }) => kind !== 'overlay');
    return [...functions.map((each) => each.path), ...inline];
  }
  const whole = moduleBelow([], { node: parsed.root, at: parsed.rootAt });
  return whole === undefined ? inline : [whole, ...inline];
}

/** Where a module starts that is a set: as an item of a list, or with its file. */
function startOfSet(path: ModulePath): number {
  return path[path.findLastIndex(({ node }) => node.kind === Kind.List) + 1]!.at;
}

/** What a module is called with, or what those beside it are; undefined if it is none that is looked at. */
function scopeOf({ subject, besideSet }: OptionCheckContext, path: ModulePath): LiveScope | undefined {
  const { node, at } = path.at(-1)!;
  if (node.kind !== Kind.Lambda) return besideSet(startOfSet(path));
  const scope = scopeOfFunction(subject, at);
  if (scope?.argument === undefined || node.formals?.ellipsis !== true) return undefined;
  const { call } = scope.function!.with;
  const count = path.filter((each) => each.node.kind === Kind.Lambda).length;
  return call !== undefined && isAppliedByHand(call.position, subject.path, count) ? undefined : scope;
}

/** The problems of one module; undefined where it is likely to be of another kind. @throws EvalError, Interruption */
function checkModule(context: OptionCheckContext, path: ModulePath): EvaluationDiagnostic[] | undefined {
  const scope = scopeOf(context, path);
  if (scope?.argument === undefined || scope.isDoubtful) return [];
  const options = new Options(context.evaluator.vm);
  const root = options.find(scope.argument, []);
  if (root?.kind !== 'set') {
    // Where nobody is known to call it as a module, it may be none.
    return scope.isSupposed ? [] : refusedAttribute(context, scope.argument, path);
  }
  const check = new OptionCheck(context, options, options.refusesOthers(root.set), path);
  try {
    check.check(root.set);
  } catch (error) {
    // What was found by then counts.
    if (!isTimeout(error)) throw error;
  }
  const { known, unknown } = check;
  if (!scope.isSupposed) return [...check.problems(), ...ownProblems(context, options, root.set, path)];
  if (known < knownForOneUnknown * unknown) return undefined;
  return check.problems().map((each) => ({ ...each, severity: 'warning' as const }));
}

/**
 * Whether a call imports a file and passes `count` arguments on, such as `import ./names.nix args`
 * in a module: what it gives is for whoever calls, and may be no module.
 */
function isAppliedByHand({ source, offset, end }: Position, path: Bytes, count: number): boolean {
  const text = source.text.slice(offset, end);
  const { root } = parse(text);
  if (root.kind !== Kind.Call || root.args.length <= count || calleeName(root) !== 'import') return false;
  const file = root.args[0]!;
  if (file.kind !== Kind.Path || source.path === undefined) return false;
  const target = pathOfLiteral(file, source.path);
  return target === path || `${target}/default.nix` === path;
}

/**
 * What else a module is wrong about, or says itself of the configuration. Messages name modules by their files,
 * so only one that is a file of its own is known. @throws Interruption if cancelled
 */
function ownProblems(
  { subject, evaluator }: OptionCheckContext,
  options: Options,
  root: Attrs,
  module: ModulePath,
): EvaluationDiagnostic[] {
  if (isFlake(subject.path) || module.some(({ node }) => node.kind === Kind.List)) return [];
  try {
    return [
      ...defaultProblems(evaluator.vm, options, root, subject),
      ...statementsOf(options, root, subject),
    ];
  } catch (error) {
    if (meansNoValue(error)) return [];
    throw error;
  }
}

/**
 * The attribute that a module must not have beside its `config` or `options`: its module system refuses the
 * module as a whole, and so gives no options at all. @throws Interruption
 */
function refusedAttribute(
  { evaluator, subject }: OptionCheckContext,
  argument: Value,
  module: ModulePath,
): EvaluationDiagnostic[] {
  const message = failureOf(evaluator.vm, argument, 'options');
  const [, key, name] = /^Module `([^']*)' has an unsupported attribute `([^']*)'/.exec(message ?? '') ?? [];
  if (key === undefined || !namesOfFile(subject.path).includes(key)) return [];
  const { node, at } = module.at(-1)!;
  const body = node.kind === Kind.Lambda ? { node: node.body, at: at + node.bodyAt } : { node, at };
  const given = resultPath(body).at(-1)!;
  const bindings = given.node.kind === Kind.AttributeSet ? given.node.bindings : [];
  const index = bindings.findIndex((binding) => firstName(binding) === name);
  const start = index < 0 ? given.at : given.at + (given.node as AttributeSetNode).bindingsAt[index]!;
  const width = index < 0 ? given.node.width : (bindings[index] as BindingNode).path.names[0]!.width;
  const error = { message: decodeUtf8(message!), code: 'module-attribute', trace: [] };
  return [{ range: { start, end: start + width }, error, severity: 'error' }];
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
  private readonly found: EvaluationDiagnostic[] = [];
  /** The full names of the options of which it was told that they do not exist. */
  private readonly told = new Set<Bytes>();
  private readonly messages: OptionMessages;
  /** Options that there are not by the word of the module system, at definitions that do not show their names. */
  private readonly hidden: { readonly range: Range; readonly name: Bytes }[] = [];

  constructor(
    private readonly context: OptionCheckContext,
    private readonly options: Options,
    /** Whether definitions of options that there are not are refused. */
    private readonly refusesOthers: boolean,
    private readonly module: ModulePath,
  ) {
    this.messages = new OptionMessages(context.evaluator.vm, options, context.subject.path);
  }

  /** Looks at the value of the module. */
  check(root: Attrs): void {
    const below = { set: root, names: [] };
    const { node, at } = this.module.at(-1)!;
    if (node.kind === Kind.Lambda) this.visit(this.module, { node: node.body, at: at + node.bodyAt }, below);
    else this.visit(this.module.slice(0, -1), { node, at }, below);
  }

  problems(): EvaluationDiagnostic[] {
    for (const { range, name } of this.hidden)
      if (!this.told.has(name.replaceAll('"', ''))) this.addUnknown(range, decodeUtf8(name));
    return this.found;
  }

  /** Whether what is at the end of a path from the root is what the module gives, and no part of it. */
  private isTop(path: readonly PlacedNode[]): boolean {
    return path.slice(this.module.length).every(({ node }) => node.kind !== Kind.Binding);
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
    const isSplit = this.isTop(inner) && node.bindings.some((each) => firstName(each) === 'config');
    node.bindings.forEach((binding, i) => {
      if (binding.kind !== Kind.Binding) return;
      const first = firstName(binding);
      if (isSplit ? first !== 'config' : this.isTop(inner) && isStructure(first)) return;
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
      else this.checkPart(ancestors, { node, at }, end);
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
        const candidates = bestMatches(set.shape.names, name);
        if (names.length <= sharedNames || candidates.length === 0) this.unknown++;
        if (this.refusesOthers) this.unknownOption(range, candidates, names);
      }
      return undefined;
    }
    return { set, names };
  }

  private unknownOption(range: Range, similar: readonly Bytes[], names: readonly Bytes[]): void {
    this.told.add(names.join('.'));
    const shown = names.map((each) => (each === anyName ? each : printAttributeName(each)));
    this.addUnknown(range, shown.map(decodeUtf8).join('.'), {
      name: decodeUtf8(names.at(-1)!),
      candidates: similar.map(decodeUtf8),
    });
  }

  private addUnknown(range: Range, name: string, similar?: SimilarNames): void {
    const question = didYouMean(similar?.candidates ?? []);
    const message = `the option '${name}' does not exist`;
    this.add(range, 'unknown-option', question === '' ? message : `${message}\n${question}`, similar);
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
      if (mistyped !== undefined) {
        if (!this.isAlias(option)) this.add(range, 'option-type', mistyped);
        return;
      }
      this.checkPart(ancestors, { node, at }, { option, rest: [] });
    } catch (error) {
      // What fails to evaluate is reported for what it is.
      if (!(error instanceof EvalError)) throw error;
    }
  }

  /**
   * Whether an option's definitions count for another option, as those of `mkRenamedOptionModule` do, which has
   * a type that is never asked: its `apply` gives the value of the other one, and so there is one whatever is defined.
   */
  private isAlias(option: DeclaredOption): boolean {
    return option.option.has('apply') && this.messages.failure({ option, rest: [] }) === undefined;
  }

  /**
   * Looks at a definition of a part of the value of an option, such as a submodule's option.
   * What is refused is told of the innermost definition of which it is true.
   *
   * @param namesOnly whether only names count, as where it is not to be told what the definition adds to the value
   */
  private checkPart(
    ancestors: readonly PlacedNode[],
    binding: PlacedNode & { node: BindingNode },
    part: OptionPart,
    namesOnly = false,
  ): void {
    if (this.checkNames(binding, part)) return;
    const { node, at } = binding;
    const start = at + node.valueAt;
    const before = this.found.length;
    this.checkInside([...ancestors, binding], { node: node.value, at: start }, part, namesOnly);
    if (namesOnly || this.found.length > before) return;
    const refusal = this.messages.refusal(part);
    if (refusal === undefined) return;
    const range = { start, end: start + node.value.width };
    const unknown = unknownOptionIn(refusal);
    if (unknown !== undefined) this.hidden.push({ range, name: unknown });
    else this.add(range, 'option-value', decodeUtf8(refusal));
  }

  /** Looks at the definitions that an expression makes of parts of the value of an option. */
  private checkInside(
    ancestors: readonly PlacedNode[],
    placed: PlacedNode,
    { option, rest }: OptionPart,
    namesOnly: boolean,
  ): void {
    const { node, at } = placed;
    if (rest.length > maxPartDepth) return;
    const inner = [...ancestors, placed];
    if (node.kind === Kind.List && !isMerged(ancestors.at(-1)!.node)) {
      const element = { option, rest: [...rest, anyName] };
      node.items.slice(0, maxElements).forEach((item, i) => {
        this.checkInside(inner, { node: item, at: at + node.itemsAt[i]! }, element, true);
      });
      return;
    }
    if (node.kind !== Kind.AttributeSet) {
      for (const child of this.definingChildren(ancestors, placed))
        this.checkInside(inner, child, { option, rest }, true);
      return;
    }
    node.bindings.forEach((binding, i) => {
      if (binding.kind !== Kind.Binding) return;
      const names = binding.path.names.map(staticName);
      if (names.includes(undefined)) return;
      const part = { option, rest: [...rest, ...(names as Bytes[])] };
      this.checkPart(inner, { node: binding, at: at + node.bindingsAt[i]! }, part, namesOnly);
    });
  }

  /**
   * Tells of a name in the path of a definition that its submodule has no option for, if the
   * submodule refuses such names: it says so of this name or of another one.
   */
  private checkNames(
    { node, at }: PlacedNode & { node: BindingNode },
    { option, rest }: OptionPart,
  ): boolean {
    const message = this.messages.failure({ option, rest });
    const refused = message && unknownOptionIn(message);
    if (refused === undefined) return false;
    const location = this.options.namesOf(option.option);
    let among: OptionNode = option;
    let submodule = 0;
    for (const [i, name] of rest.entries()) {
      const next = this.options.step(among, name);
      if (next !== undefined) {
        among = next;
        if (next.kind !== 'set') submodule = i + 1;
        continue;
      }
      const { names, namesAt } = node.path;
      const written = i - (rest.length - names.length);
      if (written < 0 || (i === submodule && (isStructure(name) || name === 'config'))) return false;
      const inside = [...location, ...rest.slice(0, submodule)];
      if (!isPartOf(refused, inside)) return false;
      const start = at + namesAt[written]!;
      const range = { start, end: start + names[written]!.width };
      const candidates = bestMatches(this.options.members(among).keys(), name);
      this.unknownOption(range, candidates, [...location, ...rest.slice(0, i + 1)]);
      return true;
    }
    return false;
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

  private add(range: Range, code: string, message: string, similar?: SimilarNames): void {
    const error = { message, code, trace: [], ...(similar && { similar }) };
    this.found.push({ range, error, severity: 'error' });
  }
}

/** Whether the items of a list in a node are definitions like one another, and no elements of a value. */
function isMerged(parent: Node): boolean {
  return parent.kind === Kind.Call && calleeName(parent) === 'mkMerge';
}

function firstName(binding: { readonly kind: Kind }): Bytes | undefined {
  return binding.kind === Kind.Binding ? staticName((binding as BindingNode).path.names[0]!) : undefined;
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
