/**
 * The outline of a document: its bindings, those inside a binding's value below
 * it. Other nodes are left out, and there is a budget, since an editor shows
 * nobody a hundred thousand entries.
 */
import { decodeUtf8, type Bytes } from '../base/bytes';
import type { Range } from '../base/range';
import type { ParsedFile } from '../syntax/parse';
import { Kind, type BindingNode, type Expression, type Node } from '../syntax/tree';
import { walk } from '../syntax/walk';

export type SymbolKind = 'function' | 'set' | 'list' | 'string' | 'number' | 'path' | 'variable';

export interface DocumentSymbol {
  readonly name: string;
  readonly kind: SymbolKind;
  readonly range: Range;
  /** The attribute path. */
  readonly nameRange: Range;
  readonly children: DocumentSymbol[];
}

/** How many symbols a document has at most. */
const symbolBudget = 5000;

/** How deep bindings nest in the outline; an editor draws them with calls of its own. */
const maxDepth = 64;

interface Waiting {
  readonly node: Node;
  readonly at: number;
  readonly into: DocumentSymbol[];
  readonly depth: number;
}

/** The symbols in source order; level by level, so that the budget is spent on the outer ones first. */
export function documentSymbols(parsed: ParsedFile, budget = symbolBudget): DocumentSymbol[] {
  const symbols: DocumentSymbol[] = [];
  let left = budget;
  let level: Waiting[] = [{ node: parsed.root, at: parsed.rootAt, into: symbols, depth: 0 }];
  while (level.length > 0 && left > 0) {
    const next: Waiting[] = [];
    for (const start of level) {
      forEachBinding(start, (binding, at) => {
        if (left <= 0) return;
        left--;
        const symbol = symbolOf(binding, at, parsed.text);
        start.into.push(symbol);
        if (start.depth >= maxDepth) return;
        next.push({
          node: binding.value,
          at: at + binding.valueAt,
          into: symbol.children,
          depth: start.depth + 1,
        });
      });
    }
    level = next;
  }
  return symbols;
}

/** Visits the outermost bindings at or below a node, in source order. */
function forEachBinding(start: Waiting, visit: (binding: BindingNode, at: number) => void): void {
  walk(start.node, start.at, (node, at) => {
    if (node.kind !== Kind.Binding) return;
    visit(node, at);
    return 'skip';
  });
}

function symbolOf(binding: BindingNode, at: number, text: Bytes): DocumentSymbol {
  return {
    name: writtenName(text, at, binding.path.width),
    kind: kindOf(binding.value),
    range: { start: at, end: at + binding.width },
    nameRange: { start: at, end: at + binding.path.width },
    children: [],
  };
}

/** A path as it is written, on one line. An editor refuses an empty name. */
export function writtenName(text: Bytes, at: number, width: number): string {
  const written = decodeUtf8(text.slice(at, at + width)).replace(/\s+/g, ' ');
  return written === '' ? '…' : written;
}

/** What the text alone says of a value. */
export function kindOf(value: Expression): SymbolKind {
  switch (value.kind) {
    case Kind.Lambda:
      return 'function';
    case Kind.AttributeSet:
      return 'set';
    case Kind.List:
      return 'list';
    case Kind.String:
      return 'string';
    case Kind.Integer:
    case Kind.Float:
      return 'number';
    case Kind.Path:
    case Kind.SearchPath:
      return 'path';
    default:
      return 'variable';
  }
}
