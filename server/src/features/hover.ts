/**
 * The text of a hover: the value or the error in a fenced block first, so that
 * it can be read at a glance and by programs, and what else is known below.
 */
import type { ErrorReport, Location, ValueReport } from '../evaluator/service';
import { traceInwardOut } from './trace';

/** How many places of a trace a hover shows. */
const maxTrace = 8;

/** How the parts of a hover are written. */
export interface Markup {
  code(text: string): string;
  /** A plain sentence. */
  text(text: string): string;
  emphasis(text: string): string;
  link(text: string, target: string): string;
}

const markdown: Markup = {
  code: fenced,
  text: escaped,
  emphasis: (text) => `*${escaped(text)}*`,
  link: (text, target) => `[${escaped(text)}](${target})`,
};

/** For editors that do not show Markdown. */
export const plainText: Markup = {
  code: (text) => text,
  text: (text) => text,
  emphasis: (text) => text,
  link: (text) => text,
};

/** The target and the text of a link to a place. */
type LinkTo = (location: Location) => { readonly target: string; readonly text: string };

/** The text of a hover, as Markdown unless told otherwise. */
export function hoverText(report: ValueReport, linkTo: LinkTo, markup: Markup = markdown): string {
  const blocks = [markup.code(headline(report))];
  const { error, unknown, type, details, definition, source } = report;
  if (error !== undefined) blocks.push(...traceOf(error, linkTo, markup));
  if (unknown !== undefined) blocks.push(`The value is not known, since it ${markup.text(unknown)}.`);
  if (type !== undefined && error === undefined) blocks.push(markup.emphasis(type));
  if (details !== undefined) blocks.push(details);
  if (definition !== undefined) {
    const { target, text } = linkTo(definition);
    blocks.push(`defined at ${markup.link(text, target)}`);
  }
  if (source !== undefined) blocks.push(markup.text(source));
  return blocks.join('\n\n');
}

function headline({ value, error }: ValueReport): string {
  if (error !== undefined) return `error: ${error.message}`;
  return value ?? '«unknown»';
}

function traceOf(error: ErrorReport, linkTo: LinkTo, markup: Markup): string[] {
  const places = traceInwardOut(error);
  const shown = places.slice(0, maxTrace).map(({ message, location }) => {
    if (location === undefined) return `- ${markup.text(message)}`;
    const { target, text } = linkTo(location);
    return `- ${markup.text(message)} – ${markup.link(text, target)}`;
  });
  const left = places.length - shown.length;
  if (left > 0) shown.push(`- … and ${left} more`);
  return shown.length === 0 ? [] : [shown.join('\n')];
}

/** A fenced block, its fence longer than any that the text contains. */
export function fenced(text: string): string {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map((ticks) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}nix\n${text}\n${fence}`;
}

/** Keeps Markdown and HTML in a plain sentence from meaning anything. */
function escaped(text: string): string {
  return text.replace(/[\\`*_{}[\]<>#|&~]/g, '\\$&').replace(/\s*\n\s*/g, ' ');
}
