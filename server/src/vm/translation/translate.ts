/**
 * Hot chunks as JavaScript functions.
 *
 * The byte code stays the one source: a chunk that has run often is read once
 * more, instruction by instruction, and written down as a JavaScript function
 * that does the same with its slots as local variables. What an instruction does
 * beyond the usual case is left to the functions of runtime.ts, so results,
 * errors and their traces are those of the dispatch loop.
 *
 * Jumps of byte code only go forward, so each target is the end of a labelled
 * block, and all blocks begin where the function does.
 */
import type { Blueprint } from '../../bytecode/blueprint';
import type { Chunk } from '../../bytecode/chunk';
import { instructionsOf, type Capture } from '../../bytecode/instructions';
import { CaptureTag, Op } from '../../bytecode/opcode';
import type { Run, RunPair, Translated } from '../../bytecode/translated';
import { generate, type OuterCaptures } from './generator';
import * as runtime from './runtime';
import { RawUses } from './sums';

/** Longer code is not worth the time that V8 needs for it. */
const maxCodeLength = 3000;

/** Translates the chunk of a blueprint, or gives null where that cannot be done. */
export function translate(blueprint: Blueprint): Translated | null {
  const run = functionOf(blueprint, blueprint, undefined) as Run | null;
  if (run === null) return null;
  const curried = curriedBody(blueprint);
  const pair = curried && (functionOf(curried.inner, blueprint, curried.captures) as RunPair | null);
  return {
    run,
    pair: pair ?? null,
    argumentStays: blueprint.kind === 'lambda' && !new RawUses(blueprint.chunk!).locals.has(0),
    argumentsStay: curried !== undefined && argumentsStay(curried),
  };
}

type Factory = (
  rt: typeof runtime,
  constants: Chunk['constants'],
  blueprint: Blueprint,
  itself: Blueprint,
  tops: Uint16Array,
) => unknown;

/** @param itself the function that is called, the outer one of a curried function */
function functionOf(blueprint: Blueprint, itself: Blueprint, outer: OuterCaptures): unknown {
  const chunk = blueprint.chunk!;
  const length = chunk.end - chunk.start;
  if (length > maxCodeLength) return null;
  const tops = new Uint16Array(length);
  const body = generate(blueprint, outer, tops);
  if (body === undefined) return null;
  return makeFactory(body)?.(runtime, chunk.constants, blueprint, itself, tops) ?? null;
}

/** Undefined where the surroundings forbid to make code from text. */
function makeFactory(body: string): Factory | undefined {
  try {
    return new Function('rt', 'constants', 'blueprint', 'itself', 'tops', body) as Factory;
  } catch (error) {
    if (error instanceof EvalError) return undefined;
    throw error;
  }
}

interface CurriedBody {
  readonly inner: Blueprint;
  readonly captures: readonly Capture[];
}

/** For a function that only makes another one, `a: b: …`: the other one, and what it captures. */
function curriedBody({ kind, chunk }: Blueprint): CurriedBody | undefined {
  if (kind !== 'lambda' || chunk!.memory[chunk!.start] !== Op.Closure) return undefined;
  const [make, end] = instructionsOf(chunk!);
  if (end!.op !== Op.Return || make!.capturesWith) return undefined;
  if (make!.captures.some(({ tag }) => tag === CaptureTag.Deferred)) return undefined;
  const inner = chunk!.constants[make!.operands[0]!] as Blueprint;
  if (inner.chunk === null) inner.compile();
  return { inner, captures: make!.captures };
}

function argumentsStay({ inner, captures }: CurriedBody): boolean {
  const { locals, upvalues } = new RawUses(inner.chunk!);
  return !locals.has(0) && !captures.some(({ tag }, i) => tag === CaptureTag.Local && upvalues.has(i));
}
