/** Values as text. */
import type { Bytes } from '../base/bytes';
import type { Value } from './value';

/** A value inside an error message: C++ Nix's `errorPrintOptions`. */
export function printForError(_value: Value): Bytes {
  return '…';
}
