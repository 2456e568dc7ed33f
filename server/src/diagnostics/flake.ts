/**
 * What Nix refuses in a `flake.nix` before it calls the outputs: the description, the inputs and the settings
 * have to be written out, since nothing of the file is evaluated then. Nix: `src/libflake/flake.cc`.
 */
import { decodeUtf8, type Bytes } from '../base/bytes';
import { printAttributeName } from '../base/literals';
import type { Range } from '../base/range';
import { bestMatches, didYouMean } from '../base/suggestions';
import { isFlake } from '../host/path';
import { mergeBindings, type BindingGroup, type Entry } from '../names/merge';
import { Kind, type Expression, type StringNode } from '../syntax/tree';
import type { PlacedNode } from '../syntax/walk';
import type { Check, Diagnostic } from './diagnostic';

export const flakeCheck: Check = {
  name: 'flake',
  run({ path, parsed }) {
    if (!isFlake(path) || parsed.errors.some(({ severity }) => severity === 'error')) return [];
    const problems: Diagnostic[] = [];
    new FlakeReader(problems, parsed.text).read({ node: parsed.root, at: parsed.rootAt });
    return problems;
  },
};

/** The attributes of a set, also of one that is written in parts. Their offsets count from a base. */
interface WrittenSet {
  readonly group: BindingGroup;
  readonly base: number;
}

/** What an attribute is bound to. */
interface Attribute {
  readonly name: string;
  /** Of the path up to the name. */
  readonly range: Range;
  /** Undefined for what is inherited. */
  readonly value: (PlacedNode & { readonly node: Expression }) | WrittenSet | undefined;
}

type TypeName = 'a string' | 'a set' | 'a function' | 'a Boolean';

const typeOfNode: Partial<Record<Kind, string>> = {
  [Kind.Integer]: 'an integer',
  [Kind.Float]: 'a float',
  [Kind.Path]: 'a path',
  [Kind.List]: 'a list',
  [Kind.Lambda]: 'a function',
};

const flakeAttributes = ['description', 'inputs', 'nixConfig', 'outputs'];
const inputAttributes = ['flake', 'follows', 'inputs', 'type', 'url'];

/** Said of what is computed: users do not know what a thunk is, and why it is one. */
const explanation = 'Nix reads this without evaluating it, so it has to be written out.';

class FlakeReader {
  constructor(
    private readonly problems: Diagnostic[],
    private readonly text: Bytes,
  ) {}

  read(root: PlacedNode & { readonly node: Expression }): void {
    const whole = writtenSet(root);
    if (whole === undefined) {
      const range = { start: root.at, end: root.at + Math.min(root.node.width, 1) };
      return this.report(range, 'a flake.nix must be an attribute set', true);
    }
    const attributes = attributesOf(whole);
    for (const attribute of attributes) this.attribute(attribute);
    if (!attributes.some(({ name }) => name === 'outputs') && whole.group.dynamic.length === 0)
      this.report({ start: root.at, end: root.at + 1 }, "the flake lacks attribute 'outputs'");
    this.follows(attributes);
  }

  private attribute(attribute: Attribute): void {
    switch (attribute.name) {
      case 'description':
        return this.expect(attribute, 'a string');
      case 'outputs':
        return this.expect(attribute, 'a function');
      case 'inputs':
        this.expect(attribute, 'a set');
        for (const input of membersOf(attribute)) if (input.name !== 'self') this.input(input);
        return;
      case 'nixConfig':
        this.expect(attribute, 'a set');
        for (const setting of membersOf(attribute)) this.setting(setting);
        return;
    }
    this.unknown(attribute, 'the flake has an unsupported attribute', flakeAttributes);
  }

  private input(input: Attribute): void {
    this.expect(input, 'a set');
    const members = membersOf(input);
    const hasType = members.some(({ name }) => name === 'type');
    for (const member of members) {
      const type = typeOf(member);
      if (member.name === 'url') {
        if (type !== undefined && type !== 'a string' && type !== 'a path')
          this.report(member.range, `expected a string or a path but got ${type}`, type === 'a thunk');
      } else if (member.name === 'flake') this.expect(member, 'a Boolean');
      else if (member.name === 'follows') this.expect(member, 'a string');
      else if (member.name === 'inputs') {
        this.expect(member, 'a set');
        for (const inner of membersOf(member)) this.input(inner);
      } else if (!hasType) this.unknown(member, 'unexpected flake input attribute', inputAttributes);
    }
  }

  private setting(setting: Attribute): void {
    const type = typeOf(setting);
    if (type !== 'a thunk' && type !== 'a set' && type !== 'a function' && type !== 'null') return;
    const name = decodeUtf8(printAttributeName(setting.name));
    this.report(setting.range, `flake configuration setting '${name}' is ${type}`, type === 'a thunk');
  }

  /** Inputs that follow one which the flake does not have. Whatever is an argument of the outputs is an input. */
  private follows(attributes: readonly Attribute[]): void {
    const inputs = attributes.find(({ name }) => name === 'inputs');
    const outputs = attributes.find(({ name }) => name === 'outputs');
    const isWritten = inputs?.value !== undefined && setOf(inputs.value)?.group.dynamic.length === 0;
    const formals =
      outputs?.value !== undefined && 'node' in outputs.value ? formalsOf(outputs.value.node) : [];
    if (!isWritten) return;
    const known = new Set([...membersOf(inputs).map(({ name }) => name), ...formals]);
    const visit = (input: Attribute, path: string): void => {
      for (const member of membersOf(input)) {
        if (member.name === 'inputs')
          for (const inner of membersOf(member)) visit(inner, `${path}/${decodeUtf8(inner.name)}`);
        const text = member.name === 'follows' ? literalText(member) : undefined;
        const first = text?.split('/').find((part) => part !== '');
        if (first === undefined || known.has(first)) continue;
        this.report(member.range, `input '${path}' follows a non-existent input '${decodeUtf8(text!)}'`);
      }
    };
    for (const input of membersOf(inputs)) visit(input, decodeUtf8(input.name));
  }

  private expect(attribute: Attribute, wanted: TypeName): void {
    const type = typeOf(attribute);
    if (type !== undefined && type !== wanted)
      this.report(attribute.range, `expected ${wanted} but got ${type}`, type === 'a thunk');
  }

  /** A name that Nix does not know there, with those that may be meant. */
  private unknown({ name, range }: Attribute, message: string, known: readonly string[]): void {
    const candidates = bestMatches(known, name).map(decodeUtf8);
    const question = didYouMean(candidates);
    const text = `${message} '${decodeUtf8(printAttributeName(name))}'${question === '' ? '' : `\n${question}`}`;
    const similar = { name: decodeUtf8(name), candidates };
    this.problems.push({
      ...problem(this.nameIn(range, name), text),
      ...(candidates.length > 0 && { similar }),
    });
  }

  /** Of the path that leads to a name, the name alone, where it is written without quotes. */
  private nameIn({ start, end }: Range, name: string): Range {
    return this.text.slice(end - name.length, end) === name
      ? { start: end - name.length, end }
      : { start, end };
  }

  private report(range: Range, message: string, isComputed = false): void {
    this.problems.push(problem(range, isComputed ? `${message}\n${explanation}` : message));
  }
}

function problem(range: Range, message: string): Diagnostic {
  return { range, message, code: 'invalid-flake', severity: 'error', related: [] };
}

function withoutParentheses<Placed extends PlacedNode & { readonly node: Expression }>(
  placed: Placed,
): PlacedNode & { readonly node: Expression } {
  let { node, at }: PlacedNode & { readonly node: Expression } = placed;
  while (node.kind === Kind.Parenthesised) {
    at += node.innerAt;
    node = node.inner;
  }
  return { node, at };
}

function writtenSet(placed: PlacedNode & { readonly node: Expression }): WrittenSet | undefined {
  const { node, at } = withoutParentheses(placed);
  return node.kind === Kind.AttributeSet ? { group: mergeBindings(node), base: at } : undefined;
}

function setOf(value: NonNullable<Attribute['value']>): WrittenSet | undefined {
  return 'group' in value ? value : writtenSet(value);
}

function attributesOf({ group, base }: WrittenSet): Attribute[] {
  return [...group.entries.values()].map((entry) => {
    const start = base + entry.nameAt;
    return { name: entry.name, range: { start, end: start + entry.width }, value: valueOf(entry, base) };
  });
}

function valueOf(entry: Entry, base: number): Attribute['value'] {
  if (entry.kind === 'group') return { group: entry.group, base };
  return entry.kind === 'value' ? { node: entry.value, at: base + entry.at } : undefined;
}

/** The attributes of the set that an attribute is; none where it is no set. */
function membersOf({ value }: Attribute): Attribute[] {
  const set = value && setOf(value);
  return set === undefined ? [] : attributesOf(set);
}

/** What an attribute is for Nix when nothing is evaluated; undefined where that is not to be told. */
function typeOf({ value }: Attribute): string | undefined {
  if (value === undefined) return 'a thunk';
  const set = setOf(value);
  // A set with computed names is made only when somebody reads it.
  if (set !== undefined) return set.group.dynamic.length === 0 ? 'a set' : 'a thunk';
  const { node } = withoutParentheses(value as PlacedNode & { readonly node: Expression });
  switch (node.kind) {
    case Kind.Missing:
      return undefined;
    case Kind.String:
      return isLiteral(node) ? 'a string' : 'a thunk';
    case Kind.Path:
      return isLiteral(node) ? 'a path' : 'a thunk';
    case Kind.Identifier:
      if (node.name === 'null') return 'null';
      // What else is known everywhere are builtins.
      return node.name === 'true' || node.name === 'false' ? 'a Boolean' : undefined;
  }
  return typeOfNode[node.kind] ?? 'a thunk';
}

function isLiteral({ parts }: Pick<StringNode, 'parts'>): boolean {
  return parts.every(({ kind }) => kind === Kind.TextPart);
}

function literalText({ value }: Attribute): string | undefined {
  if (value === undefined || 'group' in value) return undefined;
  const { node } = withoutParentheses(value);
  if (node.kind !== Kind.String || !isLiteral(node)) return undefined;
  return node.parts.map((part) => (part.kind === Kind.TextPart ? part.text : '')).join('');
}

function formalsOf(node: Expression): string[] {
  const inner = node.kind === Kind.Parenthesised ? node.inner : node;
  if (inner.kind !== Kind.Lambda) return [];
  return inner.formals?.formals.map(({ name }) => name.name) ?? [];
}
