/**
 * The builtins of derivations. `derivationStrict` computes the paths of one; `outputOf`
 * names an output of one that is itself built.
 * Nix manual: language/derivations, language/advanced-attributes.
 */
import { encodeUtf8, type Bytes } from '../base/bytes';
import { fixedOutputPath, inputPlaceholder, type DerivationOutput } from '../store/derivation';
import type { AddedDerivation } from '../store/virtual-store';
import { Attrs, compareBytes } from '../values/attrs';
import { contextOf, textOf } from '../values/context';
import { EvalError } from '../values/error';
import { Shape } from '../values/shape';
import { ContextString, type Forced, type Value } from '../values/value';
import type { BuiltinRecord } from '../vm/builtin-record';
import { context as withFrame } from '../vm/failures';
import { showPosition } from '../vm/operations';
import type { Vm } from '../vm/vm';
import { DerivationBuilder } from './derivation-builder';
import { attributeMissing, failure } from './failure';
import { requireFeature } from './features';
import { strict } from './parameters';
import { storeOf } from './path-arguments';

function derivationStrict(vm: Vm, argument: Value): Forced {
  const attrs = vm.forceAttrs(argument, 'while evaluating the argument passed to builtins.derivationStrict');
  const name = nameOf(vm, attrs);
  try {
    const added = new DerivationBuilder(vm, name, attrs).build();
    return describe(added);
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
function describe({ path, outputs }: AddedDerivation): Attrs {
  const shape = shapeOfPaths(outputs);
  const name = path.slice(path.indexOf('-') + 1, -'.drv'.length);
  const values = new Array<Value>(shape.names.length);
  for (let i = 0; i < values.length; i++) {
    const output = shape.names[i]!;
    const kind = outputs.get(output);
    values[i] =
      kind === undefined
        ? new ContextString(path, [`=${path}`])
        : new ContextString(pathOrPlaceholder(path, name, output, kind), [`!${output}!${path}`]);
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

function pathOrPlaceholder(derivationPath: Bytes, name: Bytes, output: Bytes, kind: DerivationOutput): Bytes {
  switch (kind.kind) {
    case 'input-addressed':
      return kind.path;
    case 'fixed':
      return fixedOutputPath(kind, output, name);
    default:
      return inputPlaceholder(derivationPath, output);
  }
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
  return new ContextString(pathOrPlaceholder(element, derivation.name, output, kind), [
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
