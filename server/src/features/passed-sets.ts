/**
 * The sets that calls pass to functions whose parameters have names: from a formal to what a call
 * passes for it, and back. The text alone is looked at; which function a name leads to is asked elsewhere.
 */
import { functionAt } from '../analysis/function-at';
import type { Bytes } from '../base/bytes';
import type { Range } from '../base/range';
import type { ParsedFile } from '../syntax/parse';
import {
  Kind,
  staticName,
  type AttributeSetNode,
  type BindingLike,
  type CallNode,
  type Expression,
  type LambdaNode,
} from '../syntax/tree';
import { innerOf, nodesAt, resultPath, type PlacedNode } from '../syntax/walk';
import { nameRange } from './call-hierarchy';

/** A function, and which one of its parameters, from 0, has formals; functions of several take them one by one. */
export interface FormalOwner {
  /** Where the first of the functions starts. */
  readonly at: number;
  readonly index: number;
}

/** The function whose formal stands at an offset. */
export function formalOwner(parsed: ParsedFile, formalAt: number): FormalOwner | undefined {
  const nodes = nodesAt(parsed, formalAt).reverse();
  const formals = nodes.findLastIndex(({ node }) => node.kind === Kind.Formals);
  const lambda = nodes[formals - 1];
  if (lambda === undefined) return undefined;
  const whole = functionAt(parsed, lambda.at);
  if (whole === undefined) return undefined;
  const index = parametersOf(whole).findIndex(({ node }) => node === lambda.node);
  return index < 0 ? undefined : { at: whole.at, index };
}

/** Where a formal of a name stands, of a parameter of the function that an offset is the name or the head of. */
export function formalOf(parsed: ParsedFile, offset: number, index: number, name: Bytes): number | undefined {
  const whole = functionAt(parsed, offset);
  const lambda = whole && parametersOf(whole)[index];
  const { formals } = lambda?.node ?? {};
  const found = formals?.formals.findIndex((each) => each.name.name === name) ?? -1;
  return found < 0 ? undefined : lambda!.at + lambda!.node.formalsAt + formals!.formalsAt[found]!;
}

type PlacedLambda = PlacedNode & { readonly node: LambdaNode };

/** The functions that take the parameters of a function one by one, the first one first. */
function parametersOf(whole: PlacedNode): PlacedLambda[] {
  const lambdas: PlacedLambda[] = [];
  for (let next: PlacedNode | undefined = whole; next !== undefined; next = innerOf(next))
    if (next.node.kind === Kind.Lambda) lambdas.push(next as PlacedLambda);
  return lambdas;
}

/** Where the last name of a path starts that a set binds, in sets within it, too; undefined where its text shows no such path. */
export function pathStartIn(
  { bindings, bindingsAt }: AttributeSetNode,
  at: number,
  path: readonly Bytes[],
): number | undefined {
  for (const [i, binding] of bindings.entries()) {
    const found = startIn(binding, at + bindingsAt[i]!, path);
    if (found !== undefined) return found;
  }
  return undefined;
}

function startIn(binding: BindingLike, at: number, path: readonly Bytes[]): number | undefined {
  if (binding.kind === Kind.Inherit) {
    const index = path.length > 1 ? -1 : binding.names.findIndex((each) => staticName(each) === path[0]);
    return index < 0 ? undefined : at + binding.namesAt[index]!;
  }
  const { names, namesAt } = binding.path;
  const count = Math.min(names.length, path.length);
  if (names.slice(0, count).some((each, i) => staticName(each) !== path[i])) return undefined;
  if (count === path.length) return at + namesAt[count - 1]!;
  return binding.value.kind === Kind.AttributeSet
    ? pathStartIn(binding.value, at + binding.valueAt, path.slice(count))
    : undefined;
}

/** Functions that call the function of a file with a set, beside what they pass by themselves. */
const callingFunctions = /^(?:import|\w*[cC]allPackage\w*)$/;

/**
 * What a call passes for a parameter of a function; undefined where it passes none, or where that is
 * not to be told.
 * @param called where the name of the function stands in the call
 */
export function passedArgument(
  parsed: ParsedFile,
  callAt: number,
  called: Range,
  index: number,
): PlacedNode | undefined {
  const placed = nodesAt(parsed, callAt).findLast(({ node, at }) => node.kind === Kind.Call && at === callAt);
  if (placed === undefined) return undefined;
  const call = placed.node as CallNode;
  const first = indexBehind(call, callAt, called);
  if (first === undefined) return undefined;
  const node = call.args[first + index];
  return node && resultPath({ node, at: callAt + call.argsAt[first + index]! }).at(-1);
}

/** The index of the first argument that a call passes to the function whose name stands at a range. */
function indexBehind(call: CallNode, at: number, called: Range): number | undefined {
  const isCalled = (node: Expression, nodeAt: number): boolean =>
    nameRange(node, nodeAt)?.start === called.start;
  if (isCalled(call.callee, at)) return callingFunctions.test(calleeNameOf(call) ?? '') ? 1 : 0;
  const index = call.args.findIndex((argument, i) => isCalled(argument, at + call.argsAt[i]!));
  return index === 0 && callingFunctions.test(calleeNameOf(call) ?? '') ? 1 : undefined;
}

function calleeNameOf({ callee }: CallNode): Bytes | undefined {
  if (callee.kind === Kind.Identifier) return callee.name;
  return callee.kind === Kind.Select ? staticName(callee.path.names.at(-1)!) : undefined;
}

/** What is called with a set: names that may lead to the function, and which parameter the set is for. */
export interface SetReceiver {
  /** The names in the call that may lead to the function. */
  readonly names: readonly Range[];
  readonly index: number;
}

/** What is called with the set that ends a path from the root; undefined where it is no argument itself. */
export function receiverOf(path: readonly PlacedNode[]): SetReceiver | undefined {
  let i = path.length - 1;
  while (i > 0 && innerOf(path[i - 1]!)?.node === path[i]!.node && path[i - 1]!.node.kind !== Kind.Lambda)
    i--;
  const parent = path[i - 1];
  if (parent?.node.kind !== Kind.Call) return undefined;
  const call = parent.node;
  const index = call.args.indexOf(path[i]!.node as Expression);
  if (index < 0) return undefined;
  const isCaller = callingFunctions.test(calleeNameOf(call) ?? '');
  const callee = isCaller ? undefined : nameRange(call.callee, parent.at);
  const file = isCaller && index > 0 ? nameRange(call.args[0]!, parent.at + call.argsAt[0]!) : undefined;
  const names = [callee, file].filter((range) => range !== undefined);
  return { names, index: isCaller ? index - 1 : index };
}

/** Whether a set is, or is a part of, what a call passes, so that somebody may read it whom nothing here shows. */
export function isPassed(path: readonly PlacedNode[]): boolean {
  for (let i = path.length - 1; i > 0; i--) {
    const parent = path[i - 1]!.node;
    switch (parent.kind) {
      case Kind.Call:
        return true;
      case Kind.List:
      case Kind.AttributeSet:
      case Kind.Binding:
      case Kind.Binary:
        continue;
      default:
        if (innerOf(path[i - 1]!)?.node !== path[i]!.node) return false;
    }
  }
  return false;
}
