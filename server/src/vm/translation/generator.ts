/** Writes a chunk down as the text of a JavaScript function. */
import { unreachable } from '../../base/internal-error';
import type { Blueprint } from '../../bytecode/blueprint';
import type { Chunk } from '../../bytecode/chunk';
import type { FormalsTable } from '../../bytecode/constant';
import { instructionsOf, type Capture, type Instruction } from '../../bytecode/instructions';
import { CaptureTag, Op } from '../../bytecode/opcode';
import type { Shape } from '../../values/shape';
import type * as runtime from './runtime';
import { sumOf, type Sum } from './sums';

/** More blocks within blocks would be hard on V8. */
const maxLabels = 100;

const temporaries = ['withs', 't0', 't1', 't2', 't3', 'c0', 'c1', 'c2', 'c3'];

/** Where the captures of a curried function's inner one come from, or undefined for a function by itself. */
export type OuterCaptures = readonly Capture[] | undefined;

/**
 * The body of a function of `rt` (runtime.ts), `constants`, `blueprint`, `itself`
 * (the blueprint of the function that is called, which is the outer one of a curried
 * function) and `tops` that makes the function; undefined where the chunk has an instruction
 * that is not worth translating. Fills `tops`.
 *
 * In the made function `s0`, `s1` … are the slots of the frame, `at` is the
 * offset of the instruction that may fail, and `tops[at]` is the height of the
 * stack that an error finds there.
 */
export function generate(blueprint: Blueprint, outer: OuterCaptures, tops: Uint16Array): string | undefined {
  return new Generator(blueprint, outer, tops).generate();
}

class Generator {
  private readonly chunk: Chunk;
  private readonly instructions: Instruction[];
  private readonly lines: string[] = [];
  /** Where jumps end. */
  private readonly labels: ReadonlySet<number>;
  /** The height of the stack where a jump ends, by offset. */
  private readonly landings = new Map<number, number>();
  /** What Finalise has to do for a slot. */
  private readonly patches = new Map<number, string[]>();
  private readonly usedConstants = new Set<number>();
  /** How many arguments the function takes. */
  private readonly parameters: number;
  /** Whether the function may call itself in its own place. */
  private readonly repeats: boolean;
  private height: number;
  private reachable = true;
  private usesWith: boolean;

  constructor(
    private readonly blueprint: Blueprint,
    private readonly outer: OuterCaptures,
    private readonly tops: Uint16Array,
  ) {
    this.chunk = blueprint.chunk!;
    this.instructions = instructionsOf(this.chunk);
    this.labels = new Set(
      this.instructions.filter(({ op }) => isJump(op)).map(({ operands }) => operands[0]!),
    );
    this.parameters = blueprint.kind !== 'lambda' ? 0 : outer === undefined ? 1 : 2;
    this.repeats = this.instructions.some(
      ({ op, operands }) => op === Op.TailCall && operands[0] === this.parameters,
    );
    this.height = blueprint.kind === 'lambda' ? 1 : 0;
    this.usesWith = blueprint.capturesWith;
  }

  generate(): string | undefined {
    if (this.labels.size > maxLabels) return undefined;
    for (let i = 0; i < this.instructions.length; i++) {
      const instruction = this.instructions[i]!;
      this.land(instruction.at);
      if (!this.reachable) continue;
      this.tops[instruction.at] = this.height;
      if (!this.instruction(instruction, i)) return undefined;
    }
    return this.text();
  }

  /** Ends the block whose label an offset is. */
  private land(at: number): void {
    if (!this.labels.has(at)) return;
    this.lines.push('}');
    const height = this.landings.get(at);
    if (height === undefined) return;
    this.height = height;
    this.reachable = true;
  }

  private text(): string {
    const slots = Array.from({ length: this.chunk.stackSize + 1 }, (_, i) => `s${i}`);
    const isFunction = this.blueprint.kind === 'lambda';
    const locals = [...(isFunction ? slots.slice(1) : slots), ...temporaries];
    const argument = isFunction ? 's0' : 'unused';
    const last = this.outer === undefined ? 'thunk' : 's0';
    const first = this.outer === undefined ? argument : 'first';
    const upvalues =
      this.outer === undefined ? 'up' : `[${this.outer.map((_, i) => this.upvalue(i)).join(', ')}]`;
    const constants = [...this.usedConstants].map((i) => `const k${i} = constants[${i}];`);
    const withs = this.usesWith
      ? [`withs = ${this.blueprint.capturesWith ? `up[${this.blueprint.captureCount}]` : 'null'};`]
      : [];
    return [
      `const { ${runtimeNames.join(', ')} } = rt;`,
      ...constants,
      `return function (vm, up, ${first}, ${last}) {`,
      `const depth = vm.depth; const reads = vm.dependences.log.length; const { tailCalls } = vm; let at = 0; let ${locals.join(', ')};`,
      'try {',
      ...(this.repeats ? ['again: for (;;) {'] : []),
      ...withs,
      ...[...this.labels].sort((a, b) => b - a).map((label) => `L${label}: {`),
      ...this.lines,
      ...(this.repeats ? ['}'] : []),
      '} catch (error) {',
      `throw leave(vm, error, blueprint, at, [${slots.join(', ')}], tops[at], ${upvalues}, ${this.outer === undefined ? 'thunk' : 'null'}, depth, reads, tailCalls);`,
      '}};',
    ].join('\n');
  }

  // --- Parts of instructions -------------------------------------------------------

  /** Adds statements that may fail. */
  private failing(at: number, text: string): void {
    this.lines.push(`at = ${at}; ${text}`);
  }

  private slot(index: number): string {
    return `s${index}`;
  }

  /** The slot `below` the top; 0 is the top. */
  private top(below = 0): string {
    return this.slot(this.height - 1 - below);
  }

  private push(text: string): void {
    this.lines.push(`${this.slot(this.height++)} = ${text};`);
  }

  private upvalue(index: number): string {
    if (this.outer === undefined) return `up[${index}]`;
    const capture = this.outer[index] ?? unreachable('an inner function captures from the outer one');
    return capture.tag === CaptureTag.Local ? 'first' : `up[${capture.index}]`;
  }

  private constant(index: number): string {
    const value = this.chunk.constants[index];
    if (value === null || typeof value === 'boolean') return String(value);
    if (typeof value === 'number') return value < 0 ? `(${value})` : String(value);
    this.usedConstants.add(index);
    return `k${index}`;
  }

  /** Pushes a value and forces it. */
  private pushForced(at: number, source: string): void {
    const target = this.slot(this.height++);
    this.failing(
      at,
      `t0 = ${source}; ${target} = typeof t0 === 'object' && t0 instanceof Thunk ? (t0.code === done ? t0.data : vm.forceThunk(t0)) : t0;`,
    );
  }

  /** The array of what an instruction captures; what is not there yet is a patch for the slot `owner`. */
  private captured({ captures, capturesWith }: Instruction, owner: number, field: string): string {
    // What stood in the slot before, such as in another branch, had patches of its own.
    const patches: string[] = [];
    this.patches.set(owner, patches);
    if (captures.length === 0 && !capturesWith) return 'nothing';
    const parts = captures.map((capture, i) => {
      if (capture.tag === CaptureTag.Upvalue) return this.upvalue(capture.index);
      if (capture.tag === CaptureTag.Local) return this.slot(capture.index);
      patches.push(`${this.slot(owner)}.${field}[${i}] = ${this.slot(capture.index)};`);
      return 'undefined';
    });
    if (capturesWith) {
      this.usesWith = true;
      parts.push('withs');
    }
    return `[${parts.join(', ')}]`;
  }

  /** Replaces the two operands on top by a result: of numbers by `fast`, else by a call of the runtime. */
  private binary(at: number, fast: string, slow: string, swapped = false): void {
    const [left, right] = swapped ? [this.top(0), this.top(1)] : [this.top(1), this.top(0)];
    const place = (text: string) => text.replaceAll('$l', left).replaceAll('$r', right);
    const result = this.top(1);
    this.height--;
    this.failing(
      at,
      `${result} = typeof ${left} === 'number' && typeof ${right} === 'number' ${place(fast)} : ${place(slow)};`,
    );
  }

  /** Replaces the top by the result of a call. */
  private unary(at: number, text: string): void {
    this.failing(at, `${this.top()} = ${text};`);
  }

  private jump(target: number, height: number): string {
    this.landings.set(target, height);
    return `break L${target};`;
  }

  private conditionalJump(target: number, condition: string): void {
    this.lines.push(`if (${this.top()} === ${condition}) ${this.jump(target, this.height)}`);
    this.height--;
  }

  // --- Instructions -----------------------------------------------------------------

  /** Writes an instruction; false if it cannot be. */
  private instruction(instruction: Instruction, index: number): boolean {
    const { at, op, operands } = instruction;
    const n = operands[0]!;
    switch (op) {
      case Op.Constant:
        this.push(this.constant(n));
        return true;
      case Op.Pop:
        this.height--;
        return true;
      case Op.GetLocal:
        this.push(this.slot(n));
        return true;
      case Op.GetLocalForced:
        this.pushForced(at, this.slot(n));
        return true;
      case Op.GetUpvalue:
        this.push(this.upvalue(n));
        return true;
      case Op.GetUpvalueForced:
        this.pushForced(at, this.upvalue(n));
        return true;
      case Op.CloseScope: {
        const value = this.top();
        this.height -= n;
        this.lines.push(`${this.top()} = ${value};`);
        return true;
      }
      case Op.Force:
        this.unary(at, `force(vm, ${this.top()})`);
        return true;
      case Op.ThunkSuspended:
        this.thunk(instruction, index);
        return true;
      case Op.Closure: {
        const captured = this.captured(instruction, this.height, 'upvalues');
        this.push(`new Closure(${this.constant(n)}, ${captured})`);
        return true;
      }
      case Op.Finalise:
        this.lines.push(...(this.patches.get(n) ?? []));
        return true;
      case Op.Call:
        this.call(at, n);
        return true;
      case Op.TailCall:
        if (n === this.parameters) this.callsItself(at);
        this.call(at, n);
        return true;
      case Op.Return:
        this.returns();
        return true;
      default:
        return (
          this.flow(instruction) ||
          this.operator(instruction) ||
          this.attributes(instruction) ||
          this.scope(instruction) ||
          this.text_(instruction)
        );
    }
  }

  private returns(): void {
    const isThunk = this.blueprint.kind !== 'lambda';
    const settled = isThunk
      ? `if (thunk !== null) finishThunk(vm, thunk, blueprint, up, ${this.top()}, reads); `
      : '';
    this.lines.push(
      `${settled}${this.repeats ? 'endTailCalls(vm, tailCalls, depth); ' : ''}return ${this.top()};`,
    );
    this.reachable = false;
  }

  /** Begins anew where the callee is this function itself: it would only take more of the stack. */
  private callsItself(at: number): void {
    const [callee, first, second] = [this.top(this.parameters), this.top(this.parameters - 1), this.top()];
    const assigned = this.outer === undefined ? `s0 = ${first};` : `first = ${first}; s0 = ${second};`;
    this.failing(
      at,
      `if (${callee} instanceof Closure && ${callee}.blueprint === itself && ${callee}.upvalues === up) { ` +
        `beginAgain(vm, blueprint, at, ${this.parameters}); ${assigned} continue again; }`,
    );
  }

  private call(at: number, count: number): void {
    const callee = this.top(count);
    const args = Array.from({ length: count }, (_, i) => this.top(count - 1 - i));
    this.height -= count;
    const call = count === 1 ? 'call1' : count === 2 ? 'call2' : 'callMany';
    this.failing(
      at,
      `${callee} = ${call}(vm, ${callee}, ${count > 2 ? `[${args.join(', ')}]` : args.join(', ')});`,
    );
  }

  private thunk(instruction: Instruction, index: number): void {
    const blueprint = this.chunk.constants[instruction.operands[0]!] as Blueprint;
    const suspended = `new Thunk(${this.constant(instruction.operands[0]!)}, ${this.captured(instruction, this.height, 'data')})`;
    const sum = sumOf(blueprint);
    const consumer = sum && this.consumer(index);
    if (sum === undefined || consumer === undefined || sum.captures.length > 4) return this.push(suspended);
    this.computeOrSuspend(instruction, sum, consumer, suspended);
  }

  /** Computes an argument at once, where all is known that it takes and the callee only forces it. */
  private computeOrSuspend(instruction: Instruction, sum: Sum, consumer: string, suspended: string): void {
    const operands = sum.captures.map((capture) => {
      const { tag, index } = instruction.captures[capture]!;
      return `c${capture} = known(${tag === CaptureTag.Upvalue ? this.upvalue(index) : this.slot(index)});`;
    });
    const conditions = [
      ...sum.captures.map((capture) => `typeof c${capture} === 'number'`),
      ...sum.steps,
      consumer,
    ];
    const target = this.slot(this.height++);
    this.lines.push(
      `${operands.join(' ')} ${target} = ${conditions.join(' && ')} ? ${sum.result} : ${suspended};`,
    );
  }

  /**
   * The question whether the callee only forces the argument that an instruction
   * pushes; undefined if what follows is no call that it is an argument of.
   */
  private consumer(index: number): string | undefined {
    const place = this.height;
    let height = place + 1;
    for (const { op, operands } of this.instructions.slice(index + 1)) {
      if (op === Op.Call || op === Op.TailCall) {
        const count = operands[0]!;
        const callee = height - count - 1;
        if (callee >= place || count > 2) return undefined;
        return `${count === 1 ? 'forcesArgument' : 'forcesArguments'}(${this.slot(callee)})`;
      }
      if (!pushesOne.has(op)) return undefined;
      height++;
    }
    return undefined;
  }

  private flow({ at, op, operands }: Instruction): boolean {
    const n = operands[0]!;
    switch (op) {
      case Op.Jump:
        this.lines.push(this.jump(n, this.height));
        this.reachable = false;
        return true;
      case Op.JumpIfTrue:
        this.conditionalJump(n, 'true');
        return true;
      case Op.JumpIfFalse:
        this.conditionalJump(n, 'false');
        return true;
      case Op.JumpIfNotFound:
        this.lines.push(`if (${this.top()} === notFound) ${this.jump(n, this.height - 1)}`);
        return true;
      case Op.AssertBool:
        this.failing(at, `if (typeof ${this.top()} !== 'boolean') notBoolean(${this.top()});`);
        return true;
      case Op.AssertEqual:
        this.failing(at, `assertEqual(vm, ${this.top(1)}, ${this.top()});`);
        this.height -= 2;
        return true;
      case Op.AssertFail:
        this.failing(at, `failAssertion(blueprint, ${at});`);
        this.reachable = false;
        return true;
      default:
        return false;
    }
  }

  private operator({ at, op }: Instruction): boolean {
    switch (op) {
      case Op.Add:
        this.binary(
          at,
          '&& isSafeInteger(t0 = $l + $r) ? t0',
          "typeof $l === 'string' && typeof $r === 'string' ? $l + $r : add(vm, $l, $r)",
        );
        return true;
      case Op.Sub:
        this.binary(at, '&& isSafeInteger(t0 = $l - $r) ? t0', 'subtract($l, $r)');
        return true;
      case Op.Mul:
        this.binary(at, '&& isSafeInteger(t0 = $l * $r) && t0 !== 0 ? t0', 'multiply($l, $r)');
        return true;
      case Op.Div:
        this.binary(at, '&& false ? 0', 'divide($l, $r)');
        return true;
      case Op.Equal:
        this.binary(
          at,
          '? $l === $r',
          "typeof $l === 'string' && typeof $r === 'string' ? $l === $r : equal(vm, $l, $r)",
        );
        return true;
      case Op.Less:
        this.binary(at, '? $l < $r', 'less(vm, $l, $r)');
        return true;
      case Op.MoreOrEq:
        this.binary(at, '? $l >= $r', '!less(vm, $l, $r)');
        return true;
      // These find the right operand below the left one.
      case Op.More:
        this.binary(at, '? $r < $l', 'less(vm, $r, $l)', true);
        return true;
      case Op.LessOrEq:
        this.binary(at, '? $l <= $r', '!less(vm, $r, $l)', true);
        return true;
      case Op.AssertAddable:
        this.failing(
          at,
          `if (typeof ${this.top()} !== 'number' && typeof ${this.top()} !== 'string') assertAddable(vm, ${this.top()});`,
        );
        return true;
      case Op.Invert:
        this.lines.push(`${this.top()} = !${this.top()};`);
        return true;
      case Op.Negate:
        this.unary(at, `negate(${this.top()})`);
        return true;
      case Op.Concat:
        this.height--;
        this.failing(at, `${this.top()} = concatenate(vm, ${this.top()}, ${this.slot(this.height)});`);
        return true;
      default:
        return false;
    }
  }

  private attributes(instruction: Instruction): boolean {
    const { at, op, operands } = instruction;
    const n = operands[0]!;
    switch (op) {
      case Op.Attrs: {
        const { names } = this.chunk.constants[n] as Shape;
        this.collect(names.length, (values) => `new Attrs(${this.constant(n)}, ${values})`);
        return true;
      }
      case Op.AttrsInsert:
        this.height -= 2;
        this.failing(
          at,
          `${this.top()} = insert(${this.top()}, ${this.slot(this.height)}, ${this.slot(this.height + 1)}, blueprint, ${at});`,
        );
        return true;
      case Op.AssertAttrs:
        this.failing(at, `assertAttrs(${this.top()});`);
        return true;
      case Op.AttrsUpdate:
        // The right operand was evaluated first.
        this.height--;
        this.failing(at, `${this.top()} = update(${this.slot(this.height)}, ${this.top()});`);
        return true;
      case Op.AttrsSelect:
        this.unary(at, `select(vm, ${this.top()}, ${this.constant(n)})`);
        return true;
      case Op.AttrsTrySelect:
        this.unary(at, `trySelect(vm, ${this.top()}, ${this.constant(n)})`);
        return true;
      case Op.AttrsSelectDynamic:
        this.height--;
        this.failing(at, `${this.top()} = selectDynamic(vm, ${this.top()}, ${this.slot(this.height)});`);
        return true;
      case Op.AttrsTrySelectDynamic:
        // An error finds the name just above the top.
        this.height--;
        this.tops[at] = this.height;
        this.failing(at, `${this.top()} = trySelectDynamic(vm, ${this.top()}, ${this.slot(this.height)});`);
        return true;
      case Op.HasAttr:
        this.lines.push(`${this.top()} = has(${this.top()}, ${this.constant(n)});`);
        return true;
      case Op.HasAttrDynamic:
        this.height--;
        this.failing(at, `${this.top()} = hasDynamic(${this.top()}, ${this.slot(this.height)});`);
        return true;
      case Op.SelectThunk:
        this.lines.push(`${this.top()} = selectThunk(${this.constant(n)}, ${this.top()}, blueprint, ${at});`);
        return true;
      default:
        return false;
    }
  }

  private scope(instruction: Instruction): boolean {
    const { at, op, operands } = instruction;
    const n = operands[0]!;
    switch (op) {
      case Op.BindFormals:
        this.formals(at, n);
        return true;
      case Op.FillDefault: {
        const owner = this.constant(operands[1]!);
        const captured = this.captured(instruction, n, 'data');
        this.lines.push(`if (awaitsCaptures(${this.slot(n)}, ${owner})) ${this.slot(n)}.data = ${captured};`);
        return true;
      }
      case Op.PushWith:
        this.usesWith = true;
        this.lines.push(`withs = new WithScope(${this.top()}, withs, blueprint, ${at});`);
        this.height--;
        return true;
      case Op.PopWith:
        this.lines.push('withs = withs.outer;');
        return true;
      case Op.ResolveWith:
        this.usesWith = true;
        this.failing(at, `${this.slot(this.height)} = resolveWith(vm, ${this.constant(n)}, withs);`);
        this.height++;
        return true;
      default:
        return false;
    }
  }

  /** A slot for each formal, as the table finds it in the argument. */
  private formals(at: number, constant: number): void {
    const table = this.constant(constant);
    const { names } = this.chunk.constants[constant] as FormalsTable;
    this.failing(
      at,
      `s0 = bindArgument(vm, blueprint, ${table}, s0); t0 = s0.values; t1 = ${table}.indices;`,
    );
    names.forEach((_, i) => this.push(`t1[${i}] >= 0 ? t0[t1[${i}]] : defaultOf(${table}, ${i})`));
  }

  private text_({ at, op, operands }: Instruction): boolean {
    const n = operands[0]!;
    switch (op) {
      case Op.List:
        this.collect(n, (values) => values);
        return true;
      case Op.Interpolate:
        this.collect(n, (values) => `join(${values})`);
        return true;
      case Op.InterpolatePath:
        this.collect(n, (values) => `interpolatePath(${values}, 0, ${n})`);
        return true;
      case Op.CoerceToString:
        this.failing(
          at,
          `if (typeof ${this.top()} !== 'string') ${this.top()} = toText(vm, ${this.top()}, ${n});`,
        );
        return true;
      default:
        return false;
    }
  }

  /** Replaces the values on top by what is made of them. */
  private collect(count: number, make: (values: string) => string): void {
    this.height -= count;
    const values = Array.from({ length: count }, (_, i) => this.slot(this.height + i));
    this.push(make(`[${values.join(', ')}]`));
  }
}

/** What the text of a function refers to in the runtime. */
const runtimeNames = [
  'add',
  'assertAddable',
  'assertAttrs',
  'assertEqual',
  'Attrs',
  'awaitsCaptures',
  'beginAgain',
  'bindArgument',
  'call1',
  'call2',
  'callMany',
  'Closure',
  'concatenate',
  'defaultOf',
  'divide',
  'done',
  'endTailCalls',
  'equal',
  'failAssertion',
  'finishThunk',
  'force',
  'forcesArgument',
  'forcesArguments',
  'has',
  'hasDynamic',
  'insert',
  'interpolatePath',
  'isSafeInteger',
  'join',
  'known',
  'leave',
  'less',
  'multiply',
  'negate',
  'notBoolean',
  'notFound',
  'nothing',
  'resolveWith',
  'select',
  'selectDynamic',
  'selectThunk',
  'subtract',
  'Thunk',
  'toText',
  'trySelect',
  'trySelectDynamic',
  'update',
  'WithScope',
] as const satisfies readonly (keyof typeof runtime)[];

function isJump(op: Op): boolean {
  return op === Op.Jump || op === Op.JumpIfTrue || op === Op.JumpIfFalse || op === Op.JumpIfNotFound;
}

/** Instructions that push a value and need nothing from the stack. */
const pushesOne: ReadonlySet<Op> = new Set([
  Op.Constant,
  Op.GetLocal,
  Op.GetUpvalue,
  Op.Closure,
  Op.ThunkSuspended,
]);
