/**
 * Derivations and their text, the ATerm that a `.drv` file holds.
 * Nix manual: store/derivation, protocols/derivation-aterm.
 */
import type { Bytes } from '../base/bytes';
import { compareBytes } from '../values/attrs';
import { EvalError } from '../values/error';
import { Hash, hashHex, type HashAlgorithm } from './hash';
import { encodeBase32 } from './base32';
import {
  hashPartOf,
  makeContentPath,
  methodAndAlgorithm,
  nameOfStorePath,
  outputPathName,
  type IngestionMethod,
} from './store-path';

export type DerivationOutput =
  | { readonly kind: 'input-addressed'; readonly path: Bytes }
  | { readonly kind: 'fixed'; readonly method: IngestionMethod; readonly hash: Hash }
  | { readonly kind: 'floating'; readonly method: IngestionMethod; readonly algorithm: HashAlgorithm }
  | { readonly kind: 'impure'; readonly method: IngestionMethod; readonly algorithm: HashAlgorithm }
  /** Input-addressed, but by inputs whose paths only building tells. */
  | { readonly kind: 'deferred' };

export interface Derivation {
  readonly name: Bytes;
  /** In the order of their names, as everything below that is sorted. */
  readonly outputs: ReadonlyMap<Bytes, DerivationOutput>;
  readonly inputDerivations: ReadonlyMap<Bytes, readonly Bytes[]>;
  readonly inputSources: readonly Bytes[];
  readonly system: Bytes;
  readonly builder: Bytes;
  readonly args: readonly Bytes[];
  readonly environment: ReadonlyMap<Bytes, Bytes>;
}

// --- Writing ---------------------------------------------------------------------

const special = /["\\\n\r\t]/;
const escapes: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

function quote(text: Bytes): string {
  if (text === '') return '""';
  return special.test(text) ? `"${text.replace(/["\\\n\r\t]/g, (c) => escapes[c]!)}"` : `"${text}"`;
}

function plainList(texts: readonly Bytes[]): string {
  return texts.length === 0 ? '[]' : `["${texts.join('","')}"]`;
}

/** What the outputs of a derivation say in its text: their path, method and hash. */
function outputFields(output: DerivationOutput, name: Bytes, derivationName: Bytes): string {
  switch (output.kind) {
    case 'input-addressed':
      return `"${output.path}","",""`;
    case 'fixed':
      return `"${fixedOutputPath(output, name, derivationName)}","${methodAndAlgorithm(output.method, output.hash.algorithm)}","${output.hash.hex}"`;
    case 'floating':
      return `"","${methodAndAlgorithm(output.method, output.algorithm)}",""`;
    case 'impure':
      return `"","${methodAndAlgorithm(output.method, output.algorithm)}","impure"`;
    case 'deferred':
      return '"","",""';
  }
}

export function fixedOutputPath(
  output: { readonly method: IngestionMethod; readonly hash: Hash },
  name: Bytes,
  derivationName: Bytes,
): Bytes {
  return makeContentPath(outputPathName(derivationName, name), output.method, output.hash);
}

/** The path of an output, where it is known before building. */
export function outputPathOf(derivation: Derivation, name: Bytes): Bytes | undefined {
  const output = derivation.outputs.get(name);
  if (output?.kind === 'input-addressed') return output.path;
  return output?.kind === 'fixed' ? fixedOutputPath(output, name, derivation.name) : undefined;
}

/**
 * Writes the texts of one derivation: the real one, and those that are hashed to
 * find its paths, which differ in the outputs and in what names the inputs. The
 * parts that they share, most of all the environment, are written once.
 */
export class DerivationWriter {
  private readonly middle: string;
  /** The variables in order; an empty text where that of an output stands. */
  private readonly variables: string[] = [];
  private readonly outputVariables: { readonly name: Bytes; readonly at: number; readonly text: string }[] =
    [];

  constructor(private readonly derivation: Derivation) {
    const { inputSources, system, builder, args, environment, outputs } = derivation;
    this.middle = `${plainList(inputSources)},"${system}",${quote(builder)},[${args.map(quote).join(',')}]`;
    let texts: string[] = [];
    const flush = (): void => {
      if (texts.length > 0) this.variables.push(texts.join(''));
      texts = [];
    };
    environment.forEach((value, name) => {
      texts.push(this.variables.length + texts.length === 0 ? '(' : ',(');
      if (outputs.has(name)) {
        flush();
        this.outputVariables.push({
          name,
          at: this.variables.length,
          text: `${quote(name)},${quote(value)})`,
        });
        this.variables.push('');
      } else texts.push(quote(name), ',', quote(value), ')');
    });
    flush();
  }

  /** The text with these outputs and inputs; a variable named like an output has its path. */
  write(outputs: ReadonlyMap<Bytes, DerivationOutput>, inputs: ReadonlyMap<Bytes, readonly Bytes[]>): Bytes {
    const outputTexts: string[] = [];
    outputs.forEach((output, name) => {
      outputTexts.push(`("${name}",${outputFields(output, name, this.derivation.name)})`);
    });
    for (const { name, at, text } of this.outputVariables) {
      const output = outputs.get(name);
      this.variables[at] = output?.kind === 'input-addressed' ? `${quote(name)},"${output.path}")` : text;
    }
    const inputTexts: string[] = [];
    inputs.forEach((names, key) => inputTexts.push(`("${key}",${plainList(names)})`));
    return `Derive([${outputTexts.join(',')}],[${inputTexts.join(',')}],${this.middle},[${this.variables.join('')}])`;
  }
}

// --- Hashing modulo fixed outputs ----------------------------------------------------

/**
 * What stands for a derivation in the hash of one that depends on it: its own
 * hash, or for a fixed output a hash of that output alone, so that the way how
 * the output is made does not count. Nix manual: store/derivation/outputs.
 */
export type Modulo =
  | { readonly kind: 'derivation'; readonly hex: string }
  | { readonly kind: 'outputs'; readonly hex: ReadonlyMap<Bytes, string> }
  /** Its outputs' paths are not known before they are built. */
  | { readonly kind: 'deferred' };

const deferred: Modulo = { kind: 'deferred' };

/** The inputs with hashes in the place of paths, or undefined if one of them is deferred. */
export function inputsModulo(
  derivation: Derivation,
  moduloOf: (path: Bytes) => Modulo,
): ReadonlyMap<Bytes, readonly Bytes[]> | undefined {
  const inputs = new Map<Bytes, readonly Bytes[]>();
  const add = (key: string, names: readonly Bytes[]): void => {
    const known = inputs.get(key);
    inputs.set(key, known === undefined ? names : [...new Set([...known, ...names])].sort(compareBytes));
  };
  let isDeferred = false;
  derivation.inputDerivations.forEach((names, path) => {
    const modulo = moduloOf(path);
    switch (modulo.kind) {
      case 'deferred':
        isDeferred = true;
        break;
      case 'derivation':
        add(modulo.hex, names);
        break;
      case 'outputs':
        for (const name of names) add(hashOfOutput(modulo.hex, name, derivation.name), onlyOut);
    }
  });
  return isDeferred ? undefined : inOrder(inputs);
}

const onlyOut: readonly Bytes[] = ['out'];

/** The map in the order of its keys. */
export function inOrder<T>(map: ReadonlyMap<Bytes, T>): ReadonlyMap<Bytes, T> {
  const keys: Bytes[] = [];
  let sorted = true;
  map.forEach((_, key) => {
    if (keys.length > 0 && key < keys[keys.length - 1]!) sorted = false;
    keys.push(key);
  });
  if (sorted) return map;
  const result = new Map<Bytes, T>();
  for (const key of keys.sort(compareBytes)) result.set(key, map.get(key)!);
  return result;
}

function hashOfOutput(hashes: ReadonlyMap<Bytes, string>, name: Bytes, derivationName: Bytes): string {
  const hex = hashes.get(name);
  if (hex !== undefined) return hex;
  throw new EvalError('evaluation-error', `no hash for output '${name}' of derivation '${derivationName}'`);
}

/** What stands for this derivation in others. */
export function moduloOf(
  derivation: Derivation,
  moduloOfInput: (path: Bytes) => Modulo,
  writer = new DerivationWriter(derivation),
  inputs = inputsModulo(derivation, moduloOfInput),
): Modulo {
  const outputs = [...derivation.outputs];
  const [name, output] = outputs[0]!;
  if (output.kind === 'fixed') {
    const path = fixedOutputPath(output, name, derivation.name);
    const method = methodAndAlgorithm(output.method, output.hash.algorithm);
    const hex = hashHex('sha256', `fixed:out:${method}:${output.hash.hex}:${path}`);
    return { kind: 'outputs', hex: new Map([[name, hex]]) };
  }
  if (inputs === undefined || outputs.some(([, output]) => output.kind !== 'input-addressed')) {
    return deferred;
  }
  return { kind: 'derivation', hex: hashHex('sha256', writer.write(derivation.outputs, inputs)) };
}

// --- Placeholders ---------------------------------------------------------------------

function placeholderOf(text: Bytes): Bytes {
  return `/${encodeBase32(Buffer.from(hashHex('sha256', text), 'hex'))}`;
}

/** What stands for an output inside of its own derivation until it is built. */
export function outputPlaceholder(output: Bytes): Bytes {
  return placeholderOf(`nix-output:${output}`);
}

/** What stands for the output of another derivation until that is built. */
export function inputPlaceholder(derivationPath: Bytes, output: Bytes): Bytes {
  const name = nameOfStorePath(derivationPath).slice(0, -'.drv'.length);
  return placeholderOf(`nix-upstream-output:${hashPartOf(derivationPath)}:${outputPathName(name, output)}`);
}

// --- Reading --------------------------------------------------------------------------

class DerivationReader {
  private at = 0;
  constructor(private readonly text: Bytes) {}

  literal(expected: string): void {
    if (!this.text.startsWith(expected, this.at)) {
      throw new EvalError('evaluation-error', `expected string '${expected}'`);
    }
    this.at += expected.length;
  }

  string(): Bytes {
    this.literal('"');
    let result = '';
    for (;;) {
      const end = this.nextSpecial();
      result += this.text.slice(this.at, end);
      this.at = end + 1;
      if (this.text[end] === '"') return result;
      const escaped = this.text[this.at++] ?? '';
      result += unescapes[escaped] ?? escaped;
    }
  }

  private nextSpecial(): number {
    for (let i = this.at; i < this.text.length; i++) {
      const character = this.text[i];
      if (character === '"' || character === '\\') return i;
    }
    throw new EvalError('evaluation-error', 'unterminated string in derivation');
  }

  list<T>(element: () => T): T[] {
    this.literal('[');
    const elements: T[] = [];
    while (this.text[this.at] !== ']') {
      if (elements.length > 0) this.literal(',');
      elements.push(element());
    }
    this.at++;
    return elements;
  }

  fields(count: number): Bytes[] {
    this.literal('(');
    const fields = [this.string()];
    while (fields.length < count) {
      this.literal(',');
      fields.push(this.string());
    }
    this.literal(')');
    return fields;
  }
}

const unescapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

/** Reads the text of a `.drv` file. @throws EvalError */
export function parseDerivation(name: Bytes, text: Bytes): Derivation {
  const reader = new DerivationReader(text);
  reader.literal('Derive(');
  const outputs = reader.list(() => reader.fields(4));
  reader.literal(',');
  const inputDerivations = reader.list((): [Bytes, Bytes[]] => {
    reader.literal('(');
    const path = reader.string();
    reader.literal(',');
    const names = reader.list(() => reader.string());
    reader.literal(')');
    return [path, names];
  });
  reader.literal(',');
  const inputSources = reader.list(() => reader.string());
  reader.literal(',');
  const system = reader.string();
  reader.literal(',');
  const builder = reader.string();
  reader.literal(',');
  const args = reader.list(() => reader.string());
  reader.literal(',');
  const environment = reader.list(() => reader.fields(2));
  reader.literal(')');
  return {
    name,
    outputs: new Map(
      outputs.map(([output, path, method, hash]) => [output!, readOutput(path!, method!, hash!)]),
    ),
    inputDerivations: new Map(inputDerivations),
    inputSources,
    system,
    builder,
    args,
    environment: new Map(environment.map(([key, value]) => [key!, value!])),
  };
}

const methodsByPrefix: Readonly<Record<string, IngestionMethod>> = { r: 'nar', text: 'text', git: 'git' };

function readOutput(path: Bytes, methodText: Bytes, hash: Bytes): DerivationOutput {
  if (methodText === '') return path === '' ? { kind: 'deferred' } : { kind: 'input-addressed', path };
  const colon = methodText.indexOf(':');
  const method = colon < 0 ? 'flat' : (methodsByPrefix[methodText.slice(0, colon)] ?? 'flat');
  const algorithm = methodText.slice(colon + 1) as HashAlgorithm;
  if (hash === 'impure') return { kind: 'impure', method, algorithm };
  if (hash === '') return { kind: 'floating', method, algorithm };
  return { kind: 'fixed', method, hash: new Hash(algorithm, Buffer.from(hash, 'hex')) };
}
