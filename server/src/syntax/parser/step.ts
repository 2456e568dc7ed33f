/** What the parser's machine is about to do. */

export const enum Step {
  /** Looks for any expression. */
  Expression,
  /** Looks for an operand of an operator: no lambda, `if`, `let`, `with`, `assert`. */
  Operand,
  /** Looks for an operand of an application, or an item of a list. */
  Argument,
  /** Has something that can be selected from. */
  SimpleDone,
  /** Has an operand of an application. */
  ArgumentDone,
  /** Has an operand of an operator. */
  OperandDone,
  ExpressionDone,
  Bindings,
  /** Looks for a name of an attribute path. */
  Name,
  NameDone,
  InheritedNames,
  Formals,
  FormalDone,
  FormalsDone,
  QuotedText,
  IndentedText,
  PathText,
  Finished,
}
