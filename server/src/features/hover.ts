/**
 * The text of a hover: the value or the error in a fenced block first, so that
 * it can be read at a glance and by programs, and what else is known below.
 */
import type { ErrorReport, Location, ValueReport } from '../evaluator/service';
import { traceInwardOut } from './trace';

/** How many places of a trace a hover shows. */
const maxTrace = 8;

/** Gives Markdown for a hover. `link` gives the target and the text of a link to a place. */
export function hoverMarkdown(
  report: ValueReport,
  link: (location: Location) => { readonly target: string; readonly text: string },
): string {
  const blocks = [fenced(headline(report))];
  if (report.error !== undefined) blocks.push(...traceOf(report.error, link));
  if (report.unknown !== undefined)
    blocks.push(`The value is not known, since it ${escaped(report.unknown)}.`);
  if (report.type !== undefined && report.error === undefined) blocks.push(`*${escaped(report.type)}*`);
  if (report.details !== undefined) blocks.push(report.details);
  if (report.definition !== undefined) {
    const { target, text } = link(report.definition);
    blocks.push(`defined at [${escaped(text)}](${target})`);
  }
  if (report.source !== undefined) blocks.push(escaped(report.source));
  return blocks.join('\n\n');
}

function headline({ value, error }: ValueReport): string {
  if (error !== undefined) return `error: ${error.message}`;
  return value ?? '«unknown»';
}

function traceOf(
  error: ErrorReport,
  link: (location: Location) => { target: string; text: string },
): string[] {
  const places = traceInwardOut(error);
  const shown = places.slice(0, maxTrace).map(({ message, location }) => {
    if (location === undefined) return `- ${escaped(message)}`;
    const { target, text } = link(location);
    return `- ${escaped(message)} – [${escaped(text)}](${target})`;
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
