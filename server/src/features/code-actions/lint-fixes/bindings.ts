/** Fixes of bindings: those that nothing uses, that inherit nothing, or that can be inherited. */
import { staticName, Kind, type BindingNode, type InheritNode, type LetNode } from '../../../syntax/tree';
import { replacement, type TextEdit } from '../../text-edit';
import { hasComments } from '../gaps';
import { lineRemoval, removal, type Fix, type FixPlace } from './fix';

/** Removes all bindings of the name. */
export function unusedBinding({ parsed, node, at, finding }: FixPlace<LetNode>): Fix {
  const edits: TextEdit[] = [];
  for (let i = 0; i < node.bindings.length; i++) {
    const binding = node.bindings[i]!;
    const start = at + node.bindingsAt[i]!;
    const names = binding.kind === Kind.Binding ? binding.path.names.slice(0, 1) : binding.names;
    const index = names.findIndex((each) => staticName(each) === finding.name);
    if (index < 0) continue;
    const edit =
      binding.kind === Kind.Binding || names.length === 1
        ? lineRemoval(parsed.text, start, start + binding.width)
        : inheritedName(parsed.text, binding, start, index);
    edits.push(behind(edits.at(-1), edit));
  }
  return { title: `Remove '${finding.name!}'`, edits };
}

/** Without what the edit before it takes away already: two bindings may share a line, and its blanks. */
function behind(before: TextEdit | undefined, { range, text }: TextEdit): TextEdit {
  return replacement(Math.max(range.start, before?.range.end ?? 0), range.end, text);
}

/** Takes one of several names out of an `inherit`, with the white space before it. */
function inheritedName(text: string, { names, namesAt }: InheritNode, at: number, index: number): TextEdit {
  const nameAt = at + namesAt[index]!;
  const end = nameAt + names[index]!.width;
  const [blank] = /\s*$/.exec(text.slice(at, nameAt))!;
  const line = text.slice(text.lastIndexOf('\n', nameAt - blank.length - 1) + 1, nameAt - blank.length);
  // What ends the line of a comment has to stay.
  return removal(text, line.includes('#') ? nameAt : nameAt - blank.length, end);
}

export function emptyInherit({ parsed, node, at }: FixPlace<InheritNode>): Fix | undefined {
  const sourceAt = at + (node.source === undefined ? 0 : node.sourceAt);
  const sourceEnd = sourceAt + (node.source?.width ?? 0);
  const end = at + node.width;
  if (hasComments(parsed, at, sourceAt) || hasComments(parsed, sourceEnd, end)) return undefined;
  return { title: 'Remove the empty inherit', edits: [lineRemoval(parsed.text, at, end)] };
}

export function useInherit({ parsed, node, at, finding }: FixPlace<BindingNode>): Fix | undefined {
  const valueAt = at + node.valueAt;
  if (hasComments(parsed, at, valueAt)) return undefined;
  return {
    title: `Convert to 'inherit ${finding.name!}'`,
    edits: [replacement(at, valueAt, 'inherit ')],
  };
}
