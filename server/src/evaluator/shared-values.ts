/**
 * Values that documents have in common. `import <nixpkgs> { }` means the same in
 * every file, and is dear: a file that writes what another one has evaluated
 * already takes its value.
 */
import type { Bytes } from '../base/bytes';
import { freeNames } from '../names/free-names';
import { Kind, type Expression, type Node } from '../syntax/tree';
import { forEachChild } from '../syntax/walk';
import { Dependent, done, forward, type Thunk } from '../values/thunk';

/** Longer expressions are hardly written twice. */
const maxWidth = 300;

/** So many values are remembered, the latest ones. */
const maxValues = 64;

export class SharedValues {
  private readonly values = new Map<Bytes, Thunk>();

  /**
   * Lets a thunk that was just made for an expression have the value that the same
   * expression has elsewhere, if that is there.
   * @param isGlobal whether a name means its global value where the expression stands
   */
  share(thunk: Thunk, node: Expression, text: Bytes, isGlobal: (name: string) => boolean): void {
    if (!isShareable(node, isGlobal)) return;
    const key = withoutSpace(text);
    const known = this.values.get(key);
    this.values.delete(key);
    if (known !== undefined && known !== thunk && hasValue(known)) {
      forward(thunk, known);
      this.values.set(key, known);
      return;
    }
    this.values.set(key, thunk);
    if (this.values.size > maxValues) this.values.delete(this.values.keys().next().value!);
  }
}

/** An error has a trace of its own at each place, so only values are shared. */
function hasValue({ code }: Thunk): boolean {
  return code === done || (code instanceof Dependent && !code.failed && !code.on.stale);
}

/** Whether an expression applies what it imports, and means the same wherever it stands. */
function isShareable(node: Expression, isGlobal: (name: string) => boolean): boolean {
  if (node.width > maxWidth || !appliesImport(node)) return false;
  const { lexical, dynamic } = freeNames(node);
  return [...lexical, ...dynamic].every(isGlobal) && !dependsOnPlace(node);
}

function appliesImport(node: Expression): boolean {
  if (node.kind === Kind.Parenthesised) return appliesImport(node.inner);
  if (node.kind !== Kind.Call) return false;
  const { callee } = node;
  return (callee.kind === Kind.Identifier && callee.name === 'import') || appliesImport(callee);
}

/**
 * Paths are relative to the file, and functions, attributes and errors have the
 * place where they are written. So nothing is left but names and plain constants.
 */
function dependsOnPlace(node: Node): boolean {
  switch (node.kind) {
    case Kind.AttributeSet:
      return node.bindings.length > 0;
    case Kind.Call:
    case Kind.Parenthesised:
    case Kind.String: {
      let found = false;
      forEachChild(node, 0, (child) => (found ||= dependsOnPlace(child)));
      return found;
    }
    default:
      return !placeless.has(node.kind);
  }
}

const placeless: ReadonlySet<Kind> = new Set([
  Kind.Identifier,
  Kind.SearchPath,
  Kind.Integer,
  Kind.Float,
  Kind.TextPart,
]);

/** The text with one space for each white space, unless that may stand in a string or end a comment. */
function withoutSpace(text: Bytes): Bytes {
  return /["'#]/.test(text) ? text : text.replace(/\s+/g, ' ').replace(/\{ \}/g, '{}');
}
