/**
 * The links of a document: path literals, and strings that name a source tree or a page.
 * Where a path leads is found out when somebody follows it: it takes the disk, and for
 * `<…>` and interpolations the evaluator.
 */
import type { Bytes } from '../base/bytes';
import type { Range } from '../base/range';
import type { ParsedFile } from '../syntax/parse';
import { Kind, StringStyle, staticString, type StringNode } from '../syntax/tree';
import { nodesAt, walk } from '../syntax/walk';
import { localInput, pageOfReference } from './flake-pages';

/** An editor draws every link of a document. */
const maxLinks = 2000;

export interface LinkInText {
  readonly range: Range;
  /** The address of a page; undefined for what has a definition to go to. */
  readonly page?: string;
}

/** @param path that of the document */
export function documentLinks(parsed: ParsedFile, path: Bytes): LinkInText[] {
  const links: LinkInText[] = [];
  walk(parsed.root, parsed.rootAt, (node, at) => {
    if (links.length >= maxLinks) return 'skip';
    if (node.kind === Kind.Path || node.kind === Kind.SearchPath)
      links.push({ range: { start: at, end: at + node.width } });
    else if (node.kind === Kind.String) links.push(...linkOfString(parsed, path, node, at));
    return;
  });
  return links;
}

function linkOfString(parsed: ParsedFile, path: Bytes, node: StringNode, at: number): LinkInText[] {
  const text = staticString(node);
  if (text === undefined || text === '' || node.style === StringStyle.Indented) return [];
  const quote = node.style === StringStyle.Quoted ? 1 : 0;
  const range = { start: at + quote, end: at + node.width - quote };
  const page = pageOfReference(text);
  if (page !== undefined) return [{ range, page }];
  if (!text.includes('/') && !text.includes('.')) return [];
  const isInput = localInput(nodesAt(parsed, range.start).reverse(), path) !== undefined;
  return isInput ? [{ range }] : [];
}
