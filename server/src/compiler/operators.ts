/** Operators: instructions where their names mean the builtins, else calls of what the program has put in their place. */
import { BoolRole, Op } from '../bytecode/opcode';
import { operatorName } from '../names/free-names';
import {
  BinaryOperator,
  Kind,
  withoutParentheses,
  type BinaryNode,
  type Expression,
  type NegateNode,
} from '../syntax/tree';
import type { ChunkCompiler } from './chunk-compiler';

const operatorOps: Partial<Record<BinaryOperator, Op>> = {
  [BinaryOperator.Equal]: Op.Equal,
  [BinaryOperator.NotEqual]: Op.Equal,
  [BinaryOperator.Less]: Op.Less,
  [BinaryOperator.LessOrEqual]: Op.LessOrEq,
  [BinaryOperator.Greater]: Op.More,
  [BinaryOperator.GreaterOrEqual]: Op.MoreOrEq,
  [BinaryOperator.Update]: Op.AttrsUpdate,
  [BinaryOperator.Add]: Op.Add,
  [BinaryOperator.Subtract]: Op.Sub,
  [BinaryOperator.Multiply]: Op.Mul,
  [BinaryOperator.Divide]: Op.Div,
  [BinaryOperator.Concat]: Op.Concat,
};

export function emitNegate(
  compiler: ChunkCompiler,
  { operand, operandAt, width }: NegateNode,
  at: number,
): void {
  const { emitter } = compiler;
  if (compiler.isGlobal('__sub')) {
    compiler.value(operand, at + operandAt);
    emitter.at(at, at + width);
    return emitter.op(Op.Negate);
  }
  compiler.variable('__sub');
  emitter.constant(0);
  compiler.lazy(operand, at + operandAt, '', false);
  emitter.at(at, at + width);
  emitter.op1(Op.Call, 2, -2);
}

/** A chain such as `a + b - c` begins with the code of its first operand; each operator adds its own. */
export function emitBinary(compiler: ChunkCompiler, node: BinaryNode, at: number): void {
  const chain: BinaryNode[] = [];
  let first: Expression = node;
  for (; first.kind === Kind.Binary && beginsWithLeft(compiler, first); first = first.left) chain.push(first);
  if (first === node) return emitOutOfOrder(compiler, node, at);
  compiler.value(first, at);
  for (let i = chain.length - 1; i >= 0; i--) emitBehindLeft(compiler, chain[i]!, at);
}

/** Whether an operator's code begins with the value of its left operand. */
function beginsWithLeft(compiler: ChunkCompiler, { operator }: BinaryNode): boolean {
  switch (operator) {
    case BinaryOperator.PipeInto:
    // `a > b` means `b < a`, and its first operand is evaluated first.
    case BinaryOperator.Greater:
    case BinaryOperator.LessOrEqual:
    // The right operand comes first, as in C++ Nix since 2.31.
    case BinaryOperator.Update:
      return false;
    default:
      return redefinedName(compiler, operator) === undefined;
  }
}

/** The name that an operator stands for, if the program has redefined it. */
function redefinedName(compiler: ChunkCompiler, operator: BinaryOperator): string | undefined {
  const name = operatorName(operator);
  return name === undefined || compiler.isGlobal(name) ? undefined : name;
}

/** The operators that do not begin with their left operand. */
function emitOutOfOrder(compiler: ChunkCompiler, node: BinaryNode, at: number): void {
  const { emitter } = compiler;
  const name = redefinedName(compiler, node.operator);
  if (name !== undefined) return emitOperatorCall(compiler, node, at, name);
  compiler.value(node.right, at + node.rightAt);
  if (node.operator === BinaryOperator.PipeInto) {
    compiler.lazy(node.left, at, '', false);
    emitter.at(at, at + node.width);
    return emitter.op1(Op.Call, 1, -1);
  }
  if (node.operator === BinaryOperator.Update) {
    emitter.at(at, at + node.width);
    emitter.op(Op.AssertAttrs);
  }
  compiler.value(node.left, at);
  emitOperation(compiler, node, at);
}

/** What follows the value of the left operand. */
function emitBehindLeft(compiler: ChunkCompiler, node: BinaryNode, at: number): void {
  const { emitter } = compiler;
  const rightAt = at + node.rightAt;
  switch (node.operator) {
    case BinaryOperator.And:
      return emitShortCircuit(compiler, node, at, Op.JumpIfFalse, BoolRole.AndLeft, BoolRole.AndRight);
    case BinaryOperator.Or:
      return emitShortCircuit(compiler, node, at, Op.JumpIfTrue, BoolRole.OrLeft, BoolRole.OrRight);
    case BinaryOperator.Implication:
      return emitShortCircuit(
        compiler,
        node,
        at,
        Op.JumpIfTrue,
        BoolRole.ImplicationLeft,
        BoolRole.ImplicationRight,
      );
    case BinaryOperator.PipeFrom:
      compiler.lazy(node.right, rightAt, '', false);
      emitter.at(at, at + node.width);
      return emitter.op1(Op.Call, 1, -1);
    case BinaryOperator.Add:
      if (!isAddable(node.left) && !hasValue(node.right)) {
        emitter.at(at, at + node.width);
        emitter.op(Op.AssertAddable);
      }
      break;
  }
  compiler.value(node.right, rightAt);
  emitOperation(compiler, node, at);
}

/** The instruction for two operands that are on the stack. */
function emitOperation({ emitter }: ChunkCompiler, node: BinaryNode, at: number): void {
  emitter.at(at, at + node.width);
  emitter.op(operatorOps[node.operator]!, -1);
  if (node.operator === BinaryOperator.NotEqual) emitter.op(Op.Invert);
}

function emitShortCircuit(
  compiler: ChunkCompiler,
  node: BinaryNode,
  at: number,
  op: Op,
  left: BoolRole,
  right: BoolRole,
): void {
  const { emitter } = compiler;
  compiler.assertBoolean(node.left, at, left);
  if (node.operator === BinaryOperator.Implication) emitter.op(Op.Invert);
  const end = emitter.jump(op, -1);
  compiler.boolean(node.right, at + node.rightAt, right);
  emitter.land(end);
}

/** An operator that the program has redefined: a call of what its name means here. */
function emitOperatorCall(compiler: ChunkCompiler, node: BinaryNode, at: number, name: string): void {
  const { emitter } = compiler;
  const { operator } = node;
  const swapped = operator === BinaryOperator.Greater || operator === BinaryOperator.LessOrEqual;
  const negated = operator === BinaryOperator.GreaterOrEqual || operator === BinaryOperator.LessOrEqual;
  compiler.variable(name);
  if (swapped) compiler.lazy(node.right, at + node.rightAt, '', false);
  compiler.lazy(node.left, at, '', false);
  if (!swapped) compiler.lazy(node.right, at + node.rightAt, '', false);
  emitter.at(at, at + node.width);
  emitter.op1(Op.Call, 2, -2);
  if (!negated) return;
  emitter.op1(Op.AssertBool, BoolRole.Not);
  emitter.op(Op.Invert);
}

/** The operands of an equality that an assertion demands in vain, for an error that tells how they differ. */
export function emitFailedEquality(compiler: ChunkCompiler, condition: Expression, at: number): void {
  if (condition.kind === Kind.Parenthesised) {
    emitFailedEquality(compiler, condition.inner, at + condition.innerAt);
  } else if (condition.kind === Kind.Binary && isEquality(condition)) {
    compiler.value(condition.left, at);
    compiler.value(condition.right, at + condition.rightAt);
  }
}

/** Whether an expression is `a == b`, in parentheses or not. */
export function isEquality(node: Expression): boolean {
  const inner = withoutParentheses(node);
  return inner.kind === Kind.Binary && inner.operator === BinaryOperator.Equal;
}

/** Whether the value can be the left operand of `+`, whatever it is. */
function isAddable(node: Expression): boolean {
  const inner = withoutParentheses(node);
  switch (inner.kind) {
    case Kind.Integer:
    case Kind.Float:
    case Kind.String:
    case Kind.Path:
      return true;
    default:
      return inner.kind === Kind.Binary && inner.operator === BinaryOperator.Add;
  }
}

/** Whether evaluating the expression can neither fail nor go on for ever. */
function hasValue(node: Expression): boolean {
  const inner = withoutParentheses(node);
  switch (inner.kind) {
    case Kind.Integer:
    case Kind.Float:
    case Kind.List:
    case Kind.Lambda:
      return true;
    case Kind.String:
      return inner.parts.every(({ kind }) => kind === Kind.TextPart);
    default:
      return false;
  }
}
