/** Strings, which are bytes: lengths and offsets count bytes. Nix manual: language/builtins. */
import { CoercionFlag } from '../bytecode/opcode';
import { directoryOf } from '../host/path';
import { contextOf, mergeContexts, textOf, withContext, type Context } from '../values/context';
import { Path, type Forced, type StringValue, type Value } from '../values/value';
import type { BuiltinRecord } from '../vm/builtin-record';
import type { Vm } from '../vm/vm';
import { failure } from './failure';
import { strict } from './parameters';

function concatStringsSep(vm: Vm, separator: Value, argument: Value): Forced {
  const between = vm.forceString(
    separator,
    'while evaluating the first argument (the separator string) passed to builtins.concatStringsSep',
  );
  const list = vm.forceList(
    argument,
    'while evaluating the second argument (the list of strings to concat) passed to builtins.concatStringsSep',
  );
  const gap = textOf(between);
  let context = contextOf(between);
  let text = '';
  for (let i = 0; i < list.length; i++) {
    if (i > 0) text += gap;
    const part = vm.force(list[i]!);
    if (typeof part === 'string') {
      text += part;
      continue;
    }
    const coerced = vm.coerceToString(part, CoercionFlag.CopyToStore, whileJoining);
    text += textOf(coerced);
    context = mergeContexts(context, contextOf(coerced));
  }
  return withContext(text, context);
}
const whileJoining =
  'while evaluating one element of the list of strings to concat passed to builtins.concatStringsSep';

function stringLength(vm: Vm, value: Value): Forced {
  const context = 'while evaluating the argument passed to builtins.stringLength';
  return textOf(vm.coerceToString(value, CoercionFlag.CopyToStore, context)).length;
}

function substring(vm: Vm, from: Value, count: Value, value: Value): Forced {
  const start = vm.forceInteger(
    from,
    'while evaluating the first argument (the start offset) passed to builtins.substring',
  );
  if (start < 0) throw failure("negative start position in 'substring'");
  const length = vm.forceInteger(
    count,
    'while evaluating the second argument (the substring length) passed to builtins.substring',
  );
  const source = vm.coerceToString(
    value,
    CoercionFlag.CopyToStore,
    'while evaluating the third argument (the string) passed to builtins.substring',
  );
  // Integers that are no number lie behind the end of every string.
  const begin = Number(start);
  const end = length < 0 ? Infinity : begin + Number(length);
  if (typeof source === 'string') return source.substring(begin, end);
  return withContext(source.text.substring(begin, end), source.context);
}

function toString(vm: Vm, value: Value): Forced {
  const context = 'while evaluating the first argument passed to builtins.toString';
  return vm.coerceToString(value, CoercionFlag.More, context);
}

function baseNameOf(vm: Vm, value: Value): Forced {
  const context = 'while evaluating the first argument passed to builtins.baseNameOf';
  const path = vm.coerceToString(value, CoercionFlag.Weak, context);
  return withContext(lastComponent(textOf(path)), contextOf(path));
}

/** What follows the last slash. One slash at the end does not count; more of them do, for compatibility. */
function lastComponent(path: string): string {
  const end = path.length > 1 && path.endsWith('/') ? path.length - 1 : path.length;
  return path.slice(path.lastIndexOf('/', end - 1) + 1, end);
}

function dirOf(vm: Vm, value: Value): Forced {
  const forced = vm.force(value);
  if (forced instanceof Path) return new Path(directoryOf(forced.path));
  const context = "while evaluating the first argument passed to 'builtins.dirOf'";
  const path = vm.coerceToString(forced, CoercionFlag.Weak, context);
  const text = textOf(path);
  const slash = text.lastIndexOf('/');
  return withContext(slash < 0 ? '.' : slash === 0 ? '/' : text.slice(0, slash), contextOf(path));
}

// --- replaceStrings ----------------------------------------------------------------

function replaceStrings(vm: Vm, from: Value, to: Value, value: Value): Forced {
  const wanted = vm.forceList(from, 'while evaluating the first argument passed to builtins.replaceStrings');
  const replacements = vm.forceList(
    to,
    'while evaluating the second argument passed to builtins.replaceStrings',
  );
  if (wanted.length !== replacements.length) {
    throw failure("'from' and 'to' arguments passed to builtins.replaceStrings have different lengths");
  }
  const patterns = new Array<string>(wanted.length);
  for (let i = 0; i < wanted.length; i++) {
    patterns[i] = textOf(
      vm.forceString(
        wanted[i]!,
        'while evaluating one of the strings to replace passed to builtins.replaceStrings',
      ),
    );
  }
  const source = vm.forceString(
    value,
    'while evaluating the third argument passed to builtins.replaceStrings',
  );
  return new Replacement(vm, patterns, replacements, source).run();
}

/** One run of `replaceStrings`: at each place the first of the patterns that stands there is replaced. */
class Replacement {
  private readonly text: string;
  private context: Context;
  /** The replacements that were needed, which are forced once and in the order of their need. */
  private readonly forced: (string | undefined)[];
  /** For each first byte the patterns that begin with it, ascending. */
  private readonly byFirstByte: (number[] | undefined)[] = new Array<number[] | undefined>(256);
  /** The first empty pattern, which stands everywhere; none behind it is ever found. */
  private empty = Infinity;

  constructor(
    private readonly vm: Vm,
    private readonly patterns: readonly string[],
    private readonly replacements: readonly Value[],
    source: StringValue,
  ) {
    this.text = textOf(source);
    this.context = contextOf(source);
    this.forced = new Array<string | undefined>(patterns.length);
    for (let i = 0; i < patterns.length && this.empty === Infinity; i++) this.index(i);
  }

  private index(i: number): void {
    const pattern = this.patterns[i]!;
    if (pattern === '') this.empty = i;
    else (this.byFirstByte[pattern.charCodeAt(0)] ??= []).push(i);
  }

  run(): StringValue {
    const { text } = this;
    let result = '';
    /** The start of what is not copied yet. */
    let pending = 0;
    let at = 0;
    while (at <= text.length) {
      const found = this.patternAt(at);
      if (found === Infinity) {
        at++;
        continue;
      }
      result += text.slice(pending, at) + this.replacement(found);
      pending = at;
      const { length } = this.patterns[found]!;
      // After an empty match the byte that follows is kept as it is.
      if (length === 0) at++;
      else pending = at += length;
    }
    return withContext(result + text.slice(pending), this.context);
  }

  /** The first pattern that stands at an offset, or Infinity. */
  private patternAt(at: number): number {
    const { text, patterns } = this;
    if (at < text.length) {
      const candidates = this.byFirstByte[text.charCodeAt(at)];
      if (candidates !== undefined) {
        for (let i = 0; i < candidates.length; i++) {
          if (text.startsWith(patterns[candidates[i]!]!, at)) return candidates[i]!;
        }
      }
    }
    return this.empty;
  }

  private replacement(index: number): string {
    let text = this.forced[index];
    if (text === undefined) {
      const value = this.vm.forceString(
        this.replacements[index]!,
        'while evaluating one of the replacement strings passed to builtins.replaceStrings',
      );
      text = textOf(value);
      this.forced[index] = text;
      this.context = mergeContexts(this.context, contextOf(value));
    }
    return text;
  }
}

export const records: readonly BuiltinRecord[] = [
  {
    name: 'concatStringsSep',
    parameters: [strict('separator'), strict('list')],
    purity: 'pure',
    since: '1.11',
    documentation: 'The strings of *list* joined to one, with *separator* between each two of them.',
    example: {
      expression: 'builtins.concatStringsSep "/" [ "usr" "local" "bin" ]',
      result: '"usr/local/bin"',
    },
    call: concatStringsSep,
  },
  {
    name: 'stringLength',
    parameters: [strict('e')],
    purity: 'pure',
    since: '1.0',
    documentation: 'The length of the string *e* in bytes.',
    example: { expression: 'map builtins.stringLength [ "abc" "ä" ]', result: '[ 3 2 ]' },
    call: stringLength,
  },
  {
    name: 'substring',
    parameters: [strict('start'), strict('len'), strict('s')],
    purity: 'pure',
    since: '1.0',
    documentation:
      'The part of the string *s* from the byte *start* on, *len* bytes long or up to the end of *s*. A negative *len* means up to the end; a negative *start* is an error.',
    example: { expression: 'builtins.substring 1 3 "nixray"', result: '"ixr"' },
    call: substring,
  },
  {
    name: 'toString',
    parameters: [strict('e')],
    global: true,
    purity: 'pure',
    since: '1.0',
    documentation:
      'The value as a string: numbers, `true` as `1`, `false` and `null` as nothing, a list as its elements with spaces between, a path as it is without being copied to the store, a set through its `__toString` or `outPath`.',
    example: { expression: 'toString [ 1 true "x" [ 2.5 null ] ]', result: '"1 1 x 2.500000 "' },
    call: toString,
  },
  {
    name: 'baseNameOf',
    parameters: [strict('x')],
    global: true,
    purity: 'pure',
    since: '1.0',
    documentation: 'What follows the last slash of a path or string; one slash at its end is left out.',
    example: { expression: 'map baseNameOf [ /etc/hosts "a/b/" ]', result: '[ "hosts" "b" ]' },
    call: baseNameOf,
  },
  {
    name: 'dirOf',
    parameters: [strict('s')],
    global: true,
    purity: 'pure',
    since: '1.0',
    documentation: 'What stands before the last slash; a path for a path, a string for a string.',
    example: { expression: 'map dirOf [ /etc/hosts "a/b" "a" ]', result: '[ /etc "a" "." ]' },
    call: dirOf,
  },
  {
    name: 'replaceStrings',
    parameters: [strict('from'), strict('to'), strict('s')],
    purity: 'pure',
    since: '1.11',
    documentation:
      'The string *s* with every occurrence of a string in *from* replaced by the one at the same index of *to*. At each place the first one in *from* that stands there counts, and what was put in is not looked at again. A replacement that is not needed is not evaluated.',
    example: {
      expression: 'builtins.replaceStrings [ "oo" "a" ] [ "a" "i" ] "foobar"',
      result: '"fabir"',
    },
    call: replaceStrings,
  },
];
