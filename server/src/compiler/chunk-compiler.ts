/**
 * Compiles one chunk. What is below it is only prepared: each function and each
 * thunk becomes a blueprint with its captures, and is compiled when it first
 * runs. All that a chunk needs to know of its surroundings is in its own
 * blueprint: which names it captures, and whether there are `with` scopes.
 *
 * Two ways to emit an expression: {@link ChunkCompiler.value} leaves its value,
 * in weak head normal form, on the stack; {@link ChunkCompiler.lazy} leaves a
 * value or a thunk, as C++ Nix's `maybeThunk` does.
 *
 * Offsets are relative to the start of the blueprint's body.
 */
import type { Bytes } from '../base/bytes';
import type { Chunk, Span } from '../bytecode/chunk';
import { BoolRole, CaptureTag, CoercionFlag, Op } from '../bytecode/opcode';
import { literalPath } from '../host/path';
import { freeNames } from '../names/free-names';
import {
  Kind,
  PathStyle,
  type CallNode,
  type Expression,
  type FreeNames,
  type IfNode,
  type InterpolationNode,
  type LambdaNode,
  type PathNode,
  type StringNode,
  type StringPart,
  staticString,
  withoutParentheses,
} from '../syntax/tree';
import { Float, Path, type Value } from '../values/value';
import type { Body, NodeBlueprint } from './blueprint';
import { emitLet, emitSet } from './bindings';
import { Emitter, JumpTooFar } from './emitter';
import { emitLambdaBody } from './functions';
import { emitBinary, emitFailedEquality, emitNegate, isEquality } from './operators';
import { Scope, type Resolution } from './scope';
import { emitHasAttribute, emitSelect } from './selection';

/** Compiles a blueprint's chunk; fills `spans` if they are wanted. */
export function compileChunk(blueprint: NodeBlueprint, spans: Span[] | undefined): Chunk {
  try {
    return new ChunkCompiler(blueprint, new Emitter(false, spans)).compile();
  } catch (error) {
    if (!(error instanceof JumpTooFar)) throw error;
    if (spans !== undefined) spans.length = 0;
    return new ChunkCompiler(blueprint, new Emitter(true, spans)).compile();
  }
}

export class ChunkCompiler {
  scope: Scope = new Scope(undefined);
  /** Locals from this slot on are captured only when Finalise runs, whether they are filled or not. */
  deferredFrom = Infinity;
  /** How many `with` scopes of the chunk itself are open. */
  private withDepth = 0;

  constructor(
    readonly blueprint: NodeBlueprint,
    readonly emitter: Emitter,
  ) {}

  compile(): Chunk {
    const { body } = this.blueprint;
    switch (body.kind) {
      case 'expression':
        this.value(body.node, 0, true);
        break;
      case 'lambda':
        emitLambdaBody(this, body.node);
        break;
      case 'group':
        emitSet(this, body.group, 0, body.width);
        break;
    }
    this.emitter.op(Op.Return);
    return this.emitter.finish();
  }

  // --- Names -------------------------------------------------------------------

  resolve(name: string): Resolution {
    const slot = this.scope.find(name);
    if (slot !== undefined) return { kind: 'local', slot };
    const index = this.blueprint.captures.indexOf(name);
    if (index >= 0) return { kind: 'upvalue', index };
    const value = this.blueprint.unit.globals.get(name);
    if (value !== undefined) return { kind: 'global', value };
    return { kind: 'dynamic' };
  }

  /** Whether a name means the builtin of that name here, and no binding of the program's own. */
  isGlobal(name: string): boolean {
    return this.resolve(name).kind === 'global';
  }

  private isFilled(slot: number): boolean {
    return slot < this.emitter.height && slot < this.deferredFrom;
  }

  private get hasWith(): boolean {
    return this.withDepth > 0 || this.blueprint.capturesWith;
  }

  /** The value of a variable. */
  variable(name: string): void {
    const { emitter } = this;
    const resolution = this.resolve(name);
    switch (resolution.kind) {
      case 'local':
        return emitter.op1(Op.GetLocalForced, resolution.slot);
      case 'upvalue':
        return emitter.op1(Op.GetUpvalueForced, resolution.index);
      case 'global':
        emitter.constant(resolution.value);
        // Some constants, such as `derivation`, are thunks.
        if (isThunkLike(resolution.value)) emitter.op(Op.Force);
        return;
      case 'dynamic':
        return emitter.op1(Op.ResolveWith, emitter.addSite(name));
    }
  }

  /** A variable without forcing it; false where that takes a thunk. */
  private tryVariable(name: string): boolean {
    const { emitter } = this;
    const resolution = this.resolve(name);
    switch (resolution.kind) {
      case 'local':
        if (!this.isFilled(resolution.slot)) return false;
        emitter.op1(Op.GetLocal, resolution.slot);
        return true;
      case 'upvalue':
        emitter.op1(Op.GetUpvalue, resolution.index);
        return true;
      case 'global':
        emitter.constant(resolution.value);
        return true;
      case 'dynamic':
        return false;
    }
  }

  /**
   * A variable as `inherit` takes it: its value if there is one already, else a
   * thunk. Resolved in the current scope.
   */
  inherited(name: string, node: Expression, at: number): void {
    if (!this.tryVariable(name)) this.thunk({ kind: 'expression', node }, freeNames(node), at, name);
  }

  // --- Thunks and functions -------------------------------------------------------

  /** Pushes a thunk. Returns whether it has captures that Finalise must complete. */
  thunk(body: Body, free: FreeNames, at: number, name: string): boolean {
    return this.blueprinted(Op.ThunkSuspended, 'thunk', body, free, at, name);
  }

  private closure(node: LambdaNode, at: number, name: string): boolean {
    return this.blueprinted(Op.Closure, 'lambda', { kind: 'lambda', node }, freeNames(node), at, name);
  }

  private blueprinted(
    op: Op,
    kind: 'thunk' | 'lambda',
    body: Body,
    free: FreeNames,
    at: number,
    name: string,
  ): boolean {
    const { emitter } = this;
    const captures = this.captures(free);
    const child = this.blueprint.child(kind, name, at, body, captures);
    emitter.op1(op, emitter.addConstant(child), 1);
    this.emitCaptures(captures);
    return captures.deferred;
  }

  /** What a child takes from this chunk. */
  captures(free: FreeNames): Captures {
    const captures: Captures = { names: [], positions: [], capturesWith: false, deferred: false };
    for (const name of free.lexical) this.addCapture(captures, name);
    for (const name of free.dynamic) this.addCapture(captures, name);
    return captures;
  }

  private addCapture(captures: Captures, name: string): void {
    const resolution = this.resolve(name);
    switch (resolution.kind) {
      case 'global':
        return;
      case 'dynamic':
        if (this.hasWith) captures.capturesWith = true;
        return;
    }
    if (captures.names.includes(name)) return;
    captures.names.push(name);
    if (resolution.kind === 'upvalue') captures.positions.push((resolution.index << 2) | CaptureTag.Upvalue);
    else if (this.isFilled(resolution.slot)) {
      captures.positions.push((resolution.slot << 2) | CaptureTag.Local);
    } else {
      captures.positions.push((resolution.slot << 2) | CaptureTag.Deferred);
      captures.deferred = true;
    }
  }

  emitCaptures({ positions, capturesWith }: Captures): void {
    const { emitter } = this;
    emitter.varint((positions.length << 1) | (capturesWith ? 1 : 0));
    for (const position of positions) emitter.varint(position);
  }

  // --- Lazily ------------------------------------------------------------------------

  /**
   * Leaves the expression's value or a thunk of it. `name` is the name it is
   * bound to, if any; `inData` says that it becomes part of a set or a list,
   * where Nix shows a function that nobody forced as a thunk.
   * Returns whether Finalise must complete its captures.
   */
  lazy(node: Expression, at: number, name: string, inData: boolean): boolean {
    const { emitter } = this;
    emitter.at(at, at + node.width);
    switch (node.kind) {
      case Kind.Integer:
        emitter.constant(node.value);
        return false;
      case Kind.Float:
        emitter.constant(new Float(node.value));
        return false;
      case Kind.String: {
        const text = staticString(node);
        if (text === undefined) break;
        emitter.constant(text);
        return false;
      }
      case Kind.Path: {
        if (!isConstantPath(node)) break;
        this.constantPath(node);
        return false;
      }
      case Kind.Identifier:
        if (this.tryVariable(node.name)) return false;
        break;
      case Kind.Parenthesised:
        return this.lazy(node.inner, at + node.innerAt, name, inData);
      case Kind.List:
        if (node.items.length > 0) break;
        emitter.constant(emptyList);
        return false;
      case Kind.Lambda:
        if (!inData) return this.closure(node, at, name);
        break;
    }
    return this.thunk({ kind: 'expression', node }, freeNames(node), at, name);
  }

  // --- Values --------------------------------------------------------------------------

  /** Leaves the expression's value in weak head normal form. `isTail` says that it
   * is the value of the chunk; `name` is for functions.
   */
  value(node: Expression, at: number, isTail = false, name = this.bodyName(node)): void {
    const { emitter } = this;
    emitter.at(at, at + node.width);
    switch (node.kind) {
      case Kind.Integer:
        return emitter.constant(node.value);
      case Kind.Float:
        return emitter.constant(new Float(node.value));
      case Kind.String:
        return this.string(node, at);
      case Kind.Path:
        return this.path(node, at);
      case Kind.SearchPath:
        return this.searchPath(node.path);
      case Kind.Identifier:
        return this.variable(node.name);
      case Kind.CurrentPosition:
        return emitter.op(Op.CurrentPosition);
      case Kind.Parenthesised:
        return this.value(node.inner, at + node.innerAt, isTail, name);
      case Kind.List:
        node.items.forEach((item, i) => this.lazy(item, at + node.itemsAt[i]!, '', true));
        emitter.at(at, at + node.width);
        return emitter.op1(Op.List, node.items.length, 1 - node.items.length);
      case Kind.AttributeSet:
      case Kind.LegacyLet:
      case Kind.Let:
        return emitLet(this, node, at, isTail);
      case Kind.With:
        this.lazy(node.environment, at + node.environmentAt, '', false);
        emitter.at(at, at + node.width);
        emitter.op(Op.PushWith);
        this.withDepth++;
        this.value(node.body, at + node.bodyAt, isTail);
        this.withDepth--;
        return emitter.op(Op.PopWith);
      case Kind.Assert: {
        this.boolean(node.condition, at + node.conditionAt, BoolRole.Assertion);
        const passed = emitter.jump(Op.JumpIfTrue, -1);
        emitFailedEquality(this, node.condition, at + node.conditionAt);
        // The error stands at the keyword and shows the condition.
        emitter.at(at, at + node.conditionAt + node.condition.width);
        if (isEquality(node.condition)) emitter.op(Op.AssertEqual);
        emitter.op(Op.AssertFail);
        emitter.land(passed);
        emitter.adjust(1);
        emitter.op(Op.Pop);
        return this.value(node.body, at + node.bodyAt, isTail);
      }
      case Kind.If:
        return this.conditional(node, at, isTail);
      case Kind.Lambda:
        this.closure(node, at, name);
        return;
      case Kind.Call:
        return this.call(node, at, isTail);
      case Kind.Select:
        return emitSelect(this, node, at);
      case Kind.HasAttribute:
        return emitHasAttribute(this, node, at);
      case Kind.Not:
        this.boolean(node.operand, at + node.operandAt, BoolRole.Not);
        emitter.at(at, at + node.width);
        return emitter.op(Op.Invert);
      case Kind.Negate:
        return emitNegate(this, node, at);
      case Kind.Binary:
        return emitBinary(this, node, at);
      case Kind.Missing:
        return emitter.op1(Op.Fail, emitter.addConstant(node.message));
    }
  }

  /** A function that is the body of a named function has its name too, as in C++ Nix. */
  private bodyName(node: Expression): string {
    const { blueprint } = this;
    // A toplevel chunk is called as its file, which is not the name of what is in it.
    if (node.kind !== Kind.Lambda || blueprint.kind === 'toplevel') return '';
    return isBodyOf(blueprint.body, node) ? blueprint.name : '';
  }

  /** The value of an expression that has to be a Boolean. */
  boolean(node: Expression, at: number, role: BoolRole): void {
    this.value(node, at);
    this.assertBoolean(node, at, role);
  }

  /** The check that the value on top, which is that of an expression, is a Boolean. */
  assertBoolean(node: Expression, at: number, role: BoolRole): void {
    this.emitter.at(at, at + node.width);
    this.emitter.op1(Op.AssertBool, role);
  }

  string(node: StringNode, at: number): void {
    const { emitter } = this;
    const text = staticString(node);
    if (text !== undefined) return emitter.constant(text);
    this.parts(node.parts, node.partsAt, at, CoercionFlag.CopyToStore);
    emitter.at(at, at + node.width);
    const count = node.parts.length;
    // A string of one interpolation is what it coerces to.
    if (count > 1) emitter.op1(Op.Interpolate, count, 1 - count);
  }

  private parts(
    parts: readonly StringPart[],
    places: readonly number[],
    at: number,
    flags: CoercionFlag,
  ): void {
    parts.forEach((part, i) => {
      const partAt = at + places[i]!;
      if (part.kind === Kind.TextPart) {
        this.emitter.at(partAt, partAt + part.width);
        this.emitter.constant(part.text);
      } else this.interpolation(part, partAt, flags);
    });
  }

  private interpolation(part: InterpolationNode, at: number, flags: CoercionFlag): void {
    this.value(part.expression, at + part.expressionAt);
    this.emitter.at(at, at + part.width);
    this.emitter.op1(Op.CoerceToString, flags);
  }

  /** Pushes the path that the first part of a literal stands for. */
  private constantPath(node: PathNode): void {
    const { emitter } = this;
    const text = firstText(node);
    if (node.style !== PathStyle.Relative) return emitter.constant(new Path(literalPath(text)));
    emitter.relativePath(new Path(literalPath(`${this.blueprint.unit.directory}/${text}`)), text);
  }

  private path(node: PathNode, at: number): void {
    const { emitter } = this;
    if (node.style === PathStyle.Home) {
      emitter.op1(Op.ResolveHomePath, emitter.addConstant(firstText(node)));
    } else this.constantPath(node);
    const count = node.parts.length;
    if (count === 1) return;
    this.parts(node.parts.slice(1), node.partsAt.slice(1), at, CoercionFlag.Weak);
    emitter.at(at, at + node.width);
    emitter.op1(Op.InterpolatePath, count, 1 - count);
  }

  private searchPath(path: string): void {
    const { emitter } = this;
    if (this.isGlobal('__findFile') && this.isGlobal('__nixPath')) {
      return emitter.op1(Op.FindFile, emitter.addConstant(path));
    }
    this.variable('__findFile');
    if (!this.tryVariable('__nixPath')) this.variable('__nixPath');
    emitter.constant(path);
    emitter.op1(Op.Call, 2, -2);
  }

  private conditional(node: IfNode, at: number, isTail: boolean): void {
    const { emitter } = this;
    this.boolean(node.condition, at + node.conditionAt, BoolRole.Condition);
    const otherwise = emitter.jump(Op.JumpIfFalse, -1);
    this.value(node.consequent, at + node.consequentAt, isTail);
    emitter.at(at, at + node.width);
    const end = emitter.jump(Op.Jump, 0);
    emitter.land(otherwise);
    // Here the condition is on the stack instead of the consequent.
    emitter.op(Op.Pop);
    this.value(node.alternative, at + node.alternativeAt, isTail);
    emitter.land(end);
  }

  private call(node: CallNode, at: number, isTail: boolean): void {
    const { emitter } = this;
    this.value(node.callee, at);
    node.args.forEach((argument, i) => this.lazy(argument, at + node.argsAt[i]!, '', false));
    emitter.at(at, at + node.width);
    emitter.op1(isTail ? Op.TailCall : Op.Call, node.args.length, -node.args.length);
  }
}

/** What a closure or a thunk captures: names, where they are found, and whether `with` scopes are needed. */
export interface Captures {
  readonly names: string[];
  readonly positions: number[];
  capturesWith: boolean;
  deferred: boolean;
}

const emptyList: readonly Value[] = [];

/** Whether a path depends neither on the home folder nor on interpolation. */
function isConstantPath(node: PathNode): boolean {
  return node.style !== PathStyle.Home && node.parts.length === 1;
}

/** The first part of a path as it is written. */
function firstText(node: PathNode): Bytes {
  const first = node.parts[0]!;
  return first.kind === Kind.TextPart ? first.text : '';
}

function isThunkLike(value: Value): boolean {
  return typeof value === 'object' && value !== null && 'code' in value;
}

/** Whether a node is what the chunk of this body computes in the end, but for parentheses. */
function isBodyOf(body: Body, node: Expression): boolean {
  if (body.kind === 'group') return false;
  return withoutParentheses(body.kind === 'lambda' ? body.node.body : body.node) === node;
}
