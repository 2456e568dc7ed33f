/**
 * What there is to say about a value besides its text: a derivation's name and
 * paths, a function's parameters and documentation, a builtin's record.
 */
import { decodeUtf8 } from '../base/bytes';
import { NodeBlueprint } from '../compiler/blueprint';
import { locationOf } from '../evaluator/report';
import type { Location } from '../evaluator/service';
import type { TreeOf } from '../evaluator/subjects';
import { documentationBefore, type Documentation } from '../syntax/comments';
import { nodesAt } from '../syntax/walk';
import { Kind } from '../syntax/tree';
import { Attrs } from '../values/attrs';
import { meansNoValue } from '../values/error';
import { presentPosition, type Position } from '../values/position';
import { Builtin, Closure, PartialApplication, type Forced } from '../values/value';
import type { BuiltinRecord } from '../vm/builtin-record';
import { isDerivation } from '../vm/compare';
import type { Vm } from '../vm/vm';
import { attributeOf, bytesOf, inlineCode } from './told-values';

export interface Description {
  /** Markdown. */
  readonly details?: string;
  /** Where a function is written, or a package. */
  readonly definition?: Location;
}

/** Milliseconds for the attributes of a derivation. */
const derivationTime = 3000;

export function describeValue(vm: Vm, value: Forced, treeOf: TreeOf): Description {
  if (value instanceof Attrs) return derivation(vm, value);
  if (value instanceof Closure) return closure(value, treeOf);
  if (value instanceof Builtin) return { details: builtin(value.record as BuiltinRecord) };
  if (value instanceof PartialApplication) return { details: builtin(value.builtin.record as BuiltinRecord) };
  return {};
}

/** Name, version, output path and description of a derivation, as far as they can be had quickly. */
function derivation(vm: Vm, set: Attrs): Description {
  return within(vm, derivationTime, () => {
    if (!isDerivation(vm, set)) return {};
    const rows: string[] = [];
    const meta = attributeOf(vm, set, 'meta');
    const add = (label: string, found: string | undefined): void => {
      if (found !== undefined) rows.push(`- ${label}: ${inlineCode(found)}`);
    };
    add('name', text(attributeOf(vm, set, 'name')));
    add('version', text(attributeOf(vm, set, 'version')));
    add('output', text(attributeOf(vm, set, 'outPath')));
    const description = meta instanceof Attrs ? text(attributeOf(vm, meta, 'description')) : undefined;
    if (description !== undefined) rows.push('', description);
    return { details: rows.join('\n') };
  });
}

/** Runs within a time limit of its own; what fails or takes longer gives nothing. */
function within(vm: Vm, milliseconds: number, run: () => Description): Description {
  const { limits } = vm;
  const outer = limits.deadline;
  limits.deadline = Math.min(outer, performance.now() + milliseconds);
  try {
    return run();
  } catch (error) {
    if (meansNoValue(error)) return {};
    throw error;
  } finally {
    limits.deadline = outer;
  }
}

function text(value: Forced | undefined): string | undefined {
  const bytes = bytesOf(value);
  return bytes === undefined ? undefined : decodeUtf8(bytes);
}

/** The parameters of a function, its documentation, and where it is written. */
function closure({ blueprint }: Closure, treeOf: TreeOf): Description {
  const { parameter, formals, ellipsis } = blueprint.signature();
  const blocks: string[] = [];
  if (formals !== undefined) {
    const names = formals.map(({ name, optional }) => decodeUtf8(name) + (optional ? '?' : ''));
    if (ellipsis) names.push('…');
    blocks.push(
      `takes ${inlineCode(`{ ${names.join(', ')} }${parameter === undefined ? '' : ` @ ${parameter}`}`)}`,
    );
  }
  const position = blueprint.position();
  const documentation = documentationOf(position, treeOf);
  if (documentation !== undefined) blocks.push(readable(decodeUtf8(documentation.text)));
  const definition = locationOf(position);
  return {
    ...(blocks.length > 0 && { details: blocks.join('\n\n') }),
    ...(definition && blueprint instanceof NodeBlueprint && { definition }),
  };
}

/** The comment before the binding at a position, or before what starts there. */
function documentationOf(position: Position, treeOf: TreeOf): Documentation | undefined {
  const { source, offset } = presentPosition(position);
  const parsed = treeOf(source);
  const path = nodesAt(parsed, offset);
  const binding = path.find(({ node }) => node.kind === Kind.Binding);
  return documentationBefore(parsed, offset) ?? (binding && documentationBefore(parsed, binding.at));
}

/**
 * A description with the documentation comment of where the value was defined,
 * which says more than that of what it was made from.
 */
export function withDefinition(
  description: Description,
  value: Forced,
  position: Position | undefined,
  treeOf: TreeOf,
): Description {
  const documentation =
    position && followsBlockComment(position) ? documentationOf(position, treeOf) : undefined;
  if (documentation?.isDoc !== true) return description;
  const text = readable(decodeUtf8(documentation.text));
  if (description.details?.includes(text) === true) return description;
  const isBuiltin = value instanceof Builtin || value instanceof PartialApplication;
  const own = isBuiltin ? undefined : description.details;
  const definition = description.definition ?? locationOf(presentPosition(position!));
  return {
    details: own === undefined ? text : `${own}\n\n${text}`,
    ...(definition && { definition }),
  };
}

/** A file is parsed for its documentation only where there may be some: it can be huge. */
function followsBlockComment(position: Position): boolean {
  const { source, offset } = presentPosition(position);
  let before = offset;
  while (before > 0 && /\s/.test(source.text[before - 1]!)) before--;
  return source.text.startsWith('*/', before - 2);
}

/** Documentation without the marks that only the tools of the Nixpkgs manual know: fences of boxes, and anchors. */
function readable(documentation: string): string {
  return documentation
    .replace(/^:{3,}[ \t]*(?:\{[^}\n]*\})?[ \t]*$\n?/gm, '')
    .replace(/^(#+ .*?)[ \t]*\{#[^}\n]*\}[ \t]*$/gm, '$1')
    .trimEnd();
}

function builtin({ documentation, parameters, example, feature, since }: BuiltinRecord): string {
  const blocks = [
    `takes ${parameters.map(({ name }) => inlineCode(name)).join(', ')}; since Nix ${since}`,
    documentation,
  ];
  if (example !== undefined) blocks.push(`\`\`\`nix\n${example.expression}\n# ${example.result}\n\`\`\``);
  if (feature !== undefined) blocks.push(`Needs the experimental feature \`${feature}\` in Nix.`);
  return blocks.join('\n\n');
}
