/**
 * The syntax tree.
 *
 * Nodes are immutable, know their width in bytes and not their place: each
 * child is stored with its distance from the start of its parent (`xAt` beside
 * `x`). An edit therefore makes new nodes along one path and keeps all others,
 * and whatever is remembered about a kept node (its free names, its compiled
 * chunk) stays true.
 *
 * White space, comments and punctuation are not in the tree: they are read
 * from the text beside it, which is always at hand.
 *
 * The classes have no methods on purpose. Every phase is a switch over `kind`.
 */

import type { Bytes } from '../base/bytes';

export const enum Kind {
  // Expressions.
  Integer,
  Float,
  String,
  Path,
  SearchPath,
  Identifier,
  CurrentPosition,
  Parenthesised,
  List,
  AttributeSet,
  Let,
  LegacyLet,
  With,
  Assert,
  If,
  Lambda,
  Call,
  Select,
  HasAttribute,
  Not,
  Negate,
  Binary,
  /** Stands where an expression was expected and none was found. It has an error in the list of errors. */
  Missing,
  // Parts of expressions.
  Binding,
  Inherit,
  AttributePath,
  DynamicName,
  Formals,
  Formal,
  TextPart,
  Interpolation,
}

export const enum BinaryOperator {
  Implication,
  Or,
  And,
  Equal,
  NotEqual,
  Less,
  LessOrEqual,
  Greater,
  GreaterOrEqual,
  Update,
  Add,
  Subtract,
  Multiply,
  Divide,
  Concat,
  /** `a |> f`, behind the experimental feature `pipe-operators`. */
  PipeInto,
  /** `f <| a`. */
  PipeFrom,
}

/**
 * The names that occur free in a node, as {@link ../names} finds them:
 * `lexical` are those that no enclosing `with` inside the node could supply,
 * `dynamic` those below a `with` of the node itself. Sorted by first use, each
 * name once in each list.
 */
export interface FreeNames {
  readonly lexical: readonly string[];
  readonly dynamic: readonly string[];
  /** Whether something in the node is bound twice, or in a way that Nix rejects. */
  readonly faulty: boolean;
}

/** What later phases remember about a node. Kept nodes keep it over an edit. */
interface Remembered {
  /** Written by names/. */
  free: FreeNames | undefined;
}

export class IntegerNode {
  readonly kind = Kind.Integer;
  /** `value` is a number while it is a safe integer, else a bigint of at most 64 bits. */
  constructor(
    readonly width: number,
    readonly value: number | bigint,
  ) {}
}

export class FloatNode {
  readonly kind = Kind.Float;
  constructor(
    readonly width: number,
    readonly value: number,
  ) {}
}

/** Literal text inside a string or a path, with its escapes resolved and its indentation stripped. */
export class TextPart {
  readonly kind = Kind.TextPart;
  constructor(
    readonly width: number,
    readonly text: Bytes,
  ) {}
}

/** `${expression}` inside a string or a path; the width takes in `${` and `}`. */
export class InterpolationNode {
  readonly kind = Kind.Interpolation;
  constructor(
    readonly width: number,
    readonly expression: Expression,
    readonly expressionAt: number,
  ) {}
}

export type StringPart = TextPart | InterpolationNode;

export const enum StringStyle {
  Quoted,
  Indented,
  /** A URI without quotes, e.g. `https://example.org/x`. */
  Uri,
}

/**
 * A string. `parts` alternate freely; an empty string has none. Text parts that
 * became empty by stripping are left out.
 */
export class StringNode implements Remembered {
  readonly kind = Kind.String;
  free: FreeNames | undefined = undefined;
  constructor(
    readonly width: number,
    readonly style: StringStyle,
    readonly parts: readonly StringPart[],
    readonly partsAt: readonly number[],
  ) {}
}

export const enum PathStyle {
  /** `./x`, `../x`, `x/y`: relative to the folder of the file. */
  Relative,
  /** `/x`. */
  Absolute,
  /** `~/x`. */
  Home,
}

/**
 * A path literal. The first part is always text as written (`./foo/`, `~/a`);
 * it is resolved against the file or the home when the code is run.
 */
export class PathNode implements Remembered {
  readonly kind = Kind.Path;
  free: FreeNames | undefined = undefined;
  constructor(
    readonly width: number,
    readonly style: PathStyle,
    readonly parts: readonly StringPart[],
    readonly partsAt: readonly number[],
  ) {}
}

/** `<nixpkgs/lib>`; `path` is the text between the brackets. Means `__findFile __nixPath "nixpkgs/lib"`. */
export class SearchPathNode {
  readonly kind = Kind.SearchPath;
  constructor(
    readonly width: number,
    readonly path: Bytes,
  ) {}
}

/** A variable where an expression stands; elsewhere (formals, attribute names) a plain name. */
export class IdentifierNode {
  readonly kind = Kind.Identifier;
  constructor(
    readonly width: number,
    readonly name: string,
  ) {}
}

/** `__curPos`. */
export class CurrentPositionNode {
  readonly kind = Kind.CurrentPosition;
  constructor(readonly width: number) {}
}

export class ParenthesisedNode implements Remembered {
  readonly kind = Kind.Parenthesised;
  free: FreeNames | undefined = undefined;
  constructor(
    readonly width: number,
    readonly inner: Expression,
    readonly innerAt: number,
  ) {}
}

export class ListNode implements Remembered {
  readonly kind = Kind.List;
  free: FreeNames | undefined = undefined;
  constructor(
    readonly width: number,
    readonly items: readonly Expression[],
    readonly itemsAt: readonly number[],
  ) {}
}

/** `${expression}` where an attribute name stands. */
export class DynamicNameNode {
  readonly kind = Kind.DynamicName;
  constructor(
    readonly width: number,
    readonly expression: Expression,
    readonly expressionAt: number,
  ) {}
}

/**
 * A name in an attribute path, a binding or an `inherit`: an identifier, a
 * string (static when it has no interpolation) or `${…}`.
 */
export type AttributeName = IdentifierNode | StringNode | DynamicNameNode;

export class AttributePathNode {
  readonly kind = Kind.AttributePath;
  constructor(
    readonly width: number,
    readonly names: readonly AttributeName[],
    readonly namesAt: readonly number[],
  ) {}
}

/** `path = value;`, the semicolon included in the width. The path starts where the binding starts. */
export class BindingNode implements Remembered {
  readonly kind = Kind.Binding;
  free: FreeNames | undefined = undefined;
  constructor(
    readonly width: number,
    readonly path: AttributePathNode,
    readonly value: Expression,
    readonly valueAt: number,
  ) {}
}

/** `inherit a b;` or `inherit (source) a b;`, the semicolon included in the width. */
export class InheritNode implements Remembered {
  readonly kind = Kind.Inherit;
  free: FreeNames | undefined = undefined;
  constructor(
    readonly width: number,
    readonly source: Expression | undefined,
    readonly sourceAt: number,
    readonly names: readonly AttributeName[],
    readonly namesAt: readonly number[],
  ) {}
}

export type BindingLike = BindingNode | InheritNode;

/** `{ … }` or `rec { … }`. Bindings stand in source order, unmerged. */
export class AttributeSetNode implements Remembered {
  readonly kind = Kind.AttributeSet;
  free: FreeNames | undefined = undefined;
  constructor(
    readonly width: number,
    readonly recursive: boolean,
    readonly bindings: readonly BindingLike[],
    readonly bindingsAt: readonly number[],
  ) {}
}

/** `let … in body`. */
export class LetNode implements Remembered {
  readonly kind = Kind.Let;
  free: FreeNames | undefined = undefined;
  constructor(
    readonly width: number,
    readonly bindings: readonly BindingLike[],
    readonly bindingsAt: readonly number[],
    readonly body: Expression,
    readonly bodyAt: number,
  ) {}
}

/** `let { …; body = …; }`, which means `(rec { … }).body`. */
export class LegacyLetNode implements Remembered {
  readonly kind = Kind.LegacyLet;
  free: FreeNames | undefined = undefined;
  constructor(
    readonly width: number,
    readonly bindings: readonly BindingLike[],
    readonly bindingsAt: readonly number[],
  ) {}
}

export class WithNode implements Remembered {
  readonly kind = Kind.With;
  free: FreeNames | undefined = undefined;
  constructor(
    readonly width: number,
    readonly environment: Expression,
    readonly environmentAt: number,
    readonly body: Expression,
    readonly bodyAt: number,
  ) {}
}

export class AssertNode implements Remembered {
  readonly kind = Kind.Assert;
  free: FreeNames | undefined = undefined;
  constructor(
    readonly width: number,
    readonly condition: Expression,
    readonly conditionAt: number,
    readonly body: Expression,
    readonly bodyAt: number,
  ) {}
}

export class IfNode implements Remembered {
  readonly kind = Kind.If;
  free: FreeNames | undefined = undefined;
  constructor(
    readonly width: number,
    readonly condition: Expression,
    readonly conditionAt: number,
    readonly consequent: Expression,
    readonly consequentAt: number,
    readonly alternative: Expression,
    readonly alternativeAt: number,
  ) {}
}

/** `name` or `name ? fallback` between the braces of a function. */
export class FormalNode {
  readonly kind = Kind.Formal;
  constructor(
    readonly width: number,
    readonly name: IdentifierNode,
    readonly fallback: Expression | undefined,
    readonly fallbackAt: number,
  ) {}
}

/** `{ a, b ? 1, ... }`, braces included. */
export class FormalsNode {
  readonly kind = Kind.Formals;
  constructor(
    readonly width: number,
    readonly formals: readonly FormalNode[],
    readonly formalsAt: readonly number[],
    readonly ellipsis: boolean,
  ) {}
}

/** `x: body`, `{ … }: body`, `x@{ … }: body` or `{ … }@x: body`. At least one of `parameter`, `formals` is there. */
export class LambdaNode implements Remembered {
  readonly kind = Kind.Lambda;
  free: FreeNames | undefined = undefined;
  constructor(
    readonly width: number,
    readonly parameter: IdentifierNode | undefined,
    readonly parameterAt: number,
    readonly formals: FormalsNode | undefined,
    readonly formalsAt: number,
    readonly body: Expression,
    readonly bodyAt: number,
  ) {}
}

/** `callee a b …`: a whole application with all its arguments, at least one. The callee is no Call itself unless parenthesised. */
export class CallNode implements Remembered {
  readonly kind = Kind.Call;
  free: FreeNames | undefined = undefined;
  constructor(
    readonly width: number,
    readonly callee: Expression,
    readonly args: readonly Expression[],
    readonly argsAt: readonly number[],
  ) {}
}

/** `target.path` or `target.path or fallback`. The target starts where the node starts. */
export class SelectNode implements Remembered {
  readonly kind = Kind.Select;
  free: FreeNames | undefined = undefined;
  constructor(
    readonly width: number,
    readonly target: Expression,
    readonly path: AttributePathNode,
    readonly pathAt: number,
    readonly fallback: Expression | undefined,
    readonly fallbackAt: number,
  ) {}
}

/** `target ? path`. */
export class HasAttributeNode implements Remembered {
  readonly kind = Kind.HasAttribute;
  free: FreeNames | undefined = undefined;
  constructor(
    readonly width: number,
    readonly target: Expression,
    readonly path: AttributePathNode,
    readonly pathAt: number,
  ) {}
}

/** `!operand`. */
export class NotNode implements Remembered {
  readonly kind = Kind.Not;
  free: FreeNames | undefined = undefined;
  constructor(
    readonly width: number,
    readonly operand: Expression,
    readonly operandAt: number,
  ) {}
}

/** `-operand`, which means `__sub 0 operand`. */
export class NegateNode implements Remembered {
  readonly kind = Kind.Negate;
  free: FreeNames | undefined = undefined;
  constructor(
    readonly width: number,
    readonly operand: Expression,
    readonly operandAt: number,
  ) {}
}

/** `left operator right`. The left operand starts where the node starts. */
export class BinaryNode implements Remembered {
  readonly kind = Kind.Binary;
  free: FreeNames | undefined = undefined;
  constructor(
    readonly width: number,
    readonly operator: BinaryOperator,
    /** Distance of the operator itself from the start of the node. */
    readonly operatorAt: number,
    readonly left: Expression,
    readonly right: Expression,
    readonly rightAt: number,
  ) {}
}

/**
 * Where an expression should be and there is none: width 0 where something is missing,
 * or the width of the text that was skipped, such as a number that is too large.
 */
export class MissingNode {
  readonly kind = Kind.Missing;
  /** `message` is the error of whoever needs its value: that of the syntax error, where the text has one of its own. */
  constructor(
    readonly width: number,
    readonly message = 'an expression is missing here',
  ) {}
}

export type Expression =
  | IntegerNode
  | FloatNode
  | StringNode
  | PathNode
  | SearchPathNode
  | IdentifierNode
  | CurrentPositionNode
  | ParenthesisedNode
  | ListNode
  | AttributeSetNode
  | LetNode
  | LegacyLetNode
  | WithNode
  | AssertNode
  | IfNode
  | LambdaNode
  | CallNode
  | SelectNode
  | HasAttributeNode
  | NotNode
  | NegateNode
  | BinaryNode
  | MissingNode;

export type Node =
  | Expression
  | BindingLike
  | AttributePathNode
  | DynamicNameNode
  | FormalsNode
  | FormalNode
  | TextPart
  | InterpolationNode;

/** The name of an attribute if it can be read off the text, else undefined. */
export function staticName(name: AttributeName): string | undefined {
  if (name.kind === Kind.Identifier) return name.name;
  if (name.kind === Kind.DynamicName) {
    // `${"x"}` is as static as `"x"`, for Nix too.
    const inner = withoutParentheses(name.expression);
    return inner.kind === Kind.String ? staticString(inner) : undefined;
  }
  return staticString(name);
}

/** The text of a string without interpolation, else undefined. */
export function staticString(node: StringNode): string | undefined {
  if (node.parts.length === 0) return '';
  const [only] = node.parts;
  return node.parts.length === 1 && only!.kind === Kind.TextPart ? only!.text : undefined;
}

/** What stands in parentheses, however many; else the expression itself. */
export function withoutParentheses(node: Expression): Expression {
  let inner = node;
  while (inner.kind === Kind.Parenthesised) inner = inner.inner;
  return inner;
}
