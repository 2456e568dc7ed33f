/** Records of the static phases as diagnostics. */
import { decodeUtf8 } from '../base/bytes';
import type { SyntaxError } from '../syntax/parse';
import type { Diagnostic } from './diagnostic';

/** Something unused is faded out by editors instead of underlined. */
const unusedCode = /^unused-/;

export function staticDiagnostic({ range, message, code, severity, related }: SyntaxError): Diagnostic {
  return {
    range,
    message: decodeUtf8(message),
    code,
    severity,
    related:
      related === undefined
        ? []
        : [{ message: decodeUtf8(related.message), place: { kind: 'here', range: related.range } }],
    ...(unusedCode.test(code) ? { unnecessary: true } : {}),
  };
}
