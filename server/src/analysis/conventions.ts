/**
 * What the usual callers of a file would pass to its function, for files that
 * nothing in the workspace calls: a package as `callPackage` would call it, a
 * module in a configuration, an overlay over nixpkgs, a flake with its inputs.
 */
import { decodeUtf8, encodeUtf8, type Bytes } from '../base/bytes';
import type { Evaluator } from '../evaluator/evaluator';
import { flakeFunctions, type FlakeFunctionKind } from '../evaluator/flake-functions';
import type { LiveFile, PlacedLambda } from '../evaluator/live-scopes';
import { directoryOf, isFlake } from '../host/path';
import type { ParsedFile } from '../syntax/parse';
import { Kind, staticName, type BindingNode, type Expression, type LambdaNode } from '../syntax/tree';
import { nodesAt, resultPath, type PlacedNode } from '../syntax/walk';
import { emptyAttrs } from '../values/attrs';
import { lazily } from '../values/thunk';
import type { Forced, Value } from '../values/value';
import { callFlakeInPlace, hasItsInputs } from './flake-in-place';
import { uncheckingFile } from './options';
import { submoduleCalls } from './submodules';

export interface Convention {
  /** Evaluating it, or its parts, enters the function. */
  readonly value: Value;
  /** For the user. */
  readonly source: string;
  /** Whether the file itself speaks against it, and it is only better than nothing. */
  readonly isDoubtful?: boolean;
  /** Whether it is known to be called so, as far as the functions around it are, by what it is called with. */
  readonly isReal?: boolean | ((argument: Value) => boolean);
  /** Whether the function is taken for a package, as callPackage of nixpkgs calls it. */
  readonly isPackage?: boolean;
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
    return [{ value, source: 'as a flake', isReal: (argument) => hasItsInputs(evaluator, argument) }];
  }
  const whole = functionOfFile(file.parsed, lambda.node);
  if (whole === undefined)
    return [
      ...overlayOf(evaluator, file, lambda),
      ...moduleOfFlake(evaluator, file, lambda),
      ...submoduleCalls(evaluator, file, lambda),
    ];
  return callersOf(evaluator, file, whole).map(({ expression, ...caller }) => ({
    value: lazily(() => evaluate(evaluator, file, expression)),
    ...caller,
  }));
}

function evaluate(evaluator: Evaluator, { path }: File, expression: string): Forced {
  return evaluator.evaluateText(encodeUtf8(expression), directoryOf(path), encodeUtf8('«convention»'));
}

/** What a function is called with when its own defaults are all that it needs. */
export function defaultsOf(file: File, { node }: PlacedLambda): Convention | undefined {
  if (functionOfFile(file.parsed, node) === undefined) return undefined;
  const { formals } = node;
  if (importsModules(node)) return undefined;
  if (formals === undefined || formals.formals.some(({ fallback }) => fallback === undefined))
    return undefined;
  return { value: emptyAttrs, source: 'with its defaults' };
}

/** Whether a function is the `outputs` of a flake. */
function isOutputs({ path, parsed }: File, { node, at }: PlacedLambda): boolean {
  if (!isFlake(path)) return false;
  const around = nodesAt(parsed, at).reverse();
  const [root, binding] = around;
  if (root?.node.kind !== Kind.AttributeSet || binding?.node.kind !== Kind.Binding) return false;
  const { path: attribute, value, valueAt } = binding.node;
  if (attribute.names.length !== 1 || staticName(attribute.names[0]!) !== 'outputs') return false;
  return functionsOf({ node: value, at: binding.at + valueAt }).includes(node);
}

/** An overlay that stands where configurations and flakes have their overlays, put over nixpkgs. */
function overlayOf(evaluator: Evaluator, file: File, lambda: PlacedLambda): Convention[] {
  const ancestors = nodesAt(file.parsed, lambda.at).reverse();
  let depth = ancestors.findIndex(({ node }) => node === lambda.node);
  if (ancestors[depth - 1]?.node.kind === Kind.Lambda) depth--;
  const overlay = ancestors[depth]?.node;
  if (overlay?.kind !== Kind.Lambda || overlay.body.kind !== Kind.Lambda) return [];
  const binding = ancestors.slice(0, depth).findLast(({ node }) => node.kind === Kind.Binding);
  const names = (binding?.node as BindingNode | undefined)?.path.names ?? [];
  if (!names.some((name) => overlayNames.has(staticName(name) ?? ''))) return [];
  const value = passedTo(
    'overlay: import <nixpkgs> { overlays = [ overlay ]; }',
    evaluator,
    file,
    ancestors.slice(0, depth + 1),
  );
  return [{ value, source: 'as an overlay of <nixpkgs>' }];
}

/** A module that a flake has for others, in a configuration of its own. */
function moduleOfFlake(evaluator: Evaluator, file: File, { node }: PlacedLambda): Convention[] {
  if (!isFlake(file.path)) return [];
  const found = flakeFunctions(file.parsed).find(({ path }) => path.at(-1)!.node === node);
  if (found === undefined || found.kind === 'overlay') return [];
  // So the module system knows where the module is written.
  const configuration = `{ _file = toString ${pathExpression(file.path)}; imports = [ module ]; }`;
  return callersOfModule(found.kind, configuration).map(({ expression, ...caller }) => ({
    value: passedTo(`module: ${expression}`, evaluator, file, found.path),
    ...caller,
  }));
}

/** What a function of its text makes of the expression at the end of a path from the file's root. */
function passedTo(caller: string, evaluator: Evaluator, file: File, path: readonly PlacedNode[]): Value {
  return lazily(() => {
    const around = path.slice(0, -1);
    const last = path.at(-1)!;
    const { live } = file;
    const written = live.thunk(live.scopeAt(around, last), last.node as Expression, last.at);
    return evaluator.vm.force(evaluator.vm.call(evaluate(evaluator, file, caller), written));
  });
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
  if ((formals.ellipsis && names.some((name) => moduleArguments.has(name))) || importsModules(lambda)) {
    const root = homeManagerAround(evaluator, path);
    if (root !== undefined) return [homeManager(file, pathExpression(root)), doubtful(nixos(file))];
    return callersOfModule(homeOptions.test(parsed.text) ? 'home-manager' : 'nixos', file);
  }
  const kind = isPartOfModule(names) ? { isDoubtful: true } : { isPackage: true };
  return [
    {
      expression: `(import <nixpkgs> { }).callPackage ${file} { }`,
      source: 'as callPackage of <nixpkgs> calls it',
      ...kind,
    },
    // Where nixpkgs has not all that the package asks for, callPackage does not even call it.
    {
      expression: `let passed = ${passedByCallPackage(names)}; in builtins.seq passed (import ${file} passed)`,
      source: 'with what <nixpkgs> has of its arguments',
      ...kind,
    },
  ];
}

/** What callPackage has of some arguments, as it tells a function for which each of them has a default. */
function passedByCallPackage(names: readonly string[]): string {
  const all = `all${"'".repeat(Math.max(0, ...names.map((name) => name.length)))}`;
  const formals = names.map((name) => `${decodeUtf8(name)} ? null, `).join('');
  return `((import <nixpkgs> { }).callPackage (${all}@{ ${formals}... }: { passed = ${all}; }) { }).passed`;
}

/**
 * Whether a function without an ellipsis is more likely to be called by a module, with the module's own
 * arguments, than by callPackage, which would pass the settings of nixpkgs as `config`.
 */
function isPartOfModule(names: readonly string[]): boolean {
  if (!names.includes('config') || !(names.includes('lib') || names.includes('pkgs'))) return false;
  return !names.some((name) => packageArguments.test(name));
}

/** Arguments that packages need to be built, and modules take from `pkgs`. */
const packageArguments =
  /^(?:stdenv\w*|mkDerivation|callPackage|newScope|runCommand\w*|fetch\w+|build[A-Z]\w*)$/;

function pathExpression(path: Bytes): string {
  return `(/. + ${JSON.stringify(decodeUtf8(path)).replaceAll('${', '\\${')})`;
}

/** What makes a function with an ellipsis a module. */
const moduleArguments = new Set(['config', 'options', 'lib']);

/** Options, and a part of `lib`, that only home-manager has. */
const homeOptions =
  /\blib\.hm\b|\bhome\.(?:packages|file|stateVersion|username|homeDirectory|sessionVariables|activation)\b|\bxdg\.(?:configFile|dataFile)\b/;

/** Whether a function takes more than it names and gives a set that imports, as modules do. */
function importsModules({ formals, body }: LambdaNode): boolean {
  const result = resultPath({ node: body, at: 0 }).at(-1)!.node;
  if (formals?.ellipsis !== true || result.kind !== Kind.AttributeSet) return false;
  return result.bindings.some(
    (binding) =>
      binding.kind === Kind.Binding &&
      binding.path.names.length === 1 &&
      staticName(binding.path.names[0]!) === 'imports' &&
      binding.value.kind === Kind.List,
  );
}

/** The folder of modules of the home-manager that a file is part of. */
function homeManagerAround({ vm: { host } }: Evaluator, path: Bytes): Bytes | undefined {
  for (let at = path.lastIndexOf('/modules/'); at >= 0; at = path.lastIndexOf('/modules/', at - 1)) {
    const modules = path.slice(0, at + '/modules'.length);
    if (host.fileType(`${modules}/home-environment.nix`) === 'regular') return modules;
    if (at === 0) break;
  }
  return undefined;
}

/** Expressions that call a module as its kind of configuration does. */
function callersOfModule(kind: Exclude<FlakeFunctionKind, 'overlay'>, configuration: string): Caller[] {
  switch (kind) {
    case 'nixos':
      return [nixos(configuration)];
    case 'home-manager':
      return [homeManager(configuration, '<home-manager/modules>'), doubtful(nixos(configuration))];
    case 'darwin':
      return [darwin(configuration), doubtful(nixos(configuration))];
  }
}

function nixos(configuration: string): Caller {
  return {
    expression: `(import <nixpkgs/nixos> { configuration = ${withoutCheck(configuration)}; }).config`,
    source: 'as a NixOS module on its own',
  };
}

function homeManager(configuration: string, modules: string): Caller {
  return {
    expression: `(import ${modules} { configuration = ${configuration}; pkgs = import <nixpkgs> { }; }).config`,
    source: 'as a home-manager module on its own',
  };
}

function darwin(configuration: string): Caller {
  return {
    expression: `(import <darwin> { configuration = ${withoutCheck(configuration)}; }).config`,
    source: 'as a nix-darwin module on its own',
  };
}

/**
 * A configuration that may set options which there are not. In old module systems a module that reads
 * another option, or `pkgs`, would get nothing but the error, and so while a name is being typed.
 * What a configuration says itself of the check stays; nixpkgs has `mkDefault` for that.
 */
function withoutCheck(configuration: string): string {
  const check = '{ _type = "override"; priority = 1000; content = false; }';
  return `{ _file = "${uncheckingFile}"; imports = [ ${configuration} ]; _module.check = ${check}; }`;
}

function doubtful(caller: Caller): Caller {
  return { ...caller, isDoubtful: true };
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
