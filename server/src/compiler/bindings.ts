/** `let`, attribute sets, and their nested paths. */
import { Op } from '../bytecode/opcode';
import { freeNamesOfGroup } from '../names/free-names';
import { BindingGroup, mergeBindings, type Entry } from '../names/merge';
import {
  IdentifierNode,
  Kind,
  type AttributeSetNode,
  type LegacyLetNode,
  type LetNode,
} from '../syntax/tree';
import { compareBytes } from '../values/attrs';
import { Shape } from '../values/shape';
import type { NodeBlueprint } from './blueprint';
import type { ChunkCompiler } from './chunk-compiler';
import { CompiledOrigin } from './origin';
import { Scope } from './scope';
import { emitAttributeName } from './selection';

/** Emits a node with bindings. `isTail` says that its value is that of the chunk. */
export function emitLet(
  compiler: ChunkCompiler,
  node: AttributeSetNode | LetNode | LegacyLetNode,
  at: number,
  isTail: boolean,
): void {
  const { emitter } = compiler;
  const group = mergeBindings(node);
  if (node.kind === Kind.AttributeSet) return emitSet(compiler, group, at, at + node.width);
  if (node.kind === Kind.LegacyLet) {
    emitSet(compiler, group, at, at + node.width);
    emitter.op1(Op.AttrsSelect, emitter.addSite('body'));
    return;
  }
  const outer = compiler.scope;
  const before = emitter.height;
  const locals = new Locals(compiler, group, at, false);
  finalise(compiler, locals.emit());
  compiler.value(node.body, at + node.bodyAt, isTail);
  emitter.at(at, at + node.width);
  emitter.op1(Op.CloseScope, emitter.height - 1 - before, before + 1 - emitter.height);
  compiler.scope = outer;
}

/** Emits the set of a group. `at` is where the node starts that its places are relative to. */
export function emitSet(compiler: ChunkCompiler, group: BindingGroup, at: number, end: number): void {
  if (group.recursive) emitRecursiveSet(compiler, group, at, end);
  else emitPlainSet(compiler, group, at, end);
}

function emitPlainSet(compiler: ChunkCompiler, group: BindingGroup, at: number, end: number): void {
  const { emitter } = compiler;
  const before = emitter.height;
  const sources = emitSources(compiler, group, at);
  const names = sortedNames(group);
  for (const name of names) emitEntry(compiler, group.entries.get(name)!, at, sources, compiler.scope, true);
  emitter.at(at + group.at, end);
  const shape = literalShape(compiler.blueprint, group, names, at);
  emitter.op1(Op.Attrs, emitter.addConstant(shape), 1 - names.length);
  emitDynamic(compiler, group, at);
  emitter.at(at + group.at, end);
  closeLocals(compiler, before);
}

function emitRecursiveSet(compiler: ChunkCompiler, group: BindingGroup, at: number, end: number): void {
  const { emitter } = compiler;
  const outer = compiler.scope;
  const before = emitter.height;
  const locals = new Locals(compiler, group, at, true);
  const overridden = group.entries.has('__overrides');
  // What `__overrides` replaces is captured by none of the others: the instruction Overrides completes them.
  if (overridden) compiler.deferredFrom = locals.firstSlot;
  const deferred = locals.emit();
  compiler.deferredFrom = Infinity;
  emitter.at(at + group.at, end);
  if (!overridden) finalise(compiler, deferred);
  const names = sortedNames(group);
  for (const name of names) emitter.op1(Op.GetLocal, locals.slotOf(name));
  const shape = literalShape(compiler.blueprint, group, names, at);
  emitter.op1(Op.Attrs, emitter.addConstant(shape), 1 - names.length);
  if (overridden) {
    const sources = group.sources.length;
    emitter.op1(Op.Overrides, locals.firstSlot - sources);
    emitter.varint(sources);
    emitter.varint(emitter.addConstant([...group.entries.keys()]));
  }
  emitDynamic(compiler, group, at);
  emitter.at(at + group.at, end);
  closeLocals(compiler, before);
  compiler.scope = outer;
}

function finalise(compiler: ChunkCompiler, slots: readonly number[]): void {
  for (const slot of slots) compiler.emitter.op1(Op.Finalise, slot);
}

/** Drops the slots between `before` and the value on top. */
function closeLocals(compiler: ChunkCompiler, before: number): void {
  const { emitter } = compiler;
  const locals = emitter.height - 1 - before;
  if (locals > 0) emitter.op1(Op.CloseScope, locals, -locals);
}

/**
 * The locals of a `let` or a recursive set: first the sources of
 * `inherit (source) …`, then a slot for each name in source order. Slots are
 * known before they are filled, so bindings can capture each other; what was
 * captured too early is completed by Finalise.
 */
class Locals {
  private readonly scope: Scope;
  private readonly outer: Scope;
  readonly firstSlot: number;
  private readonly slots = new Map<string, number>();

  constructor(
    private readonly compiler: ChunkCompiler,
    private readonly group: BindingGroup,
    private readonly at: number,
    /** Whether the locals become attributes of a set. */
    private readonly inData: boolean,
  ) {
    this.outer = compiler.scope;
    this.scope = new Scope(this.outer);
    this.firstSlot = compiler.emitter.height + group.sources.length;
    let slot = this.firstSlot;
    for (const name of group.entries.keys()) {
      this.scope.declare(name, slot);
      this.slots.set(name, slot++);
    }
  }

  slotOf(name: string): number {
    return this.slots.get(name)!;
  }

  /** Pushes the locals and opens their scope. Returns the slots whose captures Finalise must complete. */
  emit(): number[] {
    const { compiler, group, at } = this;
    const { emitter } = compiler;
    compiler.scope = this.scope;
    const deferred: number[] = [];
    const sources: number[] = [];
    for (const source of group.sources) {
      const slot = emitter.height;
      sources.push(slot);
      if (compiler.lazy(source.node, at + source.at, '', false)) deferred.push(slot);
    }
    for (const [name, entry] of group.entries) {
      if (emitEntry(compiler, entry, at, sources, this.outer, this.inData)) deferred.push(this.slotOf(name));
    }
    return deferred;
  }
}

/** Pushes the sources of `inherit (source) …` and says in which slots they are. */
function emitSources(compiler: ChunkCompiler, group: BindingGroup, at: number): number[] {
  return group.sources.map((source) => {
    const slot = compiler.emitter.height;
    compiler.lazy(source.node, at + source.at, '', false);
    return slot;
  });
}

/**
 * Pushes what an entry binds. `outer` is the scope that a plain `inherit` means.
 * Returns whether Finalise must complete its captures.
 */
function emitEntry(
  compiler: ChunkCompiler,
  entry: Entry,
  at: number,
  sources: readonly number[],
  outer: Scope,
  inData: boolean,
): boolean {
  const { emitter } = compiler;
  switch (entry.kind) {
    case 'value':
      return compiler.lazy(entry.value, at + entry.at, entry.name, inData);
    case 'inherit': {
      const inner = compiler.scope;
      compiler.scope = outer;
      const place = at + entry.nameAt;
      emitter.at(place, place + entry.width);
      compiler.inherited(entry.name, new IdentifierNode(entry.width, entry.name), place);
      compiler.scope = inner;
      return false;
    }
    case 'inherit-from': {
      const place = at + entry.nameAt;
      emitter.at(place, place + entry.width);
      emitter.op1(Op.GetLocal, sources[entry.source]!);
      emitter.op1(Op.SelectThunk, emitter.addSite(entry.name));
      return false;
    }
    case 'group':
      return emitGroup(compiler, entry.group, at, entry.name);
  }
}

/** A thunk of the set of a nested path. */
function emitGroup(compiler: ChunkCompiler, group: BindingGroup, at: number, name: string): boolean {
  const width = groupEnd(group);
  compiler.emitter.at(at + group.at, at + width);
  return compiler.thunk({ kind: 'group', group, width }, freeNamesOfGroup(group), at, name);
}

/** Where the last value of a group ends. */
function groupEnd(group: BindingGroup): number {
  let end = group.at;
  for (const entry of group.entries.values()) {
    if (entry.kind === 'value') end = Math.max(end, entry.at + entry.value.width);
    else if (entry.kind === 'group') end = Math.max(end, groupEnd(entry.group));
    else end = Math.max(end, entry.nameAt + entry.width);
  }
  for (const { value } of group.dynamic) {
    end = Math.max(end, value instanceof BindingGroup ? groupEnd(value) : value.at + value.node.width);
  }
  return end;
}

/** Adds the dynamic attributes to the set on top of the stack. */
function emitDynamic(compiler: ChunkCompiler, group: BindingGroup, at: number): void {
  const { emitter } = compiler;
  for (const { name, at: pathAt, value } of group.dynamic) {
    emitAttributeName(compiler, name.node, at + name.at);
    if (value instanceof BindingGroup) emitGroup(compiler, value, at, '');
    else compiler.lazy(value.node, at + value.at, '', true);
    emitter.at(at + pathAt, at + name.at + name.node.width);
    emitter.op(Op.AttrsInsert);
  }
}

function sortedNames(group: BindingGroup): string[] {
  return [...group.entries.keys()].sort(compareBytes);
}

function literalShape(
  blueprint: NodeBlueprint,
  group: BindingGroup,
  names: readonly string[],
  at: number,
): Shape {
  const places = names.map((name) => at + group.entries.get(name)!.nameAt);
  return new Shape(names, new CompiledOrigin(blueprint, places));
}
