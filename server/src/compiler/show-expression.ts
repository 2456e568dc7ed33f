/**
 * Expressions in the canonical form of C++ Nix: what `nix-instantiate --parse`
 * prints and what a failed `assert` shows of its condition. Everything is as it
 * means: attribute paths merged, sets sorted, operators as the names they are,
 * strings and paths as concatenations, applications joined.
 */
import type { Bytes } from '../base/bytes';
import { canonicalPath } from '../host/path';
import { mergeBindings, type BindingGroup, type Entry } from '../names/merge';
import {
  BinaryOperator,
  Kind,
  PathStyle,
  staticName,
  staticString,
  type AttributeName,
  type AttributePathNode,
  type BinaryNode,
  type Expression,
  type FormalsNode,
  type LambdaNode,
  type PathNode,
  type StringNode,
  type StringPart,
} from '../syntax/tree';
import { printFloat } from '../values/float';
import { printAttributeName, printString } from '../values/literals';

/** What the paths in an expression are relative to. */
export interface Places {
  readonly directory: Bytes;
  readonly home: Bytes;
}

export function showExpression(node: Expression, places: Places): Bytes {
  const shower = new Shower(places);
  shower.show(node);
  return shower.text();
}

/** The operators that are no names. */
const infix = new Map<BinaryOperator, string>([
  [BinaryOperator.Implication, '->'],
  [BinaryOperator.Or, '||'],
  [BinaryOperator.And, '&&'],
  [BinaryOperator.Equal, '=='],
  [BinaryOperator.NotEqual, '!='],
  [BinaryOperator.Update, '//'],
  [BinaryOperator.Add, '+'],
  [BinaryOperator.Concat, '++'],
]);

const arithmetic = new Map<BinaryOperator, string>([
  [BinaryOperator.Subtract, '__sub'],
  [BinaryOperator.Multiply, '__mul'],
  [BinaryOperator.Divide, '__div'],
]);

class Shower {
  private readonly parts: Bytes[] = [];

  constructor(private readonly places: Places) {}

  text(): Bytes {
    return this.parts.join('');
  }

  private write(...texts: Bytes[]): void {
    for (const text of texts) this.parts.push(text);
  }

  show(node: Expression): void {
    switch (node.kind) {
      case Kind.Integer:
        return this.write(String(node.value));
      case Kind.Float:
        return this.write(printFloat(node.value));
      case Kind.Identifier:
        return this.write(printAttributeName(node.name));
      case Kind.CurrentPosition:
        return this.write('__curPos');
      case Kind.SearchPath:
        return this.write(`(__findFile __nixPath ${printString(node.path)})`);
      case Kind.String:
        return this.string(node);
      case Kind.Path:
        return this.path(node);
      case Kind.Parenthesised:
        return this.show(node.inner);
      case Kind.List:
        this.write('[ ');
        for (const item of node.items) {
          this.write('(');
          this.show(item);
          this.write(') ');
        }
        return this.write(']');
      case Kind.AttributeSet:
        return this.group(mergeBindings(node));
      case Kind.LegacyLet:
        this.write('(');
        this.group(mergeBindings(node));
        return this.write(').body');
      case Kind.Let:
        this.write('(let ');
        this.bindings(mergeBindings(node));
        this.write('in ');
        this.show(node.body);
        return this.write(')');
      case Kind.With:
        this.write('(with ');
        this.show(node.environment);
        this.write('; ');
        this.show(node.body);
        return this.write(')');
      case Kind.Assert:
        this.write('assert ');
        this.show(node.condition);
        this.write('; ');
        return this.show(node.body);
      case Kind.If:
        this.write('(if ');
        this.show(node.condition);
        this.write(' then ');
        this.show(node.consequent);
        this.write(' else ');
        this.show(node.alternative);
        return this.write(')');
      case Kind.Lambda:
        return this.lambda(node);
      case Kind.Call:
        return this.call(node.callee, node.args);
      case Kind.Select:
        this.write('(');
        this.show(node.target);
        this.write(').');
        this.attributePath(node.path);
        if (node.fallback === undefined) return;
        this.write(' or (');
        this.show(node.fallback);
        return this.write(')');
      case Kind.HasAttribute:
        this.write('((');
        this.show(node.target);
        this.write(') ? ');
        this.attributePath(node.path);
        return this.write(')');
      case Kind.Not:
        this.write('(! ');
        this.show(node.operand);
        return this.write(')');
      case Kind.Negate:
        this.write('(__sub 0 ');
        this.show(node.operand);
        return this.write(')');
      case Kind.Binary:
        return this.binary(node);
      case Kind.Missing:
        return;
    }
  }

  /** `callee args`, joined with the arguments that the callee already has. */
  private call(callee: Expression, args: readonly Expression[]): void {
    this.write('(');
    this.applied(callee);
    for (const argument of args) {
      this.write(' ');
      this.show(argument);
    }
    this.write(')');
  }

  /** A callee without the parentheses of its own application. */
  private applied(callee: Expression): void {
    const inner = unwrap(callee);
    const operator = inner.kind === Kind.Binary ? inner.operator : undefined;
    if (inner.kind === Kind.Call) {
      this.applied(inner.callee);
      for (const argument of inner.args) {
        this.write(' ');
        this.show(argument);
      }
    } else if (inner.kind === Kind.Negate || inner.kind === Kind.SearchPath || isCall(operator)) {
      const whole = new Shower(this.places);
      whole.show(inner);
      this.write(whole.text().slice(1, -1));
    } else {
      this.show(inner);
    }
  }

  private binary(node: BinaryNode): void {
    const { operator, left, right } = node;
    switch (operator) {
      case BinaryOperator.PipeInto:
        return this.call(right, [left]);
      case BinaryOperator.PipeFrom:
        return this.call(left, [right]);
      case BinaryOperator.Less:
        return this.operation('(__lessThan ', left, ' ', right, ')');
      case BinaryOperator.Greater:
        return this.operation('(__lessThan ', right, ' ', left, ')');
      case BinaryOperator.LessOrEqual:
        return this.operation('(! (__lessThan ', right, ' ', left, '))');
      case BinaryOperator.GreaterOrEqual:
        return this.operation('(! (__lessThan ', left, ' ', right, '))');
    }
    const name = arithmetic.get(operator);
    if (name !== undefined) return this.operation(`(${name} `, left, ' ', right, ')');
    return this.operation('(', left, ` ${infix.get(operator)} `, right, ')');
  }

  private operation(
    before: string,
    first: Expression,
    between: string,
    second: Expression,
    after: string,
  ): void {
    this.write(before);
    this.show(first);
    this.write(between);
    this.show(second);
    this.write(after);
  }

  private string(node: StringNode): void {
    const text = staticString(node);
    if (text !== undefined) this.write(printString(text));
    else this.concatenation(node.parts);
  }

  private path(node: PathNode): void {
    if (node.parts.length === 1) this.write(this.pathStart(node));
    else this.concatenation(node.parts, this.pathStart(node));
  }

  /** The literal start of a path, resolved; a slash at its end stays. */
  private pathStart(node: PathNode): Bytes {
    const [first] = node.parts;
    const literal = first?.kind === Kind.TextPart ? first.text : '';
    const { directory, home } = this.places;
    const text =
      node.style === PathStyle.Absolute
        ? literal
        : node.style === PathStyle.Home
          ? home + literal.slice(1)
          : `${directory}/${literal}`;
    const path = canonicalPath(text);
    return literal.length > 1 && literal.endsWith('/') && path !== '/' ? `${path}/` : path;
  }

  /** Parts of a string, or of a path whose first part is already text. */
  private concatenation(parts: readonly StringPart[], first?: Bytes): void {
    this.write('(');
    parts.forEach((part, i) => {
      if (i > 0) this.write(' + ');
      if (i === 0 && first !== undefined) this.write(first);
      else if (part.kind === Kind.TextPart) this.write(printString(part.text));
      else this.show(part.expression);
    });
    this.write(')');
  }

  private attributePath(path: AttributePathNode): void {
    path.names.forEach((name, i) => {
      if (i > 0) this.write('.');
      this.attributeName(name);
    });
  }

  private attributeName(name: AttributeName): void {
    const known = staticName(name);
    if (known !== undefined) return this.write(printAttributeName(known));
    this.write('"${');
    this.show(name.kind === Kind.DynamicName ? name.expression : name);
    this.write('}"');
  }

  private group(group: BindingGroup): void {
    this.write(group.recursive ? 'rec { ' : '{ ');
    this.bindings(group);
    this.write('}');
  }

  private bindings(group: BindingGroup): void {
    const entries = [...group.entries.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
    this.inherited(entries, group);
    for (const entry of entries) {
      if (entry.kind !== 'value' && entry.kind !== 'group') continue;
      this.write(printAttributeName(entry.name), ' = ');
      if (entry.kind === 'value') this.show(entry.value);
      else this.group(entry.group);
      this.write('; ');
    }
    for (const { name, value } of group.dynamic) {
      this.attributeName(name.node);
      this.write(' = ');
      if ('node' in value) this.show(value.node);
      else this.group(value);
      this.write('; ');
    }
  }

  private inherited(entries: readonly Entry[], group: BindingGroup): void {
    const plain = entries.filter((entry) => entry.kind === 'inherit');
    if (plain.length > 0) this.write('inherit', ...names(plain), '; ');
    group.sources.forEach((source, index) => {
      const from = entries.filter((entry) => entry.kind === 'inherit-from' && entry.source === index);
      if (from.length === 0) return;
      this.write('inherit (');
      this.show(source.node);
      this.write(')', ...names(from), '; ');
    });
  }

  private lambda(node: LambdaNode): void {
    this.write('(');
    if (node.formals !== undefined) this.formals(node.formals);
    if (node.parameter !== undefined) {
      this.write(node.formals === undefined ? '' : ' @ ', printAttributeName(node.parameter.name));
    }
    this.write(': ');
    this.show(node.body);
    this.write(')');
  }

  private formals({ formals, ellipsis }: FormalsNode): void {
    const sorted = [...formals].sort((a, b) => (a.name.name < b.name.name ? -1 : 1));
    this.write('{ ');
    sorted.forEach((formal, i) => {
      this.write(i > 0 ? ', ' : '', printAttributeName(formal.name.name));
      if (formal.fallback === undefined) return;
      this.write(' ? ');
      this.show(formal.fallback);
    });
    if (ellipsis) this.write(formals.length > 0 ? ', ...' : '...');
    this.write(' }');
  }
}

function names(entries: readonly Entry[]): Bytes[] {
  return entries.map((entry) => ` ${printAttributeName(entry.name)}`);
}

function unwrap(node: Expression): Expression {
  let inner = node;
  while (inner.kind === Kind.Parenthesised) inner = inner.inner;
  return inner;
}

/** Whether an operation means an application of a name: `a - b`, `a < b`, `a |> b`. */
function isCall(operator: BinaryOperator | undefined): boolean {
  switch (operator) {
    case BinaryOperator.Less:
    case BinaryOperator.Greater:
    case BinaryOperator.Subtract:
    case BinaryOperator.Multiply:
    case BinaryOperator.Divide:
    case BinaryOperator.PipeInto:
    case BinaryOperator.PipeFrom:
      return true;
    default:
      return false;
  }
}
