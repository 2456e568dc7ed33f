/**
 * Fixes for a variable that nothing defines: a name that is written almost like it, the
 * builtin of that name, or one more argument of the function around.
 */
import { decodeUtf8, type Bytes } from '../../base/bytes';
import { builtinRecords } from '../../builtins/registry';
import { globalScope } from '../../diagnostics/global-scope';
import { lookUp } from '../../names/declarations';
import { staticErrors } from '../../names/static-errors';
import type { SyntaxError } from '../../syntax/parse';
import { Kind, type FormalsNode } from '../../syntax/tree';
import { nodesAt, type PlacedNode } from '../../syntax/walk';
import type { ActionPlace, ActionSource, OfferedAction } from '../code-action';
import { insertion, replacement } from '../text-edit';
import { tokensBetween } from './gaps';
import { Token } from '../../syntax/tokens';

const code = 'undefined-variable';

export const undefinedVariable: ActionSource = {
  kinds: ['quickfix'],
  mendsSyntax: true,
  offer(place) {
    if (!place.problems.some((problem) => problem.code === code)) return [];
    return staticErrors(place.parsed, globalScope)
      .filter((error) => error.code === code && isShown(place, error))
      .flatMap((error) => fixesOf(place, error));
  },
};

/** What is shown may be older than the text, and then it is no error any more. */
function isShown({ problems }: ActionPlace, { range }: SyntaxError): boolean {
  return problems.some((shown) => shown.code === code && shown.range.start === range.start);
}

function fixesOf(place: ActionPlace, { range, suggestions }: SyntaxError): OfferedAction[] {
  const nodes = nodesAt(place.parsed, range.start);
  const [variable] = nodes;
  // Operators are names, too, but nobody wants them as arguments.
  if (variable?.node.kind !== Kind.Identifier || variable.at !== range.start) return [];
  const { name } = variable.node;
  const fixes: OfferedAction[] = [];
  if (nodes[1]?.node.kind !== Kind.Inherit) {
    const hasBuiltin = isBuiltin(name) && isGlobal('builtins', nodes);
    // `__name` is the same as `builtins.name`, which is the better known way to write it.
    const similar = (suggestions ?? []).filter((each) => !hasBuiltin || each !== `__${name}`);
    const candidates = [...similar, ...(hasBuiltin ? [`builtins.${name}`] : [])];
    for (const candidate of candidates) fixes.push(replaced(range, candidate, candidates.length === 1));
  }
  return [...fixes, ...newArgument(place, nodes, name)];
}

function replaced({ start, end }: SyntaxError['range'], text: Bytes, isPreferred: boolean): OfferedAction {
  const title = `Replace by '${decodeUtf8(text)}'`;
  const edits = [replacement(start, end, text)];
  return { title, kind: 'quickfix', edits, fixes: [code], ...(isPreferred && { isPreferred }) };
}

function isBuiltin(name: string): boolean {
  return builtinRecords.some((record) => record.name === name);
}

/** Whether no scope around a variable binds the name. */
function isGlobal(name: string, nodes: readonly PlacedNode[]): boolean {
  return lookUp(nodes.slice(1).reverse(), nodes[0]!.node, name).declaration === undefined;
}

/** One more argument of the innermost function around whose arguments have names. */
function newArgument(place: ActionPlace, nodes: readonly PlacedNode[], name: string): OfferedAction[] {
  for (const { node, at } of nodes) {
    if (node.kind !== Kind.Lambda || node.formals === undefined) continue;
    const edit = newFormal(place, node.formals, at + node.formalsAt, name);
    const title = `Add '${name}' to the arguments of the function`;
    return [{ title, kind: 'quickfix', edits: [edit], fixes: [code] }];
  }
  return [];
}

/** Puts a formal behind the last one, as the others stand: behind commas, or on lines of their own. */
function newFormal(
  { parsed }: ActionPlace,
  { formals, formalsAt, width, ellipsis }: FormalsNode,
  at: number,
  name: string,
): OfferedAction['edits'][number] {
  const last = formals.length - 1;
  if (last < 0) {
    const isTight = parsed.text[at + 1] === '}';
    return insertion(at + 1, ellipsis ? ` ${name},` : ` ${name}${isTight ? ' ' : ''}`);
  }
  const lastEnd = at + formalsAt[last]! + formals[last]!.width;
  const lastAt = at + formalsAt[last]!;
  const lineStart = /[^\n]*$/.exec(parsed.text.slice(0, lastAt))![0];
  const [comma] = tokensBetween(parsed, lastEnd, at + width);
  if (comma?.kind === Token.Comma && /^\s*$/.test(lineStart))
    return insertion(comma.end, `\n${lineStart}${name},`);
  // A comma at the start of a line belongs to the formal behind it.
  if (/^\s*[{,]\s*$/.test(lineStart) && last > 0 && parsed.text.slice(at, lastAt).includes('\n'))
    return insertion(lastEnd, `\n${/^\s*/.exec(lineStart)![0]}, ${name}`);
  return insertion(lastEnd, `, ${name}`);
}
