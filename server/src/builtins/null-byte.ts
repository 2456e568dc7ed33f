/** Strings of Nix hold no zero byte; texts in JSON and TOML can. */
import { encodeUtf8, type Bytes } from '../base/bytes';
import { EvalError } from '../values/error';

const symbolForNull = encodeUtf8('␀');

/** The same text. @throws EvalError if it has a zero byte */
export function requireNoNullByte(text: Bytes): Bytes {
  if (!text.includes('\0')) return text;
  const shown = text.replaceAll('\0', symbolForNull);
  throw new EvalError(
    'evaluation-error',
    `input string '${shown}' cannot be represented as Nix string because it contains null bytes`,
  );
}
