/**
 * The dispatch loop: one call of {@link execute} runs one activation.
 *
 * Each case reads its own varints. A function for it would have to give back the operand and
 * where it ends, and `ip` could not stay in a register.
 */
import { counting, tally } from '../base/tally';
import { Op } from '../bytecode/opcode';
import type { Blueprint } from '../bytecode/blueprint';
import type { AttributeSite, FormalsTable } from '../bytecode/constant';
import type { Translated } from '../bytecode/translated';
import { readVarint, varintLength } from '../bytecode/varint';
import { Attrs } from '../values/attrs';
import { updateAttrs } from '../values/layered-attrs';
import { EvalError } from '../values/error';
import { done, Thunk } from '../values/thunk';
import type { Shape } from '../values/shape';
import { Builtin, Closure, Path, WithScope, type Captured, type Forced, type Value } from '../values/value';
import { assertAddable, interpolate, interpolatePath } from './concatenate';
import { assertEqual } from './assert-equal';
import { coerceToString } from './coerce';
import { equalForced, lessForced } from './compare';
import { multiplyIntegers } from './arithmetic';
import * as fail from './failures';
import * as operations from './operations';
import * as operators from './operators';
import { bindFormals } from './formals';
import { finishThunk, settleThunk } from './settle';
import { translate } from './translation/translate';
import { explain, explainTailCalls } from './unwind';
import { notFound } from './not-found';
import { capture, capturesEnd, finalise, finaliseForNow } from './captures';
import type { Vm } from './vm';

/** What a chunk has become, where nobody has to hear of what runs. */
export function translatedOf(vm: Vm, blueprint: Blueprint): Translated | null {
  const { chunk } = blueprint;
  return chunk === null || vm.observer !== undefined ? null : chunk.translated;
}

/**
 * Runs a chunk until it returns. `base` is its first slot; a function finds its
 * argument there. `thunk` gets the result, if it is not null.
 */
export function execute(
  vm: Vm,
  first: Blueprint,
  firstUpvalues: Captured[],
  base: number,
  thunk: Thunk | null,
): Forced {
  // What runs; a call at the end of a chunk puts the callee in its place.
  let blueprint = first;
  let upvalues = firstUpvalues;
  let chunk = blueprint.chunk ?? blueprint.compile();
  if (++chunk.heat === vm.hotRuns) {
    chunk.translated = translate(blueprint);
    const translated = translatedOf(vm, blueprint);
    if (translated !== null) return translated.run(vm, upvalues, vm.stack[base], thunk) as Forced;
  }
  let code = chunk.memory;
  let constants = chunk.constants;
  const stack = vm.stack;
  const depth = vm.depth;
  const reads = vm.reads.length;
  const tailCalls = vm.tailCalls;
  let withs: WithScope | null = blueprint.capturesWith
    ? (upvalues[blueprint.captureCount] as unknown as WithScope | null)
    : null;
  let sp = blueprint.kind === 'lambda' ? base + 1 : base;
  let ip = chunk.start;
  let at = ip;
  // Operands; declared here since the cases share them.
  let n = 0;
  let left: Forced;
  let right: Forced;
  let value: Value;
  try {
    if (vm.observer !== undefined) vm.observer.enter(blueprint, base, upvalues);
    dispatch: for (;;) {
      at = ip;
      switch (code[ip++]!) {
        case Op.Constant:
          n = code[ip++]!;
          if (n > 0x7f) ip += varintLength((n = readVarint(code, ip - 1))) - 1;
          stack[sp++] = constants[n];
          break;
        case Op.GetLocal:
          n = code[ip++]!;
          if (n > 0x7f) ip += varintLength((n = readVarint(code, ip - 1))) - 1;
          stack[sp++] = stack[base + n];
          break;
        case Op.GetLocalForced:
          n = code[ip++]!;
          if (n > 0x7f) ip += varintLength((n = readVarint(code, ip - 1))) - 1;
          value = stack[base + n] as Value;
          if (value instanceof Thunk) {
            if (value.code === done) value = value.data as Forced;
            else {
              vm.sp = sp;
              value = vm.forceThunk(value);
            }
            // The slot is not overwritten: others may have captured the thunk, and equality compares identities.
          }
          stack[sp++] = value;
          break;
        case Op.GetUpvalue:
          n = code[ip++]!;
          if (n > 0x7f) ip += varintLength((n = readVarint(code, ip - 1))) - 1;
          stack[sp++] = upvalues[n];
          break;
        case Op.GetUpvalueForced:
          n = code[ip++]!;
          if (n > 0x7f) ip += varintLength((n = readVarint(code, ip - 1))) - 1;
          value = upvalues[n] as Value;
          if (value instanceof Thunk) {
            if (value.code === done) value = value.data as Forced;
            else {
              vm.sp = sp;
              value = vm.forceThunk(value);
            }
          }
          stack[sp++] = value;
          break;
        case Op.ThunkSuspended: {
          n = code[ip++]!;
          if (n > 0x7f) ip += varintLength((n = readVarint(code, ip - 1))) - 1;
          const captured = capture(code, ip, stack, base, upvalues, withs);
          ip = capturesEnd;
          stack[sp++] = new Thunk(constants[n] as Blueprint, captured);
          break;
        }
        case Op.Closure: {
          n = code[ip++]!;
          if (n > 0x7f) ip += varintLength((n = readVarint(code, ip - 1))) - 1;
          const captured = capture(code, ip, stack, base, upvalues, withs);
          ip = capturesEnd;
          stack[sp++] = new Closure(constants[n] as Blueprint, captured);
          break;
        }
        case Op.Call:
        case Op.TailCall: {
          n = code[ip++]!;
          if (n > 0x7f) ip += varintLength((n = readVarint(code, ip - 1))) - 1;
          vm.sp = sp;
          const calleeAt = sp - n - 1;
          let result = stack[calleeAt] as Forced;
          let next = calleeAt + 1;
          while (next < sp) {
            if (result instanceof Closure) {
              const translated = translatedOf(vm, result.blueprint);
              if (translated !== null && translated.pair !== null && sp - next > 1) {
                result = vm.callClosure2(result, stack[next++] as Value, stack[next++] as Value);
                vm.sp = sp;
                continue;
              }
              vm.counters.calls++;
              if (vm.depth > vm.limits.maxCallDepth) throw fail.callDepth();
              vm.depth++;
              if (--vm.fuel <= 0) vm.checkLimits();
              const argument = stack[next++];
              if (translated === null) {
                if (next === sp && code[at] === Op.TailCall && vm.observer === undefined) {
                  const callee = result.blueprint;
                  // What can fail comes first: an error of compiling is one of this call.
                  const body = callee.chunk ?? callee.compile();
                  if (++body.heat === vm.hotRuns) body.translated = translate(callee);
                  vm.tailCallers[vm.tailCalls] = blueprint;
                  vm.tailOffsets[vm.tailCalls++] = at - chunk.start;
                  blueprint = callee;
                  chunk = body;
                  ({ upvalues } = result);
                  code = chunk.memory;
                  constants = chunk.constants;
                  withs = blueprint.capturesWith
                    ? (upvalues[blueprint.captureCount] as unknown as WithScope | null)
                    : null;
                  ip = chunk.start;
                  stack[base] = argument;
                  sp = base + 1;
                  continue dispatch;
                }
                stack[sp] = argument;
                result = execute(vm, result.blueprint, result.upvalues, sp, null);
              } else result = translated.run(vm, result.upvalues, argument, null) as Forced;
              vm.depth--;
              vm.sp = sp;
            } else if (result instanceof Builtin && result.arity <= sp - next) {
              const arity = result.arity;
              result = vm.callBuiltin(
                result,
                stack[next] as Value,
                (arity > 1 ? stack[next + 1] : undefined) as Value,
                (arity > 2 ? stack[next + 2] : undefined) as Value,
              );
              next += arity;
              vm.sp = sp;
            } else {
              result = vm.apply(result, stack[next++] as Value);
              vm.sp = sp;
            }
          }
          sp = calleeAt;
          stack[sp++] = result;
          break;
        }
        case Op.AttrsSelect: {
          if (counting) tally.lookups++;
          n = code[ip++]!;
          if (n > 0x7f) ip += varintLength((n = readVarint(code, ip - 1))) - 1;
          const site = constants[n] as AttributeSite;
          const set = stack[sp - 1];
          if (set instanceof Attrs) {
            if (set.shape === site.shape) value = set.values[site.index]!;
            else {
              const index = set.shape.indexOf(site.name);
              if (index < 0) throw fail.missingAttribute(set, site.name);
              site.shape = set.shape;
              site.index = index;
              value = set.values[index]!;
            }
          } else throw fail.notASet(set as Forced);
          if (value instanceof Thunk) {
            if (value.code === done) value = value.data as Forced;
            else {
              vm.sp = sp;
              value = vm.forceThunk(value);
            }
          }
          stack[sp - 1] = value;
          break;
        }
        case Op.AttrsTrySelect: {
          if (counting) tally.lookups++;
          n = code[ip++]!;
          if (n > 0x7f) ip += varintLength((n = readVarint(code, ip - 1))) - 1;
          const site = constants[n] as AttributeSite;
          const set = stack[sp - 1];
          if (!(set instanceof Attrs)) {
            stack[sp - 1] = notFound;
            break;
          }
          if (set.shape === site.shape) value = set.values[site.index]!;
          else {
            const index = set.shape.indexOf(site.name);
            if (index < 0) {
              stack[sp - 1] = notFound;
              break;
            }
            site.shape = set.shape;
            site.index = index;
            value = set.values[index]!;
          }
          if (value instanceof Thunk) {
            vm.sp = sp;
            value = vm.force(value);
          }
          stack[sp - 1] = value;
          break;
        }
        case Op.AttrsSelectDynamic: {
          if (counting) tally.lookups++;
          const set = stack[sp - 2];
          const name = operations.attributeName(stack[sp - 1] as Forced);
          if (!(set instanceof Attrs)) throw fail.notASet(set as Forced);
          const found = set.get(name);
          if (found === undefined) throw fail.missingAttribute(set, name);
          vm.sp = sp;
          value = vm.force(found);
          stack[--sp - 1] = value;
          break;
        }
        case Op.AttrsTrySelectDynamic: {
          if (counting) tally.lookups++;
          const name = operations.attributeName(stack[--sp] as Forced);
          const set = stack[sp - 1];
          const found = set instanceof Attrs ? set.get(name) : undefined;
          if (found === undefined) {
            stack[sp - 1] = notFound;
            break;
          }
          vm.sp = sp;
          stack[sp - 1] = vm.force(found);
          break;
        }
        case Op.HasAttr: {
          n = code[ip++]!;
          if (n > 0x7f) ip += varintLength((n = readVarint(code, ip - 1))) - 1;
          const site = constants[n] as AttributeSite;
          const set = stack[sp - 1];
          stack[sp - 1] =
            set instanceof Attrs && (set.shape === site.shape || set.shape.indexOf(site.name) >= 0);
          break;
        }
        case Op.HasAttrDynamic: {
          const name = operations.attributeName(stack[--sp] as Forced);
          const set = stack[sp - 1];
          stack[sp - 1] = set instanceof Attrs && set.has(name);
          break;
        }
        case Op.JumpIfFalse:
          if (stack[sp - 1] === false) ip += 2 + (code[ip]! | (code[ip + 1]! << 8));
          else {
            sp--;
            ip += 2;
          }
          break;
        case Op.JumpIfTrue:
          if (stack[sp - 1] === true) ip += 2 + (code[ip]! | (code[ip + 1]! << 8));
          else {
            sp--;
            ip += 2;
          }
          break;
        case Op.JumpIfNotFound:
          if (stack[sp - 1] === notFound) {
            sp--;
            ip += 2 + (code[ip]! | (code[ip + 1]! << 8));
          } else ip += 2;
          break;
        case Op.Jump:
          ip += 2 + (code[ip]! | (code[ip + 1]! << 8));
          break;
        case Op.JumpWide:
          ip += 4 + readWide(code, ip);
          break;
        case Op.JumpIfFalseWide:
          if (stack[sp - 1] === false) ip += 4 + readWide(code, ip);
          else {
            sp--;
            ip += 4;
          }
          break;
        case Op.JumpIfTrueWide:
          if (stack[sp - 1] === true) ip += 4 + readWide(code, ip);
          else {
            sp--;
            ip += 4;
          }
          break;
        case Op.JumpIfNotFoundWide:
          if (stack[sp - 1] === notFound) {
            sp--;
            ip += 4 + readWide(code, ip);
          } else ip += 4;
          break;
        case Op.Pop:
          sp--;
          break;
        case Op.CloseScope:
          n = code[ip++]!;
          if (n > 0x7f) ip += varintLength((n = readVarint(code, ip - 1))) - 1;
          value = stack[--sp] as Value;
          sp -= n;
          stack[sp++] = value;
          break;
        case Op.AssertBool:
          ip++;
          if (typeof stack[sp - 1] !== 'boolean') throw fail.notBoolean(stack[sp - 1] as Forced);
          break;
        case Op.AssertAttrs:
          if (!(stack[sp - 1] instanceof Attrs)) operators.assertAttrs(stack[sp - 1] as Forced);
          break;
        case Op.AssertAddable:
          left = stack[sp - 1] as Forced;
          if (typeof left !== 'number' && typeof left !== 'string') {
            vm.sp = sp;
            assertAddable(vm, left);
          }
          break;
        case Op.AssertEqual:
          vm.sp = sp;
          sp -= 2;
          assertEqual(vm, stack[sp] as Forced, stack[sp + 1] as Forced);
          break;
        case Op.AssertFail:
          throw fail.assertion(blueprint.assertionText(at - chunk.start));
        case Op.Fail:
          n = code[ip++]!;
          if (n > 0x7f) ip += varintLength((n = readVarint(code, ip - 1))) - 1;
          throw new EvalError('parse-error', constants[n] as string);
        case Op.Invert:
          stack[sp - 1] = !stack[sp - 1];
          break;
        case Op.Force:
          value = stack[sp - 1] as Value;
          if (value instanceof Thunk) {
            vm.sp = sp;
            stack[sp - 1] = vm.force(value);
          }
          break;
        case Op.Add:
          right = stack[--sp] as Forced;
          left = stack[sp - 1] as Forced;
          if (typeof left === 'number' && typeof right === 'number') {
            const sum = left + right;
            stack[sp - 1] = Number.isSafeInteger(sum) ? sum : operators.add(vm, left, right);
          } else if (typeof left === 'string' && typeof right === 'string') {
            stack[sp - 1] = left + right;
          } else {
            vm.sp = sp + 1;
            stack[sp - 1] = operators.add(vm, left, right);
          }
          break;
        case Op.Sub:
          right = stack[--sp] as Forced;
          left = stack[sp - 1] as Forced;
          if (typeof left === 'number' && typeof right === 'number') {
            const difference = left - right;
            stack[sp - 1] = Number.isSafeInteger(difference) ? difference : operators.subtract(left, right);
          } else {
            vm.sp = sp + 1;
            stack[sp - 1] = operators.subtract(left, right);
          }
          break;
        case Op.Mul:
          right = stack[--sp] as Forced;
          left = stack[sp - 1] as Forced;
          vm.sp = sp + 1;
          if (typeof left === 'number' && typeof right === 'number') {
            stack[sp - 1] = multiplyIntegers(left, right);
          } else stack[sp - 1] = operators.multiply(left, right);
          break;
        case Op.Div:
          right = stack[--sp] as Forced;
          left = stack[sp - 1] as Forced;
          vm.sp = sp + 1;
          stack[sp - 1] = operators.divide(left, right);
          break;
        case Op.Negate:
          vm.sp = sp;
          stack[sp - 1] = operators.negate(stack[sp - 1] as Forced);
          break;
        case Op.Equal:
          right = stack[--sp] as Forced;
          left = stack[sp - 1] as Forced;
          if (typeof left === 'string' && typeof right === 'string') stack[sp - 1] = left === right;
          else {
            vm.sp = sp + 1;
            stack[sp - 1] = equalForced(vm, left, right);
          }
          break;
        case Op.Less:
          right = stack[--sp] as Forced;
          left = stack[sp - 1] as Forced;
          if (typeof left === 'number' && typeof right === 'number') stack[sp - 1] = left < right;
          else {
            vm.sp = sp + 1;
            stack[sp - 1] = lessForced(vm, left, right, '');
          }
          break;
        // More and LessOrEq find the right operand below the left one.
        case Op.More:
          left = stack[--sp] as Forced;
          right = stack[sp - 1] as Forced;
          if (typeof left === 'number' && typeof right === 'number') stack[sp - 1] = right < left;
          else {
            vm.sp = sp + 1;
            stack[sp - 1] = lessForced(vm, right, left, '');
          }
          break;
        case Op.LessOrEq:
          left = stack[--sp] as Forced;
          right = stack[sp - 1] as Forced;
          if (typeof left === 'number' && typeof right === 'number') stack[sp - 1] = left <= right;
          else {
            vm.sp = sp + 1;
            stack[sp - 1] = !lessForced(vm, right, left, '');
          }
          break;
        case Op.MoreOrEq:
          right = stack[--sp] as Forced;
          left = stack[sp - 1] as Forced;
          if (typeof left === 'number' && typeof right === 'number') stack[sp - 1] = left >= right;
          else {
            vm.sp = sp + 1;
            stack[sp - 1] = !lessForced(vm, left, right, '');
          }
          break;
        case Op.Attrs: {
          n = code[ip++]!;
          if (n > 0x7f) ip += varintLength((n = readVarint(code, ip - 1))) - 1;
          const shape = constants[n] as Shape;
          const count = shape.names.length;
          sp -= count;
          stack[sp] = new Attrs(shape, stack.slice(sp, sp + count) as Value[]);
          sp++;
          break;
        }
        case Op.AttrsInsert:
          vm.sp = sp;
          stack[sp - 3] = operations.insertDynamic(
            stack[sp - 3] as Attrs,
            stack[sp - 2] as Forced,
            stack[sp - 1] as Value,
            blueprint,
            at - chunk.start,
          );
          sp -= 2;
          break;
        case Op.AttrsUpdate:
          // The right operand was evaluated first, and is known to be a set.
          left = stack[--sp] as Forced;
          right = stack[sp - 1] as Attrs;
          stack[sp - 1] = left instanceof Attrs ? updateAttrs(left, right) : operators.update(left, right);
          break;
        case Op.SelectThunk:
          n = code[ip++]!;
          if (n > 0x7f) ip += varintLength((n = readVarint(code, ip - 1))) - 1;
          stack[sp - 1] = operations.selectThunk(
            constants[n] as AttributeSite,
            stack[sp - 1] as Value,
            blueprint,
            at - chunk.start,
          );
          break;
        case Op.Overrides: {
          n = code[ip++]!;
          if (n > 0x7f) ip += varintLength((n = readVarint(code, ip - 1))) - 1;
          const sources = readVarint(code, ip);
          ip += varintLength(sources);
          const locals = constants[readVarint(code, ip)] as readonly string[];
          ip += varintLength(readVarint(code, ip));
          const first = n + sources;
          const completeAgain = finaliseForNow(stack, base, n, first + locals.length);
          vm.sp = sp;
          stack[sp - 1] = operations.applyOverrides(vm, stack[sp - 1] as Attrs, locals, base + first);
          completeAgain();
          break;
        }
        case Op.BindFormals:
          n = code[ip++]!;
          if (n > 0x7f) ip += varintLength((n = readVarint(code, ip - 1))) - 1;
          vm.sp = sp;
          sp = bindFormals(vm, blueprint, constants[n] as FormalsTable, base, sp);
          break;
        case Op.FillDefault: {
          n = code[ip++]!;
          if (n > 0x7f) ip += varintLength((n = readVarint(code, ip - 1))) - 1;
          const owner = constants[readVarint(code, ip)] as Blueprint;
          ip += varintLength(readVarint(code, ip));
          const captured = capture(code, ip, stack, base, upvalues, withs);
          ip = capturesEnd;
          const slot = stack[base + n];
          if (slot instanceof Thunk && slot.code === owner && slot.data === undefined) slot.data = captured;
          break;
        }
        case Op.PushWith:
          withs = new WithScope(stack[--sp] as Value, withs, blueprint, at - chunk.start);
          break;
        case Op.PopWith:
          withs = withs!.outer;
          break;
        case Op.ResolveWith:
          n = code[ip++]!;
          if (n > 0x7f) ip += varintLength((n = readVarint(code, ip - 1))) - 1;
          vm.sp = sp;
          stack[sp++] = operations.resolveWith(vm, constants[n] as AttributeSite, withs);
          break;
        case Op.List:
          n = code[ip++]!;
          if (n > 0x7f) ip += varintLength((n = readVarint(code, ip - 1))) - 1;
          sp -= n;
          stack[sp] = stack.slice(sp, sp + n);
          sp++;
          if (counting) tally.elements += n;
          break;
        case Op.Concat:
          right = stack[--sp] as Forced;
          left = stack[sp - 1] as Forced;
          if (!Array.isArray(left)) throw fail.notConcatenable(left);
          if (!Array.isArray(right)) throw fail.notConcatenable(right);
          if (left.length === 0) stack[sp - 1] = right;
          else if (right.length !== 0) stack[sp - 1] = operators.concatenateLists(vm, left, right);
          if (counting) {
            tally.concatenations++;
            if (left.length !== 0 && right.length !== 0) tally.elements += left.length + right.length;
          }
          break;
        case Op.Interpolate:
          n = code[ip++]!;
          if (n > 0x7f) ip += varintLength((n = readVarint(code, ip - 1))) - 1;
          sp -= n;
          stack[sp] = interpolate(stack, sp, n);
          sp++;
          break;
        case Op.InterpolatePath:
          n = code[ip++]!;
          if (n > 0x7f) ip += varintLength((n = readVarint(code, ip - 1))) - 1;
          sp -= n;
          stack[sp] = interpolatePath(stack, sp, n);
          sp++;
          break;
        case Op.CoerceToString:
          n = code[ip++]!;
          if (n > 0x7f) ip += varintLength((n = readVarint(code, ip - 1))) - 1;
          value = stack[sp - 1] as Value;
          if (typeof value !== 'string') {
            vm.sp = sp;
            stack[sp - 1] = coerceToString(vm, value, n, 'while evaluating a path segment');
          }
          break;
        case Op.FindFile:
          n = code[ip++]!;
          if (n > 0x7f) ip += varintLength((n = readVarint(code, ip - 1))) - 1;
          vm.sp = sp;
          stack[sp++] = new Path(vm.loader.findFile(vm.loader.nixPath, constants[n] as string));
          break;
        case Op.ResolveHomePath:
          n = code[ip++]!;
          if (n > 0x7f) ip += varintLength((n = readVarint(code, ip - 1))) - 1;
          stack[sp++] = operations.homePath(vm, constants[n] as string);
          break;
        case Op.CurrentPosition:
          stack[sp++] = operations.positionAttrs(blueprint.positionAt(at - chunk.start));
          break;
        case Op.Finalise:
          n = code[ip++]!;
          if (n > 0x7f) ip += varintLength((n = readVarint(code, ip - 1))) - 1;
          finalise(stack, base, n);
          break;
        case Op.Return: {
          const result = stack[sp - 1] as Forced;
          if (vm.tailCalls !== tailCalls) {
            vm.tailCalls = tailCalls;
            vm.depth = depth;
          }
          if (thunk !== null) {
            if (vm.reads.length === reads) {
              thunk.code = done;
              thunk.data = result;
            } else finishThunk(vm, thunk, first, firstUpvalues, result, reads);
          }
          if (vm.observer !== undefined) vm.observer.leave(blueprint);
          return result;
        }
        default:
          throw fail.brokenChunk(blueprint, at - chunk.start);
      }
    }
  } catch (error) {
    if (vm.observer !== undefined) vm.observer.leave(blueprint);
    let explained = explain(error, { blueprint, at: at - chunk.start, stack, base, sp, upvalues });
    if (vm.tailCalls !== tailCalls) explained = explainTailCalls(vm, explained, tailCalls);
    if (thunk !== null) throw settleThunk(vm, thunk, first, firstUpvalues, explained, depth, reads);
    vm.depth = depth;
    throw explained;
  }
}

function readWide(code: Uint8Array, ip: number): number {
  return code[ip]! | (code[ip + 1]! << 8) | (code[ip + 2]! << 16) | (code[ip + 3]! << 24);
}
