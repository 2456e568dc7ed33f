/**
 * What the usual callers of a file would pass to its function, for files that
 * nothing in the workspace calls: a package as `callPackage` would call it, a
 * module in a configuration, an overlay over nixpkgs, a flake with its inputs.
 */
import { decodeUtf8, encodeUtf8, type Bytes } from '../base/bytes';
import type { Evaluator } from '../evaluator/evaluator';
import type { LiveFile, PlacedLambda } from '../evaluator/live-scopes';
import { directoryOf } from '../host/path';
import type { ParsedFile } from '../syntax/parse';
import { Kind, staticName, type BindingNode, type LambdaNode } from '../syntax/tree';
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
  /** Whether the file itself speaks against it, and it is only better than nothing. */
  readonly isDoubtful?: boolean;
}

interface File {
  readonly path: Bytes;
  readonly parsed: ParsedFile;
  readonly live: LiveFile;
}

/** The ways in which a function of a file may usually be called, the likeliest first. */
export function conventionsOf(evaluator: Evaluator, file: File, lambda: PlacedLambda): Convention[] {
  if (isOutputs(file, lambda)) {
    const value = lazily(() => callFlakeInPlace(evaluator, directoryOf(file.path)));
    return [{ value, source: 'as a flake' }];
  }
  const whole = functionOfFile(file.parsed, lambda.node);
  if (whole === undefined) return overlayOf(evaluator, file, lambda);
  return callersOf(evaluator, file, whole).map(({ expression, ...caller }) => ({
    value: lazily(() =>
      evaluator.evaluateText(encodeUtf8(expression), directoryOf(file.path), encodeUtf8('«convention»')),
    ),
    ...caller,
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

/** An overlay that stands where configurations and flakes have their overlays, put over nixpkgs. */
function overlayOf(evaluator: Evaluator, { path, parsed, live }: File, lambda: PlacedLambda): Convention[] {
  const ancestors = nodesAt(parsed, lambda.at).reverse();
  let depth = ancestors.findIndex(({ node }) => node === lambda.node);
  if (ancestors[depth - 1]?.node.kind === Kind.Lambda) depth--;
  const overlay = ancestors[depth]?.node;
  if (overlay?.kind !== Kind.Lambda || overlay.body.kind !== Kind.Lambda) return [];
  const binding = ancestors.slice(0, depth).findLast(({ node }) => node.kind === Kind.Binding);
  const names = (binding?.node as BindingNode | undefined)?.path.names ?? [];
  if (!names.some((name) => overlayNames.has(staticName(name) ?? ''))) return [];
  const value = lazily(() => {
    const around = ancestors.slice(0, depth);
    const placed = { node: overlay, at: ancestors[depth]!.at };
    const written = live.thunk(live.scopeAt(around, placed), overlay, placed.at);
    const caller = evaluator.evaluateText(
      'overlay: import <nixpkgs> { overlays = [ overlay ]; }',
      directoryOf(path),
      encodeUtf8('«convention»'),
    );
    return evaluator.vm.force(evaluator.vm.call(caller, written));
  });
  return [{ value, source: 'as an overlay of <nixpkgs>' }];
}

/** What attributes are called whose values, or the items of which, are overlays. */
const overlayNames = new Set(['overlays', 'overlay']);

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

interface Caller extends Omit<Convention, 'value'> {
  readonly expression: string;
}

/** Expressions that call a file as its kind is usually called. */
function callersOf(evaluator: Evaluator, { path, parsed }: File, lambda: LambdaNode): Caller[] {
  const file = pathExpression(path);
  const { formals, parameter } = lambda;
  if (formals === undefined) return callersByName(file, parameter!.name, lambda.body.kind === Kind.Lambda);
  const names = formals.formals.map((formal) => formal.name.name);
  if (formals.ellipsis && names.some((name) => moduleArguments.has(name))) {
    const nixos = {
      expression: `(import <nixpkgs/nixos> { configuration = ${file}; }).config`,
      source: 'as a NixOS module on its own',
    };
    const root = homeManagerAround(evaluator, path);
    if (root !== undefined) return [homeManager(file, pathExpression(root)), { ...nixos, isDoubtful: true }];
    if (!homeOptions.test(parsed.text)) return [nixos];
    return [homeManager(file, '<home-manager/modules>'), { ...nixos, isDoubtful: true }];
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

function pathExpression(path: Bytes): string {
  return `(/. + ${JSON.stringify(decodeUtf8(path)).replaceAll('${', '\\${')})`;
}

/** What makes a function with an ellipsis a module. */
const moduleArguments = new Set(['config', 'options', 'lib']);

/** Options, and a part of `lib`, that only home-manager has. */
const homeOptions =
  /\blib\.hm\b|\bhome\.(?:packages|file|stateVersion|username|homeDirectory|sessionVariables|activation)\b|\bxdg\.(?:configFile|dataFile)\b/;

/** The folder of modules of the home-manager that a file is part of. */
function homeManagerAround({ vm: { host } }: Evaluator, path: Bytes): Bytes | undefined {
  for (let at = path.lastIndexOf('/modules/'); at >= 0; at = path.lastIndexOf('/modules/', at - 1)) {
    const modules = path.slice(0, at + '/modules'.length);
    if (host.fileType(`${modules}/home-environment.nix`) === 'regular') return modules;
    if (at === 0) break;
  }
  return undefined;
}

function homeManager(file: string, modules: string): Caller {
  return {
    expression: `(import ${modules} { configuration = ${file}; pkgs = import <nixpkgs> { }; }).config`,
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
