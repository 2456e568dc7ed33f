/** Where the names of literal sets stand. */
import type { Position } from '../values/position';
import type { Origin } from '../values/shape';
import type { NodeBlueprint } from './blueprint';

export abstract class LiteralOrigin implements Origin {
  constructor(private readonly blueprint: NodeBlueprint) {}

  /** For each name of the shape its offset from the start of the blueprint's body. */
  abstract readonly places: readonly number[];

  positionOf(index: number): Position {
    return { source: this.blueprint.unit.source, offset: this.blueprint.start + this.places[index]! };
  }
}

/** Places that the compiler has found. */
export class CompiledOrigin extends LiteralOrigin {
  constructor(
    blueprint: NodeBlueprint,
    readonly places: readonly number[],
  ) {
    super(blueprint);
  }
}
