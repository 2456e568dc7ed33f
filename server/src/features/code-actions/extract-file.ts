/** Moves the selected expression to a file of its own beside the document; what it needs are the arguments. */
import type { Bytes } from '../../base/bytes';
import { globalNames } from '../../builtins/global-names';
import { freeNames } from '../../names/free-names';
import { lookUp } from '../../names/declarations';
import { isIdentifier } from '../../base/literals';
import { Kind } from '../../syntax/tree';
import type { ActionSource } from '../code-action';
import { replacement } from '../text-edit';
import { takesCall } from './expressions';
import { extractedExpression, nameFor, type Extracted } from './extract';
import { apart } from './gaps';
import { indentationAt, lineEndOf, movedText } from './layout';

/** What is worth a file. */
const worthy: ReadonlySet<Kind> = new Set([
  Kind.AttributeSet,
  Kind.Call,
  Kind.If,
  Kind.Lambda,
  Kind.Let,
  Kind.List,
  Kind.With,
]);

export const extractFile: ActionSource = {
  kinds: ['refactor.extract'],
  offer(place) {
    const { hasFile, parsed } = place;
    const extracted = hasFile && extractedExpression(place);
    if (extracted === undefined || !worthy.has(extracted.node.kind) || extracted.around.length === 0)
      return [];
    const names = argumentsOf(extracted);
    if (names === undefined) return [];
    const name = freshFile(nameFor(extracted).replaceAll("'", ''), hasFile!);
    const { text } = parsed;
    const { node, at, around } = extracted;
    const line = lineEndOf(text);
    const moved = movedText(parsed, extracted, indentationAt(text, at), '');
    const head = names.length === 0 ? '' : `{ ${names.join(', ')} }:${line}${line}`;
    const call = `import ./${name}${names.length === 0 ? '' : ` { inherit ${names.join(' ')}; }`}`;
    const inserted = takesCall(around[0]!.node, node) ? call : `(${call})`;
    const end = at + node.width;
    const edits = [replacement(at, end, apart(text, at, end, inserted))];
    const newFile = { name, text: head + moved + line };
    return [{ title: `Extract to the file '${name}'`, kind: 'refactor.extract', edits, newFile }];
  },
};

/** The names that the expression takes from its surroundings; undefined where nobody can tell which these are. */
function argumentsOf({ node, around }: Extracted): Bytes[] | undefined {
  const outer = [...around].reverse();
  const { lexical, dynamic } = freeNames(node);
  const names = new Set<Bytes>();
  for (const name of ['import', ...lexical, ...dynamic]) {
    const { declaration, withs } = lookUp(outer, node, name);
    if (name === 'import' && declaration !== undefined) return undefined;
    if (declaration === undefined && globalNames.has(name)) continue;
    if (declaration === undefined && !lexical.includes(name)) {
      // A name below a `with` of the expression itself comes from there, unless there is another one outside.
      if (withs.length > 0) return undefined;
      continue;
    }
    if (!isIdentifier(name) || name === 'or') return undefined;
    // As an argument, a name from a `with` outside would come before those of a `with` inside.
    if (declaration === undefined && (withs.length === 0 || dynamic.includes(name))) return undefined;
    names.add(name);
  }
  return [...names];
}

function freshFile(wanted: string, hasFile: (name: string) => boolean): string {
  let name = `${wanted}.nix`;
  for (let i = 2; hasFile(name); i++) name = `${wanted}-${i}.nix`;
  return name;
}
