/**
 * Arguments that the function of a file asks for and does not get.
 *
 * In a real call it is certain that what the caller does not pass is missing. A package that
 * nothing is known to call is called by callPackage, which passes what nixpkgs has; but another
 * scope, such as that of Python's packages, or a caller that passes the rest itself may be meant.
 * So there it is a hint, and none where more than one argument is missing, or where what builds
 * the package is.
 */
import { decodeUtf8, encodeUtf8, type Bytes } from '../base/bytes';
import type { Range } from '../base/range';
import { bestMatches, didYouMean } from '../base/suggestions';
import type { Evaluator } from '../evaluator/evaluator';
import type { NamedPlace } from '../evaluator/live-scopes';
import { scopeOfFunction, type Subject } from '../evaluator/live-values';
import { locationOf } from '../evaluator/report';
import type { EvaluationDiagnostic } from '../evaluator/service';
import { directoryOf } from '../host/path';
import { Kind, staticName, type LambdaNode, type Node } from '../syntax/tree';
import { resultPath, type PlacedNode } from '../syntax/walk';
import { Attrs } from '../values/attrs';

/** Functions that make a package of what they are given. */
const builders = /^(?:mkDerivation|build[A-Z]\w*|runCommand\w*|symlinkJoin|buildEnv|writeShellApplication)$/;

/** @throws EvalError, Interruption */
export function missingArguments(evaluator: Evaluator, subject: Subject): EvaluationDiagnostic[] {
  const { parsed, path } = subject;
  const spine = resultPath({ node: parsed.root, at: parsed.rootAt });
  const lambda = spine.find(({ node }) => node.kind === Kind.Lambda) as PlacedFunction | undefined;
  const scope = lambda?.node.formals && scopeOfFunction(subject, lambda.at);
  if (scope?.argument === undefined || scope.isDoubtful) return [];
  const { call, isPackage = false } = scope.function!.with;
  if (!isPackage && (call === undefined || scope.isSupposed)) return [];
  const argument = evaluator.vm.force(scope.argument);
  if (!(argument instanceof Attrs)) return [];
  const missing = requiredFormals(lambda!).filter(({ name }) => !argument.has(name));
  if (missing.length === 0) return [];
  if (!isPackage) return missing.map((each) => notPassed(each, call!));
  const builder = builderOf(spine.at(-1)!.node);
  if (missing.length > 1 || builder === undefined || !argument.has(builder)) return [];
  const names = namesOfNixpkgs(evaluator, path);
  return missing.map((each) => notInNixpkgs(each, names));
}

type PlacedFunction = PlacedNode & { readonly node: LambdaNode };

function notPassed(formal: PlacedName, { text, position }: NamedPlace): EvaluationDiagnostic {
  const message = `the call at ${text} passes no argument '${decodeUtf8(formal.name)}'`;
  const location = locationOf(position);
  const trace = location === undefined ? [] : [{ message: 'in the call', location }];
  return { range: rangeOf(formal), error: { message, code, trace }, severity: 'warning' };
}

function notInNixpkgs(formal: PlacedName, names: readonly Bytes[]): EvaluationDiagnostic {
  const question = didYouMean(bestMatches(names, formal.name).map(decodeUtf8));
  const problem = `nixpkgs has no attribute '${decodeUtf8(formal.name)}' that callPackage could pass`;
  const message = question === '' ? problem : `${problem}\n${question}`;
  return { range: rangeOf(formal), error: { message, code, trace: [] }, severity: 'hint' };
}

const code = 'missing-argument';

function rangeOf({ name, at }: PlacedName): Range {
  return { start: at, end: at + name.length };
}

interface PlacedName {
  readonly name: Bytes;
  readonly at: number;
}

/** The formals without a default, and where they stand. */
function requiredFormals({ node, at }: PlacedFunction): PlacedName[] {
  const { formals, formalsAt } = node;
  return formals!.formals.flatMap(({ name: { name }, fallback }, i) =>
    fallback === undefined ? [{ name, at: at + formalsAt + formals!.formalsAt[i]! }] : [],
  );
}

/** The variable that a call has its builder from, such as `stdenv` in `stdenv.mkDerivation { }`; undefined for other expressions. */
function builderOf(node: Node): Bytes | undefined {
  if (node.kind !== Kind.Call) return undefined;
  const { callee } = node;
  if (callee.kind === Kind.Identifier) return builders.test(callee.name) ? callee.name : undefined;
  if (callee.kind !== Kind.Select || callee.target.kind !== Kind.Identifier) return undefined;
  return builders.test(staticName(callee.path.names.at(-1)!) ?? '') ? callee.target.name : undefined;
}

function namesOfNixpkgs(evaluator: Evaluator, path: Bytes): readonly Bytes[] {
  const set = evaluator.evaluateText(
    encodeUtf8('import <nixpkgs> { }'),
    directoryOf(path),
    encodeUtf8('«convention»'),
  );
  return set instanceof Attrs ? set.shape.names : [];
}
