/**
 * `match` and `split`, with the regular expressions of C++ Nix: see posix-regex/.
 * Nix manual: language/builtins.
 */
import { textOf } from '../values/context';
import type { Forced, Value } from '../values/value';
import type { BuiltinRecord } from '../vm/builtin-record';
import type { Vm } from '../vm/vm';
import { failure } from './failure';
import { strict } from './parameters';
import { Matcher, type Match } from './posix-regex/matcher';
import { isBoundedMatch, isBoundedSearch, translate, type NativePattern } from './posix-regex/native';
import { compile, TooComplex, type Program } from './posix-regex/program';
import { InvalidPattern, parsePattern, type ParsedPattern } from './posix-regex/syntax';

/** A pattern that was parsed. */
class Expression {
  /** What RegExp makes of it, if that is the same. */
  readonly native: NativePattern | undefined;
  private compiled: Program | undefined = undefined;

  constructor(private readonly parsed: ParsedPattern) {
    this.native = translate(parsed);
    // What RegExp can do is compiled only for a text that it cannot do.
    if (this.native === undefined) this.compiled = compile(parsed);
  }

  get program(): Program {
    this.compiled ??= compile(this.parsed);
    return this.compiled;
  }
}

/** Patterns that were used. Nix programs use the same few again and again. */
const expressions = new Map<string, Expression>();
const rememberedExpressions = 1000;

function expressionOf(pattern: string): Expression {
  let expression = expressions.get(pattern);
  if (expression === undefined) {
    expression = new Expression(parsePattern(pattern));
    if (expressions.size >= rememberedExpressions) expressions.clear();
    expressions.set(pattern, expression);
  }
  return expression;
}

/** What C++ Nix says about a pattern that it cannot use. */
function explain(error: unknown, pattern: string): unknown {
  if (error instanceof InvalidPattern) return failure(`invalid regular expression '${pattern}'`);
  if (error instanceof TooComplex) return failure(`memory limit exceeded by regular expression '${pattern}'`);
  return error;
}

function match(vm: Vm, regex: Value, value: Value): Forced {
  const pattern = vm.forceStringNoContext(
    regex,
    'while evaluating the first argument passed to builtins.match',
  );
  try {
    const expression = expressionOf(pattern);
    const text = textOf(
      vm.forceString(value, 'while evaluating the second argument passed to builtins.match'),
    );
    return matchText(vm, expression, text);
  } catch (error) {
    throw explain(error, pattern);
  }
}

function matchText(vm: Vm, expression: Expression, text: string): Forced {
  const { native } = expression;
  if (native !== undefined && isBoundedMatch(native, text.length)) {
    const found = native.whole.exec(text);
    return found === null ? null : nativeGroupsOf(found);
  }
  const found = new Matcher(expression.program, text, true, () => vm.checkLimits()).matchAt(0);
  return found === undefined ? null : groupsOf(found, text);
}

function nativeGroupsOf(found: RegExpExecArray): Value[] {
  const groups = new Array<Value>(found.length - 1);
  for (let i = 1; i < found.length; i++) groups[i - 1] = found[i] ?? null;
  return groups;
}

/** The texts of the groups, null for those that took no part. */
function groupsOf(found: Match, text: string): Value[] {
  const count = found.length / 2 - 1;
  const groups = new Array<Value>(count);
  for (let i = 0; i < count; i++) {
    const end = found[2 * i + 3]!;
    groups[i] = end < 0 ? null : text.slice(found[2 * i + 2], end);
  }
  return groups;
}

function split(vm: Vm, regex: Value, value: Value): Forced {
  const pattern = vm.forceStringNoContext(
    regex,
    'while evaluating the first argument passed to builtins.split',
  );
  try {
    const expression = expressionOf(pattern);
    const subject = vm.forceString(value, 'while evaluating the second argument passed to builtins.split');
    const parts = splitText(vm, expression, textOf(subject));
    // What was not split keeps its context.
    return parts.length === 1 ? [subject] : parts;
  } catch (error) {
    throw explain(error, pattern);
  }
}

function splitText(vm: Vm, expression: Expression, text: string): Value[] {
  const { native } = expression;
  if (native?.next !== undefined && isBoundedSearch(native, text.length)) {
    return splitNatively(native.next, text);
  }
  const matcher = new Matcher(expression.program, text, false, () => vm.checkLimits());
  const parts: Value[] = [];
  let end = 0;
  for (let found = matcher.search(0); found !== undefined; found = matchAfter(matcher, found, text)) {
    parts.push(text.slice(end, found[0]), groupsOf(found, text));
    end = found[1]!;
  }
  parts.push(text.slice(end));
  return parts;
}

/** For a pattern that matches nothing empty. */
function splitNatively(next: RegExp, text: string): Value[] {
  const parts: Value[] = [];
  let end = 0;
  next.lastIndex = 0;
  for (let found = next.exec(text); found !== null; found = next.exec(text)) {
    parts.push(text.slice(end, found.index), nativeGroupsOf(found));
    end = next.lastIndex;
  }
  parts.push(text.slice(end));
  return parts;
}

/** After an empty match there may be one at the same place that is not empty. */
function matchAfter(matcher: Matcher, previous: Match, text: string): Match | undefined {
  const end = previous[1]!;
  if (previous[0] !== end) return matcher.search(end);
  if (end === text.length) return undefined;
  return matcher.nonEmptyMatchAt(end) ?? matcher.search(end + 1);
}

export const records: readonly BuiltinRecord[] = [
  {
    name: 'match',
    parameters: [strict('regex'), strict('str')],
    purity: 'pure',
    since: '1.9',
    documentation:
      'Matches the whole of *str* against a POSIX extended regular expression. The result is the list of what its groups matched, `null` for a group that took no part, or `null` if *str* does not match. Bytes are matched, and no pattern takes more than linear time.',
    example: {
      expression: 'map (builtins.match "([a-z]+)-?([0-9]+)?") [ "a-1" "a" "1" ]',
      result: '[ [ "a" "1" ] [ "a" null ] null ]',
    },
    call: match,
  },
  {
    name: 'split',
    parameters: [strict('regex'), strict('str')],
    purity: 'pure',
    since: '2.0',
    documentation:
      'Splits *str* at the matches of a POSIX extended regular expression. The result has the strings between the matches, and between each two of them the list of what the groups of the match matched.',
    example: { expression: 'builtins.split "([,;])" "a,b;c"', result: '[ "a" [ "," ] "b" [ ";" ] "c" ]' },
    call: split,
  },
];
