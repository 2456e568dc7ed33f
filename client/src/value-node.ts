// A value in the tree of a document's value: what is known of it, and how it is
// named. Knows nothing of the editor.
import type { ValueKind, ValuePart, ValueRow, ValueStep } from '../../shared/src/protocol';

/** How many parts a value shows at first, and how many more each time. */
export const pageLength = 100;

export class ValueNode {
  row: ValueRow;
  /** The parts that are shown, as far as they are known. */
  children: readonly ValueNode[] | undefined;
  /** How many parts there are. */
  total = 0;
  /** How many of them are shown. */
  limit = pageLength;
  /** Whether the row belongs to a text that is gone: it is not shown until the new one is there. */
  outdated = false;

  private constructor(
    readonly parent: ValueNode | undefined,
    readonly uri: string,
    readonly path: readonly ValueStep[],
    readonly label: string,
    row: ValueRow,
  ) {
    this.row = row;
  }

  static root(uri: string, label: string, row: ValueRow): ValueNode {
    return new ValueNode(undefined, uri, [], label, row);
  }

  /** The same for the same place of a document, whatever its value is. */
  get id(): string {
    return `${this.uri}#${JSON.stringify(this.path)}`;
  }

  get left(): number {
    return this.total - (this.children?.length ?? 0);
  }

  /** Takes over the parts of an answer. A part that was there before stays the same node, with its own parts. */
  setParts(parts: readonly ValuePart[], total: number): void {
    const before = new Map(this.children?.map((child) => [child.id, child]));
    this.total = total;
    this.children = parts.map(({ step, label, ...row }) => {
      const made = new ValueNode(this, this.uri, [...this.path, step], label, row);
      const known = before.get(made.id);
      if (known === undefined) return made;
      known.row = row;
      known.outdated = false;
      return known;
    });
  }

  /** Marks the row and all below as those of a text that is gone. */
  outdate(): void {
    this.outdated = true;
    for (const child of this.children ?? []) child.outdate();
  }
}

/** Stands at the end of a value's parts when there are more of them. */
export interface MoreNode {
  readonly more: ValueNode;
}

/**
 * The path of a value as `nix-instantiate -A` takes it: attributes and indices
 * with dots between them. What a function gives has no name of its own there.
 */
export function attributePath(node: ValueNode): string {
  const names: string[] = [];
  for (let at: ValueNode | undefined = node; at?.parent !== undefined; at = at.parent) {
    const step = at.path.at(-1)!;
    if ('attribute' in step) names.unshift(at.label);
    else if ('item' in step) names.unshift(String(step.item));
  }
  return names.join('.');
}

/** The name of the icon of each kind of value. */
export const valueIcons: Readonly<Record<ValueKind, string>> = {
  string: 'symbol-string',
  number: 'symbol-number',
  boolean: 'symbol-boolean',
  null: 'symbol-null',
  path: 'symbol-file',
  list: 'symbol-array',
  set: 'symbol-namespace',
  derivation: 'package',
  function: 'symbol-function',
  unevaluated: 'circle-large-outline',
  unknown: 'question',
  error: 'error',
};
