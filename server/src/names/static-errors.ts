/**
 * Errors that Nix finds before it evaluates anything: undefined variables,
 * attributes and formals defined twice, `inherit` of a computed name.
 *
 * Whether there is any is known from the free names of the root, which edits keep
 * up to date; only then is the tree searched for them.
 */
import { bestMatches } from '../base/suggestions';
import type { ParsedFile, SyntaxError } from '../syntax/parse';
import {
  BinaryOperator,
  Kind,
  type BinaryNode,
  type Expression,
  type LambdaNode,
  type Node,
} from '../syntax/tree';
import { forEachChild } from '../syntax/walk';
import { freeNames, operatorName } from './free-names';
import { mergeBindings, type BindingGroup, type Duplicate } from './merge';
import { printAttributeName } from '../base/literals';

export interface GlobalNames {
  has(name: string): boolean;
  keys(): Iterable<string>;
}

/** The static errors of a file, in source order. */
export function staticErrors(parsed: ParsedFile, globals: GlobalNames): readonly SyntaxError[] {
  return findErrors(parsed, globals).sort((a, b) => a.range.start - b.range.start);
}

/**
 * The static error that C++ Nix gives: what is defined twice it finds while it parses, and undefined
 * variables behind that, in an order of its own.
 */
export function firstStaticError(parsed: ParsedFile, globals: GlobalNames): SyntaxError | undefined {
  const errors = findErrors(parsed, globals);
  const inParser = errors.filter(({ code }) => code !== 'undefined-variable');
  return inParser.sort((a, b) => a.range.start - b.range.start)[0] ?? errors[0];
}

/** Undefined variables are in the order in which C++ Nix binds variables. */
function findErrors(parsed: ParsedFile, globals: GlobalNames): SyntaxError[] {
  const free = freeNames(parsed.root);
  const undefinedNames = free.lexical.filter((name) => !globals.has(name));
  if (undefinedNames.length === 0 && !free.faulty) return [];
  const errors: SyntaxError[] = [];
  const finder = new UndefinedFinder(new Set(undefinedNames), globals, errors);
  finder.visit(parsed.root, parsed.rootAt, undefined);
  return errors;
}

/** The names bound around a place, the innermost first. */
class Bound {
  constructor(
    readonly names: { has(name: string): boolean },
    readonly list: () => Iterable<string>,
    readonly outer: Bound | undefined,
  ) {}
}

/** Whether a `with` stands around a place: everything may be defined below it. */
const inWith: unique symbol = Symbol('with');

class UndefinedFinder {
  constructor(
    private readonly wanted: ReadonlySet<string>,
    private readonly globals: GlobalNames,
    private readonly errors: SyntaxError[],
  ) {}

  /** Looks below a node for undefined names and for duplicates. */
  visit(node: Node, at: number, scope: Bound | typeof inWith | undefined): void {
    switch (node.kind) {
      case Kind.Identifier:
        return this.variable(node.name, at, node.width, scope);
      case Kind.Negate:
        this.variable('__sub', at, 1, scope);
        break;
      case Kind.Binary:
        return this.operators(node, at, scope);
      case Kind.With:
        this.visit(node.environment, at + node.environmentAt, scope);
        return this.visit(node.body, at + node.bodyAt, inWith);
      case Kind.Lambda:
        return this.lambda(node, at, scope);
      case Kind.Let:
      case Kind.LegacyLet:
      case Kind.AttributeSet: {
        const group = mergeBindings(node);
        this.group(group, at, scope);
        if (node.kind === Kind.Let) this.visit(node.body, at + node.bodyAt, bind(group, scope));
        return;
      }
      case Kind.AttributePath:
        node.names.forEach((name, i) => {
          if (name.kind !== Kind.Identifier) this.visit(name, at + node.namesAt[i]!, scope);
        });
        return;
    }
    forEachChild(node, at, (child, childAt) => this.visit(child, childAt, scope));
  }

  /** `a > b` is `__lessThan b a`, and so is `a <= b` but for its result: there the right operand comes first. */
  private operators(node: BinaryNode, at: number, scope: Bound | typeof inWith | undefined): void {
    const later: BinaryNode[] = [];
    let rest: Expression = node;
    for (; rest.kind === Kind.Binary; rest = rest.left) {
      const name = operatorName(rest.operator);
      if (name !== undefined) this.variable(name, at + rest.operatorAt, 1, scope);
      if (isExchanged(rest.operator)) this.visit(rest.right, at + rest.rightAt, scope);
      else later.push(rest);
    }
    this.visit(rest, at, scope);
    for (const { right, rightAt } of later.reverse()) this.visit(right, at + rightAt, scope);
  }

  private variable(name: string, at: number, width: number, scope: Bound | typeof inWith | undefined): void {
    if (!this.wanted.has(name) || scope === inWith || isBound(name, scope)) return;
    this.errors.push({
      range: { start: at, end: at + width },
      message: `undefined variable '${printAttributeName(name)}'`,
      code: 'undefined-variable',
      severity: 'error',
      suggestions: bestMatches(visibleNames(scope, this.globals), name),
    });
  }

  /** There are many values in a file, and errors in few of them. */
  private visitValue(value: Expression, at: number, scope: Bound | typeof inWith | undefined): void {
    const { lexical, faulty } = freeNames(value);
    if (faulty || lexical.some((name) => this.wanted.has(name))) this.visit(value, at, scope);
  }

  private group(group: BindingGroup, at: number, scope: Bound | typeof inWith | undefined): void {
    const inner = group.recursive ? bind(group, scope) : scope;
    for (const source of group.sources) this.visit(source.node, at + source.at, inner);
    for (const entry of group.entries.values()) {
      if (entry.kind === 'value') this.visitValue(entry.value, at + entry.at, inner);
      else if (entry.kind === 'inherit') this.variable(entry.name, at + entry.nameAt, entry.width, scope);
      else if (entry.kind === 'group') this.group(entry.group, at, inner);
    }
    for (const { name, value } of group.dynamic) {
      this.visit(name.node, at + name.at, inner);
      if ('node' in value) this.visit(value.node, at + value.at, inner);
      else this.group(value, at, inner);
    }
    for (const duplicate of group.duplicates) this.duplicateAttribute(duplicate, at);
    for (const { node, at: nameAt } of group.dynamicInherits) {
      this.errors.push({
        range: { start: at + nameAt, end: at + nameAt + node.width },
        message: 'dynamic attributes not allowed in inherit',
        code: 'dynamic-inherit',
        severity: 'error',
      });
    }
    if (group.isLet && group.dynamic.length > 0) {
      const { name } = group.dynamic[0]!;
      this.errors.push({
        range: { start: at + name.at, end: at + name.at + name.node.width },
        message: 'dynamic attributes not allowed in let',
        code: 'dynamic-let',
        severity: 'error',
      });
    }
  }

  private duplicateAttribute(duplicate: Duplicate, at: number): void {
    this.errors.push({
      range: { start: at + duplicate.at, end: at + duplicate.at + duplicate.width },
      message: `attribute '${duplicate.path}' already defined`,
      code: 'duplicate-attribute',
      severity: 'error',
      related: {
        range: { start: at + duplicate.firstAt, end: at + duplicate.firstAt + duplicate.firstWidth },
        message: `'${duplicate.path}' is first defined here`,
      },
    });
  }

  private lambda(node: LambdaNode, at: number, scope: Bound | typeof inWith | undefined): void {
    const names = new Map<string, number>();
    if (node.formals !== undefined) this.formalNames(node, at, names);
    const { parameter } = node;
    if (parameter !== undefined) {
      if (names.has(parameter.name))
        this.duplicateFormal(parameter.name, at + node.parameterAt, parameter.width);
      names.set(parameter.name, at + node.parameterAt);
    }
    const inner = scope === inWith ? inWith : new Bound(names, () => names.keys(), scope);
    node.formals?.formals.forEach((formal, i) => {
      if (formal.fallback === undefined) return;
      const formalAt = at + node.formalsAt + node.formals!.formalsAt[i]!;
      this.visit(formal.fallback, formalAt + formal.fallbackAt, inner);
    });
    this.visit(node.body, at + node.bodyAt, inner);
  }

  private formalNames(node: LambdaNode, at: number, names: Map<string, number>): void {
    node.formals!.formals.forEach((formal, i) => {
      const formalAt = at + node.formalsAt + node.formals!.formalsAt[i]!;
      if (names.has(formal.name.name)) this.duplicateFormal(formal.name.name, formalAt, formal.name.width);
      else names.set(formal.name.name, formalAt);
    });
  }

  private duplicateFormal(name: string, at: number, width: number): void {
    this.errors.push({
      range: { start: at, end: at + width },
      message: `duplicate formal function argument '${name}'`,
      code: 'duplicate-formal',
      severity: 'error',
    });
  }
}

function isExchanged(operator: BinaryOperator): boolean {
  return operator === BinaryOperator.Greater || operator === BinaryOperator.LessOrEqual;
}

function bind(group: BindingGroup, scope: Bound | typeof inWith | undefined): Bound | typeof inWith {
  return scope === inWith ? inWith : new Bound(group.entries, () => group.entries.keys(), scope);
}

function isBound(name: string, scope: Bound | undefined): boolean {
  for (let bound = scope; bound !== undefined; bound = bound.outer) if (bound.names.has(name)) return true;
  return false;
}

/** The names that can be used at a place, each once. */
function visibleNames(scope: Bound | undefined, globals: GlobalNames): Iterable<string> {
  const names = new Set<string>();
  for (let bound = scope; bound !== undefined; bound = bound.outer) {
    for (const name of bound.list()) names.add(name);
  }
  for (const name of globals.keys()) names.add(name);
  return names;
}
