/**
 * How a function is called: the names of its arguments, one after the other as
 * far as its text goes, and its documentation.
 */
import { decodeUtf8 } from '../base/bytes';
import { NodeBlueprint } from '../compiler/blueprint';
import { documentationOf } from '../syntax/comments';
import { Kind, type Expression, type LambdaNode } from '../syntax/tree';
import { Attrs } from '../values/attrs';
import { meansNoValue } from '../values/error';
import { presentPosition } from '../values/position';
import { Builtin, Closure, PartialApplication, type Forced } from '../values/value';
import type { BuiltinRecord } from '../vm/builtin-record';
import type { Evaluator } from './evaluator';
import { valueOfPath, type Subject } from './live-values';
import type { Signature, ValuePath } from './service';
import type { TreeOf } from './subjects';

/** How many formals are shown. */
const maxFormals = 12;

/** @throws Interruption for anything but the end of the time. */
export function signatureAt(
  evaluator: Evaluator,
  subject: Subject,
  of: ValuePath,
  treeOf: TreeOf,
): Signature | undefined {
  try {
    return signatureOf(evaluator, valueOfPath(evaluator, subject, of), treeOf);
  } catch (error) {
    if (meansNoValue(error)) return undefined;
    throw error;
  }
}

function signatureOf(evaluator: Evaluator, value: Forced, treeOf: TreeOf): Signature | undefined {
  if (value instanceof Builtin) return ofBuiltin(value.record as BuiltinRecord, 0);
  if (value instanceof PartialApplication)
    return ofBuiltin(value.builtin.record as BuiltinRecord, value.args.length);
  if (value instanceof Closure) return ofClosure(value, treeOf);
  if (!(value instanceof Attrs) || !value.has('__functor')) return undefined;
  const applied = evaluator.vm.call(value.get('__functor')!, value);
  return applied instanceof Closure ? ofClosure(applied, treeOf) : undefined;
}

function ofBuiltin({ parameters, documentation }: BuiltinRecord, given: number): Signature {
  return { parameters: parameters.slice(given).map(({ name }) => name), documentation };
}

function ofClosure({ blueprint }: Closure, treeOf: TreeOf): Signature | undefined {
  if (!(blueprint instanceof NodeBlueprint) || blueprint.body.kind !== 'lambda') return undefined;
  const parameters: string[] = [];
  for (
    let node: Expression = blueprint.body.node;
    node.kind === Kind.Lambda || node.kind === Kind.Parenthesised;
    node = node.kind === Kind.Lambda ? node.body : node.inner
  ) {
    if (node.kind === Kind.Lambda) parameters.push(decodeUtf8(nameOf(node)));
  }
  const { source, offset } = presentPosition(blueprint.position());
  const documentation = documentationOf(treeOf(source), offset)?.text;
  return { parameters, ...(documentation !== undefined && { documentation: decodeUtf8(documentation) }) };
}

function nameOf({ parameter, formals }: LambdaNode): string {
  if (formals === undefined) return parameter!.name;
  const names = formals.formals.map(({ name, fallback }) => name.name + (fallback === undefined ? '' : '?'));
  const shown = names.slice(0, maxFormals);
  if (formals.ellipsis || shown.length < names.length) shown.push('...');
  return shown.length === 0 ? '{ }' : `{ ${shown.join(', ')} }`;
}
