/**
 * What the usual callers of a file would pass to its function, for files that
 * nothing in the workspace calls: a package as `callPackage` would call it, a
 * module in a configuration, an overlay over nixpkgs, a flake with its inputs.
 */
import { decodeUtf8, encodeUtf8, type Bytes } from '../base/bytes';
import type { Evaluator } from '../evaluator/evaluator';
import type { PlacedLambda } from '../evaluator/live-scopes';
import { directoryOf } from '../host/path';
import type { ParsedFile } from '../syntax/parse';
import { Kind, staticName, type LambdaNode } from '../syntax/tree';
import { nodesAt, resultPath, type PlacedNode } from '../syntax/walk';
import { emptyAttrs } from '../values/attrs';
import { lazily } from '../values/thunk';
import type { Value } from '../values/value';
import { callFlakeInPlace } from './flake-in-place';

export interface Convention {
  /** Evaluating it, or its parts, enters the function. */
  readonly value: Value;
  /** For the user. */
  readonly source: string;
}

interface File {
  readonly path: Bytes;
  readonly parsed: ParsedFile;
}

/** The ways in which a function of a file may usually be called, the likeliest first. */
export function conventionsOf(evaluator: Evaluator, file: File, lambda: PlacedLambda): Convention[] {
  if (isOutputs(file, lambda)) {
    const value = lazily(() => callFlakeInPlace(evaluator, directoryOf(file.path)));
    return [{ value, source: 'as a flake' }];
  }
  const whole = functionOfFile(file.parsed, lambda.node);
  if (whole === undefined) return [];
  return callersOf(file, whole).map(({ expression, source }) => ({
    value: lazily(() =>
      evaluator.evaluateText(encodeUtf8(expression), directoryOf(file.path), encodeUtf8('«convention»')),
    ),
    source,
  }));
}

/** What a function is called with when its own defaults are all that it needs. */
export function defaultsOf(file: File, { node }: PlacedLambda): Convention | undefined {
  if (functionOfFile(file.parsed, node) === undefined) return undefined;
  const { formals } = node;
  if (formals === undefined || formals.formals.some(({ fallback }) => fallback === undefined))
    return undefined;
  return { value: emptyAttrs, source: 'with its defaults' };
}

/** Whether a function is the `outputs` of a flake. */
function isOutputs({ path, parsed }: File, { node, at }: PlacedLambda): boolean {
  if (!path.endsWith('/flake.nix')) return false;
  const around = nodesAt(parsed, at).reverse();
  const [root, binding] = around;
  if (root?.node.kind !== Kind.AttributeSet || binding?.node.kind !== Kind.Binding) return false;
  const { path: attribute, value, valueAt } = binding.node;
  if (attribute.names.length !== 1 || staticName(attribute.names[0]!) !== 'outputs') return false;
  return functionsOf({ node: value, at: binding.at + valueAt }).includes(node);
}

/** The function that a whole file is, if it is, or returns, a certain one. */
export function functionOfFile({ root, rootAt }: ParsedFile, lambda: LambdaNode): LambdaNode | undefined {
  const functions = functionsOf({ node: root, at: rootAt });
  return functions.includes(lambda) ? functions[0] : undefined;
}

/** The function that an expression is, behind any `let`, `with` and `assert`, and those that it returns one after the other. */
function functionsOf(expression: PlacedNode): LambdaNode[] {
  return resultPath(expression)
    .map(({ node }) => node)
    .filter((node) => node.kind === Kind.Lambda);
}

interface Caller {
  readonly expression: string;
  readonly source: string;
}

/** Expressions that call a file as its kind is usually called. */
function callersOf({ path, parsed }: File, lambda: LambdaNode): Caller[] {
  const file = `(/. + ${JSON.stringify(decodeUtf8(path)).replaceAll('${', '\\${')})`;
  const { formals, parameter } = lambda;
  if (formals === undefined) return callersByName(file, parameter!.name, lambda.body.kind === Kind.Lambda);
  const names = formals.formals.map((formal) => formal.name.name);
  if (formals.ellipsis && names.some((name) => moduleArguments.has(name))) {
    const nixos = {
      expression: `(import <nixpkgs/nixos> { configuration = ${file}; }).config`,
      source: 'as a NixOS module on its own',
    };
    return homeOptions.test(parsed.text) ? [homeManager(file), nixos] : [nixos];
  }
  return [
    {
      expression: `(import <nixpkgs> { }).callPackage ${file} { }`,
      source: 'as callPackage of <nixpkgs> calls it',
    },
    // Where nixpkgs has not all that the package asks for, callPackage does not even call it.
    {
      expression: `let pkgs = import <nixpkgs> { }; f = import ${file}; in
        builtins.seq pkgs (f (builtins.intersectAttrs (builtins.functionArgs f) pkgs))`,
      source: 'with what <nixpkgs> has of its arguments',
    },
  ];
}

/** What makes a function with an ellipsis a module. */
const moduleArguments = new Set(['config', 'options', 'lib']);

/** Options that only home-manager has. */
const homeOptions =
  /\bhome\.(?:packages|file|stateVersion|username|homeDirectory|sessionVariables|activation)\b|\bxdg\.(?:configFile|dataFile)\b/;

function homeManager(file: string): Caller {
  return {
    expression: `(import <home-manager/modules> { configuration = ${file}; pkgs = import <nixpkgs> { }; }).config`,
    source: 'as a home-manager module on its own',
  };
}

/** For a function with a parameter that is a name: an overlay, or one of a well-known argument. */
function callersByName(file: string, name: string, isCurried: boolean): Caller[] {
  if (isCurried && /^(final|self|prev|super|_)/.test(name)) {
    return [
      {
        expression: `import <nixpkgs> { overlays = [ (import ${file}) ]; }`,
        source: 'as an overlay of <nixpkgs>',
      },
    ];
  }
  if (name === 'pkgs') {
    return [
      {
        expression: `let pkgs = import <nixpkgs> { }; in builtins.seq pkgs (import ${file} pkgs)`,
        source: 'with <nixpkgs> as pkgs',
      },
    ];
  }
  if (name === 'lib') {
    return [
      {
        expression: `let lib = import <nixpkgs/lib>; in builtins.seq lib (import ${file} lib)`,
        source: 'with <nixpkgs/lib> as lib',
      },
    ];
  }
  return [];
}
