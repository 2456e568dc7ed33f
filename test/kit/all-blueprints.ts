import type { Blueprint } from '../../server/src/bytecode/blueprint';
import { isBlueprint } from '../../server/src/bytecode/disassemble';

/** A blueprint and all below it, each compiled, a parent before its children and these in code order. */
export function allBlueprints(root: Blueprint): Blueprint[] {
  const found: Blueprint[] = [];
  const waiting = [root];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    found.push(next);
    waiting.push(...childBlueprints(next).reverse());
  }
  return found;
}

/** The blueprints among a chunk's constants. */
function childBlueprints(blueprint: Blueprint): Blueprint[] {
  const chunk = blueprint.chunk ?? blueprint.compile();
  return chunk.constants.filter(isBlueprint);
}
