/**
 * Where a file names one and the same attribute, for a rename across files: where a set binds it,
 * and the places that may mean it, with what the evaluator has to be asked to know.
 */
import type { Bytes } from '../base/bytes';
import type { Range } from '../base/range';
import { globalNames } from '../builtins/global-names';
import type { PlaceQuestion } from '../evaluator/service';
import { bindsNames, meaningOf, nameAt, occurrences, type Occurrence } from '../names/declarations';
import type { ParsedFile } from '../syntax/parse';
import {
  Kind,
  staticName,
  type AttributeName,
  type AttributeSetNode,
  type BindingNode,
  type LegacyLetNode,
  type LetNode,
  type Node,
} from '../syntax/tree';
import { nodesAt, walk, type PlacedNode } from '../syntax/walk';
import type { AttributeOccurrence } from './attribute-occurrences';
import { attributeUses } from './attribute-uses';
import { definitionAt } from './definition';

/** An attribute of one set in the text: a path may bind it several times, as `a` in `{ a.b = 1; a.c = 2; }`. */
export interface BoundAttribute {
  readonly name: Bytes;
  /** Where its set has it, and where that set is recursive, the variables that mean it. */
  readonly places: readonly AttributeOccurrence[];
  /** The offsets that values keep of it: where its bindings start, or its names in `inherit`s. */
  readonly positions: ReadonlySet<number>;
  /** The nodes from the root to the set. */
  readonly around: readonly PlacedNode[];
  /** The names that lead to it from there, its own last. */
  readonly path: readonly Bytes[];
}

type Owner = AttributeSetNode | LetNode | LegacyLetNode;

/** A name of an attribute at a place of a file. */
export interface NamedAttribute {
  readonly name: Bytes;
  readonly range: Range;
  /** Where the name stands first that a recursive set binds, or the formal, for a variable that means it. */
  readonly declaredAt?: number;
  readonly isFormal?: boolean;
}

/** The attribute that is named at an offset; undefined where that is a name of a scope and of nothing else. */
export function attributeNamedAt(parsed: ParsedFile, offset: number): NamedAttribute | undefined {
  const nodes = nodesAt(parsed, offset);
  const index = nodes.findIndex(({ node }) => node.kind !== Kind.TextPart);
  const found = nodes[index];
  if (found?.node.kind !== Kind.Identifier && found?.node.kind !== Kind.String) return undefined;
  const name = staticName(found.node);
  if (name === undefined) return undefined;
  const named = { name, range: { start: found.at, end: found.at + found.node.width } };
  const variable = nameAt(parsed, offset);
  if (variable === undefined) {
    const parent = nodes[index + 1]?.node;
    return parent?.kind === Kind.AttributePath || parent?.kind === Kind.Inherit ? named : undefined;
  }
  const { declaration, withs } = meaningOf(variable);
  if (declaration?.kind === 'attribute') return { ...named, declaredAt: declaration.range.start };
  if (declaration?.kind === 'formal')
    return { ...named, declaredAt: declaration.range.start, isFormal: true };
  return declaration === undefined && withs.length > 0 && !globalNames.has(name) ? named : undefined;
}

/** The attribute that the text binds where a name of it starts. */
export function attributeBoundBy(parsed: ParsedFile, nameStart: number): BoundAttribute | undefined {
  return boundAttribute(parsed, nameStart, (each, at) => at === nameStart && staticName(each) !== undefined);
}

/** The attribute with a name that has a position, as values keep it: where a binding starts, or a name in an `inherit`. */
export function attributeWithPosition(
  parsed: ParsedFile,
  position: number,
  name: Bytes,
): BoundAttribute | undefined {
  const bound = boundAttribute(parsed, position, (each) => staticName(each) === name);
  return bound?.positions.has(position) === true ? bound : undefined;
}

function boundAttribute(
  parsed: ParsedFile,
  offset: number,
  isMeant: (name: AttributeName, at: number) => boolean,
): BoundAttribute | undefined {
  const nodes = nodesAt(parsed, offset).reverse();
  const index = nodes.findLastIndex(({ node }) => node.kind === Kind.Binding || node.kind === Kind.Inherit);
  const found = nodes[index];
  if (found?.node.kind !== Kind.Binding && found?.node.kind !== Kind.Inherit) return undefined;
  const { names, namesAt } = found.node.kind === Kind.Binding ? found.node.path : found.node;
  const last = names.findIndex((each, i) => isMeant(each, found.at + namesAt[i]!));
  if (last < 0) return undefined;
  const written = found.node.kind === Kind.Binding ? names.slice(0, last + 1) : [names[last]!];
  const { around, path } = outermost(nodes.slice(0, index), written.map(staticName));
  const owner = around.at(-1)!;
  const name = path.at(-1);
  // The position of `a.a` does not tell which of the two it is.
  if (name === undefined || !path.every((each, i) => each !== undefined && path.indexOf(each) === i))
    return undefined;
  if (path.length === 1 && owner.node.kind !== Kind.AttributeSet) return undefined;
  const collector = new Collector(path as Bytes[]);
  collector.addFrom(owner.node as Owner, owner.at, 0);
  return {
    name,
    places: withVariables(parsed, collector.places),
    positions: collector.positions,
    around,
    path: path as Bytes[],
  };
}

function isOwner(node: Node): node is Owner {
  return node.kind === Kind.AttributeSet || bindsNames(node);
}

/** The nodes to the set around which no other one is that is written as one with it, and the names from there. */
function outermost(
  around: readonly PlacedNode[],
  names: readonly (Bytes | undefined)[],
): { readonly around: readonly PlacedNode[]; readonly path: readonly (Bytes | undefined)[] } {
  let path = names;
  let index = around.length - 1;
  for (; index >= 2; index -= 2) {
    const binding = around[index - 1]!.node;
    if (binding.kind !== Kind.Binding || binding.value !== around[index]!.node) break;
    const outer = binding.path.names.map(staticName);
    if (!isOwner(around[index - 2]!.node) || !outer.every((each) => each !== undefined)) break;
    path = [...outer, ...path];
  }
  return { around: around.slice(0, index + 1), path };
}

/** Collects where the bindings of sets have a path of names. */
class Collector {
  readonly places: AttributeOccurrence[] = [];
  readonly positions = new Set<number>();

  constructor(private readonly path: readonly Bytes[]) {}

  /** @param depth how many names of the path lead to the set */
  addFrom(owner: Owner, at: number, depth: number): void {
    for (const [i, binding] of owner.bindings.entries()) {
      const bindingAt = at + owner.bindingsAt[i]!;
      if (binding.kind === Kind.Binding) this.addBinding(binding, bindingAt, depth);
      else if (depth === this.path.length - 1)
        for (const [j, name] of binding.names.entries())
          if (staticName(name) === this.path[depth]) {
            const start = bindingAt + binding.namesAt[j]!;
            this.add(name, start, start, { node: binding, at: bindingAt });
          }
    }
  }

  private addBinding({ path, value, valueAt }: BindingNode, at: number, depth: number): void {
    const count = Math.min(path.names.length, this.path.length - depth);
    for (let i = 0; i < count; i++) if (staticName(path.names[i]!) !== this.path[depth + i]) return;
    if (depth + count === this.path.length)
      this.add(path.names[count - 1]!, at + path.namesAt[count - 1]!, at);
    else if (value.kind === Kind.AttributeSet) this.addFrom(value, at + valueAt, depth + count);
  }

  private add(name: AttributeName, start: number, position: number, inherit?: Occurrence['inherit']): void {
    const range = { start, end: start + name.width };
    this.positions.add(position);
    this.places.push({ range, kind: 'declaration', ...(inherit && { inherit }) });
  }
}

/** The same places and, of a recursive set, all that mean the attribute as a variable. */
function withVariables(parsed: ParsedFile, places: readonly AttributeOccurrence[]): AttributeOccurrence[] {
  const all = new Map(places.map((place) => [place.range.start, place]));
  for (const { range } of places) {
    const name = nameAt(parsed, range.start);
    const declaration = name?.role === 'declared' ? meaningOf(name).declaration : undefined;
    if (declaration === undefined) continue;
    for (const place of occurrences(declaration.binder, declaration.name, declaration.binder.node))
      all.set(place.range.start, place);
  }
  return [...all.values()];
}

/** A place that may mean an attribute, and what tells whether it does. */
export interface Candidate {
  readonly place: AttributeOccurrence;
  readonly question: PlaceQuestion;
  /** A formal, which the function's caller passes; its uses in the function go with it. */
  readonly isFormal: boolean;
}

/** All places of a file that may mean an attribute with a name, in source order. */
export function candidatesFor(parsed: ParsedFile, path: Bytes, name: Bytes): Candidate[] {
  const uses = attributeUses(parsed, name).map(({ start }) => start);
  return [...new Set([...uses, ...formalsAndOptions(parsed, name)])]
    .sort((a, b) => a - b)
    .flatMap((start) => candidateAt(parsed, path, start, name) ?? []);
}

/** The starts of the formals with a name, and of that name in the paths of bindings. */
function formalsAndOptions(parsed: ParsedFile, name: Bytes): number[] {
  const found: number[] = [];
  walk(parsed.root, parsed.rootAt, (node, at) => {
    if (node.kind === Kind.Formal && node.name.name === name) found.push(at);
    if (node.kind !== Kind.Binding) return;
    node.path.names.forEach((each, i) => {
      if (staticName(each) === name) found.push(at + node.path.namesAt[i]!);
    });
  });
  return found;
}

/** Where an attribute with a name may come in, beside its uses: what modules set of an option, and formals. */
export function attributeReceivers(parsed: ParsedFile, path: Bytes, name: Bytes): Range[] {
  return candidatesFor(parsed, path, name)
    .filter(
      ({ question, isFormal }) =>
        isFormal || (question.kind === 'option' && question.otherwise === undefined),
    )
    .map(({ place }) => place.range);
}

/** The place at an offset, where only evaluation tells what it means; undefined where the text does. */
export function candidateAt(
  parsed: ParsedFile,
  path: Bytes,
  offset: number,
  name: Bytes,
): Candidate | undefined {
  const variable = nameAt(parsed, offset);
  const declared = variable && meaningOf(variable).declaration;
  const isFormal = variable?.role === 'declared' && declared?.kind === 'formal';
  if (declared !== undefined && variable?.role !== 'declared') return undefined;
  const definition = definitionAt(parsed, path, offset);
  if (definition?.kind !== 'ask') return undefined;
  const place = placeOf(parsed, offset, name);
  return place && { place, question: askingForName(definition.question), isFormal };
}

function placeOf(parsed: ParsedFile, offset: number, name: Bytes): AttributeOccurrence | undefined {
  const nodes = nodesAt(parsed, offset);
  const index = nodes.findIndex(({ node }) => node.kind === Kind.Identifier || node.kind === Kind.String);
  const found = nodes[index];
  if (found === undefined || staticName(found.node as AttributeName) !== name) return undefined;
  const range = { start: found.at, end: found.at + found.node.width };
  const parent = nodes[index + 1];
  if (parent?.node.kind !== Kind.Inherit || parent.node.source === found.node) return { range, kind: 'use' };
  const inherit = { node: parent.node, at: parent.at };
  return { range, kind: parent.node.source === undefined ? 'inherit' : 'selected', inherit };
}

/** The question where a name itself stands: that of an attribute goes on to its value where a computation has named it. */
function askingForName(question: PlaceQuestion): PlaceQuestion {
  if (question.kind === 'option')
    return question.otherwise === undefined
      ? question
      : { ...question, otherwise: askingForName(question.otherwise) };
  if (question.kind !== 'attribute' && question.kind !== 'with' && question.kind !== 'argument')
    return question;
  return { kind: 'name', of: question };
}

/** The same question about another name; undefined for one that is about an option and nothing else. */
export function aboutName(question: PlaceQuestion, name: Bytes): PlaceQuestion | undefined {
  if (question.kind === 'option') return question.otherwise && aboutName(question.otherwise, name);
  return question.kind === 'name' ? { kind: 'name', of: { ...question.of, name } } : undefined;
}
