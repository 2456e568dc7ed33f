/**
 * The frames that an instruction adds to the trace of an error: what C++ Nix's
 * evaluator (libexpr/eval.cc) says on the way from the instruction's expression
 * up to the root of its chunk. Nothing of it is kept in the byte code: an error
 * asks for an instruction's source range, and the path of nodes to that range
 * tells the rest.
 *
 * Offsets are relative to the start of the chunk's body, as in spans.
 */
import type { Bytes } from '../base/bytes';
import type {
  Explanation,
  PlainFrame,
  SelectedName,
  SelectionFrame,
  VariablePlace,
} from '../bytecode/explanation';
import type { Span } from '../bytecode/chunk';
import { Op } from '../bytecode/opcode';
import {
  BinaryOperator,
  Kind,
  staticName,
  staticString,
  StringStyle,
  withoutParentheses,
  type AttributeName,
  type BinaryNode,
  type Expression,
  type HasAttributeNode,
  type Node,
  type SelectNode,
  type StringPart,
} from '../syntax/tree';
import { forEachChild } from '../syntax/walk';
import { printAttributeName } from '../base/literals';
import type { Position } from '../values/position';
import type { NodeBlueprint } from './blueprint';
import { ChunkCompiler } from './chunk-compiler';
import { Emitter, JumpTooFar } from './emitter';
import type { Resolution } from './scope';
import { showExpression, type Places } from './show-expression';

/** An expression that a chunk evaluates itself, and where it starts. */
interface Placed {
  readonly node: Expression;
  readonly at: number;
}

/** One step down the tree: from `outer` to the part that `role` names. */
interface Step {
  readonly outer: Placed;
  readonly inner: Placed;
  readonly role: Role;
}

/** `name` is a computed attribute name; `tail` is a part that adds no frame. */
type Role = 'operand' | 'left' | 'right' | 'target' | 'name' | 'fallback' | 'part' | 'condition' | 'tail';

/** Explains the instruction at `at` of a blueprint's code. */
export function explainInstruction(blueprint: NodeBlueprint, at: number): Explanation {
  return new Explainer(blueprint).explain(at);
}

/** The condition of the assertion whose failure has that span, in canonical form. */
export function assertionText(blueprint: NodeBlueprint, span: Span): Bytes {
  const steps = stepsTo(blueprint, span);
  const node = steps.length > 0 ? steps[steps.length - 1]!.inner.node : rootOf(blueprint)?.node;
  return node?.kind === Kind.Assert ? showExpression(node.condition, placesOf(blueprint)) : '';
}

function placesOf({ unit }: NodeBlueprint): Places {
  return { directory: unit.directory, home: '~' };
}

class Explainer {
  private readonly probe: Probe;

  constructor(private readonly blueprint: NodeBlueprint) {
    this.probe = runProbe(blueprint);
  }

  explain(at: number): Explanation {
    const span = this.probe.spans.find((candidate) => candidate.at === at) ?? { at, start: 0, end: 0 };
    const op = (this.blueprint.chunk?.code[at] ?? Op.Return) as Op;
    const steps = stepsTo(this.blueprint, span);
    const node = steps.length > 0 ? steps[steps.length - 1]!.inner : rootOf(this.blueprint);
    const frames = node === undefined ? [] : this.ownFrames(node, op, span);
    for (let i = steps.length - 1; i >= 0; i--) frames.push(...this.stepFrames(steps[i]!, span));
    if (op === Op.SelectThunk) return this.inherited(span);
    return {
      place: this.position(span.start, span.end),
      call: node === undefined ? this.position(span.start, span.end) : this.callPosition(node, op, span),
      operands: node === undefined ? [] : this.operandFrames(node, span),
      frames,
    };
  }

  /** `inherit (source) name`: where the name stands, and as its operand where the source does. */
  private inherited(span: Span): Explanation {
    const base = this.blueprint.start;
    const source = inheritSource(this.blueprint, base + span.start);
    const place = this.position(span.start, span.end);
    const message = 'while selecting an attribute';
    const position = source === undefined ? undefined : this.position(source - base);
    return { place, call: place, operands: [{ kind: 'plain', message, position }], frames: [] };
  }

  private position(start: number, end?: number): Position {
    const base = this.blueprint.start;
    const { source } = this.blueprint.unit;
    return end === undefined
      ? { source, offset: base + start }
      : { source, offset: base + start, end: base + end };
  }

  private frame(message: Bytes, start: number | undefined): PlainFrame {
    return { kind: 'plain', message, position: start === undefined ? undefined : this.position(start) };
  }

  // --- Frames of the failing expression itself -----------------------------------

  private ownFrames({ node, at }: Placed, op: Op, span: Span): (PlainFrame | SelectionFrame)[] {
    switch (node.kind) {
      case Kind.Binary:
        return isOperation(op) ? this.operatorFrames(node, at) : [];
      case Kind.Negate:
        return isOperation(op) ? [this.frame("while calling the 'sub' builtin", at)] : [];
      case Kind.Select: {
        const index = indexOfName(node, at, span);
        return [this.selection(node, at, index, isSelection(op))];
      }
      case Kind.LegacyLet:
        return op === Op.AttrsSelect ? [this.bodySelection(at, node.width)] : [];
      case Kind.Assert: {
        if (op !== Op.AssertEqual) return [];
        const condition = showExpression(node.condition, placesOf(this.blueprint));
        return [this.frame(`while evaluating the condition of the assertion '${condition}'`, at)];
      }
      case Kind.SearchPath:
        return op === Op.FindFile ? [this.frame("while calling the 'findFile' builtin", at)] : [];
      default:
        return [];
    }
  }

  /** What surrounds the work of an operator that means a builtin. */
  private operatorFrames(node: BinaryNode, at: number): PlainFrame[] {
    const builtin = builtinOf(node.operator);
    if (builtin === undefined) return [];
    const operatorAt = at + node.operatorAt;
    const call = this.frame(`while calling the '${builtin}' builtin`, operatorAt);
    return isNegated(node.operator) ? [call, this.frame("in the argument of '!'", operatorAt)] : [call];
  }

  private operandFrames({ node, at }: Placed, span: Span): PlainFrame[] {
    switch (node.kind) {
      case Kind.Binary: {
        const left = { node: node.left, at };
        const right = { node: node.right, at: at + node.rightAt };
        // What an operand of `+` coerces to belongs to where it is written, parentheses included.
        if (node.operator === BinaryOperator.Add) {
          return [this.frame('', left.at), this.frame('', right.at)];
        }
        return [left, right].map(({ node: operand, at: operandAt }, i) =>
          this.frame(operandMessage(node.operator, i), positionOf(operand, operandAt)),
        );
      }
      case Kind.Assert:
        return [this.frame('', positionOf(node.condition, at + node.conditionAt))];
      case Kind.Select:
      case Kind.HasAttribute: {
        const name = node.path.names[indexOfName(node, at, span)];
        const nameAt = at + node.pathAt + (node.path.namesAt[indexOfName(node, at, span)] ?? 0);
        return name === undefined ? [] : [this.frame('', namePosition(name, nameAt))];
      }
      default:
        return [];
    }
  }

  /** The position that C++ Nix has for calls and forces by the instruction. */
  private callPosition({ node, at }: Placed, op: Op, span: Span): Position | undefined {
    switch (node.kind) {
      case Kind.String:
      case Kind.Path:
      case Kind.AttributeSet:
      case Kind.Let:
      case Kind.LegacyLet:
        if (op !== Op.AssertBool) return this.position(span.start, span.end);
    }
    const start = positionOf(node, at);
    return start === undefined ? undefined : this.position(start, span.end);
  }

  // --- Frames of the expressions around it -----------------------------------------

  private stepFrames({ outer, inner, role }: Step, span: Span): (PlainFrame | SelectionFrame)[] {
    const { node, at } = outer;
    const innerAt = positionOf(inner.node, inner.at);
    switch (node.kind) {
      case Kind.Binary:
        return this.binaryFrames(node, at, inner, role);
      case Kind.Not:
        return [this.frame("in the argument of '!'", innerAt)];
      case Kind.Negate:
        return [this.frame("while calling the 'sub' builtin", at)];
      case Kind.If:
        return role === 'condition' ? [this.frame('while evaluating a branch condition', innerAt)] : [];
      case Kind.Assert:
        return role === 'condition' ? [this.frame('in the condition of the assert statement', innerAt)] : [];
      case Kind.String:
      case Kind.Path:
        return [this.frame("in an operand of '+'", innerAt)];
      case Kind.HasAttribute:
        return role === 'target' ? [this.frame("in the argument of '?'", innerAt)] : [];
      case Kind.Select:
        if (role === 'target') return [this.frame('while selecting an attribute', innerAt)];
        return [
          this.selection(
            node,
            at,
            role === 'name' ? indexOfName(node, at, span) : node.path.names.length,
            false,
          ),
        ];
      default:
        return [];
    }
  }

  private binaryFrames(node: BinaryNode, at: number, inner: Placed, role: Role): PlainFrame[] {
    const message = operandMessage(node.operator, role === 'left' ? 0 : 1);
    if (message === '') return this.operatorFrames(node, at);
    // The operands of a chain of `//` are collected first, so those inside add nothing.
    if (node.operator === BinaryOperator.Update && isUpdate(inner.node)) return [];
    return [this.frame(message, positionOf(inner.node, inner.at))];
  }

  /** `let { … }` means `(rec { … }).body`. */
  private bodySelection(at: number, width: number): SelectionFrame {
    return {
      kind: 'selection',
      position: this.position(at, at + width),
      names: [{ name: 'body', text: 'body' }],
      index: 0,
      looksUp: true,
      target: undefined,
    };
  }

  private selection(node: SelectNode, at: number, index: number, looksUp: boolean): SelectionFrame {
    const places = placesOf(this.blueprint);
    const names = node.path.names.map((name): SelectedName => {
      const known = staticName(name);
      if (known !== undefined) return { name: known, text: printAttributeName(known) };
      const expression = name.kind === Kind.DynamicName ? name.expression : (name as Expression);
      return { name: undefined, text: `"\${${showExpression(expression, places)}}"` };
    });
    return {
      kind: 'selection',
      position: this.position(at, at + node.width),
      names,
      index,
      looksUp,
      target: node.target.kind === Kind.Identifier ? this.probe.variableAt(at) : undefined,
    };
  }
}

// --- The way to an instruction --------------------------------------------------------

function rootOf({ body }: NodeBlueprint): Placed | undefined {
  switch (body.kind) {
    case 'expression':
      return { node: body.node, at: 0 };
    case 'lambda':
      return { node: body.node.body, at: body.node.bodyAt };
    case 'group':
      return undefined;
  }
}

/** Where the source of the `inherit` starts that holds an offset; both are from the start of the text. */
function inheritSource(blueprint: NodeBlueprint, offset: number): number | undefined {
  let owner = blueprint;
  // The set of a nested attribute path has no node of its own; one around it has.
  while (owner.body.kind === 'group' && owner.parent !== undefined) owner = owner.parent;
  let place = rootOf(owner) as { node: Node; at: number } | undefined;
  if (place === undefined) return undefined;
  place = { node: place.node, at: place.at + owner.start };
  for (;;) {
    const { node, at }: { node: Node; at: number } = place;
    if (node.kind === Kind.Inherit) return node.source === undefined ? undefined : at + node.sourceAt;
    let inner: { node: Node; at: number } | undefined;
    forEachChild(node, at, (child, childAt) => {
      if (childAt <= offset && offset < childAt + child.width) inner = { node: child, at: childAt };
    });
    if (inner === undefined) return undefined;
    place = inner;
  }
}

/** The steps from the root of a chunk to the innermost expression that covers a span. */
function stepsTo(blueprint: NodeBlueprint, span: Span): Step[] {
  const steps: Step[] = [];
  let outer = rootOf(blueprint);
  while (outer !== undefined) {
    const step: Step | undefined = stepInto(outer, span);
    if (step === undefined) break;
    steps.push(step);
    outer = step.inner;
  }
  return steps;
}

function stepInto(outer: Placed, span: Span): Step | undefined {
  for (const [role, node, at] of partsOf(outer.node, outer.at)) {
    if (at <= span.start && span.end <= at + node.width) return { outer, inner: { node, at }, role };
  }
  return undefined;
}

type Part = readonly [role: Role, node: Expression, at: number];

/** The parts of an expression that its own chunk evaluates. */
function partsOf(node: Expression, at: number): Part[] {
  switch (node.kind) {
    case Kind.Parenthesised:
      return [['tail', node.inner, at + node.innerAt]];
    case Kind.String:
    case Kind.Path:
      return interpolated(node.parts, node.partsAt, at);
    case Kind.Let:
      return [['tail', node.body, at + node.bodyAt]];
    case Kind.With:
      return [['tail', node.body, at + node.bodyAt]];
    case Kind.Assert:
      return [
        ['condition', node.condition, at + node.conditionAt],
        ['tail', node.body, at + node.bodyAt],
      ];
    case Kind.If:
      return [
        ['condition', node.condition, at + node.conditionAt],
        ['tail', node.consequent, at + node.consequentAt],
        ['tail', node.alternative, at + node.alternativeAt],
      ];
    case Kind.Call:
      return [['tail', node.callee, at]];
    case Kind.Select:
    case Kind.HasAttribute:
      return selectionParts(node, at);
    case Kind.Not:
    case Kind.Negate:
      return [['operand', node.operand, at + node.operandAt]];
    case Kind.Binary:
      return [
        ['left', node.left, at],
        ['right', node.right, at + node.rightAt],
      ];
    default:
      return [];
  }
}

function interpolated(parts: readonly StringPart[], places: readonly number[], at: number): Part[] {
  return parts.flatMap((part, i): Part[] =>
    part.kind === Kind.Interpolation ? [['part', part.expression, at + places[i]! + part.expressionAt]] : [],
  );
}

function selectionParts(node: SelectNode | HasAttributeNode, at: number): Part[] {
  const parts: Part[] = [['target', node.target, at]];
  node.path.names.forEach((name, i) => {
    const nameAt = at + node.pathAt + node.path.namesAt[i]!;
    if (name.kind === Kind.DynamicName) parts.push(['name', name.expression, nameAt + name.expressionAt]);
    else if (name.kind === Kind.String) parts.push(['name', name, nameAt]);
  });
  if (node.kind === Kind.Select && node.fallback !== undefined) {
    parts.push(['fallback', node.fallback, at + node.fallbackAt]);
  }
  return parts;
}

/** Which name of a path a span belongs to: spans of selections end behind their name. */
function indexOfName(node: SelectNode | HasAttributeNode, at: number, span: Span): number {
  const { names, namesAt } = node.path;
  const index = names.findIndex((name, i) => span.end <= at + node.pathAt + namesAt[i]! + name.width);
  return index < 0 ? names.length - 1 : index;
}

// --- What C++ Nix calls things and where it sees them -----------------------------------

function operandMessage(operator: BinaryOperator, operand: number): Bytes {
  const symbol = operandSymbols.get(operator);
  if (operator === BinaryOperator.Add) return "in an operand of '+'";
  return symbol === undefined ? '' : `in the ${operand === 0 ? 'left' : 'right'} operand of '${symbol}'`;
}

const operandSymbols = new Map<BinaryOperator, string>([
  [BinaryOperator.Equal, '=='],
  [BinaryOperator.NotEqual, '!='],
  [BinaryOperator.And, '&&'],
  [BinaryOperator.Or, '||'],
  [BinaryOperator.Implication, '->'],
  [BinaryOperator.Update, '//'],
  [BinaryOperator.Concat, '++'],
]);

/** The builtin that an operator calls. */
function builtinOf(operator: BinaryOperator): string | undefined {
  switch (operator) {
    case BinaryOperator.Subtract:
      return 'sub';
    case BinaryOperator.Multiply:
      return 'mul';
    case BinaryOperator.Divide:
      return 'div';
    case BinaryOperator.Less:
    case BinaryOperator.LessOrEqual:
    case BinaryOperator.Greater:
    case BinaryOperator.GreaterOrEqual:
      return 'lessThan';
    default:
      return undefined;
  }
}

/** `a <= b` means `!(b < a)`. */
function isNegated(operator: BinaryOperator): boolean {
  return operator === BinaryOperator.LessOrEqual || operator === BinaryOperator.GreaterOrEqual;
}

function isUpdate(node: Expression): boolean {
  const inner = withoutParentheses(node);
  return inner.kind === Kind.Binary && inner.operator === BinaryOperator.Update;
}

/** Whether an instruction is the work of an operator, and not a check or a jump around it. */
function isOperation(op: Op): boolean {
  switch (op) {
    case Op.Sub:
    case Op.Mul:
    case Op.Div:
    case Op.Negate:
    case Op.Less:
    case Op.LessOrEq:
    case Op.More:
    case Op.MoreOrEq:
      return true;
    default:
      return false;
  }
}

function isSelection(op: Op): boolean {
  switch (op) {
    case Op.AttrsSelect:
    case Op.AttrsSelectDynamic:
    case Op.AttrsTrySelect:
    case Op.AttrsTrySelectDynamic:
      return true;
    default:
      return false;
  }
}

function namePosition(name: AttributeName, at: number): number | undefined {
  if (name.kind === Kind.DynamicName) return positionOf(name.expression, at + name.expressionAt);
  return name.kind === Kind.String ? positionOf(name, at) : at;
}

/** Where C++ Nix says that an expression is; some have no place there. */
function positionOf(node: Expression, at: number): number | undefined {
  switch (node.kind) {
    case Kind.Integer:
    case Kind.Float:
    case Kind.Let:
      return undefined;
    case Kind.String:
      if (staticString(node) !== undefined) return undefined;
      // The interpolated parts inside double quotes begin behind the quote.
      return node.style === StringStyle.Quoted ? at + node.partsAt[0]! : at;
    case Kind.Path:
      return node.parts.length === 1 ? undefined : at;
    case Kind.Parenthesised:
      return positionOf(node.inner, at + node.innerAt);
    case Kind.List:
      return node.items.length === 0 ? undefined : positionOf(node.items[0]!, at + node.itemsAt[0]!);
    case Kind.HasAttribute:
      return positionOf(node.target, at);
    case Kind.Not:
      return positionOf(node.operand, at + node.operandAt);
    case Kind.Call:
      return callPosition(node.callee, at) ?? at;
    case Kind.Binary:
      return binaryPosition(node, at);
    default:
      return at;
  }
}

/** A call of a call is one call, which stands where the inner one does. */
function callPosition(callee: Expression, at: number): number | undefined {
  const inner = withoutParentheses(callee);
  const isCall =
    inner.kind === Kind.Call ||
    inner.kind === Kind.Negate ||
    inner.kind === Kind.SearchPath ||
    (inner.kind === Kind.Binary && isCallOperator(inner.operator));
  return isCall ? positionOf(callee, at) : undefined;
}

function binaryPosition(node: BinaryNode, at: number): number | undefined {
  if (node.operator === BinaryOperator.PipeInto) {
    return callPosition(node.right, at + node.rightAt) ?? at + node.operatorAt;
  }
  if (node.operator === BinaryOperator.PipeFrom) {
    return callPosition(node.left, at) ?? at + node.operatorAt;
  }
  return at + node.operatorAt;
}

function isCallOperator(operator: BinaryOperator): boolean {
  if (operator === BinaryOperator.PipeInto || operator === BinaryOperator.PipeFrom) return true;
  return builtinOf(operator) !== undefined && !isNegated(operator);
}

// --- Looking at a compilation -------------------------------------------------------------

/** Compiles as always, and notes where variables are found. */
class Probe extends ChunkCompiler {
  private readonly variables = new Map<number, Resolution>();

  constructor(
    blueprint: NodeBlueprint,
    emitter: Emitter,
    readonly spans: Span[],
  ) {
    super(blueprint, emitter);
  }

  override variable(name: string): void {
    const resolution = this.resolve(name);
    super.variable(name);
    const start = this.spans[this.spans.length - 1]?.start;
    if (start !== undefined) this.variables.set(start, resolution);
  }

  /** Where the variable is found whose name stands at `start`. */
  variableAt(start: number): VariablePlace | undefined {
    const resolution = this.variables.get(start);
    switch (resolution?.kind) {
      case 'local':
      case 'upvalue':
        return resolution;
      case 'global':
        return { kind: 'constant', value: resolution.value };
      default:
        return undefined;
    }
  }
}

function runProbe(blueprint: NodeBlueprint): Probe {
  try {
    return probeWith(blueprint, false);
  } catch (error) {
    if (!(error instanceof JumpTooFar)) throw error;
    return probeWith(blueprint, true);
  }
}

function probeWith(blueprint: NodeBlueprint, wide: boolean): Probe {
  const spans: Span[] = [];
  const probe = new Probe(blueprint, new Emitter(wide, spans), spans);
  probe.compile();
  return probe;
}
