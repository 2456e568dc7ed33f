/** The code of a text: its tree without places, and without what may be written in several ways. */
import { parse, workspaceSyntax, type ParsedFile } from '../../server/src/syntax/parse';
import { Kind } from '../../server/src/syntax/tree';
import { classifyAt } from '../../server/src/syntax/walk';

/** Strings are their texts and interpolations, however they are quoted. */
export function codeOf({ root }: ParsedFile): string {
  return JSON.stringify(plain(root));
}

function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value)
    .filter(([name]) => name !== 'width' && name !== 'free' && !name.endsWith('At'))
    .map(([name, field]) => [name, plain(field)] as const);
  const node = Object.fromEntries(fields) as Record<string, unknown>;
  if (node.kind !== Kind.String) return node;
  const { style: _style, ...string } = node;
  return { ...string, parts: withWholeTexts(string.parts as readonly Record<string, unknown>[]) };
}

/** Where a text is split depends on how the string is written. */
function withWholeTexts(parts: readonly Record<string, unknown>[]): Record<string, unknown>[] {
  const whole: Record<string, unknown>[] = [];
  for (const part of parts) {
    const last = whole.at(-1);
    if (part.kind === Kind.TextPart && last?.kind === Kind.TextPart)
      last.text = `${String(last.text)}${String(part.text)}`;
    else if (part.kind !== Kind.TextPart || part.text !== '') whole.push({ ...part });
  }
  return whole;
}

/** The words of all comments, sorted, since a comment may be moved past others and may be written in another way. */
export function commentWords(parsed: ParsedFile): string[] {
  const words: string[] = [];
  for (let at = 0; at < parsed.text.length;) {
    const found = /[#/]/.test(parsed.text[at]!) ? classifyAt(parsed, at) : undefined;
    const end = found?.class === 'comment' ? found.end : at + 1;
    if (found?.class === 'comment')
      words.push(
        ...parsed.text
          .slice(at, end)
          .replace(/\*\/$/, ' ')
          .split(/[\s#*/]+/)
          .filter(Boolean),
      );
    at = end;
  }
  return words.sort();
}

export function parsed(text: string): ParsedFile {
  return parse(text, workspaceSyntax);
}

/** Puts white space and comments where there is white space. */
export function disturbed(text: string, choices: readonly number[]): string {
  const between = [
    '\n',
    '\n\n\n',
    ' ',
    '   ',
    ' # one\n',
    '\n  # two\n',
    ' /* three */ ',
    '\n/* four\n   five */\n',
    ' /**\n six\n*/ ',
  ];
  const file = parsed(text);
  let result = '';
  let next = 0;
  for (let at = 0; at < text.length;) {
    const isGap =
      /\s/.test(text[at]!) && next < choices.length && classifyAt(file, at).class === 'white-space';
    const end = isGap ? classifyAt(file, at).end : at + 1;
    result += isGap ? between[choices[next++]! % between.length] : text.slice(at, end);
    at = end;
  }
  return result;
}
