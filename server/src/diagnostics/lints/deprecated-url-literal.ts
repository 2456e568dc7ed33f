/** URLs without quotes, which Nix may stop to accept. It is the missing quotes that are deprecated, so nothing is struck through. */
import { Kind, StringStyle } from '../../syntax/tree';
import type { Lint } from './lint';

export const deprecatedUrlLiteral: Lint<Kind.String> = {
  code: 'deprecated-url-literal',
  severity: 'warning',
  kinds: [Kind.String],
  find: ({ style, width }) =>
    style === StringStyle.Uri
      ? [{ start: 0, width, message: 'URLs without quotes are deprecated; write a string' }]
      : [],
};
