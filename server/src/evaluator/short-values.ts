/** Values on one line, to stand beside the source. */
import { decodeUtf8, type Bytes } from '../base/bytes';
import { parseDrvName } from '../builtins/versions';
import { Attrs } from '../values/attrs';
import { EvalError, Interruption, meansNoValue } from '../values/error';
import { ContextString, type Forced } from '../values/value';
import { printWithin, type Budget, type PartForcer } from '../values/within-budget';
import type { ShortValue } from './service';

/** How many characters are shown. */
const maxLength = 64;

const budget: Budget = { depth: 1, parts: 8, milliseconds: 10, stringLength: 40, width: Infinity };

/** The folder and the hash of a store path, which say little. */
const storePrefix = /\/nix\/store\/[0-9a-z]{32}-/g;

/** @throws EvalError, Interruption */
export function shortText(forcer: PartForcer, value: Forced): string {
  const name = nameOfPackage(forcer, value);
  if (name !== undefined) return shortened(`«derivation ${decodeUtf8(name)}»`);
  return shortened(compact(decodeUtf8(printWithin(forcer, value, budget))));
}

/** In a line there is no room to say how much is left out, or where a function is written. */
function compact(text: string): string {
  return text
    .replace(/([{[]) «\d+ (?:attributes?|items?) elided» ([}\]])/g, '$1…$2')
    .replace(/«\d+ (?:attributes?|items?) elided»/g, '…')
    .replace(/(«lambda(?: [^ »]+)?) @ [^»]*»/g, '$1»')
    .replace(storePrefix, '');
}

/** Whether a set is a derivation; one that does not tell by the deadline is taken for another set. */
export function isPackage(forcer: PartForcer, value: Attrs, deadline: number): boolean {
  const type = value.get('type');
  if (type === undefined) return false;
  try {
    return forcer.forceBy(type, deadline) === 'derivation';
  } catch (error) {
    if (meansNoValue(error)) return false;
    throw error;
  }
}

/** A derivation is known by its name; its paths would have to be computed. */
function nameOfPackage(forcer: PartForcer, value: Forced): Bytes | undefined {
  return textOfPackage(forcer, value, 'name');
}

/** The version of a derivation: what it says itself, or what its name says. */
export function packageVersion(forcer: PartForcer, value: Forced): string | undefined {
  const name = nameOfPackage(forcer, value);
  if (name === undefined) return undefined;
  const version = textOfPackage(forcer, value, 'version') ?? parseDrvName(name).version;
  return version === '' ? undefined : shortened(decodeUtf8(version));
}

/** The text that an attribute of a derivation is. */
function textOfPackage(forcer: PartForcer, value: Forced, attribute: Bytes): Bytes | undefined {
  if (!(value instanceof Attrs) || !value.has('type') || !value.has(attribute)) return undefined;
  try {
    if (forcer.forceBy(value.get('type')!, Infinity) !== 'derivation') return undefined;
    const text = forcer.forceBy(value.get(attribute)!, Infinity);
    return typeof text === 'string' ? text : text instanceof ContextString ? text.text : undefined;
  } catch (error) {
    // A set with an attribute that fails is shown as any other set.
    if (error instanceof EvalError) return undefined;
    throw error;
  }
}

/** What stands for a value that there is not; undefined where there only was no time, or room. Other things pass. */
export function shortError(error: unknown): ShortValue | undefined {
  if (error instanceof Interruption && error.reason !== 'cancelled') return undefined;
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
