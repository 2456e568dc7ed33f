/**
 * The canonical form of an expression, as `nix-instantiate --parse` prints it:
 * operators that are function calls as calls, attributes merged and sorted,
 * nested applications as one.
 *
 * How bindings merge is the knowledge of names/, how values look that of
 * values/, and where paths lead that of the caller; all three come in from
 * outside. A tree with errors prints, but nothing is promised about it.
 */
import type { Bytes } from '../base/bytes';
import {
  BinaryOperator,
  Kind,
  StringStyle,
  staticName,
  withoutParentheses,
  type AttributeName,
  type AttributePathNode,
  type AttributeSetNode,
  type BinaryNode,
  type Expression,
  type FormalsNode,
  type LambdaNode,
  type LegacyLetNode,
  type LetNode,
  type PathNode,
  type PathStyle,
  type StringNode,
  type StringPart,
} from './tree';

/** Bindings as Nix means them: nested paths merged, each name once. */
export interface MergedBindings {
  readonly recursive: boolean;
  readonly entries: ReadonlyMap<string, MergedEntry>;
  readonly dynamic: readonly {
    readonly name: { readonly node: AttributeName };
    readonly value: { readonly node: Expression } | MergedBindings;
  }[];
  /** The sources of `inherit (source) …`. */
  readonly sources: readonly { readonly node: Expression }[];
}

export type MergedEntry =
  | { readonly kind: 'value'; readonly value: Expression }
  | { readonly kind: 'inherit' }
  | { readonly kind: 'inherit-from'; readonly source: number }
  | { readonly kind: 'group'; readonly group: MergedBindings };

/** What printing needs to know from elsewhere. */
export interface CanonicalForm {
  merge(node: AttributeSetNode | LetNode | LegacyLetNode): MergedBindings;
  /** A string as a literal, in quotes. */
  string(text: Bytes): Bytes;
  /** A name, in quotes where it needs them. */
  name(name: Bytes): Bytes;
  float(value: number): Bytes;
  /** The absolute path that the first text of a path literal leads to, with the slash at its end if it has one. */
  path(style: PathStyle, text: Bytes): Bytes;
}

/** A piece of what is to be printed: text, an expression, or merged bindings in braces. */
type Piece = Bytes | Expression | { readonly bindings: MergedBindings };

/** The canonical form of `expression`. Deep trees are no danger: the pieces wait on a stack of their own. */
export function printCanonical(expression: Expression, form: CanonicalForm): Bytes {
  const output: Bytes[] = [];
  const waiting: Piece[] = [expression];
  const printer = new Printer(form);
  while (waiting.length > 0) {
    const piece = waiting.pop()!;
    if (typeof piece === 'string') output.push(piece);
    else {
      const pieces =
        'bindings' in piece && !('kind' in piece) ? printer.set(piece.bindings) : printer.expand(piece);
      for (let i = pieces.length - 1; i >= 0; i--) waiting.push(pieces[i]!);
    }
  }
  return output.join('');
}

/** Operators that print as they are written. */
const operatorText: Partial<Record<BinaryOperator, string>> = {
  [BinaryOperator.Implication]: '->',
  [BinaryOperator.Or]: '||',
  [BinaryOperator.And]: '&&',
  [BinaryOperator.Equal]: '==',
  [BinaryOperator.NotEqual]: '!=',
  [BinaryOperator.Update]: '//',
  [BinaryOperator.Add]: '+',
  [BinaryOperator.Concat]: '++',
};

/** Each method takes an expression apart by one level. */
class Printer {
  constructor(private readonly form: CanonicalForm) {}

  expand(node: Expression): Piece[] {
    switch (node.kind) {
      case Kind.Integer:
        return [String(node.value)];
      case Kind.Float:
        return [this.form.float(node.value)];
      case Kind.String:
        return this.string(node);
      case Kind.Path:
        return this.path(node);
      case Kind.Identifier:
        return [this.form.name(node.name)];
      case Kind.CurrentPosition:
        return ['__curPos'];
      case Kind.Parenthesised:
        return [node.inner];
      case Kind.List:
        return ['[ ', ...node.items.flatMap((item) => ['(', item, ') ']), ']'];
      case Kind.AttributeSet:
        return this.set(this.form.merge(node));
      case Kind.Let:
        return ['(let ', ...this.bindings(this.form.merge(node)), 'in ', node.body, ')'];
      case Kind.LegacyLet:
        return ['(rec { ', ...this.bindings(this.form.merge(node)), '}).body'];
      case Kind.With:
        return ['(with ', node.environment, '; ', node.body, ')'];
      case Kind.Assert:
        return ['assert ', node.condition, '; ', node.body];
      case Kind.If:
        return ['(if ', node.condition, ' then ', node.consequent, ' else ', node.alternative, ')'];
      case Kind.Lambda:
        return this.lambda(node);
      case Kind.Select: {
        const fallback = node.fallback === undefined ? [] : [' or (', node.fallback, ')'];
        return ['(', node.target, ').', ...this.attributePath(node.path), ...fallback];
      }
      case Kind.HasAttribute:
        return ['((', node.target, ') ? ', ...this.attributePath(node.path), ')'];
      case Kind.Not:
        return ['(! ', node.operand, ')'];
      case Kind.Binary:
        return this.binary(node);
      case Kind.Call:
      case Kind.Negate:
      case Kind.SearchPath:
        return this.call(node);
      case Kind.Missing:
        return [];
    }
  }

  private string(node: StringNode): Piece[] {
    const { parts } = node;
    const [first] = parts;
    if (first === undefined) return [this.form.string('')];
    if (parts.length > 1) return this.concatenation(parts);
    if (first.kind === Kind.TextPart) return [this.form.string(first.text)];
    // An indented string that is just a literal in `\${…}` is that literal.
    const isLiteral = node.style === StringStyle.Indented && isLiteralString(first.expression);
    return isLiteral ? [first.expression] : this.concatenation(parts);
  }

  private concatenation(parts: readonly StringPart[]): Piece[] {
    return [
      '(',
      ...separated(
        parts.map((part) => [this.part(part)]),
        ' + ',
      ),
      ')',
    ];
  }

  private part(part: StringPart): Piece {
    return part.kind === Kind.TextPart ? this.form.string(part.text) : part.expression;
  }

  private path(node: PathNode): Piece[] {
    const [first, ...rest] = node.parts;
    const start = first?.kind === Kind.TextPart ? this.form.path(node.style, first.text) : '';
    if (rest.length === 0) return [start];
    return ['(', ...separated([[start], ...rest.map((part) => [this.part(part)])], ' + '), ')'];
  }

  set(bindings: MergedBindings): Piece[] {
    return [bindings.recursive ? 'rec { ' : '{ ', ...this.bindings(bindings), '}'];
  }

  /** Names sorted by their bytes: first `inherit`, then `inherit (…)` by source, then values. */
  private bindings(merged: MergedBindings): Piece[] {
    const { form } = this;
    const inherited: Piece[] = [];
    const values: Piece[] = [];
    const bySource = merged.sources.map((): string[] => []);
    for (const name of [...merged.entries.keys()].sort(compareBytes)) {
      const entry = merged.entries.get(name)!;
      const printed = form.name(name);
      if (entry.kind === 'inherit') inherited.push(' ', printed);
      else if (entry.kind === 'inherit-from') bySource[entry.source]!.push(printed);
      else
        values.push(printed, ' = ', entry.kind === 'value' ? entry.value : { bindings: entry.group }, '; ');
    }
    const pieces: Piece[] = inherited.length === 0 ? [] : ['inherit', ...inherited, '; '];
    bySource.forEach((names, index) => {
      if (names.length > 0) pieces.push('inherit (', merged.sources[index]!.node, `) ${names.join(' ')}; `);
    });
    for (const value of values) pieces.push(value);
    for (const { name, value } of merged.dynamic) {
      const printed: Piece = 'node' in value ? value.node : { bindings: value };
      pieces.push('"${', dynamicExpression(name.node), '}" = ', printed, '; ');
    }
    return pieces;
  }

  private lambda(node: LambdaNode): Piece[] {
    const pieces: Piece[] = ['('];
    if (node.formals !== undefined) for (const piece of this.formals(node.formals)) pieces.push(piece);
    if (node.formals !== undefined && node.parameter !== undefined) pieces.push(' @ ');
    if (node.parameter !== undefined) pieces.push(this.form.name(node.parameter.name));
    return [...pieces, ': ', node.body, ')'];
  }

  private formals(node: FormalsNode): Piece[] {
    const sorted = [...node.formals].sort((a, b) => compareBytes(a.name.name, b.name.name));
    const all = sorted.map(({ name, fallback }): Piece[] => {
      const printed = this.form.name(name.name);
      return fallback === undefined ? [printed] : [printed, ' ? ', fallback];
    });
    if (node.ellipsis) all.push(['...']);
    return ['{ ', ...separated(all, ', '), ' }'];
  }

  private attributePath(path: AttributePathNode): Piece[] {
    const names = path.names.map((name): Piece[] => {
      const known = staticName(name);
      return known === undefined ? ['"${', dynamicExpression(name), '}"'] : [this.form.name(known)];
    });
    return separated(names, '.');
  }

  private binary(node: BinaryNode): Piece[] {
    const { left, right } = node;
    switch (node.operator) {
      case BinaryOperator.LessOrEqual:
        return ['(! (__lessThan ', right, ' ', left, '))'];
      case BinaryOperator.GreaterOrEqual:
        return ['(! (__lessThan ', left, ' ', right, '))'];
    }
    const text = operatorText[node.operator];
    return text === undefined ? this.call(node) : ['(', left, ` ${text} `, right, ')'];
  }

  /** An application. What it applies can be one itself, and then both print as one. */
  private call(node: Expression): Piece[] {
    const reversed: Piece[] = [];
    let head = node;
    for (;;) {
      head = withoutParentheses(head);
      if (head.kind === Kind.Call) {
        for (let i = head.args.length - 1; i >= 0; i--) reversed.push(head.args[i]!);
        head = head.callee;
      } else if (head.kind === Kind.Binary && head.operator === BinaryOperator.PipeInto) {
        reversed.push(head.left);
        head = head.right;
      } else if (head.kind === Kind.Binary && head.operator === BinaryOperator.PipeFrom) {
        reversed.push(head.right);
        head = head.left;
      } else break;
    }
    const pieces = [...this.operatorCall(head), ...reversed.reverse()];
    return [
      '(',
      ...separated(
        pieces.map((piece) => [piece]),
        ' ',
      ),
      ')',
    ];
  }

  /** The function and the arguments that an operator stands for, or the expression alone. */
  private operatorCall(node: Expression): Piece[] {
    switch (node.kind) {
      case Kind.SearchPath:
        return ['__findFile', '__nixPath', this.form.string(node.path)];
      case Kind.Negate:
        return ['__sub', '0', node.operand];
      case Kind.Binary:
        break;
      default:
        return [node];
    }
    const { left, right } = node;
    switch (node.operator) {
      case BinaryOperator.Subtract:
        return ['__sub', left, right];
      case BinaryOperator.Multiply:
        return ['__mul', left, right];
      case BinaryOperator.Divide:
        return ['__div', left, right];
      case BinaryOperator.Less:
        return ['__lessThan', left, right];
      case BinaryOperator.Greater:
        return ['__lessThan', right, left];
      default:
        return [node];
    }
  }
}

/** The expression whose value is the name. */
function dynamicExpression(name: AttributeName): Expression {
  return name.kind === Kind.DynamicName ? name.expression : name;
}

function isLiteralString(node: Expression): boolean {
  const inner = withoutParentheses(node);
  if (inner.kind !== Kind.String) return false;
  return inner.parts.length === 0 || (inner.parts.length === 1 && inner.parts[0]!.kind === Kind.TextPart);
}

function separated(groups: readonly Piece[][], separator: Bytes): Piece[] {
  return groups.flatMap((group, index) => (index === 0 ? group : [separator, ...group]));
}

function compareBytes(a: Bytes, b: Bytes): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
