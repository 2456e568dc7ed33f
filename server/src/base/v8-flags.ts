/**
 * Flags of V8 that suit an evaluation. V8 reads these while it runs; all others
 * have to be there when a process starts.
 *
 * Code that V8 keeps on disk is good for one set of flags only, so a process
 * loads its program before it sets any, and restores them before it keeps code.
 */
import { availableParallelism } from 'node:os';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Elsewhere, as in an editor that is built on Electron, V8's flags may be frozen once it runs. */
const isNode = process.versions['electron'] === undefined;

/** The default of V8 11.3 (Node 20), in bytes of V8's byte code; other versions keep theirs, which is not known here. */
const interruptBudget = 67_584;
const knowsDefaults = isNode && process.versions.v8.startsWith('11.3.');

/** Where there are no more cores, V8's compiler takes the time of the evaluation that it compiles for. */
const fewCores = 2;

/**
 * For a process that evaluates once. With few cores functions are optimized
 * later: measured with two, the output path of `hello` takes 14 % less time, that
 * of a NixOS system 6 %, and small programs the same.
 */
export function prepareShortRun(): void {
  if (knowsDefaults && availableParallelism() <= fewCores) {
    setFlagsFromString(`--interrupt-budget=${4 * interruptBudget}`);
  }
}

/**
 * For a large evaluation in such a process: no function is optimized in the
 * middle of a loop. The dispatch loop begins anew with each activation, so that
 * would compile it twice, for 5 to 9 % of the time. In a small program a builtin
 * may loop for as long as the process runs, and has to be optimized there.
 */
export function prepareLargeRun(): void {
  if (isNode) setFlagsFromString('--no-use-osr');
}

/**
 * For a builtin that makes very many values that all stay. V8's space for young objects
 * starts with a mebibyte or so and doubles, and copies what has survived at each step; now it
 * grows at once. Measured: `listToAttrs` of 200,000 pairs takes a sixth less of a whole process,
 * while one that keeps little, or evaluates a package, takes 5 to 10 % more with it.
 */
export function prepareMuchToKeep(): void {
  if (knowsDefaults) setFlagsFromString('--semi-space-growth-factor=16');
}

/** The flags as they were when the process started. */
export function restoreFlags(): void {
  if (knowsDefaults) setFlagsFromString('--semi-space-growth-factor=2');
  if (knowsDefaults) setFlagsFromString(`--interrupt-budget=${interruptBudget}`);
  if (isNode) setFlagsFromString('--use-osr');
}

/** Flags for {@link learning}, each with the default of V8 11.3 (Node 20), where the budgets come from. */
const learningFlags: readonly (readonly [flag: string, usual: string])[] = [
  // Nothing is optimized before the end, when all of it has been learnt.
  ['--no-turbofan', '--turbofan'],
  ...(knowsDefaults
    ? ([
        ['--interrupt-budget-for-feedback-allocation=1', '--interrupt-budget-for-feedback-allocation=940'],
        [
          '--interrupt-budget-factor-for-feedback-allocation=0',
          '--interrupt-budget-factor-for-feedback-allocation=8',
        ],
      ] as const)
    : ([['--no-lazy-feedback-allocation', '--lazy-feedback-allocation']] as const)),
];

/**
 * Runs something so that V8 learns from the first calls of each function, and not only from
 * later ones. With the least budget a function begins to learn when it returns for the first
 * time, and V8 compiles it to baseline code at once; one that learns from the very start waits
 * for that as long as for the optimizer, and a quarter of a large evaluation was interpreted.
 */
export function learning<T>(run: () => T): T {
  if (!isNode) return run();
  for (const [flag] of learningFlags) setFlagsFromString(flag);
  try {
    return run();
  } finally {
    for (const [, usual] of learningFlags) setFlagsFromString(usual);
  }
}

/**
 * Collects now what nothing refers to any more. Does nothing where V8's flags are frozen, unless
 * the process was started with `--expose-gc`. A thread that only waits for another one never
 * does that by itself, and what it has allocated would be missing there.
 */
export function collectGarbage(): void {
  const { gc } = globalThis;
  if (gc !== undefined) return void gc();
  if (!isNode) return;
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  setFlagsFromString('--no-expose-gc');
  collect();
}
