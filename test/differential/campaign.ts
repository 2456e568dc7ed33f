// A run over many random programs: evaluates each in both implementations,
// counts how they compare, and makes what differs small.
import fc from 'fast-check';
import { compare, type Comparison } from './compare';
import { knownDifferences } from './known-differences';
import { programs } from './generator/program';
import { interrupted, type Outcome } from './outcome';
import { OwnEvaluator } from './own';
import { evaluateWithReference } from './reference';
import { shrink } from './shrink';

export interface Difference {
  readonly program: string;
  readonly reference: Outcome;
  readonly own: Outcome;
}

export interface Counts {
  values: number;
  errors: number;
  /** Programs whose difference is known, by its name. */
  readonly known: Map<string, number>;
}

export interface CampaignResult extends Counts {
  /** Made small; one for each program with an unexplained difference. */
  readonly differences: readonly Difference[];
}

export interface CampaignOptions {
  readonly runs: number;
  readonly seed: number;
  /** Hears how many programs are done. */
  readonly progress?: (done: number, counts: Counts, differences: number) => void;
}

/** Programs in one process of C++ Nix. */
const batchSize = 500;
const rewriting = knownDifferences.filter(({ rewrite }) => rewrite !== undefined);
/** Differences are made small for the first ones only: many mostly have one cause. */
const mostShrunk = 20;

export async function runCampaign({ runs, seed, progress }: CampaignOptions): Promise<CampaignResult> {
  const own = new OwnEvaluator();
  const counts: Counts = { values: 0, errors: 0, known: new Map() };
  const differences: Difference[] = [];
  try {
    for (let done = 0; done < runs; done += batchSize) {
      const size = Math.min(batchSize, runs - done);
      const batch = fc.sample(programs, { seed: seed + done / batchSize, numRuns: size });
      for (const difference of await compareBatch(batch, own, counts)) {
        const isShrunk = differences.length < mostShrunk;
        differences.push(isShrunk ? await shrunk(difference.program, own) : difference);
      }
      progress?.(done + size, counts, differences.length);
    }
  } finally {
    await own.close();
  }
  return { ...counts, differences };
}

/** The unexplained differences of some programs. */
async function compareBatch(
  batch: readonly string[],
  own: OwnEvaluator,
  counts: Counts,
): Promise<Difference[]> {
  const differences: Difference[] = [];
  for (const difference of await evaluateBoth(batch, own)) {
    if (difference.reference.json.kind === 'value') counts.values++;
    else counts.errors++;
    let comparison = compare(difference.program, difference.reference, difference.own);
    if (comparison.kind === 'unexplained') comparison = await compareClosely(difference.program, own);
    if (comparison.kind === 'unexplained') differences.push(difference);
    if (comparison.kind === 'known') {
      counts.known.set(comparison.name, (counts.known.get(comparison.name) ?? 0) + 1);
    }
  }
  return differences;
}

/**
 * Once more, and alone: on a busy machine, a process may have run out of time.
 * Then with the program rewritten so that Nix 2.8 does as 2.36 does.
 */
export async function compareClosely(program: string, own: OwnEvaluator): Promise<Comparison> {
  const [again] = await evaluateBoth([program], own);
  const comparison = compare(program, again!.reference, again!.own);
  if (comparison.kind !== 'unexplained') return comparison;
  // By itself, C++ Nix meets the names of a set in the order of the program.
  const [byItself] = evaluateWithReference([program], 'null');
  const alone = compare(program, byItself!, again!.own);
  if (alone.kind !== 'unexplained') return alone;
  const references = evaluateWithReference(rewriting.map(({ rewrite }) => rewrite!(program)));
  const index = references.findIndex(
    (reference) => compare(program, reference, again!.own).kind !== 'unexplained',
  );
  return index < 0 ? comparison : { kind: 'known', name: rewriting[index]!.name };
}

async function evaluateBoth(batch: readonly string[], own: OwnEvaluator): Promise<Difference[]> {
  const ownOutcomes = own.evaluate(batch);
  const references = evaluateWithReference(batch);
  const outcomes = await ownOutcomes;
  return batch.map((program, i) => ({ program, reference: references[i]!, own: outcomes[i]! }));
}

async function shrunk(program: string, own: OwnEvaluator): Promise<Difference> {
  const small = await shrink(program, async (candidates) => {
    const shown: boolean[] = [];
    for (const candidate of await evaluateBoth(candidates, own)) {
      const { reference, own: ownOutcome } = candidate;
      const isSuspect =
        compare(candidate.program, reference, ownOutcome).kind === 'unexplained' &&
        !isSyntaxError(reference) &&
        !isEndless(ownOutcome) &&
        !shown.includes(true);
      shown.push(isSuspect && (await compareClosely(candidate.program, own)).kind === 'unexplained');
    }
    return shown;
  });
  const [difference] = await evaluateBoth([small], own);
  return difference!;
}

/** Leaving out parts can break the grammar, which is not what is looked for. */
function isSyntaxError(outcome: Outcome): boolean {
  return outcome.json.text.startsWith('syntax error');
}

/** Leaving out parts can take away what ends a recursion; both give up then, each in its own way. */
function isEndless(outcome: Outcome): boolean {
  return outcome.json.text.startsWith(interrupted);
}
