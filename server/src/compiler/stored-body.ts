/**
 * The syntax of blueprints that come from a code image. Running them needs none;
 * errors, positions, listings and chunks that the image lacks do.
 */
import { unreachable } from '../base/internal-error';
import { parse } from '../syntax/parse';
import { Kind, type Expression } from '../syntax/tree';
import type { Body, NodeBlueprint } from './blueprint';
import { compileChunk } from './chunk-compiler';

/** Parses what a blueprint is the code of: its own source alone, where that can be. */
export function storedBody(blueprint: NodeBlueprint): Body {
  const { parent, width, kind } = blueprint;
  if (parent === undefined) return { kind: 'expression', node: parseText(blueprint).root };
  const alone = width > 0 ? parseAlone(blueprint) : undefined;
  if (alone === undefined) return bodyFromParent(blueprint, parent);
  if (kind !== 'lambda') return { kind: 'expression', node: alone };
  return alone.kind === Kind.Lambda ? { kind, node: alone } : bodyFromParent(blueprint, parent);
}

/** The expression that the source of the blueprint is, or undefined if it is not one alone. */
function parseAlone(blueprint: NodeBlueprint): Expression | undefined {
  const { start, width } = blueprint;
  const { root, rootAt, errors } = parseText(blueprint, start, start + width);
  return errors.length === 0 && rootAt === 0 && root.width === width ? root : undefined;
}

function parseText({ unit }: NodeBlueprint, start?: number, end?: number) {
  const { stored, source } = unit;
  return parse(source.text.slice(start, end), stored!.parsing);
}

/** Compiling is deterministic: the parent's chunk has the same constants in the same places. */
function bodyFromParent(blueprint: NodeBlueprint, parent: NodeBlueprint): Body {
  const index = parent.chunk!.constants.indexOf(blueprint);
  const again = compileChunk(parent, undefined).constants[index] as NodeBlueprint | undefined;
  return again?.body ?? unreachable('a chunk that is compiled again has the same constants');
}
