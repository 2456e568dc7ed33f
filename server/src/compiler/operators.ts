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
    return emitter.op(Op.Negate, 0);
  }
  compiler.variable('__sub');
  emitter.constant(0);
  compiler.lazy(operand, at + operandAt, '', false);
  emitter.at(at, at + width);
  emitter.op1(Op.Call, 2, -2);
}

export function emitBinary(compiler: ChunkCompiler, node: BinaryNode, at: number): void {
  const { emitter } = compiler;
  const name = operatorName(node.operator);
  if (name !== undefined && !compiler.isGlobal(name)) return emitOperatorCall(compiler, node, at, name);
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
    case BinaryOperator.PipeInto:
      compiler.value(node.right, rightAt);
      compiler.lazy(node.left, at, '', false);
      emitter.at(at, at + node.width);
      return emitter.op1(Op.Call, 1, -1);
    case BinaryOperator.PipeFrom:
      compiler.value(node.left, at);
      compiler.lazy(node.right, rightAt, '', false);
      emitter.at(at, at + node.width);
      return emitter.op1(Op.Call, 1, -1);
    case BinaryOperator.Greater:
    case BinaryOperator.LessOrEqual:
      // `a > b` means `b < a`, and its first operand is evaluated first.
      compiler.value(node.right, rightAt);
      compiler.value(node.left, at);
      break;
    case BinaryOperator.Update:
      // The right operand comes first, as in C++ Nix since 2.31.
      compiler.value(node.right, rightAt);
      emitter.at(at, at + node.width);
      emitter.op(Op.AssertAttrs, 0);
      compiler.value(node.left, at);
      break;
    case BinaryOperator.Add:
      compiler.value(node.left, at);
      if (!isAddable(node.left) && !hasValue(node.right)) {
        emitter.at(at, at + node.width);
        emitter.op(Op.AssertAddable, 0);
      }
      compiler.value(node.right, rightAt);
      break;
    default:
      compiler.value(node.left, at);
      compiler.value(node.right, rightAt);
  }
  emitter.at(at, at + node.width);
  emitter.op(operatorOps[node.operator]!, -1);
  if (node.operator === BinaryOperator.NotEqual) emitter.op(Op.Invert, 0);
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
  compiler.boolean(node.left, at, left);
  if (node.operator === BinaryOperator.Implication) emitter.op(Op.Invert, 0);
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
  emitter.op1(Op.AssertBool, BoolRole.Not, 0);
  emitter.op(Op.Invert, 0);
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
  switch (node.kind) {
    case Kind.Integer:
    case Kind.Float:
    case Kind.String:
    case Kind.Path:
      return true;
    case Kind.Parenthesised:
      return isAddable(node.inner);
    default:
      return node.kind === Kind.Binary && node.operator === BinaryOperator.Add;
  }
}

/** Whether evaluating the expression can neither fail nor go on for ever. */
function hasValue(node: Expression): boolean {
  switch (node.kind) {
    case Kind.Integer:
    case Kind.Float:
    case Kind.List:
    case Kind.Lambda:
      return true;
    case Kind.String:
      return node.parts.every(({ kind }) => kind === Kind.TextPart);
    case Kind.Parenthesised:
      return hasValue(node.inner);
    default:
      return false;
  }
}
