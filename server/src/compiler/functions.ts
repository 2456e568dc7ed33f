/**
 * Function bodies. The argument is in slot 0. With formals, BindFormals pushes a
 * slot for each of them; a default that has to be computed is a thunk there,
 * which FillDefault gives its captures once all slots exist, since defaults can
 * refer to each other in any order.
 */
import type { Blueprint } from '../bytecode/blueprint';
import { FormalsTable } from '../bytecode/constant';
import { Op } from '../bytecode/opcode';
import { freeNames } from '../names/free-names';
import { Kind, staticString, type Expression, type FormalsNode, type LambdaNode } from '../syntax/tree';
import { Float, type Value } from '../values/value';
import type { ChunkCompiler } from './chunk-compiler';
import { Scope } from './scope';

export function emitLambdaBody(compiler: ChunkCompiler, node: LambdaNode): void {
  const { emitter } = compiler;
  emitter.adjust(1);
  compiler.scope = new Scope(compiler.scope);
  if (node.formals !== undefined) emitFormals(compiler, node, node.formals);
  if (node.parameter !== undefined) compiler.scope.declare(node.parameter.name, 0);
  compiler.value(node.body, node.bodyAt, true);
  // Return takes the top, whatever is below it.
  emitter.adjust(1 - emitter.height);
}

function emitFormals(compiler: ChunkCompiler, node: LambdaNode, formals: FormalsNode): void {
  const { emitter, scope } = compiler;
  const first = emitter.height;
  formals.formals.forEach((formal, i) => scope.declare(formal.name.name, first + i));
  if (node.parameter !== undefined) scope.declare(node.parameter.name, 0);

  const { length } = formals.formals;
  const defaults = new Array<Value | Blueprint | undefined>(length);
  const table = new FormalsTable(
    formals.formals.map((formal) => formal.name.name),
    formals.formals.map((formal) => formal.fallback !== undefined),
    defaults,
    formals.ellipsis,
  );
  emitter.at(node.formalsAt, node.formalsAt + formals.width);
  emitter.op1(Op.BindFormals, emitter.addConstant(table), length);
  formals.formals.forEach((formal, i) => {
    const { fallback } = formal;
    if (fallback === undefined) return;
    const at = node.formalsAt + formals.formalsAt[i]! + formal.fallbackAt;
    const constant = constantValue(compiler, fallback);
    if (constant !== undefined) defaults[i] = constant;
    else defaults[i] = emitDefault(compiler, fallback, at, formal.name.name, first + i);
  });
}

/** Emits what completes the thunk of a default, and returns its blueprint. */
function emitDefault(
  compiler: ChunkCompiler,
  fallback: Expression,
  at: number,
  name: string,
  slot: number,
): Blueprint {
  const { emitter, blueprint } = compiler;
  const captures = compiler.captures(freeNames(fallback));
  const owner = blueprint.child('thunk', name, at, { kind: 'expression', node: fallback }, captures);
  emitter.at(at, at + fallback.width);
  emitter.op1(Op.FillDefault, slot);
  emitter.varint(emitter.addConstant(owner));
  compiler.emitCaptures(captures);
  return owner;
}

/** The value of an expression that needs nothing to run, or undefined. */
function constantValue(compiler: ChunkCompiler, node: Expression): Value | undefined {
  switch (node.kind) {
    case Kind.Integer:
      return node.value;
    case Kind.Float:
      return new Float(node.value);
    case Kind.String:
      return staticString(node);
    case Kind.Identifier: {
      const resolution = compiler.resolve(node.name);
      return resolution.kind === 'global' ? resolution.value : undefined;
    }
    case Kind.Parenthesised:
      return constantValue(compiler, node.inner);
    default:
      return undefined;
  }
}
