/**
 * Which names fit where a word is written, by the nodes around it.
 */
import { decodeUtf8, encodeUtf8, type Bytes } from '../../base/bytes';
import { globalNames } from '../../builtins/global-names';
import { optionOfBinding, optionOfValue } from '../../analysis/option-path';
import type { MembersQuestion, ValuePath } from '../../evaluator/service';
import { boundNames, bindsNames, lookUp, parameterNames } from '../../names/declarations';
import { freeNames } from '../../names/free-names';
import { Kind, staticName, type AttributePathNode, type CallNode, type Node } from '../../syntax/tree';
import type { PlacedNode } from '../../syntax/walk';
import { printAttributeName } from '../../base/literals';
import { valueBefore } from '../definition';
import { derivationNames } from '../derivation-names';
import { flakeInputs, flakeNames } from '../flake-names';
import {
  builtinMembers,
  completionLimit,
  globals,
  keyword,
  local,
  rank,
  type Completion,
  type CompletionItem,
  type CompletionKind,
} from './items';

/** Continues every word, and makes a keyword a name. */
export const mark = 'x_';

type Found = Partial<Pick<Completion, 'items' | 'questions' | 'askedRank' | 'taken'>>;

/** The nodes around the word; the last one is the word itself. */
export class Context {
  constructor(
    private readonly path: readonly PlacedNode[],
    private readonly prefix: Bytes,
    private readonly isFlake: boolean,
  ) {}

  completion(): Found {
    const { node } = this.path.at(-1)!;
    const parent = this.at(-2);
    switch (parent?.node.kind) {
      case Kind.AttributePath:
        return this.inAttributePath(parent);
      case Kind.Inherit:
        return parent.node.source === node ? this.expression() : this.inInherit(parent);
      case Kind.Formal:
        return parent.node.name === node ? this.formalName() : this.expression();
      case Kind.Lambda:
        return parent.node.parameter === node ? {} : this.expression();
      default:
        return this.expression();
    }
  }

  private at(index: number): PlacedNode | undefined {
    return this.path.at(index);
  }

  private members(of: ValuePath, kind: 'attributes' | 'formals' = 'attributes'): MembersQuestion {
    return { kind, of, prefix: this.prefix, limit: completionLimit };
  }

  private inAttributePath({ node, at }: PlacedNode): Found {
    const path = node as AttributePathNode;
    const index = path.names.indexOf(this.path.at(-1)!.node as never);
    const owner = this.at(-3);
    if (owner?.node.kind === Kind.Binding)
      return index === 0
        ? this.bindingName(path)
        : { items: this.knownNames(path, index), questions: this.optionsBelow(path, index) };
    if (owner?.node.kind !== Kind.Select && owner?.node.kind !== Kind.HasAttribute) return {};
    const { target } = owner.node;
    if (index === 0 && target.kind === Kind.Identifier && target.name === 'builtins') {
      const around = this.path.slice(0, -3);
      if (lookUp(around, owner.node, 'builtins').declaration === undefined)
        return { items: builtinMembers() };
    }
    return {
      items: index === 0 ? this.inputsIn(target, this.path.slice(0, -2)) : [],
      questions: [this.members(valueBefore({ node: target, at: owner.at }, path, at, index))],
    };
  }

  /** The name of a binding: of a formal, if the set is an argument. */
  private bindingName(path: AttributePathNode): Found {
    const owner = this.at(-4)!;
    const items: CompletionItem[] = path.names.length === 1 ? [keyword('inherit')] : [];
    if (owner.node.kind === Kind.Let) return { items: [...items, keyword('in')] };
    if (owner.node.kind !== Kind.AttributeSet) return { items };
    const taken = new Set<string>();
    const self = this.at(-2)!.at;
    for (const { name, range, binding } of boundNames(owner.node, owner.at)) {
      const isWhole = binding.kind === Kind.Inherit || binding.path.names.length === 1;
      if (range.start !== self && isWhole) taken.add(decodeUtf8(name));
    }
    items.push(...this.knownNames(path, 0));
    const call = this.callAround(owner);
    const formals = call === undefined ? [] : this.formalsOf(call, owner.at);
    return { items, taken, questions: [...formals, ...this.optionsBelow(path, 0)] };
  }

  /** The names that a flake, or what becomes a package, may bind, behind the first names of a binding's path. */
  private knownNames(path: AttributePathNode, count: number): CompletionItem[] {
    const around = this.path.slice(0, -3);
    const before = path.names.slice(0, count);
    const ofFlake = this.isFlake ? flakeNames(around, before, path.names[count]) : {};
    return Object.entries({ ...derivationNames(around, before), ...ofFlake }).map(([label, detail]) => {
      const insert = decodeUtf8(printAttributeName(encodeUtf8(label)));
      return {
        label,
        ...(insert !== label && { insert }),
        kind: 'attribute',
        detail,
        rank: rank.member,
      };
    });
  }

  /**
   * The inputs that a flake names, where a variable is what its outputs are called with. What
   * evaluation finds stands before them.
   */
  private inputsIn(variable: Node, around: readonly PlacedNode[]): CompletionItem[] {
    if (!this.isFlake || variable.kind !== Kind.Identifier) return [];
    const { declaration } = lookUp(around, variable, variable.name);
    const lambda = declaration?.binder.node;
    if (declaration?.kind !== 'parameter' || lambda?.kind !== Kind.Lambda) return [];
    const declared = flakeInputs(this.path, lambda);
    if (declared.length === 0) return [];
    // A formal that no input is named for is one as well, found by the flake registry.
    const formals = lambda.formals?.formals.map(({ name }) => name.name) ?? [];
    return [...new Set([...declared, ...formals])].map((name) => {
      return { label: decodeUtf8(name), kind: 'attribute', detail: 'an input', rank: rank.local };
    });
  }

  /** The options that a module may set, behind the first names of a binding's path. */
  private optionsBelow(path: AttributePathNode, count: number): MembersQuestion[] {
    const of = optionOfBinding(this.path.slice(0, -3), path.names.slice(0, count));
    return of === undefined ? [] : [{ kind: 'options', of, prefix: this.prefix, limit: completionLimit }];
  }

  /** The call of which a node is an argument, maybe in parentheses. */
  private callAround(argument: PlacedNode): (PlacedNode & { node: CallNode }) | undefined {
    const index = this.path.indexOf(argument);
    const call = this.path[index - 1];
    return call?.node.kind === Kind.Call && call.node.callee !== argument.node
      ? { node: call.node, at: call.at }
      : undefined;
  }

  /** What the function takes that a call applies, with all its arguments before the one at an offset. */
  private formalsOf({ node, at }: PlacedNode & { node: CallNode }, offset: number): MembersQuestion[] {
    const index = node.argsAt.findIndex((argumentAt) => at + argumentAt === offset);
    const previous = node.args[index - 1] ?? node.callee;
    const previousAt = index > 0 ? at + node.argsAt[index - 1]! : at;
    const end = previousAt + previous.width;
    const questions = [this.members({ target: { start: at, end }, names: [] }, 'formals')];
    // `callPackage ./file.nix { … }` gives arguments to the function in the file.
    if (previous.kind === Kind.Path || previous.kind === Kind.SearchPath)
      questions.unshift(this.members({ target: { start: previousAt, end }, names: [] }, 'formals'));
    return questions;
  }

  private inInherit({ node, at }: PlacedNode): Found {
    if (node.kind !== Kind.Inherit) return {};
    const taken = new Set<string>();
    for (const name of node.names) {
      const text = staticName(name);
      if (text !== undefined && name !== this.path.at(-1)!.node) taken.add(decodeUtf8(text));
    }
    if (node.source === undefined) {
      return { taken, ...this.variables(this.path.slice(0, -3), this.at(-3)!.node) };
    }
    const start = at + node.sourceAt;
    const target = { start, end: start + node.source.width };
    const items = this.inputsIn(node.source, this.path.slice(0, -2));
    return { taken, items, questions: [this.members({ target, names: [] })] };
  }

  /** A new formal is most likely a name that the function uses and nobody defines, or else what it could be passed. */
  private formalName(): Found {
    const lambda = this.at(-4);
    if (lambda?.node.kind !== Kind.Lambda) return {};
    const { lexical, dynamic } = freeNames(lambda.node.body);
    const own = new Set([...parameterNames(lambda.node, lambda.at)].map(({ name }) => name));
    const around = this.path.slice(0, -4);
    const isFree = (name: string): boolean =>
      !own.has(name) && !globalNames.has(name) && lookUp(around, lambda.node, name).declaration === undefined;
    const items = [...lexical, ...dynamic].filter(isFree).map((name): CompletionItem => {
      return { label: decodeUtf8(name), kind: 'parameter', detail: 'used in the function', rank: rank.local };
    });
    for (const name of this.isFlake ? flakeInputs(this.path, lambda.node) : []) {
      if (own.has(name)) continue;
      items.push({ label: decodeUtf8(name), kind: 'parameter', detail: 'an input', rank: rank.local });
    }
    const taken = new Set([...own].map(decodeUtf8));
    taken.delete(decodeUtf8(this.prefix + mark));
    const passed = { kind: 'passed', of: lambda.at, prefix: this.prefix, limit: completionLimit } as const;
    return { items, taken, questions: [passed], askedRank: rank.with };
  }

  private expression(): Found {
    const around = this.path.slice(0, -1);
    const variables = this.variables(around, this.path.at(-1)!.node);
    const keywords = this.keywords().map(keyword);
    const items = [...variables.items, ...globals(this.prefix), ...keywords];
    return { ...variables, items, questions: [...variables.questions, ...this.valuesOfOption()] };
  }

  /** The values of the option that the expression is written for, if it has but a few. */
  private valuesOfOption(): MembersQuestion[] {
    const of = optionOfValue(this.path);
    if (of === undefined) return [];
    return [{ kind: 'values', of, inString: false, prefix: this.prefix, limit: completionLimit }];
  }

  /** The variables that are visible in the last of some nodes, of which `below` is a child. */
  private variables(around: readonly PlacedNode[], below: Node): Required<Omit<Found, 'taken'>> {
    const items = new Map<string, CompletionItem>();
    const questions: MembersQuestion[] = [];
    let child = below;
    for (const placed of around.toReversed()) {
      const { node, at } = placed;
      if (node.kind === Kind.With && child === node.body) {
        const start = at + node.environmentAt;
        const target = { start, end: start + node.environment.width };
        questions.push(this.members({ target, names: [] }));
      }
      for (const { name, kind } of namesBoundBy(placed))
        if (!items.has(name)) items.set(name, local(name, kind));
      child = node;
    }
    items.delete(this.prefix + mark);
    return { items: [...items.values()], questions, askedRank: rank.with };
  }

  /** The keywords that fit here; those that end a part of an expression only inside of it. */
  private keywords(): string[] {
    const words = ['let', 'rec', 'with', 'if', 'assert'];
    const parent = this.at(-2)?.node;
    if (parent?.kind !== Kind.Call || parent.callee === this.path.at(-1)!.node) return words;
    const outer = this.path.findLast(({ node }) => node.kind === Kind.If || node.kind === Kind.Let)?.node;
    if (outer?.kind === Kind.If) words.push('then', 'else');
    if (outer?.kind === Kind.Let) words.push('in');
    return words;
  }
}

function* namesBoundBy({ node, at }: PlacedNode): Iterable<{ name: string; kind: CompletionKind }> {
  if (node.kind === Kind.Lambda) {
    for (const { name } of parameterNames(node, at)) yield { name, kind: 'parameter' };
  } else if (bindsNames(node)) {
    const kind = node.kind === Kind.AttributeSet ? 'attribute' : 'variable';
    for (const { name } of boundNames(node, at)) yield { name, kind };
  }
}
