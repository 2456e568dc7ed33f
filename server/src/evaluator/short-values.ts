/** Values on one line, to stand beside the source. */
import { decodeUtf8 } from '../base/bytes';
import { EvalError, Interruption } from '../values/error';
import type { Forced } from '../values/value';
import { printWithin, type Budget, type PartForcer } from '../values/within-budget';
import type { ShortValue } from './service';

/** How many characters are shown. */
const maxLength = 64;

const budget: Budget = { depth: 1, parts: 8, milliseconds: 10, stringLength: 40, width: Infinity };

/** The folder and the hash of a store path, which say little. */
const storePrefix = /\/nix\/store\/[0-9a-z]{32}-/g;

/** @throws EvalError, Interruption */
export function shortText(forcer: PartForcer, value: Forced): string {
  return shortened(decodeUtf8(printWithin(forcer, value, budget)).replace(storePrefix, ''));
}

/** What stands for a value that there is not; undefined where there only was no time. Other things pass. */
export function shortError(error: unknown): ShortValue | undefined {
  if (error instanceof Interruption && error.reason === 'timeout') return undefined;
  if (!(error instanceof EvalError)) throw error;
  if (error.kind === 'unknown-argument') return { text: 'unknown, since no call is known', failed: true };
  return { text: shortened(`error: ${decodeUtf8(error.message)}`), failed: true };
}

/** The first line, cut between two characters. */
function shortened(text: string): string {
  const [first = '', ...rest] = text.split('\n');
  const characters = [...first];
  if (characters.length <= maxLength) return rest.length === 0 ? first : `${first} …`;
  return `${characters.slice(0, maxLength - 1).join('')}…`;
}
