/** A URL without quotes as a string. */
import { Kind, StringStyle } from '../../syntax/tree';
import type { ActionSource } from '../code-action';
import { insertion } from '../text-edit';

export const quoteUri: ActionSource = {
  kinds: ['refactor.rewrite'],
  offer({ nodes }) {
    const placed = nodes.find(({ node }) => node.kind !== Kind.TextPart);
    if (placed?.node.kind !== Kind.String || placed.node.style !== StringStyle.Uri) return [];
    const { node, at } = placed;
    // None of the characters of a URL has to be escaped.
    const edits = [insertion(at, '"'), insertion(at + node.width, '"')];
    return [{ title: 'Put the URL in quotes', kind: 'refactor.rewrite', edits }];
  },
};
