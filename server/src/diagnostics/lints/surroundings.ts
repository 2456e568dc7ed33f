/** What stands around a node that a lint has found something at. */
import type { Bytes } from '../../base/bytes';
import { boundNames, parameterNames, bindsNames } from '../../names/declarations';
import {
  Kind,
  staticName,
  type AttributeSetNode,
  type LegacyLetNode,
  type LetNode,
  type Node,
} from '../../syntax/tree';

/** A node that is an ancestor, and those around it. */
export interface Ancestor {
  readonly node: Node;
  readonly outer: Ancestor | undefined;
}

/** The ancestors below a binding, the binding itself being the last, and what is around that. */
export interface Chain {
  readonly innermost: Ancestor | undefined;
  readonly outer: Chain | undefined;
}

export class Surroundings {
  constructor(
    private readonly chain: Chain,
    /** The text of the file. */
    readonly text: Bytes,
  ) {}

  /** The nodes around, the innermost first. */
  *ancestors(): Iterable<Node> {
    for (let chain: Chain | undefined = this.chain; chain !== undefined; chain = chain.outer)
      for (let { innermost: next } = chain; next !== undefined; next = next.outer) yield next.node;
  }

  /** The node around. Of those that neither bind names nor are bound, only one in a row is told. */
  get parent(): Node | undefined {
    for (const node of this.ancestors()) return node;
    return undefined;
  }

  /** The surroundings of {@link parent}. */
  get outside(): Surroundings {
    let { chain } = this;
    while (chain.innermost === undefined && chain.outer !== undefined) chain = chain.outer;
    return new Surroundings({ innermost: chain.innermost?.outer, outer: chain.outer }, this.text);
  }

  /** Whether a scope around binds a name. */
  binds(name: string): boolean {
    for (const node of this.ancestors()) if (namesBoundBy(node)?.has(name) === true) return true;
    return false;
  }

  /**
   * Whether the node is a set that is, or may be, put together with another one of the same
   * name, as in `a = { … }; a.b = …;`. Then its own text does not tell what it means.
   */
  get mayBeMerged(): boolean {
    let binding: Node | undefined;
    for (const node of this.ancestors()) {
      if (node.kind === Kind.Binding) {
        binding = node;
      } else if (binding?.kind === Kind.Binding && isOwner(node)) {
        const name = staticName(binding.path.names[0]!);
        if (name === undefined || repeatedNames(node).has(name)) return true;
        binding = undefined;
        // What stands in a `let` is merged with nothing further out.
        if (node.kind !== Kind.AttributeSet) return false;
      } else return false;
    }
    return false;
  }
}

type Owner = AttributeSetNode | LetNode | LegacyLetNode;

function isOwner(node: Node): node is Owner {
  return node.kind === Kind.AttributeSet || node.kind === Kind.Let || node.kind === Kind.LegacyLet;
}

const bound = new WeakMap<Node, ReadonlySet<string>>();
const repeated = new WeakMap<Node, ReadonlySet<string>>();

/** The names that a node binds for what is inside of it. */
function namesBoundBy(node: Node): ReadonlySet<string> | undefined {
  if (node.kind !== Kind.Lambda && !bindsNames(node)) return undefined;
  const known = bound.get(node);
  if (known !== undefined) return known;
  const names = new Set<string>();
  const all = node.kind === Kind.Lambda ? parameterNames(node, 0) : boundNames(node, 0);
  for (const { name } of all) names.add(name);
  bound.set(node, names);
  return names;
}

/** The names with which more than one binding begins. */
function repeatedNames(node: Owner): ReadonlySet<string> {
  const known = repeated.get(node);
  if (known !== undefined) return known;
  const once = new Set<string>();
  const names = new Set<string>();
  for (const { name } of boundNames(node, 0)) (once.has(name) ? names : once).add(name);
  repeated.set(node, names);
  return names;
}
