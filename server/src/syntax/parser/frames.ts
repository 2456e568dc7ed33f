/**
 * The frames of the parser's machine, and what recovery and messages need to
 * know about each: which tokens it goes on with, and what Nix says it expects.
 */
import { Token } from '../tokens';

/** What surrounds the place where the machine is. The comments say what lies on the stack of values. */
export const enum Frame {
  /** Nothing. Takes the end of the file. */
  Root,
  /** Nothing. Takes `)`. */
  Parenthesis,
  /** The items. */
  List,
  /** The callee and the arguments so far. */
  Call,
  /** The target and the path of `target.path or …`. */
  Fallback,
  /** The target, then names. */
  SelectPath,
  /** The target, then names. */
  HasAttributePath,
  /** Names. */
  BindingPath,
  /** The path. Takes `;`. */
  BindingValue,
  /** The source, if the data say so, and then names. Takes `;`. */
  Inherit,
  /** Nothing. Takes `)`. */
  InheritSource,
  /** Nothing. Takes `}`. */
  DynamicName,
  /** The bindings. The data say whether it is `rec`. */
  AttributeSet,
  /** The bindings. */
  LegacyLet,
  /** The bindings. Takes `in`. */
  Let,
  /** The bindings. */
  LetBody,
  /** Nothing. Takes `;`. */
  WithEnvironment,
  /** The environment. */
  WithBody,
  /** Nothing. Takes `;`. */
  AssertCondition,
  /** The condition. */
  AssertBody,
  /** Nothing. Takes `then`. */
  IfCondition,
  /** The condition. Takes `else`. */
  IfConsequent,
  /** The condition and the consequent. */
  IfAlternative,
  /** The parameter and the formals, each a node or undefined. */
  LambdaBody,
  /** The parameter, or undefined, and then the formals. `operators` has the start of the braces. */
  Formals,
  /** The name. */
  FormalFallback,
  /** The parts. The data say whether a name is looked for. */
  QuotedString,
  /** The parts, undefined for text. */
  IndentedString,
  /** The parts. */
  Path,
  /** Nothing. Takes `}`. */
  Interpolation,
  /** Nothing. */
  Not,
  Negate,
  /** The left operand. The data are the operator's token, and `operators` has its offset. */
  Binary,
  /** Nothing: an expression where only an operand may stand. An error was given. */
  Loose,
}

/** The frames that have bindings in them. */
export type BindingsFrame = Frame.AttributeSet | Frame.LegacyLet | Frame.Let;

/** Tokens that some frame takes. */
export function isCloser(kind: Token): boolean {
  switch (kind) {
    case Token.ParenClose:
    case Token.BracketClose:
    case Token.BraceClose:
    case Token.Semicolon:
    case Token.Comma:
    case Token.In:
    case Token.Then:
    case Token.Else:
      return true;
    default:
      return false;
  }
}

/** Whether the frame goes on with the token once the parts inside it are complete. */
export function takes(frame: Frame, kind: Token): boolean {
  switch (frame) {
    case Frame.Parenthesis:
    case Frame.InheritSource:
      return kind === Token.ParenClose;
    case Frame.List:
      return kind === Token.BracketClose;
    case Frame.AttributeSet:
    case Frame.LegacyLet:
    case Frame.DynamicName:
    case Frame.Interpolation:
      return kind === Token.BraceClose;
    case Frame.Formals:
    case Frame.FormalFallback:
      return kind === Token.BraceClose || kind === Token.Comma;
    case Frame.Let:
      return kind === Token.In;
    case Frame.BindingValue:
    case Frame.Inherit:
    case Frame.WithEnvironment:
    case Frame.AssertCondition:
      return kind === Token.Semicolon;
    case Frame.IfCondition:
      return kind === Token.Then;
    case Frame.IfConsequent:
      return kind === Token.Else;
    default:
      return false;
  }
}

/** What messages say is expected behind a complete expression in the frame. */
export function expectedIn(frame: Frame): string {
  switch (frame) {
    case Frame.Root:
      return 'end of file';
    case Frame.Parenthesis:
    case Frame.InheritSource:
      return `')'`;
    case Frame.DynamicName:
    case Frame.Interpolation:
      return `'}'`;
    case Frame.FormalFallback:
    case Frame.Formals:
      return `'}' or ','`;
    case Frame.BindingValue:
    case Frame.WithEnvironment:
    case Frame.AssertCondition:
      return `';'`;
    case Frame.IfCondition:
      return `'then'`;
    case Frame.IfConsequent:
      return `'else'`;
    default:
      return '';
  }
}

/** Frames that end with the expression inside them, without a token of their own. */
export function isTransparent(frame: Frame): boolean {
  switch (frame) {
    case Frame.Call:
    case Frame.Fallback:
    case Frame.LetBody:
    case Frame.WithBody:
    case Frame.AssertBody:
    case Frame.IfAlternative:
    case Frame.LambdaBody:
    case Frame.Not:
    case Frame.Negate:
    case Frame.Binary:
    case Frame.Loose:
      return true;
    default:
      return false;
  }
}
