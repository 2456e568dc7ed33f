/** Fixes of `let`, `rec` and `with`: what does nothing goes. */
import { boundNames } from '../../../names/declarations';
import { mentions } from '../../../diagnostics/lints/unused-argument';
import {
  Kind,
  staticName,
  type AttributeSetNode,
  type LegacyLetNode,
  type LetNode,
  type WithNode,
} from '../../../syntax/tree';
import { insertion, replacement } from '../../text-edit';
import { hasComments } from '../gaps';
import { removal, type Fix, type FixPlace } from './fix';

export function emptyLet({ parsed, node, at }: FixPlace<LetNode>): Fix | undefined {
  const bodyAt = at + node.bodyAt;
  if (hasComments(parsed, at, bodyAt)) return undefined;
  return { title: 'Remove the empty let', edits: [removal(parsed.text, at, bodyAt)] };
}

export function unusedRec({ parsed, at }: FixPlace<AttributeSetNode>): Fix | undefined {
  const [written] = /^rec\s*(?=\{)/.exec(parsed.text.slice(at, at + 200)) ?? [];
  if (written === undefined) return undefined;
  return { title: "Remove 'rec'", edits: [removal(parsed.text, at, at + written.length)] };
}

export function unusedWith({ parsed, node, at }: FixPlace<WithNode>): Fix | undefined {
  const environmentAt = at + node.environmentAt;
  const environmentEnd = environmentAt + node.environment.width;
  const bodyAt = at + node.bodyAt;
  if (hasComments(parsed, at, environmentAt) || hasComments(parsed, environmentEnd, bodyAt)) return undefined;
  return { title: "Remove the 'with'", edits: [removal(parsed.text, at, bodyAt)] };
}

/** As `let … in` where `body` comes last and nothing else needs it, else as what it means. */
export function deprecatedLet(place: FixPlace<LegacyLetNode>): Fix | undefined {
  const { node, at } = place;
  const names = [...boundNames(node, at)];
  // Without it, a default around the whole could take its place.
  if (!names.some(({ name }) => name === 'body')) return undefined;
  return (
    asLetIn(place) ?? {
      title: "Convert to 'rec { … }.body'",
      edits: [replacement(at, at + 'let'.length, 'rec'), insertion(at + node.width, '.body')],
    }
  );
}

function asLetIn({ parsed, node, at }: FixPlace<LegacyLetNode>): Fix | undefined {
  const body = node.bindings.at(-1)!;
  if (
    body.kind !== Kind.Binding ||
    body.path.names.length !== 1 ||
    staticName(body.path.names[0]!) !== 'body'
  )
    return undefined;
  const names = [...boundNames(node, 0)];
  if (names.filter(({ name }) => name === 'body').length !== 1) return undefined;
  if (names.some(({ name }) => name === '__overrides') || needs(node, 'body')) return undefined;
  const [open] = /^let\s*\{/.exec(parsed.text.slice(at, at + 200)) ?? [];
  const bodyAt = at + node.bindingsAt.at(-1)!;
  const valueAt = bodyAt + body.valueAt;
  const valueEnd = valueAt + body.value.width;
  const end = at + node.width;
  if (open === undefined || hasComments(parsed, bodyAt, valueAt) || hasComments(parsed, valueEnd, end))
    return undefined;
  return {
    title: "Convert to 'let … in …'",
    edits: [
      replacement(at, at + open.length, '(let'),
      replacement(bodyAt, valueAt, 'in '),
      replacement(valueEnd, end, ')'),
    ],
  };
}

/** Whether any binding may use a name, or an attribute is there whose name is computed. */
function needs({ bindings }: LegacyLetNode, name: string): boolean {
  return bindings.some((binding) => {
    if (binding.kind === Kind.Inherit) return binding.source !== undefined && mentions(binding.source, name);
    return binding.path.names.some((each) => staticName(each) === undefined) || mentions(binding.value, name);
  });
}
