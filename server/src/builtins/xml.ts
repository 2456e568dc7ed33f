/**
 * Values as XML, for `toXML` and `--xml`. Attributes of an element are in the
 * order of their names. Nix manual: `builtins.toXML`.
 */
import type { Bytes } from '../base/bytes';
import type { LambdaSignature } from '../bytecode/blueprint';
import { Attrs, compareBytes } from '../values/attrs';
import { contextOf, withContext, type Context } from '../values/context';
import { printFloat } from '../values/float';
import { placeOf, type Position } from '../values/position';
import { Thunk, withoutThunk } from '../values/thunk';
import { Closure, ContextString, Float, Path, type Forced, type Value } from '../values/value';
import type { BuiltinRecord } from '../vm/builtin-record';
import { isDerivation } from '../vm/compare';
import type { Vm } from '../vm/vm';
import { strict } from './parameters';

export interface XmlOptions {
  /** Whether parts are forced; else what nobody has forced is `<unevaluated />`. */
  readonly strict: boolean;
  /** Whether attributes and functions tell where they are defined. */
  readonly location: boolean;
}

export interface XmlText {
  readonly text: Bytes;
  readonly context: Context;
}

/** The document for a value. @throws EvalError */
export function printXml(vm: Vm, value: Value, options: XmlOptions): XmlText {
  const writer = new XmlWriter(vm, options);
  return writer.document(value);
}

type XmlAttributes = Readonly<Record<string, Bytes>>;

const entities: Readonly<Record<string, string>> = {
  '"': '&quot;',
  '<': '&lt;',
  '>': '&gt;',
  '&': '&amp;',
  '\n': '&#xA;',
};

class XmlWriter {
  private readonly lines: string[] = ["<?xml version='1.0' encoding='utf-8'?>\n"];
  private readonly context = new Set<Bytes>();
  /** The derivations whose attributes were written; each is written once. */
  private readonly seen = new Set<Bytes>();
  private depth = 0;

  constructor(
    private readonly vm: Vm,
    private readonly options: XmlOptions,
  ) {}

  document(value: Value): XmlText {
    this.element('expr', {}, () => this.value(value));
    return { text: this.lines.join(''), context: [...this.context].sort(compareBytes) };
  }

  // --- Elements -------------------------------------------------------------------

  private element(name: string, attributes: XmlAttributes, content: () => void): void {
    this.line(`<${name}${printAttributes(attributes)}>`);
    this.depth++;
    content();
    this.depth--;
    this.line(`</${name}>`);
  }

  private empty(name: string, attributes: XmlAttributes = {}): void {
    this.line(`<${name}${printAttributes(attributes)} />`);
  }

  private line(text: string): void {
    this.lines.push('  '.repeat(this.depth), text, '\n');
  }

  // --- Values ---------------------------------------------------------------------

  private value(value: Value): void {
    this.vm.enterCall();
    const known = this.options.strict ? this.vm.force(value) : withoutThunk(value);
    if (known instanceof Thunk) this.empty('unevaluated');
    else this.forced(known);
    this.vm.depth--;
  }

  private forced(value: Forced): void {
    switch (typeof value) {
      case 'string':
        return this.empty('string', { value });
      case 'number':
      case 'bigint':
        return this.empty('int', { value: String(value) });
      case 'boolean':
        return this.empty('bool', { value: String(value) });
    }
    if (value === null) this.empty('null');
    else if (value instanceof ContextString) {
      for (const element of contextOf(value)) this.context.add(element);
      this.empty('string', { value: value.text });
    } else if (value instanceof Path) this.empty('path', { value: value.path });
    else if (value instanceof Float) this.empty('float', { value: printFloat(value.value) });
    else if (Array.isArray(value)) {
      this.element('list', {}, () => value.forEach((element: Value) => this.value(element)));
    } else if (value instanceof Attrs) this.attrs(value);
    else if (value instanceof Closure) this.lambda(value);
    else this.empty('unevaluated');
  }

  private attrs(set: Attrs): void {
    if (isDerivation(this.vm, set)) return this.derivation(set);
    this.element('attrs', {}, () => this.members(set));
  }

  private members(set: Attrs): void {
    set.shape.names.forEach((name, i) => {
      const attributes = { ...this.locationOf(set.shape.origin?.positionOf(i)), name };
      this.element('attr', attributes, () => this.value(set.values[i]!));
    });
  }

  private derivation(set: Attrs): void {
    const drvPath = this.stringOf(set.get('drvPath'));
    const outPath = this.stringOf(set.get('outPath'));
    const attributes = {
      ...(drvPath !== undefined && { drvPath }),
      ...(outPath !== undefined && { outPath }),
    };
    this.element('derivation', attributes, () => {
      if (drvPath === undefined || drvPath === '' || this.seen.has(drvPath)) return this.empty('repeated');
      this.seen.add(drvPath);
      this.members(set);
    });
  }

  private stringOf(value: Value | undefined): Bytes | undefined {
    if (value === undefined) return undefined;
    const known = this.options.strict ? this.vm.force(value) : withoutThunk(value);
    if (known instanceof ContextString) return known.text;
    return typeof known === 'string' ? known : undefined;
  }

  private lambda(lambda: Closure): void {
    const { blueprint } = lambda;
    const signature = blueprint.signature();
    this.element('function', this.locationOf(blueprint.position()), () => this.parameters(signature));
  }

  private parameters({ parameter, formals, ellipsis }: LambdaSignature): void {
    if (formals === undefined) return this.empty('varpat', { name: parameter ?? '' });
    const attributes = {
      ...(ellipsis && { ellipsis: '1' }),
      ...(parameter !== undefined && { name: parameter }),
    };
    const names = formals.map((formal) => formal.name).sort(compareBytes);
    this.element('attrspat', attributes, () => names.forEach((name) => this.empty('attr', { name })));
  }

  private locationOf(position: Position | undefined): XmlAttributes {
    if (!this.options.location || position === undefined) return {};
    const { source } = position;
    const { line, column } = placeOf(position);
    return {
      column: String(column),
      line: String(line),
      ...(source.kind === 'file' && { path: source.path }),
    };
  }
}

function printAttributes(attributes: XmlAttributes): string {
  return Object.keys(attributes)
    .sort(compareBytes)
    .map((name) => ` ${name}="${attributes[name]!.replace(/["<>&\n]/g, (c) => entities[c]!)}"`)
    .join('');
}

function toXml(vm: Vm, argument: Value): Forced {
  const { text, context } = printXml(vm, argument, { strict: true, location: false });
  return withContext(text, context);
}

export const records: readonly BuiltinRecord[] = [
  {
    name: 'toXML',
    parameters: [strict('e')],
    purity: 'pure',
    since: '1.0',
    documentation:
      'The value *e* as an XML document, all of it evaluated. Functions show the names of their parameters, and a derivation that comes again is only mentioned.',
    example: {
      expression: 'builtins.toXML 1',
      result: String.raw`"<?xml version='1.0' encoding='utf-8'?>\n<expr>\n  <int value=\"1\" />\n</expr>\n"`,
    },
    call: toXml,
  },
];
