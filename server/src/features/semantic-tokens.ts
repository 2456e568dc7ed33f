/**
 * What kind of thing each name of a document stands for, so that an editor can
 * colour it: a parameter looks different from a name that a `let` binds, one that
 * comes from a `with`, and a builtin.
 *
 * Syntax and names alone decide. Literals, keywords and operators are left out, since
 * a grammar tells them as well. Every token is one name, so none spans lines.
 */
import type { Range } from '../base/range';
import { builtinKind } from '../builtins/global-names';
import { bindsNames } from '../names/declarations';
import { OpenScopes } from '../names/open-scopes';
import type { ParsedFile } from '../syntax/parse';
import {
  Kind,
  staticName,
  withoutParentheses,
  type AttributeName,
  type AttributePathNode,
  type AttributeSetNode,
  type BindingLike,
  type BindingNode,
  type InheritNode,
  type LambdaNode,
  type LegacyLetNode,
  type LetNode,
  type Node,
  type SelectNode,
  type WithNode,
} from '../syntax/tree';
import { forEachChild } from '../syntax/walk';
import type { TokenModifier, TokenType } from './token-legend';

export interface SemanticToken {
  readonly range: Range;
  readonly type: TokenType;
  readonly modifier?: TokenModifier;
}

/** The names of a document, or of the part of it that a range touches, in source order. */
export function semanticTokens({ root, rootAt }: ParsedFile, range?: Range): SemanticToken[] {
  const finder = new TokenFinder(range ?? { start: 0, end: Infinity });
  finder.walk(root, rootAt);
  // Names of bindings are found before what stands between them.
  return finder.tokens.sort((a, b) => a.range.start - b.range.start);
}

/** What a name stands for. */
interface Meaning {
  readonly type: TokenType;
  readonly modifier?: TokenModifier;
}

const parameter: Meaning = { type: 'parameter' };
const variable: Meaning = { type: 'variable' };
const callable: Meaning = { type: 'function' };
const property: Meaning = { type: 'property' };
const unresolved: Meaning = { type: 'unresolvedReference' };
const builtinFunction: Meaning = { type: 'function', modifier: 'defaultLibrary' };
const builtinConstant: Meaning = { type: 'variable', modifier: 'defaultLibrary' };

type BindingOwner = AttributeSetNode | LetNode | LegacyLetNode;

/** Something to do later: a node to look at, or what ends when all before it has been done. */
type Task =
  { readonly node: Node; readonly at: number; readonly called: boolean } | { readonly then: () => void };

class TokenFinder {
  readonly tokens: SemanticToken[] = [];
  private readonly scopes = new OpenScopes<Meaning>();
  private withs = 0;
  /** The last one is done first. */
  private readonly tasks: Task[] = [];

  constructor(private readonly wanted: Range) {}

  walk(root: Node, rootAt: number): void {
    this.later(root, rootAt);
    for (let task = this.tasks.pop(); task !== undefined; task = this.tasks.pop()) {
      if ('then' in task) task.then();
      else this.visit(task.node, task.at, task.called);
    }
  }

  /** @param called whether its value is applied to an argument, so that it has to be a function */
  private later(node: Node, at: number, called = false): void {
    if (this.isWanted(at, node.width)) this.tasks.push({ node, at, called });
  }

  private isWanted(at: number, width: number): boolean {
    return at < this.wanted.end && at + width > this.wanted.start;
  }

  private visit(node: Node, at: number, called: boolean): void {
    switch (node.kind) {
      case Kind.Identifier:
        return this.add(node, at, this.asCalled(this.meaningOf(node.name), called));
      case Kind.Parenthesised:
        return this.later(node.inner, at + node.innerAt, called);
      case Kind.Call:
        this.later(node.callee, at, true);
        return node.args.forEach((argument, i) => this.later(argument, at + node.argsAt[i]!));
      case Kind.Select:
        return this.visitSelect(node, at, called);
      case Kind.HasAttribute:
        this.later(node.target, at);
        return this.addPath(node.path, at + node.pathAt, () => property);
      case Kind.With:
        return this.visitWith(node, at);
      case Kind.Lambda:
        return this.visitLambda(node, at);
      case Kind.AttributeSet:
      case Kind.Let:
      case Kind.LegacyLet:
        return this.visitBindings(node, at);
      default:
        return forEachChild(node, at, (child, childAt) => this.later(child, childAt));
    }
  }

  private add(node: AttributeName, at: number, meaning: Meaning | undefined, isDeclaration = false): void {
    // A name that is missing has no width, and one in quotes is a string to look at.
    if (meaning === undefined || node.kind !== Kind.Identifier || node.width === 0) return;
    if (!this.isWanted(at, node.width)) return;
    const modifier = isDeclaration ? 'declaration' : meaning.modifier;
    const range = { start: at, end: at + node.width };
    this.tokens.push({ range, type: meaning.type, ...(modifier && { modifier }) });
  }

  /** Undefined for `true`, `false` and `null`, which look like keywords. */
  private meaningOf(name: string): Meaning | undefined {
    const declared = this.scopes.find(name);
    if (declared !== undefined) return declared;
    const builtin = builtinKind(name);
    if (builtin === 'literal') return undefined;
    if (builtin !== undefined) return builtin === 'function' ? builtinFunction : builtinConstant;
    return this.withs > 0 ? property : unresolved;
  }

  private meaningOfName(node: AttributeName): Meaning | undefined {
    const name = staticName(node);
    return name === undefined ? undefined : this.meaningOf(name);
  }

  /** A parameter stays one: that it is a parameter says more than that it is called. */
  private asCalled(meaning: Meaning | undefined, called: boolean): Meaning | undefined {
    return called && (meaning === variable || meaning === property) ? callable : meaning;
  }

  private isBuiltins(node: Node | undefined): boolean {
    return (
      node?.kind === Kind.Identifier && node.name === 'builtins' && this.scopes.find('builtins') === undefined
    );
  }

  private visitSelect(node: SelectNode, at: number, called: boolean): void {
    this.later(node.target, at);
    const ofBuiltins = this.isBuiltins(node.target);
    const last = node.path.names.length - 1;
    this.addPath(node.path, at + node.pathAt, (name, i) => {
      const builtin = ofBuiltins && i === 0 ? attributeOfBuiltins(name) : undefined;
      return builtin ?? this.asCalled(property, called && i === last);
    });
    if (node.fallback !== undefined) this.later(node.fallback, at + node.fallbackAt);
  }

  /** The names of a path; what is computed in it is looked at, too. */
  private addPath(
    { names, namesAt }: AttributePathNode,
    at: number,
    meaning: (name: AttributeName, index: number) => Meaning | undefined,
    isDeclaration = false,
  ): void {
    for (let i = 0; i < names.length; i++) {
      const name = names[i]!;
      if (name.kind === Kind.Identifier) this.add(name, at + namesAt[i]!, meaning(name, i), isDeclaration);
      else this.later(name, at + namesAt[i]!);
    }
  }

  private visitWith(node: WithNode, at: number): void {
    this.later(node.environment, at + node.environmentAt);
    this.withs++;
    // The environment is outside; what it needs is done when the body is.
    this.tasks.push({ then: () => this.withs-- });
    this.later(node.body, at + node.bodyAt);
  }

  private visitLambda(node: LambdaNode, at: number): void {
    const declared = new Map<string, Meaning>();
    const declare = (name: AttributeName & { kind: Kind.Identifier }, nameAt: number): void => {
      declared.set(name.name, parameter);
      this.add(name, nameAt, parameter, true);
    };
    if (node.parameter !== undefined) declare(node.parameter, at + node.parameterAt);
    this.inside(declared);
    const formals = node.formals?.formals ?? [];
    formals.forEach((formal, i) => {
      const formalAt = at + node.formalsAt + node.formals!.formalsAt[i]!;
      declare(formal.name, formalAt);
      if (formal.fallback !== undefined) this.later(formal.fallback, formalAt + formal.fallbackAt);
    });
    this.scopes.open(declared);
    this.later(node.body, at + node.bodyAt);
  }

  /** What is put off from now on is inside of a scope, which is closed after it; who calls this opens it. */
  private inside(declared: ReadonlyMap<string, Meaning>): void {
    this.tasks.push({ then: () => this.scopes.close(declared) });
  }

  private visitBindings(node: BindingOwner, at: number): void {
    const isScope = bindsNames(node);
    const declared = new Map<string, Meaning>();
    if (isScope) this.inside(declared);
    for (let i = 0; i < node.bindings.length; i++) {
      const binding = node.bindings[i]!;
      const bindingAt = at + node.bindingsAt[i]!;
      if (!isScope && !this.isWanted(bindingAt, binding.width)) continue;
      this.visitBinding(binding, bindingAt, node, isScope ? declared : undefined);
    }
    if (isScope) this.scopes.open(declared);
    if (node.kind === Kind.Let) this.later(node.body, at + node.bodyAt);
  }

  private visitBinding(
    binding: BindingLike,
    at: number,
    owner: BindingOwner,
    declared: Map<string, Meaning> | undefined,
  ): void {
    const plain = owner.kind === Kind.AttributeSet ? property : variable;
    if (binding.kind === Kind.Inherit) return this.visitInherit(binding, at, plain, declared);
    const { names } = binding.path;
    const whole = bound(binding, names.length === 1 ? plain : property);
    const meaning = (_: AttributeName, i: number): Meaning =>
      i === names.length - 1 ? whole : i === 0 ? plain : property;
    this.addPath(binding.path, at, meaning, true);
    const [first] = names;
    if (first !== undefined) declare(declared, first, meaning(first, 0));
    this.later(binding.value, at + binding.valueAt);
  }

  /** Names that are inherited from around stand for what they stand for there. */
  private visitInherit(
    node: InheritNode,
    at: number,
    plain: Meaning,
    declared: Map<string, Meaning> | undefined,
  ): void {
    const { source, names, namesAt } = node;
    const ofBuiltins = this.isBuiltins(source);
    names.forEach((name, i) => {
      const builtin = ofBuiltins ? attributeOfBuiltins(name) : undefined;
      const meaning = source === undefined ? this.meaningOfName(name) : (builtin ?? plain);
      this.add(name, at + namesAt[i]!, meaning, meaning === plain && source !== undefined);
      declare(declared, name, meaning ?? plain);
    });
    if (source !== undefined) this.later(source, at + node.sourceAt);
  }
}

function declare(declared: Map<string, Meaning> | undefined, node: AttributeName, meaning: Meaning): void {
  const name = staticName(node);
  if (name !== undefined && declared?.has(name) === false) declared.set(name, meaning);
}

/** What is bound to a function is one. */
function bound({ value }: BindingNode, otherwise: Meaning): Meaning {
  return withoutParentheses(value).kind === Kind.Lambda ? callable : otherwise;
}

/** An attribute of the set `builtins`; undefined where it has none of that name. */
function attributeOfBuiltins(name: AttributeName): Meaning | undefined {
  if (name.kind !== Kind.Identifier) return undefined;
  const kind = builtinKind(name.name) ?? builtinKind(`__${name.name}`);
  return kind === undefined ? undefined : kind === 'function' ? builtinFunction : builtinConstant;
}
