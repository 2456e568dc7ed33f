/**
 * What an error gains on its way out: positions, and the frames of its trace.
 *
 * Nothing here costs anything while a program runs. An activation hands each
 * error that leaves it to {@link explain}, a builtin's call to
 * {@link explainBuiltin}.
 *
 * C++ Nix gives positions from the outside in; here they come from the inside
 * out. So what waits for the position of the call that led to it is marked
 * with {@link atCall} (with {@link atOperand} for that of an operand), and the
 * next activation outside fills it in. A builtin has no position for what it
 * calls and checks, so what still waits then stays without one.
 */
import type { Blueprint } from '../bytecode/blueprint';
import type { Explanation, PlainFrame, SelectionFrame } from '../bytecode/explanation';
import { AttributeSite } from '../bytecode/constant';
import { Op } from '../bytecode/opcode';
import { readVarint } from '../bytecode/varint';
import { Attrs } from '../values/attrs';
import { printAttributeName } from '../base/literals';
import { atCall, atOperand, EvalError, isPending, type TraceFrame } from '../values/error';
import type { Position } from '../values/position';
import { isDone, Thunk } from '../values/thunk';
import type { Captured, Value } from '../values/value';
import type { BuiltinRecord } from './builtin-record';
import { fromJavaScript } from './failures';
import type { Slot, Vm } from './vm';

/** The state of an activation that an error leaves. */
export interface Activation {
  readonly blueprint: Blueprint;
  /** The offset of the instruction in the code. */
  readonly at: number;
  readonly stack: readonly Slot[];
  readonly base: number;
  readonly sp: number;
  readonly upvalues: readonly Captured[];
}

/** Completes an error that leaves an activation. */
export function explain(thrown: unknown, activation: Activation): unknown {
  const error = fromJavaScript(thrown);
  if (!(error instanceof EvalError)) return error;
  const { blueprint, at } = activation;
  const explanation = explanationOf(blueprint, at);
  const position = callPosition(explanation, activation);
  error.place ??= explanation.place;
  if (error.position === atCall) error.position = position;
  else if (isPending(error.position)) error.position = operandOf(error.position, explanation)?.position;
  placeFrames(error, position, explanation);
  for (const frame of explanation.frames) {
    if (frame.kind === 'plain') error.while(frame.message, frame.position);
    else addSelection(error, frame, activation);
  }
  if (blueprint.kind === 'lambda') addCall(error, blueprint, at);
  return error;
}

/** Completes an error that leaves an activation for the calls whose frame it took over, those from `from` on. */
export function explainTailCalls(vm: Vm, error: unknown, from: number): unknown {
  let explained = error;
  for (let i = vm.tailCalls - 1; i >= from; i--) {
    // Nothing that tells of a call asks for values.
    const state = { stack: [], base: 0, sp: 0, upvalues: [] };
    explained = explain(explained, { blueprint: vm.tailCallers[i]!, at: vm.tailOffsets[i]!, ...state });
  }
  vm.tailCalls = from;
  return explained;
}

/** Completes an error that leaves a builtin. */
export function explainBuiltin(thrown: unknown, record: BuiltinRecord): unknown {
  const error = fromJavaScript(thrown);
  if (!(error instanceof EvalError)) return error;
  placeAt(error, undefined);
  if (record.name !== 'addErrorContext') error.while(`while calling the '${record.name}' builtin`, atCall);
  return error;
}

/** Gives what waits for the position of a call that position, or none. */
export function placeAt(error: EvalError, position: Position | undefined): void {
  if (isPending(error.position)) error.position = position;
  placeFrames(error, position, undefined);
}

/** The frames of a function; only a full trace shows them. */
function addCall(error: EvalError, blueprint: Blueprint, at: number): void {
  if (blueprint.chunk?.code[at] === Op.BindFormals) {
    error.while('from call site', atCall);
    return;
  }
  const callee = blueprint.name === '' ? 'anonymous lambda' : `'${blueprint.name}'`;
  error.addFrame({ message: `while calling ${callee}`, position: blueprint.position(), detail: true });
  error.addFrame({ message: 'from call site', position: atCall, detail: true });
}

/** Gives the frames that wait for a position that position; a call without one is not mentioned. */
function placeFrames(
  error: EvalError,
  position: Position | undefined,
  explanation: Explanation | undefined,
): void {
  const frames: TraceFrame[] = [];
  let rest = error.trace;
  for (; error.pendingFrames > 0 && rest !== undefined; rest = rest.inner) {
    frames.push(rest.frame);
    if (isPending(rest.frame.position)) error.pendingFrames--;
  }
  error.pendingFrames = 0;
  for (const frame of frames.reverse()) {
    const placed = placeFrame(frame, position, explanation);
    if (placed !== undefined) rest = { frame: placed, inner: rest };
  }
  error.trace = rest;
}

function placeFrame(
  frame: TraceFrame,
  position: Position | undefined,
  explanation: Explanation | undefined,
): TraceFrame | undefined {
  if (!isPending(frame.position)) return frame;
  if (frame.position === atCall) {
    return position === undefined && frame.message === 'from call site' ? undefined : { ...frame, position };
  }
  const operand = operandOf(frame.position, explanation);
  return { ...frame, message: frame.message || (operand?.message ?? ''), position: operand?.position };
}

function operandOf(
  position: Position | undefined,
  explanation: Explanation | undefined,
): PlainFrame | undefined {
  const index = position === undefined ? -1 : atOperand.indexOf(position);
  return index < 0 ? undefined : explanation?.operands[index];
}

/** Explanations by blueprint and offset: an endless recursion passes the same instruction again and again. */
const explanations = new WeakMap<Blueprint, Map<number, Explanation>>();

function explanationOf(blueprint: Blueprint, at: number): Explanation {
  let known = explanations.get(blueprint);
  if (known === undefined) explanations.set(blueprint, (known = new Map()));
  let explanation = known.get(at);
  if (explanation === undefined) known.set(at, (explanation = blueprint.explain(at)));
  return explanation;
}

/**
 * Completes an error of `inherit (source) name`: of the source, or where it is
 * known of the attribute that was selected from it.
 */
export function explainInherited(
  thrown: unknown,
  blueprint: Blueprint,
  at: number,
  selected: { readonly name: string; readonly definition: Position | undefined } | undefined,
): unknown {
  const error = fromJavaScript(thrown);
  if (!(error instanceof EvalError)) return error;
  const { place, operands } = explanationOf(blueprint, at);
  error.place ??= place;
  if (selected === undefined) {
    placeAt(error, operands[0]?.position);
    return error.while('while selecting an attribute', operands[0]?.position);
  }
  const { name, definition } = selected;
  placeAt(error, definition ?? place);
  const text = printAttributeName(name);
  if (definition !== undefined) error.while(`from the definition of '${text}'`, definition);
  return error.while(`while evaluating the attribute '${text}'`, place);
}

// --- Selections -------------------------------------------------------------------

/** The position for what an instruction forces or calls: a selected attribute is forced where it is defined. */
function callPosition(explanation: Explanation, activation: Activation): Position | undefined {
  const [frame] = explanation.frames;
  if (frame?.kind !== 'selection' || !frame.looksUp) return explanation.call;
  const found = lookedUp(activation);
  return found?.set.positionOf(found.name) ?? explanation.call;
}

function addSelection(error: EvalError, frame: SelectionFrame, activation: Activation): void {
  const found = frame.looksUp ? lookedUp(activation) : undefined;
  const texts = frame.names.map(({ text }, i) =>
    i === frame.index && found !== undefined ? printAttributeName(found.name) : text,
  );
  const wasFound = found !== undefined && found.set.has(found.name);
  const definition = wasFound ? found.set.positionOf(found.name) : definitionBefore(frame, activation);
  if (definition !== undefined) {
    const path = texts.slice(0, wasFound ? frame.index + 1 : frame.index).join('.');
    error.while(`from the definition of '${path}'`, definition);
  }
  error.while(`while evaluating the attribute '${texts.join('.')}'`, frame.position);
}

/** The set and the name that a selecting instruction works on; undefined where it is no set. */
function lookedUp({ blueprint, at, stack, sp }: Activation): { set: Attrs; name: string } | undefined {
  const chunk = blueprint.chunk!;
  let set: Slot;
  let name: Slot;
  switch (chunk.code[at]) {
    case Op.AttrsSelect:
    case Op.AttrsTrySelect: {
      set = stack[sp - 1];
      name = siteName(blueprint, at);
      break;
    }
    case Op.AttrsSelectDynamic:
      set = stack[sp - 2];
      name = stack[sp - 1];
      break;
    case Op.AttrsTrySelectDynamic:
      set = stack[sp - 1];
      name = stack[sp];
      break;
  }
  return set instanceof Attrs && typeof name === 'string' ? { set, name } : undefined;
}

function siteName(blueprint: Blueprint, at: number): string | undefined {
  const { code, constants } = blueprint.chunk!;
  const site = constants[readVarint(code, at + 1)];
  return site instanceof AttributeSite ? site.name : undefined;
}

/**
 * Where the attribute before the one in question is defined. Its set is no
 * longer on the stack, so the path is walked again; all of it is evaluated.
 */
function definitionBefore(
  { target, names, index }: SelectionFrame,
  activation: Activation,
): Position | undefined {
  if (target === undefined || index === 0 || index >= names.length) return undefined;
  let value = finished(variable(target, activation));
  for (let i = 0; i < index; i++) {
    const { name } = names[i]!;
    if (!(value instanceof Attrs) || name === undefined) return undefined;
    if (i === index - 1) return value.positionOf(name);
    value = finished(value.get(name));
  }
  return undefined;
}

function variable(
  place: NonNullable<SelectionFrame['target']>,
  { stack, base, upvalues }: Activation,
): unknown {
  switch (place.kind) {
    case 'local':
      return stack[base + place.slot];
    case 'upvalue':
      return upvalues[place.index];
    case 'constant':
      return place.value;
  }
}

function finished(value: unknown): Value | undefined {
  if (!(value instanceof Thunk)) return value as Value | undefined;
  return isDone(value) ? (value.data as Value) : undefined;
}
