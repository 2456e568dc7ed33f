/**
 * A program as it is formatted: all of its tokens, each with the comments before and behind it.
 * Applications are in pairs here, as the rules of the format look at the last argument.
 */
import type { Bytes } from '../base/bytes';

/** What stands between tokens, and is no mere blank. */
export type Trivium =
  | { readonly kind: 'empty-line' }
  /** Without its `#`. Comments between `/*` and its end become such ones where they have but one line. */
  | { readonly kind: 'line'; readonly text: Bytes }
  /** In lines without their common indentation. */
  | { readonly kind: 'block'; readonly isDoc: boolean; readonly lines: readonly Bytes[] }
  /** The name of a language before a string, which editors highlight it by. */
  | { readonly kind: 'language'; readonly text: Bytes }
  /** Where a part starts that stays as it is written. */
  | { readonly kind: 'disable' }
  /** The end of such a part, with all its lines; without them, it ends nothing. */
  | { readonly kind: 'enable'; readonly lines: Bytes | undefined }
  /** The end of such a part that goes on to the end of the file. */
  | { readonly kind: 'disabled-rest'; readonly lines: Bytes };

/** Whether a comment says what is formatted: then it stays where it is. */
export function isDirective({ kind }: Trivium): boolean {
  return kind === 'disable' || kind === 'enable' || kind === 'disabled-rest';
}

/** A token. The comments may be moved while it is printed, each time to where it will be printed later. */
export interface Leaf {
  before: readonly Trivium[];
  readonly text: Bytes;
  readonly line: number;
  /** The comment that ends its line, without `#` and blanks. */
  behind: Bytes | undefined;
}

export type TextOrInterpolation =
  | { readonly kind: 'text'; readonly text: Bytes }
  | {
      readonly kind: 'interpolation';
      readonly expression: Expression;
      readonly comments: readonly Trivium[];
    };

/** A line of a string: its text is as it is written. */
export type StringLine = readonly TextOrInterpolation[];

/** What stands between brackets: items, and comments that belong to none. */
export type Item<T> =
  | { readonly kind: 'item'; readonly item: T }
  | { readonly kind: 'comments'; readonly comments: readonly Trivium[] };

export interface List {
  readonly kind: 'list';
  readonly open: Leaf;
  readonly items: readonly Item<Term>[];
  readonly close: Leaf;
}

export interface AttributeSet {
  readonly kind: 'set';
  /** `rec`, or the `let` of `let { … }`. */
  readonly keyword: Leaf | undefined;
  readonly open: Leaf;
  readonly bindings: readonly Item<Binding>[];
  readonly close: Leaf;
}

export interface Parenthesised {
  readonly kind: 'parenthesised';
  readonly open: Leaf;
  readonly inner: Expression;
  readonly close: Leaf;
}

/** The leaf of a string or a path has no text of its own. */
export interface TextLiteral {
  readonly kind: 'string' | 'indented-string' | 'path';
  readonly leaf: Leaf;
  readonly lines: readonly StringLine[];
  /** Of an indented string in which a part begins or ends that stays as it is: what its lines are indented by. */
  readonly indentation?: Bytes | undefined;
}

export interface TokenTerm {
  readonly kind: 'token';
  readonly leaf: Leaf;
  readonly isNumber: boolean;
  readonly isIdentifier: boolean;
}

export interface Selection {
  readonly kind: 'selection';
  readonly target: Term;
  readonly names: readonly Selector[];
  readonly or: Leaf | undefined;
  readonly fallback: Term | undefined;
}

export type Term = TokenTerm | TextLiteral | List | AttributeSet | Parenthesised | Selection;

/** A name of an attribute path. */
export interface Selector {
  readonly dot: Leaf | undefined;
  readonly name: AttributeName;
}

/** A name is an identifier, a string or an interpolation; the latter two have a leaf without text. */
export type AttributeName =
  | { readonly kind: 'identifier'; readonly leaf: Leaf }
  | { readonly kind: 'string'; readonly leaf: Leaf; readonly lines: readonly StringLine[] }
  | { readonly kind: 'interpolation'; readonly leaf: Leaf; readonly part: TextOrInterpolation };

export type Binding =
  | {
      readonly kind: 'binding';
      readonly names: readonly Selector[];
      readonly equals: Leaf;
      readonly value: Expression;
      readonly semicolon: Leaf;
    }
  | {
      readonly kind: 'inherit';
      readonly inherit: Leaf;
      readonly source: Term | undefined;
      readonly names: readonly AttributeName[];
      readonly semicolon: Leaf;
    };

/** `name`, `name ? fallback`, or the three dots, which have no comma. */
export interface Formal {
  readonly name: Leaf;
  readonly isEllipsis: boolean;
  readonly question: Leaf | undefined;
  readonly fallback: Expression | undefined;
  comma: Leaf | undefined;
}

export interface SetParameter {
  readonly kind: 'set-parameter';
  readonly open: Leaf;
  readonly formals: readonly Formal[];
  readonly close: Leaf;
}

export type Parameter =
  | { readonly kind: 'name'; readonly leaf: Leaf }
  | SetParameter
  | { readonly kind: 'both'; readonly first: Parameter; readonly at: Leaf; readonly second: Parameter };

export interface Lambda {
  readonly kind: 'lambda';
  readonly parameter: Parameter;
  readonly colon: Leaf;
  readonly body: Expression;
}

export interface Application {
  readonly kind: 'application';
  readonly callee: Expression;
  readonly argument: Expression;
}

export interface Operation {
  readonly kind: 'operation';
  readonly left: Expression;
  readonly operator: Leaf;
  readonly right: Expression;
}

export interface If {
  readonly kind: 'if';
  readonly if: Leaf;
  readonly condition: Expression;
  readonly then: Leaf;
  readonly consequent: Expression;
  readonly else: Leaf;
  readonly alternative: Expression;
}

/** `with environment; body`, or an `assert`. */
export interface Prefixed {
  readonly kind: 'with' | 'assert';
  readonly keyword: Leaf;
  readonly subject: Expression;
  readonly semicolon: Leaf;
  readonly body: Expression;
}

export interface Let {
  readonly kind: 'let';
  readonly let: Leaf;
  readonly bindings: readonly Item<Binding>[];
  readonly in: Leaf;
  readonly body: Expression;
}

export interface HasAttribute {
  readonly kind: 'has-attribute';
  readonly target: Expression;
  readonly question: Leaf;
  readonly names: readonly Selector[];
}

/** `!operand` or `-operand`. */
export interface Prefix {
  readonly kind: 'prefix';
  readonly operator: Leaf;
  readonly operand: Expression;
}

export type Expression =
  Term | Lambda | Application | Operation | If | Prefixed | Let | HasAttribute | Prefix;

export function isTerm(expression: Expression): expression is Term {
  switch (expression.kind) {
    case 'token':
    case 'string':
    case 'indented-string':
    case 'path':
    case 'list':
    case 'set':
    case 'parenthesised':
    case 'selection':
      return true;
    default:
      return false;
  }
}

/** The first token. */
export function firstLeaf(of: Expression): Leaf {
  switch (of.kind) {
    case 'token':
    case 'string':
    case 'indented-string':
    case 'path':
      return of.leaf;
    case 'list':
    case 'parenthesised':
      return of.open;
    case 'set':
      return of.keyword ?? of.open;
    case 'selection':
    case 'has-attribute':
      return firstLeaf(of.target);
    case 'lambda':
      return firstOfParameter(of.parameter);
    case 'application':
      return firstLeaf(of.callee);
    case 'operation':
      return firstLeaf(of.left);
    case 'if':
      return of.if;
    case 'with':
    case 'assert':
      return of.keyword;
    case 'let':
      return of.let;
    case 'prefix':
      return of.operator;
  }
}

function firstOfParameter(parameter: Parameter): Leaf {
  if (parameter.kind === 'name') return parameter.leaf;
  return parameter.kind === 'both' ? firstOfParameter(parameter.first) : parameter.open;
}

/** The last token. */
export function lastLeaf(of: Expression): Leaf {
  switch (of.kind) {
    case 'token':
    case 'string':
    case 'indented-string':
    case 'path':
      return of.leaf;
    case 'list':
    case 'parenthesised':
    case 'set':
      return of.close;
    case 'selection':
      return of.fallback === undefined ? of.names.at(-1)!.name.leaf : lastLeaf(of.fallback);
    case 'has-attribute':
      return of.names.at(-1)!.name.leaf;
    case 'application':
      return lastLeaf(of.argument);
    case 'operation':
      return lastLeaf(of.right);
    case 'if':
      return lastLeaf(of.alternative);
    case 'prefix':
      return lastLeaf(of.operand);
    default:
      return lastLeaf(of.body);
  }
}

export function isAlone({ before, behind }: Leaf): boolean {
  return before.length === 0 && behind === undefined;
}
