/** Selections, `a.b or c`, and what has an attribute, `a ? b`. */
import { Op } from '../bytecode/opcode';
import { Kind, staticName, type AttributeName, type HasAttributeNode, type SelectNode } from '../syntax/tree';
import type { ChunkCompiler } from './chunk-compiler';

export function emitSelect(compiler: ChunkCompiler, node: SelectNode, at: number): void {
  const { emitter } = compiler;
  compiler.value(node.target, at);
  const missing = node.fallback === undefined ? undefined : [];
  emitPath(compiler, node, at, missing, node.path.names.length);
  if (missing === undefined || node.fallback === undefined) return;
  const end = emitter.jump(Op.Jump, -1);
  for (const jump of missing) emitter.land(jump);
  compiler.value(node.fallback, at + node.fallbackAt);
  emitter.land(end);
}

export function emitHasAttribute(compiler: ChunkCompiler, node: HasAttributeNode, at: number): void {
  const { emitter } = compiler;
  compiler.value(node.target, at);
  const missing: number[] = [];
  const last = node.path.names.length - 1;
  emitPath(compiler, node, at, missing, last);
  const name = node.path.names[last]!;
  const known = staticName(name);
  if (known === undefined) emitAttributeName(compiler, name, at + node.pathAt + node.path.namesAt[last]!);
  emitter.at(at, at + node.width);
  if (known !== undefined) emitter.op1(Op.HasAttr, emitter.addSite(known));
  else emitter.op(Op.HasAttrDynamic);
  if (missing.length === 0) return;
  const end = emitter.jump(Op.Jump, -1);
  for (const jump of missing) emitter.land(jump);
  emitter.constant(false);
  emitter.land(end);
}

/** Selects the first `count` names of a path; with `missing`, jumps there where one is not found. */
function emitPath(
  compiler: ChunkCompiler,
  node: SelectNode | HasAttributeNode,
  at: number,
  missing: number[] | undefined,
  count: number,
): void {
  const { emitter } = compiler;
  const { names, namesAt } = node.path;
  for (let i = 0; i < count; i++) {
    const name = names[i]!;
    const nameAt = at + node.pathAt + namesAt[i]!;
    const known = staticName(name);
    if (known === undefined) emitAttributeName(compiler, name, nameAt);
    emitter.at(at, nameAt + name.width);
    if (known !== undefined) {
      emitter.op1(missing === undefined ? Op.AttrsSelect : Op.AttrsTrySelect, emitter.addSite(known));
    } else emitter.op(missing === undefined ? Op.AttrsSelectDynamic : Op.AttrsTrySelectDynamic);
    if (missing !== undefined) missing.push(emitter.jump(Op.JumpIfNotFound, 0));
  }
}

/** Leaves a computed attribute name on the stack. */
export function emitAttributeName(compiler: ChunkCompiler, name: AttributeName, at: number): void {
  if (name.kind === Kind.DynamicName) compiler.value(name.expression, at + name.expressionAt);
  else if (name.kind === Kind.String) compiler.string(name, at);
  else compiler.emitter.constant(name.name);
}
