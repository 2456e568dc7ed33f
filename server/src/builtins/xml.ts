/**
 * Values as XML, for `toXML` and `--xml`. Attributes of an element are in the
 * order of their names. Nix manual: `builtins.toXML`.
 */
import type { Bytes } from '../base/bytes';
import type { LambdaSignature } from '../bytecode/blueprint';
import { Attrs, compareBytes } from '../values/attrs';
import { contextOf, withContext, type Context } from '../values/context';
import { printFloat } from '../values/float';
import { filePathOf, placeOf, type Position } from '../values/position';
import { Thunk, withoutThunk } from '../values/thunk';
import { Closure, ContextString, Float, Path, type Forced, type Value } from '../values/value';
import type { BuiltinRecord } from '../vm/builtin-record';
import { isDerivation } from '../vm/compare';
import type { Vm } from '../vm/vm';
import { strict } from './parameters';
import { elementAt, isList, type List } from '../values/list';

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

const entities: Readonly<Record<string, string>> = {
  '"': '&quot;',
  '<': '&lt;',
  '>': '&gt;',
  '&': '&amp;',
  '\n': '&#xA;',
};

/** An attribute as it stands in a tag. */
function attribute(name: string, value: Bytes): string {
  return ` ${name}="${value.replace(/["<>&\n]/g, (c) => entities[c]!)}"`;
}

/** Where something is defined: what stands before an attribute `name`, and what stands behind it. */
interface Location {
  readonly before: string;
  readonly behind: string;
}

const nowhere: Location = { before: '', behind: '' };

/** Two spaces for each element that is open. */
const indents: string[] = [''];

function indent(depth: number): string {
  while (indents.length <= depth) indents.push(`${indents[indents.length - 1]!}  `);
  return indents[depth]!;
}

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
    this.open('expr');
    this.value(value);
    this.close('expr');
    return { text: this.lines.join(''), context: [...this.context].sort(compareBytes) };
  }

  // --- Elements -------------------------------------------------------------------
  //
  // `attributes` are the texts that attribute() gives, in the order of their names.

  private open(name: string, attributes = ''): void {
    this.lines.push(`${indent(this.depth++)}<${name}${attributes}>\n`);
  }

  private close(name: string): void {
    this.lines.push(`${indent(--this.depth)}</${name}>\n`);
  }

  private empty(name: string, attributes = ''): void {
    this.lines.push(`${indent(this.depth)}<${name}${attributes} />\n`);
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
        return this.empty('string', attribute('value', value));
      case 'number':
      case 'bigint':
        return this.empty('int', attribute('value', String(value)));
      case 'boolean':
        return this.empty('bool', attribute('value', String(value)));
    }
    if (value === null) this.empty('null');
    else if (value instanceof ContextString) {
      for (const element of contextOf(value)) this.context.add(element);
      this.empty('string', attribute('value', value.text));
    } else if (value instanceof Path) this.empty('path', attribute('value', value.path));
    else if (value instanceof Float) this.empty('float', attribute('value', printFloat(value.value)));
    else if (isList(value)) this.list(value);
    else if (value instanceof Attrs) this.attrs(value);
    else if (value instanceof Closure) this.lambda(value);
    else this.empty('unevaluated');
  }

  private list(list: List): void {
    this.open('list');
    for (let i = 0; i < list.length; i++) this.value(elementAt(list, i));
    this.close('list');
  }

  private attrs(set: Attrs): void {
    if (isDerivation(this.vm, set)) return this.derivation(set);
    this.open('attrs');
    this.members(set);
    this.close('attrs');
  }

  private members({ shape, values }: Attrs): void {
    for (let i = 0; i < values.length; i++) {
      const { before, behind } = this.options.location
        ? this.locationOf(shape.origin?.positionOf(i))
        : nowhere;
      this.open('attr', `${before}${attribute('name', shape.names[i]!)}${behind}`);
      this.value(values[i]!);
      this.close('attr');
    }
  }

  private derivation(set: Attrs): void {
    const drvPath = this.stringOf(set.get('drvPath'));
    const outPath = this.stringOf(set.get('outPath'));
    const drvAttribute = drvPath === undefined ? '' : attribute('drvPath', drvPath);
    const outAttribute = outPath === undefined ? '' : attribute('outPath', outPath);
    this.open('derivation', `${drvAttribute}${outAttribute}`);
    if (drvPath === undefined || drvPath === '' || this.seen.has(drvPath)) this.empty('repeated');
    else {
      this.seen.add(drvPath);
      this.members(set);
    }
    this.close('derivation');
  }

  private stringOf(value: Value | undefined): Bytes | undefined {
    if (value === undefined) return undefined;
    const known = this.options.strict ? this.vm.force(value) : withoutThunk(value);
    if (known instanceof ContextString) return known.text;
    return typeof known === 'string' ? known : undefined;
  }

  private lambda({ blueprint }: Closure): void {
    const { before, behind } = this.options.location ? this.locationOf(blueprint.position()) : nowhere;
    this.open('function', `${before}${behind}`);
    this.parameters(blueprint.signature());
    this.close('function');
  }

  private parameters({ parameter, formals, ellipsis }: LambdaSignature): void {
    if (formals === undefined) return this.empty('varpat', attribute('name', parameter ?? ''));
    const ellipsisAttribute = ellipsis ? attribute('ellipsis', '1') : '';
    const nameAttribute = parameter === undefined ? '' : attribute('name', parameter);
    this.open('attrspat', `${ellipsisAttribute}${nameAttribute}`);
    const names = formals.map((formal) => formal.name).sort(compareBytes);
    for (const name of names) this.empty('attr', attribute('name', name));
    this.close('attrspat');
  }

  private locationOf(position: Position | undefined): Location {
    if (position === undefined) return nowhere;
    const { source } = position;
    const { line, column } = placeOf(position);
    const path = filePathOf(source);
    return {
      before: `${attribute('column', String(column))}${attribute('line', String(line))}`,
      behind: path === undefined ? '' : attribute('path', path),
    };
  }
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
