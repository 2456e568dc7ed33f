/**
 * The names that may follow a value: its attributes, or what a function takes.
 * Attributes are not evaluated for it; their number is what takes time, so those
 * that do not fit what is being written are left out here.
 */
import { decodeUtf8, type Bytes } from '../base/bytes';
import { namesInSearchPath } from '../builtins/search-path-names';
import { Attrs } from '../values/attrs';
import { EvalError, isTimeout } from '../values/error';
import { printFunction, printLimitedString, printScalar } from '../values/printer';
import { Thunk, withoutThunk } from '../values/thunk';
import {
  Builtin,
  Closure,
  ContextString,
  Path,
  PartialApplication,
  type Forced,
  type Value,
} from '../values/value';
import { typeOf } from '../vm/describe';
import type { Evaluator } from './evaluator';
import { valueOfPath, type Subject } from './live-values';
import type { Member, Members, MembersQuestion } from './service';

/** The bytes of a value that stand beside a name. */
const detailLength = 60;

/** A deeper chain of functors is none of the user's making. */
const maxFunctors = 8;

/** What is known of options alone. */
export type OptionQuestion = Extract<MembersQuestion, { kind: 'options' | 'values' }>;

/** What no value of the document tells by itself. */
export type ToldQuestion = OptionQuestion | Extract<MembersQuestion, { kind: 'passed' }>;

/** @throws Interruption for anything but the end of the time. */
export function membersOf(
  evaluator: Evaluator,
  subject: Subject,
  question: MembersQuestion,
  told: (question: ToldQuestion) => ReadonlyMap<Bytes, Member>,
): Members {
  try {
    if (question.kind === 'options' || question.kind === 'values' || question.kind === 'passed')
      return chosenMembers(told(question), question);
    if (question.kind === 'searchPath') return files(evaluator, question);
    const value = valueOfPath(evaluator, subject, question.of);
    return question.kind === 'attributes' ? attributes(value, question) : formals(evaluator, value, question);
  } catch (error) {
    if (error instanceof EvalError) return { members: [], complete: true };
    if (isTimeout(error)) return { members: [], complete: false };
    throw error;
  }
}

function files({ vm, nixPath }: Evaluator, question: MembersQuestion & { kind: 'searchPath' }): Members {
  const found = namesInSearchPath(vm, nixPath, question.of);
  return chosenMembers(new Map(found.map((entry) => [entry.name, entry])), question);
}

function attributes(value: Forced, question: MembersQuestion): Members {
  if (!(value instanceof Attrs)) return { members: [], complete: true };
  const { names } = value.shape;
  const chosen = choose(names, question);
  return {
    members: chosen.map((name) => memberOf(name, value.get(name)!)),
    complete: chosen.length === names.length,
  };
}

function chosenMembers(members: ReadonlyMap<Bytes, Member>, question: MembersQuestion): Members {
  const chosen = choose([...members.keys()], question);
  return {
    members: chosen.map((name) => members.get(name)!),
    complete: chosen.length === members.size,
  };
}

/** All names if they are few; else those that begin with the prefix, then those that contain it. */
function choose(names: readonly Bytes[], { prefix, limit }: MembersQuestion): readonly Bytes[] {
  if (names.length <= limit) return names;
  const wanted = prefix.toLowerCase();
  const starting: Bytes[] = [];
  const containing: Bytes[] = [];
  for (const name of names) {
    const at = name.toLowerCase().indexOf(wanted);
    if (at === 0) starting.push(name);
    else if (at > 0) containing.push(name);
  }
  return [...starting, ...containing].slice(0, limit);
}

/** An attribute, as far as it is known without evaluating it. */
export function memberOf(name: Bytes, value: Value): Member {
  const known = withoutThunk(value);
  if (known instanceof Thunk) return { name };
  const detail = detailOf(known);
  return { name, type: typeOf(known), ...(detail !== undefined && { detail: decodeUtf8(detail) }) };
}

/** The text of a value without parts. */
function detailOf(value: Forced): Bytes | undefined {
  if (typeof value === 'string') return printLimitedString(value, detailLength);
  if (value instanceof ContextString) return printLimitedString(value.text, detailLength);
  return signatureOf(value) ?? printScalar(value);
}

/** What a function takes, as it is written before the colon. */
export function signatureOf(value: Forced): Bytes | undefined {
  if (value instanceof Builtin || value instanceof PartialApplication) return printFunction(value);
  if (!(value instanceof Closure)) return undefined;
  const { parameter, formals: names } = value.blueprint.signature();
  if (names === undefined) return `${parameter}:`;
  return `{ ${names.map(({ name, optional }) => name + (optional ? '?' : '')).join(', ')} }:`.slice(
    0,
    detailLength,
  );
}

/** The formals of a function, of a functor, or of the function in the file that a path names. */
function formals(evaluator: Evaluator, start: Forced, question: MembersQuestion): Members {
  const { vm } = evaluator;
  let value = start instanceof Path ? evaluator.importFile(start.path) : start;
  for (let i = 0; value instanceof Attrs && i < maxFunctors; i++) {
    const declared = value.get('__functionArgs');
    if (declared !== undefined) return declaredArguments(vm.force(declared), question);
    const functor = value.get('__functor');
    if (functor === undefined) break;
    value = vm.call(functor, value);
  }
  const signature = value instanceof Closure ? value.blueprint.signature().formals : undefined;
  const members = (signature ?? []).map(({ name, optional }) => formal(name, optional));
  return { members: members.slice(0, question.limit), complete: members.length <= question.limit };
}

/** What `lib.setFunctionArgs` says of a function: whether each argument has a default. */
function declaredArguments(value: Forced, { limit }: MembersQuestion): Members {
  if (!(value instanceof Attrs)) return { members: [], complete: true };
  const members = value.shape.names.map((name, i) => formal(name, value.values[i] === true));
  return { members: members.slice(0, limit), complete: members.length <= limit };
}

function formal(name: Bytes, optional: boolean): Member {
  return { name, detail: optional ? 'has a default' : 'required' };
}
