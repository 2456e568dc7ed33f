/**
 * What a function could be passed beside the arguments that it names: the rest of what it is called
 * with, and for a package all that callPackage has to choose from.
 */
import { encodeUtf8, type Bytes } from '../base/bytes';
import type { Evaluator } from '../evaluator/evaluator';
import type { NamedPlace } from '../evaluator/live-scopes';
import { scopeOfFunction, valueOfPath, type Subject } from '../evaluator/live-values';
import { memberOf } from '../evaluator/members';
import type { Member } from '../evaluator/service';
import { directoryOf } from '../host/path';
import { Kind, staticName, type CallNode } from '../syntax/tree';
import { nodesAt, type PlacedNode } from '../syntax/walk';
import { Attrs } from '../values/attrs';
import type { Value } from '../values/value';
import type { Vm } from '../vm/vm';
import { attributeOf, tryForce } from './told-values';

export interface PassableContext {
  readonly evaluator: Evaluator;
  /** A document, or else a file. */
  readonly file: (path: Bytes) => Subject | undefined;
  /** The set of all packages that a file is part of, if it is part of one. */
  readonly packagesAround: (path: Bytes) => Value | undefined;
}

/** By name; empty where nothing is known of the call. @throws Interruption */
export function passableArguments(
  context: PassableContext,
  subject: Subject,
  lambdaAt: number,
): ReadonlyMap<Bytes, Member> {
  const { vm } = context.evaluator;
  const scope = scopeOfFunction(subject, lambdaAt);
  const found = new Map<Bytes, Member>();
  if (scope?.argument === undefined) return found;
  const argument = tryForce(vm, scope.argument);
  const ofModules = argument instanceof Attrs ? argumentsOfModules(vm, argument) : undefined;
  const { call, isPackage = false } = scope.function!.with;
  const inScope = call && scopeOfCallPackage(context, call);
  const packages = isPackage ? packagesFor(context, subject.path) : undefined;
  for (const source of [argument, ofModules, inScope, packages]) {
    const set = source === undefined ? undefined : tryForce(vm, source);
    if (!(set instanceof Attrs)) continue;
    // The module system passes whatever a module asks for, and fails where that is used.
    const asked = set === argument && ofModules !== undefined ? formalsOf(subject, lambdaAt) : noNames;
    set.shape.names.forEach((name, i) => {
      if (!found.has(name) && !asked.has(name)) found.set(name, memberOf(name, set.values[i]!));
    });
  }
  return found;
}

const noNames: ReadonlySet<Bytes> = new Set();

function formalsOf({ parsed }: Subject, lambdaAt: number): ReadonlySet<Bytes> {
  const lambda = nodesAt(parsed, lambdaAt).find(
    ({ node, at }) => node.kind === Kind.Lambda && at === lambdaAt,
  )?.node;
  if (lambda?.kind !== Kind.Lambda) return noNames;
  return new Set(lambda.formals?.formals.map(({ name }) => name.name));
}

/** What the module system has for any module, if it is what calls a function with an argument. */
function argumentsOfModules(vm: Vm, argument: Attrs): Attrs | undefined {
  const config = attributeOf(vm, argument, 'config');
  const module = config instanceof Attrs ? attributeOf(vm, config, '_module') : undefined;
  const all = module instanceof Attrs ? attributeOf(vm, module, 'args') : undefined;
  return all instanceof Attrs ? all : undefined;
}

/** For a call of callPackage: the set that it belongs to, or else all packages. */
function scopeOfCallPackage(context: PassableContext, { position }: NamedPlace): Value | undefined {
  const { path } = position.source;
  const subject = context.file(path);
  if (subject === undefined) return undefined;
  const call = nodesAt(subject.parsed, position.offset).find(
    ({ node, at }) => node.kind === Kind.Call && at === position.offset,
  ) as (PlacedNode & { readonly node: CallNode }) | undefined;
  const callee = call?.node.callee;
  if (callee?.kind === Kind.Identifier)
    return isCallPackage(callee.name) ? packagesFor(context, path) : undefined;
  if (callee?.kind !== Kind.Select || !isCallPackage(staticName(callee.path.names.at(-1)!))) return undefined;
  const names = callee.path.names.slice(0, -1).map(staticName);
  if (names.some((name) => name === undefined)) return undefined;
  const target = { start: call!.at, end: call!.at + callee.target.width };
  return valueOfPath(context.evaluator, subject, { target, names: names as Bytes[] });
}

function isCallPackage(name: Bytes | undefined): boolean {
  return name !== undefined && /^callPackage(?:s|With)?$/.test(name);
}

/** All packages that a file may mean: those that it is part of, or nixpkgs. */
function packagesFor({ evaluator, packagesAround }: PassableContext, path: Bytes): Value {
  return (
    packagesAround(path) ??
    evaluator.evaluateText(encodeUtf8('import <nixpkgs> { }'), directoryOf(path), encodeUtf8('«convention»'))
  );
}
