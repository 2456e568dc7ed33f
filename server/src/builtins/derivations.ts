/**
 * Derivations. `derivationStrict` computes the paths of one; `derivation`, a
 * function in Nix around it, leaves that for when somebody asks.
 * Nix manual: language/derivations, language/advanced-attributes.
 */
import { encodeUtf8, type Bytes } from '../base/bytes';
import { CoercionFlag } from '../bytecode/opcode';
import {
  fixedOutputPath,
  inputPlaceholder,
  outputPlaceholder,
  inOrder,
  type Derivation,
  type DerivationOutput,
} from '../store/derivation';
import { algorithmNamed, parseHashAllowEmpty, type HashAlgorithm } from '../store/hash';
import { isDerivationPath, nameProblem, type IngestionMethod } from '../store/store-path';
import { type AddedDerivation, type VirtualStore } from '../store/virtual-store';
import { Attrs, compareBytes } from '../values/attrs';
import { contextOf, mergeContexts, textOf } from '../values/context';
import { EvalError } from '../values/error';
import { Shape } from '../values/shape';
import { lazily } from '../values/thunk';
import { ContextString, type Forced, type Value } from '../values/value';
import type { BuiltinRecord } from '../vm/builtin-record';
import { context as withFrame } from '../vm/failures';
import { showPosition } from '../vm/operations';
import type { Vm } from '../vm/vm';
import { attributeMissing, failure } from './failure';
import { requireFeature } from './features';
import { readJson } from './json-reader';
import { printJson } from './json-writer';
import { strict } from './parameters';
import { storeOf } from './path-arguments';

function derivationStrict(vm: Vm, argument: Value): Forced {
  const attrs = vm.forceAttrs(argument, 'while evaluating the argument passed to builtins.derivationStrict');
  const name = nameOf(vm, attrs);
  try {
    const added = new DerivationBuilder(vm, name, attrs).build();
    return describe(vm, added);
  } catch (error) {
    if (error instanceof EvalError) {
      const position = attrs.positionOf('name');
      const place = position === undefined ? encodeUtf8('«none»') : showPosition(position);
      error.while(
        `while evaluating derivation '${name}'\n  whose name attribute is located at ${place}`,
        undefined,
        true,
      );
    }
    throw error;
  }
}

function nameOf(vm: Vm, attrs: Attrs): Bytes {
  const value = attrs.get('name');
  if (value === undefined) {
    throw attributeMissing('name', 'in the attrset passed as argument to builtins.derivationStrict');
  }
  try {
    return vm.forceStringNoContext(
      value,
      'while evaluating the `name` attribute passed to builtins.derivationStrict',
    );
  } catch (error) {
    throw withFrame(error, "while evaluating the derivation attribute 'name'", attrs.positionOf('name'));
  }
}

/** `drvPath` and the outputs, each as a string that depends on it. */
function describe(vm: Vm, { path, outputs }: AddedDerivation): Attrs {
  const shape = shapeOfPaths(outputs);
  const name = path.slice(path.indexOf('-') + 1, -'.drv'.length);
  const values = new Array<Value>(shape.names.length);
  for (let i = 0; i < values.length; i++) {
    const output = shape.names[i]!;
    const kind = outputs.get(output);
    values[i] =
      kind === undefined
        ? new ContextString(path, [`=${path}`])
        : new ContextString(pathOrPlaceholder(vm, path, name, output, kind), [`!${output}!${path}`]);
  }
  return new Attrs(shape, values);
}

/** The shapes of `drvPath` and the outputs, by the names of the outputs: most derivations have the same few. */
const shapesOfPaths = new Map<Bytes, Shape>();

function shapeOfPaths(outputs: ReadonlyMap<Bytes, DerivationOutput>): Shape {
  const names = [...outputs.keys()];
  const key = names.join(' ');
  let shape = shapesOfPaths.get(key);
  if (shape === undefined) {
    shape = new Shape(['drvPath', ...names].sort(compareBytes));
    shapesOfPaths.set(key, shape);
  }
  return shape;
}

function pathOrPlaceholder(
  _vm: Vm,
  derivationPath: Bytes,
  name: Bytes,
  output: Bytes,
  kind: DerivationOutput,
): Bytes {
  switch (kind.kind) {
    case 'input-addressed':
      return kind.path;
    case 'fixed':
      return fixedOutputPath(kind, output, name);
    default:
      return inputPlaceholder(derivationPath, output);
  }
}

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
class DerivationBuilder {
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
          `while evaluating attribute '${key}' of derivation '${this.name}'`,
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
        this.environment.set(key, printJson(this.vm, readJson(text)).text);
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

// --- The function `derivation` --------------------------------------------------------

/**
 * The function in Nix. It stands at these lines and with these names since traces
 * show them: they are part of what a user reads in C++ Nix's messages.
 */
const derivationText: Bytes = `# The function \`derivation\`.
#
# It takes the attributes of a derivation and adds to them:
#
# - one attribute for each output, with the derivation seen through that output;
# - \`all\`, the list of these;
# - \`drvAttrs\`, the attributes as they were given;
# - \`drvPath\`, \`outPath\`, \`outputName\` and \`type\`, which make of the set what
#   other functions take for a package.
#
# Nothing is computed for that but the names of the outputs. Paths need every
# attribute of the derivation, and of all that it depends on, so they wait until
# somebody asks: a package can then be passed around, compared and overridden
# without a look at most of its dependencies.
#
# \`strict\` is what asks. It is shared by the outputs, so the paths of a derivation
# are computed once.
#
# The first of the outputs is what the function returns, and what a package
# means where a string is made of it.
#
#
#
#
#
#
drvAttrs@{
  outputs ? [ "out" ],
  ...
}:

let

  # Forced through \`outPath\` and \`drvPath\` alone.

  strict = derivationStrict drvAttrs;

  # What every output has in common.
  commonAttrs = drvAttrs // builtins.listToAttrs outputsList // {
    all = map (output: output.value) outputsList;
    inherit drvAttrs;
  };

  outputsList = map seenThrough outputs;

  seenThrough = outputName: {
    name = outputName;
    value = commonAttrs // {
      outPath = strict.\${outputName};
      drvPath = strict.drvPath;
      type = "derivation";
      inherit outputName;
    };
  };

in
(builtins.head outputsList).value
`;

/** The value of `derivation`: compiled when it is first used. */
export function derivationFunction(vm: Vm): Value {
  const name = encodeUtf8('«nix-internal»/derivation-internal.nix');
  return lazily(() => vm.loader.evaluateText(derivationText, '/', name, 'file'));
}

// --- outputOf -------------------------------------------------------------------------

function outputOf(vm: Vm, reference: Value, outputName: Value): Forced {
  requireFeature(vm, 'dynamic-derivations');
  const frame = 'while evaluating the first argument to builtins.outputOf';
  const text = vm.forceString(reference, frame);
  const context = contextOf(text);
  if (context.length !== 1) {
    throw failure(
      `string '${textOf(text)}' has ${context.length} entries in its context. It should only have exactly one entry`,
    ).while(frame);
  }
  const element = context[0]!;
  if (element.startsWith('=')) {
    throw failure(
      `string '${textOf(text)}' has a context which refers to a complete source and binary closure. This is not supported at this time`,
    ).while(frame);
  }
  const output = vm.forceStringNoContext(
    outputName,
    'while evaluating the second argument to builtins.outputOf',
  );
  if (element.startsWith('!')) {
    throw failure('outputs of a derivation that is itself built are not known to Nixray', 'unsupported');
  }
  const derivation = storeOf(vm).readDerivation(element);
  const kind = derivation.outputs.get(output);
  if (kind === undefined) {
    throw failure(`derivation '${element}' does not have output '${output}'`);
  }
  return new ContextString(pathOrPlaceholder(vm, element, derivation.name, output, kind), [
    `!${output}!${element}`,
  ]);
}

export const records: readonly BuiltinRecord[] = [
  {
    name: 'derivationStrict',
    parameters: [strict('args')],
    global: true,
    purity: 'impure',
    since: '1.0',
    documentation:
      'Evaluates all attributes of a derivation, and gives a set of its `drvPath` and of the path of each output. `derivation` calls it when one of these is needed.',
    call: derivationStrict,
  },
  {
    name: 'outputOf',
    parameters: [strict('derivation-reference'), strict('output-name')],
    purity: 'impure',
    since: '2.16',
    feature: 'dynamic-derivations',
    documentation:
      'The path of an output of the derivation that a string refers to, or a placeholder of it where only building tells the path.',
    call: outputOf,
  },
];
