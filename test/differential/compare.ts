// Whether two outcomes of one program are the same, differ as they are known
// to, or differ without an explanation.
import { knownDifferences } from './known-differences';
import type { Answer, Outcome } from './outcome';

export type Comparison =
  | { readonly kind: 'same' }
  /** `name` is that of the known difference. */
  | { readonly kind: 'known'; readonly name: string }
  | { readonly kind: 'unexplained' };

export function compare(program: string, reference: Outcome, own: Outcome): Comparison {
  const json = compareAnswers(program, reference.json, own.json);
  if (json.kind === 'unexplained' || reference.plain === undefined || own.plain === undefined) return json;
  // JSON goes through a set by its names. The plain form forces it in the order in which the names came to
  // memory, which is no matter of the program alone: so which of several errors comes first is compared there.
  if (reference.plain.kind === 'error' && own.plain.kind === 'error') return json;
  const plain = compareAnswers(program, reference.plain, own.plain);
  return plain.kind === 'same' ? json : plain;
}

function compareAnswers(program: string, reference: Answer, own: Answer): Comparison {
  if (reference.kind === own.kind && reference.text === own.text) return { kind: 'same' };
  const known = knownDifferences.find(({ explains }) => explains(reference, own, program));
  return known === undefined ? { kind: 'unexplained' } : { kind: 'known', name: known.name };
}
