/**
 * Reads code images. Nothing is decoded before it is needed: a chunk when it
 * first runs, a string when a chunk refers to it. Code is run where it lies.
 */
import type { Bytes } from '../../base/bytes';
import { InternalError } from '../../base/internal-error';
import { Chunk, type RelativePath } from '../../bytecode/chunk';
import { AttributeSite, FormalsTable, type Constant } from '../../bytecode/constant';
import { readVarint } from '../../bytecode/varint';
import type { Blueprint } from '../../bytecode/blueprint';
import { literalPath } from '../../host/path';
import { hashStep, identifierIndex, identifierName } from '../../syntax/identifier-table';
import { Shape } from '../../values/shape';
import { Float, Path, type Value } from '../../values/value';
import type { Formal, NodeBlueprint, Parameters } from '../blueprint';
import { LiteralOrigin } from '../origin';
import { BlueprintFlag, DefaultTag, Header, magic, ParametersFlag, Tag } from './format';

export class CodeImage {
  /** As an array of the class that holds compiled code, so that the machine meets one class of memory. */
  private readonly bytes: Uint8Array;
  readonly rootDetail: number;
  readonly rootAt: number;
  readonly rootWidth: number;
  private readonly strings: number;
  private readonly ends: number;
  private readonly decodedNames: (string | undefined)[];
  private readonly decodedTexts: (Bytes | undefined)[];
  /** Defaults of the formals of the chunk being read whose blueprints come later: the formal, and the constant. */
  private readonly defaults: [formal: number, constant: number][] = [];
  /** Where the next read happens; an image is read by one decoder at a time. */
  private at = 0;

  /** The image in `bytes`, or undefined if they are of another format. That they are whole is the storage's promise. */
  static open(bytes: Buffer): CodeImage | undefined {
    const isImage = bytes.length >= Header.Size && bytes.readUInt32LE(Header.Magic) === magic;
    return isImage ? new CodeImage(bytes) : undefined;
  }

  private constructor(private readonly buffer: Buffer) {
    this.bytes = new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.length);
    this.rootDetail = buffer.readUInt32LE(Header.Root);
    this.strings = buffer.readUInt32LE(Header.Strings);
    this.ends = buffer.readUInt32LE(Header.Ends);
    this.rootAt = buffer.readUInt32LE(Header.RootAt);
    this.rootWidth = buffer.readUInt32LE(Header.RootWidth);
    const count = (buffer.length - this.ends) >> 2;
    this.decodedNames = new Array<string | undefined>(count);
    this.decodedTexts = new Array<Bytes | undefined>(count);
  }

  // --- Blueprints --------------------------------------------------------------------

  /** The names that a blueprint captures. */
  captures(blueprint: NodeBlueprint): string[] {
    this.at = blueprint.detail;
    return this.names(blueprint.captureCount);
  }

  /** Goes to what stands behind the captures of a blueprint. */
  private skipCaptures(blueprint: NodeBlueprint): void {
    this.at = blueprint.detail;
    for (let i = 0; i < blueprint.captureCount; i++) this.varint();
  }

  /** The parameters of a function. */
  parameters(blueprint: NodeBlueprint): Parameters {
    this.skipCaptures(blueprint);
    const bits = this.bytes[this.at++]!;
    const parameter = (bits & ParametersFlag.Parameter) === 0 ? undefined : this.name();
    const ellipsis = (bits & ParametersFlag.Ellipsis) !== 0;
    if ((bits & ParametersFlag.Formals) === 0) return { parameter, formals: undefined, ellipsis };
    const formals = new Array<Formal>(this.varint());
    for (let i = 0; i < formals.length; i++) {
      const name = this.name();
      const place = this.varint();
      formals[i] = { name, optional: (place & 1) !== 0, at: place >> 1 };
    }
    return { parameter, formals, ellipsis };
  }

  private skipParameters(): void {
    const bits = this.bytes[this.at++]!;
    if ((bits & ParametersFlag.Parameter) !== 0) this.varint();
    if ((bits & ParametersFlag.Formals) === 0) return;
    const count = this.varint();
    for (let i = 0; i < 2 * count; i++) this.varint();
  }

  /** The chunk of a blueprint, or undefined if the image has none. */
  chunk(blueprint: NodeBlueprint): Chunk | undefined {
    const { bytes } = this;
    this.skipCaptures(blueprint);
    if (blueprint.kind === 'lambda') this.skipParameters();
    if (bytes[this.at++] === 0) return undefined;
    const stackSize = this.varint();
    const length = this.varint();
    const start = this.at;
    this.at += length;
    const relativePaths: RelativePath[] = [];
    const count = this.varint();
    const constants: Constant[] = [];
    for (let i = 0; i < count; i++) constants.push(this.constant(blueprint, relativePaths, i));
    if (this.defaults.length > 0) this.fillDefaults(constants);
    return new Chunk(bytes, start, start + length, constants, stackSize, relativePaths);
  }

  /** Gives the formals the blueprints of their defaults, which stand behind them among the constants. */
  private fillDefaults(constants: readonly Constant[]): void {
    for (const table of constants) {
      if (!(table instanceof FormalsTable)) continue;
      const defaults = table.defaults as (Value | Blueprint | undefined)[];
      for (const [formal, constant] of this.defaults) defaults[formal] = constants[constant] as Blueprint;
    }
    this.defaults.length = 0;
  }

  /** The places of the names of a literal set, from the start of its blueprint's body. */
  places(at: number, count: number): number[] {
    this.at = at;
    const places = new Array<number>(count);
    for (let i = 0; i < count; i++) places[i] = this.varint();
    return places;
  }

  // --- Constants -----------------------------------------------------------------------

  private constant(owner: NodeBlueprint, relativePaths: RelativePath[], index: number): Constant {
    const tag = this.bytes[this.at++] as Tag;
    switch (tag) {
      case Tag.Site:
        return new AttributeSite(this.name());
      case Tag.Blueprint:
        return this.blueprint(owner);
      case Tag.Shape:
        return this.shape(owner);
      case Tag.Formals:
        return this.formals(owner);
      case Tag.Names:
        return this.names(this.varint());
      case Tag.RelativePath: {
        const text = this.text();
        relativePaths.push({ index, text });
        return new Path(literalPath(`${owner.unit.directory}/${text}`));
      }
      default:
        return this.value(tag, owner);
    }
  }

  private value(tag: Tag, owner: NodeBlueprint): Value {
    switch (tag) {
      case Tag.Global: {
        const name = this.name();
        const value = owner.unit.globals.get(name);
        if (value === undefined) throw new InternalError(`a code image refers to the unknown name ${name}`);
        return value;
      }
      case Tag.Null:
        return null;
      case Tag.False:
        return false;
      case Tag.True:
        return true;
      case Tag.Natural:
        return this.varint();
      case Tag.Number:
        return Number(this.text());
      case Tag.BigInteger:
        return BigInt(this.text());
      case Tag.Float:
        return new Float(Buffer.from(this.text(), 'latin1').readDoubleLE());
      case Tag.Text:
        return this.text();
      case Tag.EmptyList:
        return emptyList;
      case Tag.AbsolutePath:
        return new Path(this.text());
      default:
        throw new InternalError(`a code image has a constant of the unknown kind ${tag}`);
    }
  }

  private blueprint(owner: NodeBlueprint): Blueprint {
    const flags = this.bytes[this.at++]!;
    const name = this.name();
    const at = this.varint();
    const width = this.varint();
    const captureCount = this.varint();
    const detail = this.varint();
    return owner.storedChild(
      (flags & BlueprintFlag.Lambda) !== 0 ? 'lambda' : 'thunk',
      name,
      at,
      (flags & BlueprintFlag.Standalone) !== 0 ? width : 0,
      captureCount,
      (flags & BlueprintFlag.CapturesWith) !== 0,
      detail,
    );
  }

  private shape(owner: NodeBlueprint): Shape {
    const names = this.names(this.varint());
    const at = this.at;
    for (let i = 0; i < names.length; i++) this.varint();
    return new Shape(names, new StoredOrigin(this, owner, at, names.length));
  }

  private formals(owner: NodeBlueprint): FormalsTable {
    const ellipsis = this.bytes[this.at++] === 1;
    const count = this.varint();
    const names = this.names(count);
    const optional = new Array<boolean>(count);
    const defaults = new Array<Value | Blueprint | undefined>(count);
    for (let i = 0; i < count; i++) {
      const tag = this.bytes[this.at++]! as DefaultTag;
      optional[i] = tag !== DefaultTag.None;
      if (tag === DefaultTag.Constant) defaults[i] = this.value(this.bytes[this.at++]!, owner);
      else if (tag === DefaultTag.Thunk) this.defaults.push([i, this.varint()]);
    }
    return new FormalsTable(names, optional, defaults, ellipsis);
  }

  // --- Bytes ------------------------------------------------------------------------------

  private names(count: number): string[] {
    const names = new Array<string>(count);
    for (let i = 0; i < count; i++) names[i] = this.name();
    return names;
  }

  /** A name: the one string object that the process has for it. */
  private name(): string {
    const index = this.varint();
    return this.decodedNames[index] ?? this.decodeName(index);
  }

  private decodeName(index: number): string {
    const { bytes } = this;
    const start = this.startOf(index);
    const end = this.endOf(index);
    let hash = 0;
    for (let i = start; i < end; i++) hash = hashStep(hash, bytes[i]!);
    return (this.decodedNames[index] = identifierName(identifierIndex(bytes, start, end, hash)));
  }

  private text(): Bytes {
    const index = this.varint();
    return (this.decodedTexts[index] ??= this.buffer.toString(
      'latin1',
      this.startOf(index),
      this.endOf(index),
    ));
  }

  private startOf(index: number): number {
    return index === 0 ? this.strings : this.endOf(index - 1);
  }

  private endOf(index: number): number {
    const { bytes } = this;
    const at = this.ends + 4 * index;
    const end = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
    return this.strings + end;
  }

  private varint(): number {
    const byte = this.bytes[this.at]!;
    if (byte < 0x80) {
      this.at++;
      return byte;
    }
    return this.longVarint();
  }

  private longVarint(): number {
    const value = readVarint(this.bytes, this.at);
    while (this.bytes[this.at++]! >= 0x80);
    return value;
  }
}

const emptyList: readonly Value[] = [];

/** Places that are read when somebody asks. */
class StoredOrigin extends LiteralOrigin {
  private read: readonly number[] | undefined = undefined;
  constructor(
    private readonly image: CodeImage,
    blueprint: NodeBlueprint,
    private readonly at: number,
    private readonly count: number,
  ) {
    super(blueprint);
  }
  get places(): readonly number[] {
    return (this.read ??= this.image.places(this.at, this.count));
  }
}
