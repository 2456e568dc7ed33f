// How C++ Nix 2.8, which the test compares with, is known to differ from
// Nix 2.36, which Nixray follows. Each entry explains exactly one change;
// `docs/differences.md` tells the same to readers, held together by a test.
//
// An entry looks at both answers, so it explains nothing where Nixray gives
// anything else than 2.36 does.
import type { Answer } from './outcome';
import { updateRightFirst } from './update-right-first';

export interface KnownDifference {
  /** Kebab-case; also the heading in the document. */
  readonly name: string;
  readonly reason: string;
  readonly explains: (reference: Answer, own: Answer, program: string) => boolean;
  /** The program as it has to be for Nix 2.8 to do what 2.36 does with the original. */
  readonly rewrite?: (program: string) => string;
}

/** A message that has other words now. Named groups that both patterns have, have to match the same text. */
function reworded(name: string, reason: string, before: RegExp, now: RegExp): KnownDifference {
  return {
    name,
    reason,
    explains: (reference, own) => {
      if (reference.kind === 'value' || own.kind === 'value') return false;
      const left = before.exec(reference.text);
      const right = now.exec(own.text);
      if (left === null || right === null) return false;
      return Object.entries(left.groups ?? {}).every(
        ([group, text]) => right.groups?.[group] === undefined || right.groups[group] === text,
      );
    },
  };
}

/** What Nix 2.36 fails for with a message of its own, whatever 2.8 made of it. */
function nowAnError(name: string, reason: string, now: RegExp): KnownDifference {
  return { name, reason, explains: (_, own) => own.kind === 'error' && now.test(own.text) };
}

/** What looks like a number, and what stands for one that JSON lacks. */
const numbers = /-?(?:\d+(?:\.\d+)?(?:e[+-]?\d+)?|\b(?:inf|nan)\b)|\bnull\b/g;

/** Whether two texts differ in nothing but how floats, not integers, are written. */
function isSameButFloats(reference: string, own: string): boolean {
  if (reference.replace(numbers, '#') !== own.replace(numbers, '#')) return false;
  const before = reference.match(numbers) ?? [];
  const now = own.match(numbers) ?? [];
  return before.every((number, i) => number === now[i] || isRounded(number, now[i]!));
}

function isRounded(before: string, now: string): boolean {
  if (now === 'null') return /inf|nan/.test(before);
  // Six digits; ties may be rounded either way.
  return /[.e]/.test(now) && Math.abs(Number(before) - Number(now)) <= Math.abs(Number(now)) * 5.1e-6;
}

const negativeStart = "negative start position in 'substring'";

/** A program around which some builtins are other functions. */
function withBuiltins(redefined: Readonly<Record<string, string>>, program: string): string {
  const entries = Object.entries(redefined);
  const own = entries.map(([name, body]) => `${name}'' = ${body};`).join(' ');
  const set = entries.map(([name]) => `${name} = ${name}'';`).join(' ');
  const global = entries.map(([name]) => `__${name} = ${name}'';`).join(' ');
  const map = 'map' in redefined ? "map = map'';" : '';
  return `let old'' = builtins; ${own} in let ${global} ${map} builtins = old'' // { ${set} }; in ${program}`;
}

/** `map` evaluates its function as soon as there is something to call it for, and `genList` in any case. */
const strictFunctions = {
  map: "f: list: old''.seq (list == [ ] || old''.seq f true) (old''.map f list)",
  genList: "f: list: old''.seq (old''.genList (x: x) list) (old''.seq f (old''.genList f list))",
};

/** `filter` and `sort` evaluate the list first, and no function for an empty one. */
const listsFirst = {
  filter: "f: list: if old''.length list == 0 then [ ] else old''.filter f list",
  sort: "f: list: if old''.length list == 0 then [ ] else old''.sort f list",
};

/** `toJSON` writes whole floats with a point. */
const pointsInJson = {
  toJSON: `value:
    if old''.isFloat value && value > -1.0e15 && value < 1.0e15 && old''.floor value == value then
      "\${toString (old''.floor value)}.0"
    else if old''.isList value then
      "[\${old''.concatStringsSep "," (old''.map toJSON'' value)}]"
    else if old''.isAttrs value && !(value ? __toString || value ? outPath) then
      let member = name: "\${old''.toJSON name}:\${toJSON'' value.\${name}}"; in
      "{\${old''.concatStringsSep "," (old''.map member (old''.attrNames value))}}"
    else old''.toJSON value`,
};

export const knownDifferences: readonly KnownDifference[] = [
  {
    name: 'json-floats',
    reason:
      'Nix 2.8 writes floats in JSON with six digits, without a point (`1`), and infinity as `inf`; now they have all digits, a point or an exponent (`1.0`), and what JSON lacks is `null`.',
    explains: (reference, own) =>
      reference.kind === 'value' &&
      own.kind === 'value' &&
      (isSameButFloats(reference.text, own.text) || reference.text === own.text.replaceAll('.0', '')),
  },
  {
    name: 'json-floats-within',
    reason: 'What is made of JSON, such as its hash or its length, differs where the floats in it do.',
    explains: () => false,
    rewrite: (program) => withBuiltins(pointsInJson, program),
  },
  nowAnError(
    'integer-overflow',
    'Arithmetic on integers that leaves 64 bits wrapped around in Nix 2.8; since 2.25 it is an error.',
    /^integer overflow in (adding|subtracting|multiplying|dividing|negating) /,
  ),
  nowAnError(
    'float-out-of-range',
    'The result of `ceil` and `floor` was undefined in Nix 2.8 where no integer is near; now it is an error.',
    /^NixFloat argument .* is not in the range of NixInt$/,
  ),
  nowAnError(
    'rounded-integer',
    '`ceil` and `floor` refuse integers that Nix 2.8 rounded because no double is equal to them.',
    /^Due to a bug \(see .*\) (?:a loss of precision occurred|the NixInt argument -?\d+ caused undefined behavior) in previous Nix versions/,
  ),
  reworded(
    'type-mismatch',
    'The message about a value of a wrong type starts with what was expected, and shows the value.',
    /^value is (?<found>.*) while (?<wanted>an? .*) was expected$/,
    /^expected (?<wanted>an? .*?) but found (?<found>.*?)(?:: [^]*)?$/,
  ),
  reworded(
    'value-shown',
    'Messages about a value that cannot be called or become a string show it.',
    /^(?<message>attempt to call something which is not a function but .*|cannot coerce .* to a string)$/,
    /^(?<message>attempt to call something which is not a function but .*?|cannot coerce .*? to a string)(?:: [^]*)?$/,
  ),
  reworded(
    'comparison-shown',
    'Messages about values that cannot be compared show them.',
    /^(?<message>cannot compare .* with .*)$/,
    /^(?<message>cannot compare .*? with .*?); values (?:are|of that type are incomparable) [^]*$/,
  ),
  reworded(
    'list-access',
    '`head`, `tail` and `elemAt` say in their messages which of them was called on what list.',
    /^list index -?\d+ is out of bounds$|^'tail' called on an empty list$/,
    /^'builtins\.(?:head|tail)' called on an empty list$|^'builtins\.elemAt' called with index -?\d+ on a list of size \d+$/,
  ),
  reworded(
    'missing-attribute-of-builtin',
    'Builtins report a missing attribute as a selection does; the trace tells which builtin it was.',
    /^attribute '(?<name>.*)' missing for call to '.*'$/,
    /^attribute '(?<name>.*)' missing$/,
  ),
  reworded(
    'called-function',
    'A function that is called with wrong arguments is named without its place.',
    /^(?:anonymous function|'(?<name>.*)') at .* called (?<problem>.*)$/,
    /^function '(?:anonymous lambda|(?<name>.*))' called (?<problem>.*)$/,
  ),
  reworded(
    'assertion-text',
    'A failed assertion shows its condition as the newer printer of expressions does.',
    /^assertion '[^]*' failed$/,
    /^assertion '[^]*' failed$/,
  ),
  reworded(
    'hash-algorithms',
    'The message about an unknown hash algorithm lists the known ones.',
    /^(?<message>unknown hash algorithm '.*')$/,
    /^(?<message>unknown hash algorithm '.*'), expect 'blake3', 'md5', 'sha1', 'sha256', or 'sha512'$/,
  ),
  reworded(
    'copied-path',
    'A path that becomes a string is copied to the store; the dummy store of Nix 2.8 refuses before it looks whether there is such a file.',
    /^operation 'addToStoreFromDump' is not supported by store 'dummy'$|^file '.*' has an unsupported type$|^getting status of '.*': No such file or directory$/,
    /^path '.*' does not exist$/s,
  ),
  reworded(
    'stack-depth',
    'Nix 2.8 ends when its stack is full; now the depth of calls is limited, with an error of its own.',
    /^\(C\+\+ Nix ended\)$|^stack overflow \(possible infinite recursion\)$/,
    /^stack overflow; max-call-depth exceeded$/,
  ),
  reworded(
    'missing-key',
    '`genericClosure` reports an item without `key` as a selection does.',
    /^attribute 'key' required$/,
    /^attribute 'key' missing$/,
  ),
  reworded(
    'toml-messages',
    'Messages about TOML come from the library that reads it, which words them differently in each of its versions.',
    /^while parsing a TOML string: \[error\] /,
    /^while parsing TOML: \[error\] /,
  ),
  {
    name: 'lazy-replacements',
    reason: '`replaceStrings` evaluates a replacement only where its pattern occurs.',
    explains: (reference, own, program) =>
      program.includes('replaceStrings') && reference.kind === 'error' && own.text !== reference.text,
  },
  reworded(
    'assertion-of-equality',
    'A failed assertion of an equation tells where its sides differ.',
    /^assertion '[^]*' failed$/,
    /^(?:[^]* is not equal to [^]*|attribute names of attribute set '[^]*' differs from attribute set '[^]*'|attribute name '[^]*' is (?:contained in|missing in) '[^]*', but (?:not|is contained) in '[^]*'|distinct functions and immediate comparisons of identical functions compare as unequal)$/,
  ),
  reworded(
    'replacement-lengths',
    '`replaceStrings` says in its message what the two lists are for.',
    /^'from' and 'to' arguments to 'replaceStrings' have different lengths$/,
    /^'from' and 'to' arguments passed to builtins\.replaceStrings have different lengths$/,
  ),
  nowAnError(
    'list-too-long',
    'Lists that no memory can hold end C++ Nix, or have a length that it cuts; Nixray says how long a list can be.',
    /^a list of \d+ elements is too long; the longest possible one has \d+$/,
  ),
  {
    name: 'function-expected',
    reason: 'Builtins such as `map` look whether they were given a function before anything calls it.',
    explains: (reference, own) =>
      /^expected a function but found /.test(own.text) &&
      (reference.kind === 'value' ||
        /^attempt to call something which is not a function/.test(reference.text)),
    rewrite: (program) => withBuiltins(strictFunctions, program),
  },
  {
    name: 'substring-start',
    reason: '`substring` refuses a negative start before it evaluates its other arguments.',
    explains: (reference, own) =>
      reference.kind === 'error' && own.kind === 'error' && own.text === negativeStart,
  },
  {
    name: 'substring-range',
    reason: 'Nix 2.8 cut the start and the length of `substring` to 32 bits.',
    explains: (reference, own, program) =>
      program.includes('substring') &&
      /\d{10}/.test(program) &&
      (reference.text === negativeStart ||
        (reference.kind === 'value' && (own.kind === 'value' || own.text === negativeStart))),
  },
  nowAnError(
    'json-encoding',
    'JSON is UTF-8, so a string with other bytes cannot be written; Nix 2.8 wrote its bytes.',
    /^JSON serialization error: \[json\.exception\.type_error\.316\] /,
  ),
  nowAnError(
    'list-index-range',
    'Nix 2.8 cut the index of `elemAt` to 32 bits.',
    /^'builtins\.elemAt' called with index (?:-?\d{11,}|-?[3-9]\d{9}|-?2[2-9]\d{8}|-?21474836(?:4[89]|[5-9]\d)) /,
  ),
  reworded(
    'json-reader',
    'Messages about JSON come from the library that reads it; a newer one has another message for an empty text.',
    /^\[json\.exception\.parse_error\.101\] parse error at line 1, column 1: .* unexpected end of input; /,
    /^\[json\.exception\.parse_error\.101\] parse error at line 1, column 1: attempting to parse an empty input; /,
  ),
  {
    name: 'dollar-in-names',
    reason: 'Names of attributes print as strings do: a dollar is escaped only before a brace.',
    explains: (reference, own) =>
      reference.kind === 'value' && reference.text.replace(/\\\$(?!\{)/g, '$') === own.text,
  },
  {
    name: 'list-before-function',
    reason:
      'Builtins such as `filter` evaluate the list before the function, which an empty list does not need.',
    explains: (reference, own) =>
      reference.kind === 'error' &&
      / while a function was expected$/.test(reference.text) &&
      (own.kind === 'value' || /^expected a list but found /.test(own.text)),
    rewrite: (program) => withBuiltins(listsFirst, program),
  },
  reworded(
    'first-unexpected-argument',
    'Of several unexpected arguments, Nix 2.8 names the one whose name lies first in its memory.',
    /^.* called with unexpected argument '.*'$/,
    /^function '.*' called with unexpected argument '.*'$/,
  ),
  {
    name: 'update-order',
    reason: '`//` evaluates its right operand first, so of two that fail the right one is reported.',
    explains: () => false,
    rewrite: updateRightFirst,
  },
  {
    name: 'json-floats-read',
    reason: 'A whole float that Nix 2.8 writes to JSON is an integer when it is read again.',
    explains: (reference, own, program) =>
      program.includes('fromJSON') &&
      program.includes('toJSON') &&
      reference.text.includes('an integer') &&
      own.text.includes('a float'),
  },
  reworded(
    'attribute-name-quoted',
    'Messages about an attribute that is missing quote its name where it has to be quoted in a program.',
    /^attribute '(?!")[^]*' missing$/,
    /^attribute '"[^]*"' missing$/,
  ),
  {
    name: 'inherited-position',
    reason:
      'An attribute of `inherit` stands where its name does; Nix 2.8 gave the place of the first name, or the end of the parentheses of `inherit (…)`.',
    explains: (reference, own, program) =>
      program.includes('unsafeGetAttrPos') &&
      program.includes('inherit') &&
      withoutPlaces(reference.text) === withoutPlaces(own.text),
  },
  {
    name: 'list-printed-again',
    reason:
      'A list that two attributes or elements got separately is printed twice; Nix 2.8 took lists for the same one that have the same elements in memory.',
    explains: (reference, own) =>
      reference.kind === 'value' && own.kind === 'value' && printsListsAgain(reference.text, own.text),
  },
  {
    name: 'output-drv',
    reason: 'An output may be called `drv`, which Nix 2.8 refused.',
    explains: (reference, own) =>
      reference.text === "invalid derivation output name 'drv'" && own.text !== reference.text,
  },
  nowAnError(
    'output-drv-path',
    'An output called `drvPath` is an error; in Nix 2.8 it gave a set with two attributes of that name.',
    /^invalid derivation output name 'drvPath'$/,
  ),
];

/** Whether a text has a list that it has shown before wherever the other one says that a value is repeated. */
function printsListsAgain(before: string, now: string): boolean {
  const parts = before.split('«repeated»').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const match = new RegExp(`^${parts.join('(«repeated»|\\[.*?\\])')}$`, 'ds').exec(now);
  const shown = match?.indices?.slice(1) ?? [];
  return (
    shown.length > 0 && shown.every(([start, end]) => now.slice(0, start).includes(now.slice(start, end)))
  );
}

/** The text of a value without the lines and columns in it. */
function withoutPlaces(text: string): string {
  return text.replace(/("?(?:column|line)"?(?::| = ))\d+/g, '$1');
}
