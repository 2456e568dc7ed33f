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
import { storedBody } from './stored-body';
import type { CompilationUnit } from './unit';

/** What a chunk is the code of. */
export type Body =
  | { readonly kind: 'expression'; readonly node: Expression }
  | { readonly kind: 'lambda'; readonly node: LambdaNode }
  /** A nested attribute path's set; its places are relative to the same node as those of its owner. */
  | { readonly kind: 'group'; readonly group: BindingGroup; readonly width: number };

export interface Formal {
  readonly name: string;
  readonly optional: boolean;
  /** From the start of the function. */
  readonly at: number;
}

export interface Parameters {
  /** The name before `:` or beside `@`. */
  readonly parameter: string | undefined;
  /** In source order; undefined where the function takes any argument. */
  readonly formals: readonly Formal[] | undefined;
  readonly ellipsis: boolean;
}

/** The detail of a blueprint that is in no image. */
const notStored = -1;

export class NodeBlueprint extends Blueprint {
  private constructor(
    kind: BlueprintKind,
    name: string,
    readonly unit: CompilationUnit,
    readonly parent: NodeBlueprint | undefined,
    /** Where the body starts, from the start of the parent's body. */
    readonly at: number,
    /** Undefined until somebody asks for it, where the code comes from an image. */
    private knownBody: Body | undefined,
    private knownCaptures: readonly string[] | undefined,
    captureCount: number,
    capturesWith: boolean,
    /** How wide the body's source is, or 0 where it stands in several places, as that of a nested path. */
    readonly width: number,
    /** Where the unit's image has the detail. */
    readonly detail: number,
  ) {
    super(kind, name, captureCount, capturesWith);
  }

  /** A blueprint whose syntax is at hand. `captures` are the names that are captured, in the order of the upvalues. */
  static of(
    kind: BlueprintKind,
    name: string,
    unit: CompilationUnit,
    parent: NodeBlueprint | undefined,
    at: number,
    body: Body,
    captures: readonly string[],
    capturesWith: boolean,
  ): NodeBlueprint {
    const width = body.kind === 'group' ? 0 : body.node.width;
    const { length } = captures;
    return new NodeBlueprint(
      kind,
      name,
      unit,
      parent,
      at,
      body,
      captures,
      length,
      capturesWith,
      width,
      notStored,
    );
  }

  /** The toplevel blueprint of a unit that has an image. */
  static storedRoot(name: string, unit: CompilationUnit): NodeBlueprint {
    const { rootWidth, rootDetail } = unit.stored!.image;
    const none: readonly string[] = [];
    return new NodeBlueprint(
      'toplevel',
      name,
      unit,
      undefined,
      0,
      undefined,
      none,
      0,
      false,
      rootWidth,
      rootDetail,
    );
  }

  /** A function or a thunk in the body of this one. The compiler of chunks makes them here, since it is imported by this file. */
  child(
    kind: BlueprintKind,
    name: string,
    at: number,
    body: Body,
    captures: { readonly names: readonly string[]; readonly capturesWith: boolean },
  ): NodeBlueprint {
    return NodeBlueprint.of(kind, name, this.unit, this, at, body, captures.names, captures.capturesWith);
  }

  /** The same, of an image; `width` is 0 where the source cannot be parsed alone. */
  storedChild(
    kind: BlueprintKind,
    name: string,
    at: number,
    width: number,
    captureCount: number,
    capturesWith: boolean,
    detail: number,
  ): NodeBlueprint {
    return new NodeBlueprint(
      kind,
      name,
      this.unit,
      this,
      at,
      undefined,
      undefined,
      captureCount,
      capturesWith,
      width,
      detail,
    );
  }

  get isStored(): boolean {
    return this.detail !== notStored;
  }

  /** What the chunk is the code of. */
  get body(): Body {
    return (this.knownBody ??= storedBody(this));
  }

  /** The names that are captured, in the order of the upvalues. */
  get captures(): readonly string[] {
    return (this.knownCaptures ??= this.unit.stored!.image.captures(this));
  }

  override compile(): Chunk {
    return this.compiledChunk() ?? this.compileAnew();
  }

  private compileAnew(): Chunk {
    this.chunk = compileChunk(this, undefined);
    this.unit.compiled++;
    return this.chunk;
  }

  /** The chunk if there is one already, here or in the image. */
  compiledChunk(): Chunk | undefined {
    if (this.chunk === null && this.isStored) this.chunk = this.unit.stored!.image.chunk(this) ?? null;
    return this.chunk ?? undefined;
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
    if (this.width > 0) return { start, end: start + this.width };
    const { body } = this;
    return body.kind === 'group'
      ? { start: start + body.group.at, end: start + body.width }
      : { start, end: start + body.node.width };
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

  /** For a lambda: its parameters, with places relative to the body. */
  get parameters(): Parameters {
    return this.isStored ? this.unit.stored!.image.parameters(this) : parametersOf(this.body);
  }

  override signature(): LambdaSignature {
    const { parameter, formals, ellipsis } = this.parameters;
    const { start } = this;
    const { source } = this.unit;
    return {
      parameter,
      ellipsis,
      formals: formals?.map(({ name, optional, at }) => ({
        name,
        optional,
        position: { source, offset: start + at },
      })),
    };
  }
}

function parametersOf(body: Body): Parameters {
  if (body.kind !== 'lambda') return unreachable('only functions have parameters');
  const { parameter, formals, formalsAt } = body.node;
  return {
    parameter: parameter?.name,
    ellipsis: formals?.ellipsis ?? false,
    formals: formals?.formals.map((formal, i) => ({
      name: formal.name.name,
      optional: formal.fallback !== undefined,
      at: formalsAt + formals.formalsAt[i]!,
    })),
  };
}

/** The span of the instruction at `at`. */
function spanAt(spans: readonly Span[], at: number): Span | undefined {
  return spans.find((span) => span.at === at);
}
