/**
 * Which call a cursor stands in, and at which of its arguments. What the function
 * is, the evaluator says.
 */
import type { Signature, ValuePath } from '../evaluator/service';
import type { ParsedFile } from '../syntax/parse';
import { reparse } from '../syntax/reparse';
import { Kind, type Node } from '../syntax/tree';
import { nodesAt, type PlacedNode } from '../syntax/walk';

export interface CallAt {
  /** The function. */
  readonly of: ValuePath;
  /** The index of the argument that is being written. */
  readonly argument: number;
}

/** Stands for the argument that is not written yet. */
const mark = 'x_';

/**
 * The innermost call around an offset; undefined where there is none, or a function is nearer, or
 * what is bound to a name. A name that is bound in an argument belongs to the call.
 */
export function callAt(parsed: ParsedFile, offset: number): CallAt | undefined {
  const path = nodesAround(parsed, offset);
  let below: Node | undefined;
  for (const { node, at } of path) {
    if (node.kind === Kind.Call && node.callee !== below) {
      const argument = node.args.indexOf(below as never);
      const target = { start: at, end: at + node.callee.width };
      return argument < 0 ? undefined : { of: { target, names: [] }, argument };
    }
    const isBound = node.kind === Kind.Binding && below !== node.path;
    if (isBound || node.kind === Kind.Lambda || node.kind === Kind.Let) return undefined;
    below = node;
  }
  return undefined;
}

/** The nodes around a cursor; between two arguments, those around one that would be written there. */
function nodesAround(parsed: ParsedFile, offset: number): readonly PlacedNode[] {
  const { text } = parsed;
  const touches = /[^\s([{=;,]/.test(text[offset - 1] ?? '') || /[^\s)\]};]/.test(text[offset] ?? '');
  if (touches) return nodesAt(parsed, offset);
  const marked = reparse(parsed, { start: offset, end: offset, text: mark }).parsed;
  return nodesAt(marked, offset + mark.length);
}

export interface SignatureText {
  readonly label: string;
  /** Where each parameter stands in the label, in UTF-16 units. */
  readonly parameters: readonly (readonly [number, number])[];
  readonly documentation?: string;
  readonly active: number;
}

/** The text of a signature; undefined where the function takes no such argument. */
export function signatureText(
  name: string,
  { parameters, documentation }: Signature,
  active: number,
): SignatureText | undefined {
  if (active >= parameters.length) return undefined;
  let label = name;
  const places = parameters.map((parameter): [number, number] => {
    label += ' ';
    const start = label.length;
    label += parameter;
    return [start, label.length];
  });
  return { label, parameters: places, active, ...(documentation !== undefined && { documentation }) };
}
