/**
 * The opcodes: one table from which the emitter, the machine's documentation,
 * the verifier and the disassembler are fed.
 *
 * Stack effects are written `before → after`, the top of the stack to the
 * right. "Forced" means: a value in weak head normal form, never a thunk.
 * Stack slots count from 0 at the base of the frame.
 */
import { InternalError } from '../base/internal-error';

export const enum Op {
  /** The sentinel that every unknown byte decodes to. */
  Invalid = 0,
  Constant,
  Pop,
  Invert,
  Negate,
  Add,
  Sub,
  Mul,
  Div,
  Equal,
  Less,
  LessOrEq,
  More,
  MoreOrEq,
  Jump,
  JumpIfTrue,
  JumpIfFalse,
  JumpIfNotFound,
  JumpWide,
  JumpIfTrueWide,
  JumpIfFalseWide,
  JumpIfNotFoundWide,
  Attrs,
  AttrsInsert,
  AttrsUpdate,
  AttrsSelect,
  AttrsSelectDynamic,
  AttrsTrySelect,
  AttrsTrySelectDynamic,
  HasAttr,
  HasAttrDynamic,
  SelectThunk,
  Overrides,
  BindFormals,
  FillDefault,
  PushWith,
  PopWith,
  ResolveWith,
  List,
  Concat,
  Interpolate,
  InterpolatePath,
  CoerceToString,
  FindFile,
  ResolveHomePath,
  CurrentPosition,
  AssertBool,
  AssertAttrs,
  AssertAddable,
  AssertEqual,
  AssertFail,
  Fail,
  GetLocal,
  GetLocalForced,
  CloseScope,
  Call,
  TailCall,
  GetUpvalue,
  GetUpvalueForced,
  Closure,
  ThunkSuspended,
  Force,
  Finalise,
  Return,
}

/** How one operand is encoded, and what it means. */
export type OperandKind =
  /** A varint that counts something. */
  | 'count'
  /** A varint: an index into the constants. */
  | 'constant'
  /** A varint: a slot of the frame. */
  | 'slot'
  /** A varint: an index into the upvalues. */
  | 'upvalue'
  /** Two bytes, little-endian: how far to jump behind the instruction. */
  | 'jump'
  /** Four bytes, little-endian. */
  | 'wide-jump'
  /** One byte: a set of flags of a string coercion, see {@link CoercionFlag}. */
  | 'coercion'
  /** One byte: what the value is the condition or an operand of, for listings; see {@link BoolRole}. */
  | 'role'
  /** A varint `count << 1 | capturesWith`, then a varint for each capture; see {@link CaptureTag}. */
  | 'captures';

export interface OpcodeRow {
  readonly name: string;
  readonly operands: readonly OperandKind[];
  readonly stack: string;
  readonly doc: string;
}

/** How a captured value is found when a closure or a thunk is made: `index << 2 | tag`. */
export const enum CaptureTag {
  /** A slot of the frame. */
  Local = 0,
  /** A slot of the frame that is not initialised yet; Finalise completes it. */
  Deferred = 1,
  /** An upvalue of the frame. */
  Upvalue = 2,
}

/** What a string coercion allows, a set of bits. */
export const enum CoercionFlag {
  /** Interpolation: strings, paths, and sets with `__toString` or `outPath`. */
  Weak = 0,
  /** Also null, booleans, numbers and lists, as `toString` does. */
  More = 1,
  /** A path is copied to the store and becomes a store path with context. */
  CopyToStore = 2,
}

/** Which boolean AssertBool checks, for the wording of the error. */
export const enum BoolRole {
  Condition,
  Assertion,
  AndLeft,
  AndRight,
  OrLeft,
  OrRight,
  ImplicationLeft,
  ImplicationRight,
  Not,
}

const row = (name: string, operands: readonly OperandKind[], stack: string, doc: string): OpcodeRow => ({
  name,
  operands,
  stack,
  doc,
});

/** A row for each opcode, by its number. */
export const opcodes: readonly OpcodeRow[] = [
  row('Invalid', [], '', 'No instruction. A chunk that runs into it is broken.'),
  row('Constant', ['constant'], '→ value', 'Pushes a constant.'),
  row('Pop', [], 'value →', 'Drops the top.'),
  row('Invert', [], 'bool → bool', 'Logical not; emitted behind AssertBool or a comparison.'),
  row('Negate', [], 'number → number', 'Arithmetic negation, `0 - x`. The operand is forced.'),
  row('Add', [], 'left right → sum', 'Numbers, strings or paths, both forced. The left one decides which.'),
  row('Sub', [], 'left right → difference', 'Numbers, both forced.'),
  row('Mul', [], 'left right → product', 'Numbers, both forced.'),
  row('Div', [], 'left right → quotient', 'Numbers, both forced; integers truncate towards zero.'),
  row('Equal', [], 'left right → bool', 'Deep equality of two forced values; forces their parts as needed.'),
  row('Less', [], 'left right → bool', 'left < right, both forced.'),
  row(
    'LessOrEq',
    [],
    'right left → bool',
    'left <= right, which Nix means as !(right < left): right is evaluated first.',
  ),
  row(
    'More',
    [],
    'right left → bool',
    'left > right, which Nix means as right < left: right is evaluated first.',
  ),
  row('MoreOrEq', [], 'left right → bool', 'left >= right, which Nix means as !(left < right).'),
  row('Jump', ['jump'], '→', 'Jumps forward.'),
  row('JumpIfTrue', ['jump'], 'bool → bool?', 'If the top is true, jumps and keeps it; else pops it.'),
  row('JumpIfFalse', ['jump'], 'bool → bool?', 'If the top is false, jumps and keeps it; else pops it.'),
  row('JumpIfNotFound', ['jump'], 'value → value?', 'If the top is the not-found mark, pops it and jumps.'),
  row('JumpWide', ['wide-jump'], '→', 'Jump over more than 65,535 bytes.'),
  row('JumpIfTrueWide', ['wide-jump'], 'bool → bool?', 'JumpIfTrue over more than 65,535 bytes.'),
  row('JumpIfFalseWide', ['wide-jump'], 'bool → bool?', 'JumpIfFalse over more than 65,535 bytes.'),
  row('JumpIfNotFoundWide', ['wide-jump'], 'value → value?', 'JumpIfNotFound over more than 65,535 bytes.'),
  row(
    'Attrs',
    ['constant'],
    'value… → attrs',
    'Makes a set of the shape, its values in the order of its names.',
  ),
  row(
    'AttrsInsert',
    [],
    'attrs name value → attrs',
    'Adds a dynamic attribute to a set under construction. A null name adds nothing.',
  ),
  row(
    'AttrsUpdate',
    [],
    'right left → attrs',
    'left // right, both forced; right was evaluated first and is a set.',
  ),
  row('AttrsSelect', ['constant'], 'attrs → value', 'Selects a static name and forces what it finds.'),
  row('AttrsSelectDynamic', [], 'attrs name → value', 'Selects a computed name and forces what it finds.'),
  row(
    'AttrsTrySelect',
    ['constant'],
    'value → value',
    'As AttrsSelect, but pushes the not-found mark where there is no set or no such name.',
  ),
  row('AttrsTrySelectDynamic', [], 'value name → value', 'AttrsTrySelect with a computed name.'),
  row('HasAttr', ['constant'], 'value → bool', 'Whether it is a set that has the static name.'),
  row('HasAttrDynamic', [], 'value name → bool', 'Whether it is a set that has the computed name.'),
  row(
    'SelectThunk',
    ['constant'],
    'source → thunk',
    'A thunk that selects a static name from a source that is still unevaluated: `inherit (source) name`.',
  ),
  row(
    'Overrides',
    ['slot', 'count', 'constant'],
    'attrs → attrs',
    'Applies `__overrides` of a recursive set: its values replace the attributes and the locals. From the slot on there are as many sources of `inherit` as the count says, then the locals, whose names the constant lists. Completes their deferred captures: first with the locals as they are, for `__overrides` itself, then with what replaces them.',
  ),
  row(
    'BindFormals',
    ['constant'],
    '→ value…',
    'Takes the argument in slot 0 apart: checks it against the formals and pushes a value for each of them. A missing one with a default gets the constant, or a thunk that FillDefault completes.',
  ),
  row(
    'FillDefault',
    ['slot', 'constant', 'captures'],
    '→',
    'Gives the thunk that BindFormals made for a default its captures; does nothing if the argument was given.',
  ),
  row('PushWith', [], 'value →', 'Opens a `with` scope; the value may be a thunk.'),
  row('PopWith', [], '→', 'Closes the innermost `with` scope.'),
  row(
    'ResolveWith',
    ['constant'],
    '→ value',
    'Looks a name up in the `with` scopes, the innermost first, and forces it.',
  ),
  row('List', ['count'], 'value… → list', 'Makes a list.'),
  row('Concat', [], 'left right → list', 'left ++ right, both forced.'),
  row('Interpolate', ['count'], 'string… → string', 'Joins coerced strings and their contexts.'),
  row('InterpolatePath', ['count'], 'path string… → path', 'Joins a path with coerced strings to a path.'),
  row('CoerceToString', ['coercion'], 'value → string', 'Coerces a forced value to a string.'),
  row('FindFile', ['constant'], '→ path', 'Finds `<…>` in the search path.'),
  row('ResolveHomePath', ['constant'], '→ path', 'A path below the home folder.'),
  row('CurrentPosition', [], '→ attrs', 'The place of the instruction itself: `__curPos`.'),
  row('AssertBool', ['role'], 'value → bool', 'Fails if the forced top is no boolean.'),
  row('AssertAttrs', [], 'value → attrs', 'Fails if the forced top is no set, as the right operand of `//`.'),
  row(
    'AssertAddable',
    [],
    'value → value',
    'Fails if the forced top, the left operand of `+`, is no number and no path and cannot become a string.',
  ),
  row(
    'AssertEqual',
    [],
    'left right →',
    'Raises the failure of an `assert left == right` that says where both differ, if they do.',
  ),
  row('AssertFail', [], '→', 'Raises the failure of an `assert`.'),
  row(
    'Fail',
    ['constant'],
    '→ value',
    'Raises an error that the compiler found, such as an expression that is missing.',
  ),
  row('GetLocal', ['slot'], '→ value', 'Pushes a local as it is, maybe a thunk.'),
  row('GetLocalForced', ['slot'], '→ value', 'Pushes a local, forced.'),
  row('CloseScope', ['count'], 'local… value → value', 'Drops the locals below the top.'),
  row(
    'Call',
    ['count'],
    'callee argument… → value',
    'Calls with one or more arguments; the callee is forced.',
  ),
  row(
    'TailCall',
    ['count'],
    'callee argument… → value',
    'A call whose value is that of the chunk: a function of Nix runs in the place of the chunk, whose frame it takes over.',
  ),
  row('GetUpvalue', ['upvalue'], '→ value', 'Pushes a captured value as it is, maybe a thunk.'),
  row('GetUpvalueForced', ['upvalue'], '→ value', 'Pushes a captured value, forced.'),
  row('Closure', ['constant', 'captures'], '→ function', 'Makes a function with its captures.'),
  row('ThunkSuspended', ['constant', 'captures'], '→ thunk', 'Makes a thunk with its captures.'),
  row('Force', [], 'value → value', 'Forces the top.'),
  row('Finalise', ['slot'], '→', 'Completes the deferred captures of the thunk or function in the slot.'),
  row('Return', [], 'value →', 'Ends the chunk with the top as its result.'),
];

/** How many values an instruction takes from the stack and leaves there. */
export interface StackEffect {
  readonly pops: number;
  readonly pushes: number;
}

/** What the text of a row says, e.g. `left right → sum`; undefined for `value…` and `value?`, of which the operands or what comes after tell. */
export function documentedEffect(stack: string): StackEffect | undefined {
  const [before, after] = stack.split('→').map((side) => side.trim().split(/\s+/).filter(Boolean));
  if (before === undefined || after === undefined) return undefined;
  if ([...before, ...after].some((name) => /[…?]$/.test(name))) return undefined;
  return { pops: before.length, pushes: after.length };
}

const changes = opcodes.map(({ stack }) => {
  const effect = documentedEffect(stack);
  return effect && effect.pushes - effect.pops;
});

/** By how much an instruction changes the height of the stack. @throws InternalError where its row does not say so */
export function heightChange(op: Op): number {
  const change = changes[op];
  if (change === undefined) throw new InternalError(`what ${opcodeRow(op).name} does to the stack varies`);
  return change;
}

/** The row of a byte; that of Invalid for an unknown one. */
export function opcodeRow(byte: number): OpcodeRow {
  return opcodes[byte] ?? opcodes[Op.Invalid]!;
}
