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
import { compile, TooComplex, type Program } from './posix-regex/program';
import { InvalidPattern, parsePattern } from './posix-regex/syntax';

/** Patterns that were compiled. Programs use the same few again and again. */
const programs = new Map<string, Program>();
const rememberedPrograms = 1000;

function programOf(pattern: string): Program {
  let program = programs.get(pattern);
  if (program === undefined) {
    program = compile(parsePattern(pattern));
    if (programs.size >= rememberedPrograms) programs.clear();
    programs.set(pattern, program);
  }
  return program;
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
    const program = programOf(pattern);
    const text = textOf(
      vm.forceString(value, 'while evaluating the second argument passed to builtins.match'),
    );
    const found = new Matcher(program, text, true, () => vm.checkLimits()).matchAt(0);
    return found === undefined ? null : groupsOf(found, text);
  } catch (error) {
    throw explain(error, pattern);
  }
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
    const program = programOf(pattern);
    const subject = vm.forceString(value, 'while evaluating the second argument passed to builtins.split');
    const parts = splitText(vm, program, textOf(subject));
    // What was not split keeps its context.
    return parts.length === 1 ? [subject] : parts;
  } catch (error) {
    throw explain(error, pattern);
  }
}

function splitText(vm: Vm, program: Program, text: string): Value[] {
  const matcher = new Matcher(program, text, false, () => vm.checkLimits());
  const parts: Value[] = [];
  let end = 0;
  for (let found = matcher.search(0); found !== undefined; found = matchAfter(matcher, found, text)) {
    parts.push(text.slice(end, found[0]), groupsOf(found, text));
    end = found[1]!;
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
