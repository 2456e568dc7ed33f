/** Blueprints that know the piece of syntax they are compiled from. */
import type { Range } from '../base/range';
import { Blueprint, type BlueprintKind, type LambdaSignature } from '../bytecode/blueprint';
import type { Chunk, Span } from '../bytecode/chunk';
import type { Explanation } from '../bytecode/explanation';
import { unreachable } from '../base/internal-error';
import type { BindingGroup } from '../names/merge';
import type { Expression, LambdaNode } from '../syntax/tree';
import type { Position } from '../values/position';
import { compileChunk } from './chunk-compiler';
import { assertionText, explainInstruction } from './frames';
import type { CompilationUnit } from './unit';

/** What a chunk is the code of. */
export type Body =
  | { readonly kind: 'expression'; readonly node: Expression }
  | { readonly kind: 'lambda'; readonly node: LambdaNode }
  /** A nested attribute path's set; its places are relative to the same node as those of its owner. */
  | { readonly kind: 'group'; readonly group: BindingGroup; readonly width: number };

export class NodeBlueprint extends Blueprint {
  constructor(
    kind: BlueprintKind,
    name: string,
    readonly unit: CompilationUnit,
    readonly parent: NodeBlueprint | undefined,
    /** Where the body starts, from the start of the parent's body. */
    readonly at: number,
    readonly body: Body,
    /** The names that are captured, in the order of the upvalues. */
    readonly captures: readonly string[],
    capturesWith: boolean,
  ) {
    super(kind, name, captures.length, capturesWith);
  }

  /** A function or a thunk in the body of this one. The compiler of chunks makes them here, since it is imported by this file. */
  child(
    kind: BlueprintKind,
    name: string,
    at: number,
    body: Body,
    captures: { readonly names: readonly string[]; readonly capturesWith: boolean },
  ): NodeBlueprint {
    return new NodeBlueprint(kind, name, this.unit, this, at, body, captures.names, captures.capturesWith);
  }

  override compile(): Chunk {
    this.chunk = compileChunk(this, undefined);
    return this.chunk;
  }

  /**
   * Spans are not kept: few chunks are ever asked for them, and compiling again
   * gives the same code.
   */
  override spans(): readonly Span[] {
    const spans: Span[] = [];
    compileChunk(this, spans);
    return spans;
  }

  /** Where the body starts in the text. */
  get start(): number {
    let start = this.unit.rootAt;
    for (let owner: NodeBlueprint | undefined = this; owner !== undefined; owner = owner.parent)
      start += owner.at;
    return start;
  }

  get range(): Range {
    const start = this.start;
    switch (this.body.kind) {
      case 'group':
        return { start: start + this.body.group.at, end: start + this.body.width };
      default:
        return { start, end: start + this.body.node.width };
    }
  }

  override position(): Position {
    const { start, end } = this.range;
    return { source: this.unit.source, offset: start, end };
  }

  override positionAt(at: number): Position {
    const span = spanAt(this.spans(), at);
    if (span === undefined) return this.position();
    const { start } = this;
    return { source: this.unit.source, offset: start + span.start, end: start + span.end };
  }

  override assertionText(at: number): string {
    const span = spanAt(this.spans(), at);
    return span === undefined ? '' : assertionText(this, span);
  }

  override explain(at: number): Explanation {
    return explainInstruction(this, at);
  }

  override signature(): LambdaSignature {
    if (this.body.kind !== 'lambda') return unreachable('only functions have a signature');
    const { parameter, formals, formalsAt } = this.body.node;
    const { start } = this;
    return {
      parameter: parameter?.name,
      ellipsis: formals?.ellipsis ?? false,
      formals: formals?.formals.map((formal, i) => ({
        name: formal.name.name,
        optional: formal.fallback !== undefined,
        position: { source: this.unit.source, offset: start + formalsAt + formals.formalsAt[i]! },
      })),
    };
  }
}

/** The span of the instruction at `at`. */
function spanAt(spans: readonly Span[], at: number): Span | undefined {
  return spans.find((span) => span.at === at);
}
