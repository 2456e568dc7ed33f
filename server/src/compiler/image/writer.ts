/** Writes code images. */
import type { Bytes } from '../../base/bytes';
import { InternalError } from '../../base/internal-error';
import { Blueprint } from '../../bytecode/blueprint';
import type { Chunk } from '../../bytecode/chunk';
import { AttributeSite, FormalsTable, type Constant } from '../../bytecode/constant';
import { writeVarint } from '../../bytecode/varint';
import { Kind } from '../../syntax/tree';
import { Shape } from '../../values/shape';
import { Float, Path, type Value } from '../../values/value';
import { LiteralOrigin } from '../origin';
import type { NodeBlueprint, Parameters } from '../blueprint';
import { BlueprintFlag, DefaultTag, Header, magic, ParametersFlag, Tag } from './format';

/**
 * The image of all that has been compiled below a toplevel blueprint. The
 * blueprints' bodies are not asked for, unless they were parsed anyway.
 */
export function writeImage(root: NodeBlueprint): Uint8Array {
  return new ImageWriter(root).write();
}

class ImageWriter {
  private bytes = Buffer.allocUnsafe(1 << 14);
  private end = Header.Size as number;
  private readonly strings: Bytes[] = [];
  private readonly stringIndex = new Map<Bytes, number>();
  private readonly globals: ReadonlyMap<Value, string>;
  /** Details of blueprints that nobody compiled, by what they capture. */
  private readonly bareDetails = new Map<string, number>();

  constructor(private readonly root: NodeBlueprint) {
    this.globals = namesOfGlobals(root.unit.globals);
  }

  write(): Uint8Array {
    const { root } = this;
    const detail = this.detail(root);
    const strings = this.end;
    let length = 0;
    const ends = this.strings.map((text) => (length += text.length));
    this.reserve(length + 4 * ends.length);
    for (const text of this.strings) this.end += this.bytes.write(text, this.end, 'latin1');
    const endsAt = this.end;
    for (const each of ends) this.end = this.bytes.writeUInt32LE(each, this.end);
    this.header(detail, strings, endsAt);
    return this.bytes.subarray(0, this.end);
  }

  private header(root: number, strings: number, ends: number): void {
    const { bytes } = this;
    bytes.writeUInt32LE(magic, Header.Magic);
    bytes.writeUInt32LE(root, Header.Root);
    bytes.writeUInt32LE(strings, Header.Strings);
    bytes.writeUInt32LE(ends, Header.Ends);
    bytes.writeUInt32LE(this.root.unit.rootAt, Header.RootAt);
    bytes.writeUInt32LE(this.root.width, Header.RootWidth);
  }

  // --- Blueprints ---------------------------------------------------------------

  /** Writes what a blueprint captures and its code, and says where. Those below it come first. */
  private detail(blueprint: NodeBlueprint): number {
    const chunk = blueprint.compiledChunk();
    if (chunk === undefined) return this.bareDetail(blueprint);
    const details = new Map<Blueprint, number>();
    for (const child of blueprintsIn(chunk)) details.set(child, this.detail(child));
    const at = this.end;
    this.head(blueprint);
    this.byte(1);
    this.chunk(chunk, details);
    return at;
  }

  private bareDetail(blueprint: NodeBlueprint): number {
    const key = blueprint.captures.join(' ');
    const isLambda = blueprint.kind === 'lambda';
    const known = isLambda ? undefined : this.bareDetails.get(key);
    if (known !== undefined) return known;
    const at = this.end;
    this.head(blueprint);
    this.byte(0);
    if (!isLambda) this.bareDetails.set(key, at);
    return at;
  }

  /** The names that are captured and, for a function, its parameters. */
  private head(blueprint: NodeBlueprint): void {
    for (const name of blueprint.captures) this.string(name);
    if (blueprint.kind === 'lambda') this.parameters(blueprint.parameters);
  }

  private parameters({ parameter, formals, ellipsis }: Parameters): void {
    const bits =
      (parameter === undefined ? 0 : ParametersFlag.Parameter) |
      (formals === undefined ? 0 : ParametersFlag.Formals) |
      (ellipsis ? ParametersFlag.Ellipsis : 0);
    this.byte(bits);
    if (parameter !== undefined) this.string(parameter);
    if (formals === undefined) return;
    this.varint(formals.length);
    for (const { name, optional, at } of formals) {
      this.string(name);
      this.varint(at * 2 + (optional ? 1 : 0));
    }
  }

  private chunk(chunk: Chunk, details: ReadonlyMap<Blueprint, number>): void {
    const length = chunk.end - chunk.start;
    this.varint(chunk.stackSize);
    this.varint(length);
    this.reserve(length);
    this.bytes.set(chunk.code, this.end);
    this.end += length;
    const relative = new Map(chunk.relativePaths.map(({ index, text }) => [index, text]));
    this.varint(chunk.constants.length);
    chunk.constants.forEach((constant, index) => {
      const text = relative.get(index);
      if (text === undefined) this.constant(constant, chunk.constants, details);
      else this.tagged(Tag.RelativePath, text);
    });
  }

  // --- Constants ------------------------------------------------------------------

  private constant(
    constant: Constant,
    constants: readonly Constant[],
    details: ReadonlyMap<Blueprint, number>,
  ): void {
    if (constant instanceof Blueprint) return this.blueprint(constant as NodeBlueprint, details);
    if (constant instanceof AttributeSite) return this.tagged(Tag.Site, constant.name);
    if (constant instanceof Shape) return this.shape(constant);
    if (constant instanceof FormalsTable) return this.formals(constant, constants);
    this.value(constant);
  }

  private value(value: Value | readonly string[]): void {
    if (value === null) return this.byte(Tag.Null);
    if (typeof value === 'boolean') return this.byte(value ? Tag.True : Tag.False);
    if (typeof value === 'number') return this.number(value);
    if (typeof value === 'string') return this.tagged(Tag.Text, value);
    if (typeof value === 'bigint') return this.tagged(Tag.BigInteger, String(value));
    const global = this.globals.get(value);
    if (global !== undefined) return this.tagged(Tag.Global, global);
    if (value instanceof Path) return this.tagged(Tag.AbsolutePath, value.path);
    if (value instanceof Float) {
      const bytes = Buffer.alloc(8);
      bytes.writeDoubleLE(value.value);
      return this.tagged(Tag.Float, bytes.toString('latin1'));
    }
    if (!Array.isArray(value)) throw new InternalError('a constant that code images do not know');
    if (value.length === 0) return this.byte(Tag.EmptyList);
    this.byte(Tag.Names);
    this.names(value as readonly string[]);
  }

  private number(value: number): void {
    if (value < 0 || value > 0x7fffffff) return this.tagged(Tag.Number, String(value));
    this.byte(Tag.Natural);
    this.varint(value);
  }

  private blueprint(blueprint: NodeBlueprint, details: ReadonlyMap<Blueprint, number>): void {
    const { kind, capturesWith } = blueprint;
    const standalone = isStandalone(blueprint);
    this.byte(Tag.Blueprint);
    this.byte(
      (kind === 'lambda' ? BlueprintFlag.Lambda : 0) |
        (capturesWith ? BlueprintFlag.CapturesWith : 0) |
        (standalone ? BlueprintFlag.Standalone : 0),
    );
    this.string(blueprint.name);
    this.varint(blueprint.at);
    this.varint(standalone ? blueprint.width : 0);
    this.varint(blueprint.captureCount);
    this.varint(details.get(blueprint)!);
  }

  private formals(table: FormalsTable, constants: readonly Constant[]): void {
    this.byte(Tag.Formals);
    this.byte(table.ellipsis ? 1 : 0);
    this.names(table.names);
    table.optional.forEach((optional, i) => {
      const fallback = table.defaults[i];
      if (!optional || fallback === undefined) return this.byte(DefaultTag.None);
      if (fallback instanceof Blueprint) {
        this.byte(DefaultTag.Thunk);
        return this.varint(constants.indexOf(fallback));
      }
      this.byte(DefaultTag.Constant);
      this.value(fallback);
    });
  }

  private shape(shape: Shape): void {
    if (!(shape.origin instanceof LiteralOrigin)) throw new InternalError('a shape that no literal has');
    this.byte(Tag.Shape);
    this.names(shape.names);
    for (const place of shape.origin.places) this.varint(place);
  }

  private names(names: readonly string[]): void {
    this.varint(names.length);
    for (const name of names) this.string(name);
  }

  // --- Bytes -----------------------------------------------------------------------

  private tagged(tag: Tag, text: Bytes): void {
    this.byte(tag);
    this.string(text);
  }

  private string(text: Bytes): void {
    let index = this.stringIndex.get(text);
    if (index === undefined) {
      index = this.strings.length;
      this.strings.push(text);
      this.stringIndex.set(text, index);
    }
    this.varint(index);
  }

  private byte(value: number): void {
    this.reserve(1);
    this.bytes[this.end++] = value;
  }

  private varint(value: number): void {
    this.reserve(5);
    this.end = writeVarint(this.bytes, this.end, value);
  }

  private reserve(length: number): void {
    if (this.end + length <= this.bytes.length) return;
    const larger = Buffer.allocUnsafe(2 * (this.end + length));
    larger.set(this.bytes.subarray(0, this.end));
    this.bytes = larger;
  }
}

/** The blueprints among the constants of a chunk. Those of defaults are among them, too. */
function blueprintsIn(chunk: Chunk): NodeBlueprint[] {
  return chunk.constants.filter((constant) => constant instanceof Blueprint) as NodeBlueprint[];
}

/**
 * Whether the source of a blueprint can be parsed without what is around it:
 * not the set of a nested attribute path, whose bindings stand in several
 * places, and not the quoted name of an `inherit`.
 */
function isStandalone(blueprint: NodeBlueprint): boolean {
  if (blueprint.isStored) return blueprint.width > 0;
  const { body } = blueprint;
  if (body.kind === 'group') return false;
  if (body.kind === 'lambda' || body.node.kind !== Kind.Identifier) return true;
  return body.node.width === body.node.name.length;
}

/** Global values that are objects, by which constants refer to them. */
function namesOfGlobals(globals: ReadonlyMap<string, Value>): Map<Value, string> {
  const names = new Map<Value, string>();
  for (const [name, value] of globals)
    if (typeof value === 'object' && value !== null) names.set(value, name);
  return names;
}
