/**
 * POSIX extended regular expressions as trees.
 *
 * The grammar is that of `std::regex` with the flag `extended`, as C++ Nix uses
 * it: bytes and no characters, no back references, an escape only before a
 * special character, a backslash between brackets stands for itself.
 */
import { BracketReader, ByteSet } from './brackets';

export type Tree =
  | { readonly kind: 'empty' }
  | { readonly kind: 'byte'; readonly value: number }
  | { readonly kind: 'set'; readonly set: ByteSet }
  /** `^`: the start of the whole string. */
  | { readonly kind: 'begin' }
  /** `$`: its end. */
  | { readonly kind: 'end' }
  | { readonly kind: 'group'; readonly index: number; readonly body: Tree }
  | { readonly kind: 'sequence'; readonly parts: readonly Tree[] }
  | { readonly kind: 'alternatives'; readonly options: readonly Tree[] }
  | {
      readonly kind: 'repeat';
      readonly body: Tree;
      readonly min: number;
      /** Infinity for no limit. */
      readonly max: number;
    };

/** The pattern is no regular expression. */
export class InvalidPattern {}

export interface ParsedPattern {
  readonly tree: Tree;
  /** How many groups there are. */
  readonly groups: number;
}

/** @throws InvalidPattern */
export function parsePattern(pattern: string): ParsedPattern {
  return new Parser(pattern).parse();
}

const special = '.[\\()*+?{|^$';
const empty: Tree = { kind: 'empty' };

class Parser {
  private at = 0;
  private groups = 0;

  constructor(private readonly pattern: string) {}

  parse(): ParsedPattern {
    const tree = this.alternatives();
    if (this.at < this.pattern.length) throw new InvalidPattern();
    return { tree, groups: this.groups };
  }

  private alternatives(): Tree {
    const options = [this.sequence()];
    while (this.skip('|')) options.push(this.sequence());
    if (options.length === 1) return options[0]!;
    // Of alternatives that are single bytes there is no best one: they are a set.
    const set = unionOf(options);
    return set === undefined ? { kind: 'alternatives', options } : { kind: 'set', set };
  }

  private sequence(): Tree {
    const parts: Tree[] = [];
    for (let part = this.term(); part !== undefined; part = this.term()) parts.push(part);
    return parts.length === 0 ? empty : parts.length === 1 ? parts[0]! : { kind: 'sequence', parts };
  }

  /** An atom with what quantifies it, or undefined where none begins. Anchors take no quantifiers. */
  private term(): Tree | undefined {
    if (this.skip('^')) return { kind: 'begin' };
    if (this.skip('$')) return { kind: 'end' };
    let tree = this.atom();
    if (tree === undefined) return undefined;
    for (let more = this.quantified(tree); more !== undefined; more = this.quantified(tree)) tree = more;
    return tree;
  }

  private atom(): Tree | undefined {
    const { pattern } = this;
    if (this.at === pattern.length) return undefined;
    const char = pattern[this.at]!;
    switch (char) {
      case '(':
        return this.group();
      case '[':
        return this.brackets();
      case '.':
        this.at++;
        return { kind: 'set', set: ByteSet.anything };
      case '\\':
        return this.escape();
      case '\0':
        throw new InvalidPattern();
    }
    if (special.includes(char) || char === ')') return undefined;
    this.at++;
    return { kind: 'byte', value: char.charCodeAt(0) };
  }

  private group(): Tree {
    this.at++;
    const index = ++this.groups;
    const body = this.alternatives();
    if (!this.skip(')')) throw new InvalidPattern();
    return { kind: 'group', index, body };
  }

  private brackets(): Tree {
    const reader = new BracketReader(this.pattern, this.at + 1);
    const set = reader.read();
    if (set === undefined) throw new InvalidPattern();
    this.at = reader.at;
    return { kind: 'set', set };
  }

  private escape(): Tree {
    const char = this.pattern[this.at + 1];
    if (char === undefined || !special.includes(char)) throw new InvalidPattern();
    this.at += 2;
    return { kind: 'byte', value: char.charCodeAt(0) };
  }

  /** `tree` under the quantifier that follows, or undefined if none does. */
  private quantified(tree: Tree): Tree | undefined {
    if (this.skip('*')) return { kind: 'repeat', body: tree, min: 0, max: Infinity };
    if (this.skip('+')) return { kind: 'repeat', body: tree, min: 1, max: Infinity };
    if (this.skip('?')) return { kind: 'repeat', body: tree, min: 0, max: 1 };
    return this.skip('{') ? this.interval(tree) : undefined;
  }

  /** The rest of `{3}`, `{3,}` or `{3,7}`. */
  private interval(body: Tree): Tree {
    const min = this.number();
    if (min === undefined) throw new InvalidPattern();
    const max = this.skip(',') ? (this.number() ?? Infinity) : min;
    if (!this.skip('}') || max < min) throw new InvalidPattern();
    return { kind: 'repeat', body, min, max };
  }

  private number(): number | undefined {
    const start = this.at;
    while (/[0-9]/.test(this.pattern[this.at] ?? '')) this.at++;
    return start === this.at ? undefined : Number(this.pattern.slice(start, this.at));
  }

  private skip(char: string): boolean {
    if (this.pattern[this.at] !== char) return false;
    this.at++;
    return true;
  }
}

/** The set of the bytes that some of the trees match, if each matches single bytes. */
function unionOf(trees: readonly Tree[]): ByteSet | undefined {
  if (!trees.every((tree) => tree.kind === 'byte' || tree.kind === 'set')) return undefined;
  return ByteSet.of((byte) =>
    trees.some((tree) => (tree.kind === 'set' ? tree.set.members[byte] === 1 : tree.value === byte)),
  );
}
