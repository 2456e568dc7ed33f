/**
 * The text of a hover: the value or the error in a fenced block first, so that
 * it can be read at a glance and by programs, and what else is known below.
 */
import type { ErrorReport, Location, ValueReport } from '../evaluator/service';
import { foldTrace } from './fold-trace';
import type { LibraryFiles } from './library-files';
import { traceInwardOut } from './trace';

/** How many places of a trace a hover shows. */
const maxTrace = 10;

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
  link: (text, target) => `[${escaped(text)}](${escapedTarget(target)})`,
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

export interface HoverOptions {
  /** Markdown unless told otherwise. */
  readonly markup?: Markup;
  /** The target of a link that offers other calls of the function around. */
  readonly chooseCall?: string | undefined;
  /** Tells which frames of a trace are folded. */
  readonly libraries?: LibraryFiles;
}

/** The text of a hover. */
export function hoverText(report: ValueReport, linkTo: LinkTo, options: HoverOptions = {}): string {
  const { markup = markdown, chooseCall, libraries } = options;
  const blocks = [markup.code(headline(report))];
  const { error, unknown, type, details, definition, option } = report;
  if (error !== undefined) blocks.push(...traceOf(error, linkTo, markup, libraries));
  if (unknown !== undefined) blocks.push(`The value is not known, since it ${markup.text(unknown)}.`);
  if (type !== undefined && error === undefined) blocks.push(markup.emphasis(type));
  if (details !== undefined) blocks.push(details);
  const link = (location: Location): string => {
    const { target, text } = linkTo(location);
    return markup.link(text, target);
  };
  if (option !== undefined && option.definitions.length > 0) {
    const places = option.definitions.map(link).join(', ');
    blocks.push(`set at ${places}${option.isComplete ? '' : ' and elsewhere'}`);
  }
  if (option?.isDefault === true) blocks.push('set nowhere: this is the default');
  if (option?.declaration !== undefined) blocks.push(`declared at ${link(option.declaration)}`);
  if (definition !== undefined) blocks.push(`defined at ${link(definition)}`);
  const source = sourceOf(report, linkTo, markup);
  if (source !== undefined && chooseCall !== undefined)
    blocks.push(`${source} – ${markup.link('Choose Call', chooseCall)}`);
  else if (source !== undefined) blocks.push(source);
  return blocks.join('\n\n');
}

/** Where the arguments come from, the place that it names as a link. */
function sourceOf({ source, call }: ValueReport, linkTo: LinkTo, markup: Markup): string | undefined {
  const at = call && source?.indexOf(call.text);
  if (source === undefined || at === undefined || at < 0) return source && markup.text(source);
  const before = markup.text(source.slice(0, at));
  const behind = markup.text(source.slice(at + call!.text.length));
  return before + markup.link(call!.text, linkTo(call!.location).target) + behind;
}

function headline({ value, error }: ValueReport): string {
  if (error !== undefined) return `error: ${error.message}`;
  return value ?? '«unknown»';
}

function traceOf(error: ErrorReport, linkTo: LinkTo, markup: Markup, libraries?: LibraryFiles): string[] {
  const all = traceInwardOut(error);
  const places = libraries === undefined ? all : foldTrace(all, libraries);
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

/** Keeps a target from ending where it holds a bracket or white space, which addresses may escape. */
function escapedTarget(target: string): string {
  return target.replace(
    /[()<>\s]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );
}

/** Keeps Markdown and HTML in a plain sentence from meaning anything. */
function escaped(text: string): string {
  return text.replace(/[\\`*_{}[\]<>#|&~]/g, '\\$&').replace(/\s*\n\s*/g, ' ');
}
