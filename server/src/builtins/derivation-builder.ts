/**
 * A derivation from the attributes that `derivationStrict` is given: the builder's
 * environment, its inputs, and the kinds of its outputs.
 * Nix manual: language/derivations, language/advanced-attributes.
 */
import type { Bytes } from '../base/bytes';
import { CoercionFlag } from '../bytecode/opcode';
import {
  fixedOutputPath,
  outputPlaceholder,
  inOrder,
  type Derivation,
  type DerivationOutput,
} from '../store/derivation';
import { algorithmNamed, parseHashAllowEmpty, type HashAlgorithm } from '../store/hash';
import { isDerivationPath, nameProblem, type IngestionMethod } from '../store/store-path';
import type { AddedDerivation, VirtualStore } from '../store/virtual-store';
import { Attrs, compareBytes } from '../values/attrs';
import { contextOf, mergeContexts, textOf } from '../values/context';
import { EvalError } from '../values/error';
import { isList } from '../values/list';
import type { Value } from '../values/value';
import { context as withFrame } from '../vm/failures';
import type { Vm } from '../vm/vm';
import { failure } from './failure';
import { requireFeature } from './features';
import { JsonSyntaxError, readJsonData } from './json-reader';
import { printJson, printJsonData } from './json-writer';
import { storeOf } from './path-arguments';
import { printAttributeName } from '../base/literals';

/** Attributes that structured attributes replace by `outputChecks`. */
const replacedByOutputChecks = new Set([
  'allowedReferences',
  'allowedRequisites',
  'disallowedReferences',
  'disallowedRequisites',
  'maxSize',
  'maxClosureSize',
]);

/** Collects one derivation from its attributes, in their order. */
export class DerivationBuilder {
  private readonly environment = new Map<Bytes, Bytes>();
  /** The variables that have the names of outputs. */
  private readonly outputVariables = new Map<Bytes, Bytes>();
  private readonly context = new Set<Bytes>();
  private readonly args: Bytes[] = [];
  /** The attributes as JSON texts, where they are structured. */
  private readonly json: Map<Bytes, Bytes> | undefined;
  private readonly ignoreNulls: boolean;
  private builder = '';
  private system = '';
  private outputs: readonly Bytes[] = ['out'];
  private outputHash: Bytes | undefined;
  private outputHashAlgorithm: HashAlgorithm | undefined;
  private method: IngestionMethod | undefined;
  private contentAddressed = false;
  private impure = false;
  private readonly store: VirtualStore;

  constructor(
    private readonly vm: Vm,
    private readonly name: Bytes,
    private readonly attrs: Attrs,
  ) {
    const problem = nameProblem(name);
    if (problem !== undefined) {
      throw failure(`invalid derivation name: ${problem}. Please pass a different 'name'.`);
    }
    this.store = storeOf(vm);
    this.json = this.flag('__structuredAttrs') ? new Map() : undefined;
    this.ignoreNulls = this.flag('__ignoreNulls');
  }

  private flag(name: string): boolean {
    const value = this.attrs.get(name);
    const frame = `while evaluating the \`${name}\` attribute passed to builtins.derivationStrict`;
    return value !== undefined && this.vm.forceBoolean(value, frame);
  }

  build(): AddedDerivation {
    const { names } = this.attrs.shape;
    for (let i = 0; i < names.length; i++) {
      const key = names[i]!;
      if (key === '__ignoreNulls') continue;
      try {
        this.attribute(key, this.attrs.values[i]!);
      } catch (error) {
        throw withFrame(
          error,
          `while evaluating attribute '${printAttributeName(key)}' of derivation '${this.name}'`,
          this.attrs.positionOf(key),
        );
      }
    }
    if (this.json !== undefined) this.environment.set('__json', joinJson(this.json));
    return this.store.addDerivation(this.finish());
  }

  // --- Attributes ---------------------------------------------------------------

  private attribute(key: Bytes, value: Value): void {
    if (this.ignoreNulls && this.vm.force(value) === null) return;
    switch (key) {
      case '__contentAddressed':
        this.contentAddressed = this.vm.forceBoolean(value, '');
        if (this.contentAddressed) requireFeature(this.vm, 'ca-derivations');
        return;
      case '__impure':
        this.impure = this.vm.forceBoolean(value, '');
        if (this.impure) requireFeature(this.vm, 'impure-derivations');
        return;
      case 'args':
        return this.arguments(value);
    }
    if (this.json !== undefined) this.structured(key, value, this.json);
    else this.variable(key, value);
  }

  private arguments(value: Value): void {
    for (const element of this.vm.forceList(value, '')) {
      this.args.push(this.coerce(element, 'while evaluating an element of the argument list'));
    }
  }

  private coerce(value: Value, frame: string): Bytes {
    const text = this.vm.coerceToString(value, CoercionFlag.More | CoercionFlag.CopyToStore, frame);
    if (typeof text === 'string') return text;
    this.depend(contextOf(text));
    return text.text;
  }

  private depend(context: Iterable<Bytes>): void {
    for (const element of context) this.context.add(element);
  }

  /** An attribute as a variable of the builder's environment. */
  private variable(key: Bytes, value: Value): void {
    const text = this.coerce(value, '');
    this.environment.set(key, text);
    switch (key) {
      case '__json':
        this.environment.set(key, structuredText(this.vm, text));
        this.warn(
          "setting structured attributes via '__json' is deprecated, and may be disallowed in future versions of Nix. Set '__structuredAttrs = true' instead.",
        );
        break;
      case 'builder':
        this.builder = text;
        break;
      case 'system':
        this.system = text;
        break;
      case 'outputs':
        this.setOutputs(text.split(/[ \t\n\r]+/).filter((name) => name !== ''));
        break;
      default:
        this.setHash(key, text);
    }
  }

  /** An attribute that the builder gets as JSON. */
  private structured(key: Bytes, value: Value, json: Map<Bytes, Bytes>): void {
    if (key === '__structuredAttrs') return;
    const printed = printJson(this.vm, value);
    this.depend(printed.context);
    json.set(key, printed.text);
    switch (key) {
      case 'builder': {
        const builder = this.vm.forceString(value, '');
        this.depend(contextOf(builder));
        this.builder = textOf(builder);
        break;
      }
      case 'system':
        this.system = this.vm.forceStringNoContext(value, '');
        break;
      case 'outputs':
        this.setOutputs(this.vm.forceList(value, '').map((name) => this.vm.forceStringNoContext(name, '')));
        break;
      case 'outputHash':
      case 'outputHashAlgo':
      case 'outputHashMode':
        this.setHash(key, this.vm.forceStringNoContext(value, ''));
        break;
    }
    if (replacedByOutputChecks.has(key)) {
      this.warnOf(
        key,
        `'structuredAttrs' disables the effect of the derivation attribute '${key}'; use 'outputChecks.<output>.${key}' instead`,
      );
    }
  }

  private warn(message: Bytes): void {
    this.vm.loader.report('warning', message);
  }

  /** Warns of an attribute. */
  private warnOf(key: Bytes, message: Bytes): void {
    const frame = { message: `while evaluating derivation '${this.name}'`, position: undefined };
    this.vm.loader.report('warning', message, {
      position: this.attrs.positionOf(key),
      trace: { frame, inner: undefined },
    });
  }

  private setHash(key: Bytes, text: Bytes): void {
    if (key === 'outputHash') this.outputHash = text;
    else if (key === 'outputHashAlgo') {
      this.outputHashAlgorithm = algorithmNamed(text, this.vm.host.features);
    } else if (key === 'outputHashMode') this.method = this.methodNamed(text);
  }

  private methodNamed(mode: Bytes): IngestionMethod {
    switch (mode) {
      case 'recursive':
      case 'nar':
        return 'nar';
      case 'flat':
        return 'flat';
      case 'text':
        requireFeature(
          this.vm,
          'dynamic-derivations',
          `text-hashed derivation '${this.name}', outputHashMode = "text"`,
        );
        return 'text';
      case 'git':
        requireFeature(this.vm, 'git-hashing');
        return 'git';
      default:
        throw failure(`invalid value '${mode}' for 'outputHashMode' attribute`);
    }
  }

  private setOutputs(names: readonly Bytes[]): void {
    const seen = new Set<Bytes>();
    for (const name of names) {
      if (seen.has(name)) throw failure(`duplicate derivation output '${name}'`);
      if (name === 'drvPath') throw failure("invalid derivation output name 'drvPath'");
      seen.add(name);
    }
    if (seen.size === 0) throw failure('derivation cannot have an empty set of outputs');
    this.outputs = [...seen].sort(compareBytes);
  }

  // --- The whole --------------------------------------------------------------------

  private finish(): Derivation {
    const inputs = this.inputs();
    if (this.builder === '') throw failure("required attribute 'builder' missing");
    if (this.system === '') throw failure("required attribute 'system' missing");
    const onlyOut = this.outputs.length === 1 && this.outputs[0] === 'out';
    if (isDerivationPath(this.name) && !(this.method === 'text' && onlyOut)) {
      throw failure(
        "derivation names are allowed to end in '.drv' only if they produce a single derivation file",
      );
    }
    const outputs = this.outputKinds(onlyOut);
    return {
      name: this.name,
      outputs,
      ...inputs,
      system: this.system,
      builder: this.builder,
      args: this.args,
      environment: this.variables(outputs),
    };
  }

  /** The outputs before their paths are known, and their variables. */
  private outputKinds(onlyOut: boolean): ReadonlyMap<Bytes, DerivationOutput> {
    if (this.outputHash !== undefined) return this.fixedOutput(this.outputHash, onlyOut);
    if (this.contentAddressed && this.impure) {
      throw failure('derivation cannot be both content-addressed and impure');
    }
    const outputs = new Map<Bytes, DerivationOutput>();
    const floating = this.contentAddressed || this.impure;
    const method = this.method ?? 'nar';
    const algorithm = this.outputHashAlgorithm ?? 'sha256';
    for (const name of this.outputs) {
      this.outputVariables.set(name, floating ? outputPlaceholder(name) : '');
      outputs.set(
        name,
        floating ? { kind: this.impure ? 'impure' : 'floating', method, algorithm } : { kind: 'deferred' },
      );
    }
    return outputs;
  }

  private fixedOutput(text: Bytes, onlyOut: boolean): ReadonlyMap<Bytes, DerivationOutput> {
    if (!onlyOut) throw failure('multiple outputs are not supported in fixed-output derivations');
    const hash = parseHashAllowEmpty(text, this.outputHashAlgorithm, this.vm.host.features, (message) =>
      this.warn(message),
    );
    const output = { kind: 'fixed', method: this.method ?? 'flat', hash } as const;
    this.outputVariables.set('out', fixedOutputPath(output, 'out', this.name));
    return new Map([['out', output]]);
  }

  /** The variables in order: those of attributes, which are in order already, and those of the outputs among them. */
  private variables(outputs: ReadonlyMap<Bytes, DerivationOutput>): ReadonlyMap<Bytes, Bytes> {
    const { environment, outputVariables } = this;
    const names = [...outputs.keys()];
    const result = new Map<Bytes, Bytes>();
    let next = 0;
    environment.forEach((text, key) => {
      for (; next < names.length && names[next]! < key; next++)
        result.set(names[next]!, outputVariables.get(names[next]!)!);
      result.set(key, outputVariables.get(key) ?? text);
    });
    for (; next < names.length; next++) result.set(names[next]!, outputVariables.get(names[next]!)!);
    return result;
  }

  /** Everything that the strings in the attributes depend on. */
  private inputs(): Pick<Derivation, 'inputDerivations' | 'inputSources'> {
    const sources: Bytes[] = [];
    const derivations = new Map<Bytes, readonly Bytes[]>();
    const needOutput = (path: Bytes, output: Bytes): void => {
      const known = derivations.get(path);
      derivations.set(path, known === undefined ? outputList(output) : mergeContexts(known, [output]));
    };
    let sorted = true;
    const addSource = (path: Bytes): void => {
      if (sources.length > 0 && path <= sources[sources.length - 1]!) sorted = false;
      sources.push(path);
    };
    this.context.forEach((element) => {
      if (element.startsWith('!')) {
        const end = element.indexOf('!', 1);
        needOutput(element.slice(end + 1), element.slice(1, end));
      } else if (element.startsWith('=')) {
        this.needClosure(element.slice(1), addSource, needOutput);
      } else addSource(element);
    });
    return {
      inputSources: sorted ? sources : [...new Set(sources)].sort(compareBytes),
      inputDerivations: inOrder(derivations),
    };
  }

  /** A derivation with all that it refers to, and every output of those that it needs. */
  private needClosure(
    path: Bytes,
    addSource: (path: Bytes) => void,
    needOutput: (path: Bytes, output: Bytes) => void,
  ): void {
    for (const reference of this.store.closureOf(path)) {
      addSource(reference);
      if (!isDerivationPath(reference)) continue;
      for (const output of this.store.readDerivation(reference).outputs.keys()) {
        needOutput(reference, output);
      }
    }
  }
}

const onlyOut: readonly Bytes[] = ['out'];

/** The list of one output; most are `out`. */
function outputList(output: Bytes): readonly Bytes[] {
  return output === 'out' ? onlyOut : [output];
}

/** One JSON object of texts that are JSON already. */
function joinJson(members: ReadonlyMap<Bytes, Bytes>): Bytes {
  const texts = [...members].map(([key, text]) => `${JSON.stringify(key)}:${text}`);
  return `{${texts.join(',')}}`;
}

/** The text of an object as the builder gets it. @throws EvalError where it is no object, with what C++ Nix says of it */
function structuredText(vm: Vm, text: Bytes): Bytes {
  const refused = (problem: Bytes): EvalError =>
    new EvalError('evaluation-error', `cannot process __json attribute: ${problem}`);
  try {
    const value = readJsonData(text);
    if (value instanceof Attrs) return printJsonData(vm, value);
    throw refused(`[json.exception.type_error.302] type must be object, but is ${jsonTypeOf(value)}`);
  } catch (error) {
    throw error instanceof JsonSyntaxError ? refused(error.message) : error;
  }
}

function jsonTypeOf(value: Value): string {
  if (value === null) return 'null';
  if (isList(value)) return 'array';
  if (typeof value === 'string' || typeof value === 'boolean') return typeof value;
  return 'number';
}
