/**
 * The counts of `--stats`, under the names that C++ Nix gives them. What has no meaning here
 * is left out; docs/measuring.md says what and why.
 */
import { GCProfiler, getHeapStatistics } from 'node:v8';
import { counting, tally } from '../base/tally';
import { identifierCount } from '../syntax/identifier-table';
import type { Vm } from '../vm/vm';

/** Starts to count. The object that is returned gives the counts, once. */
export function startStatistics(): { finish(vm: Vm): object } {
  const collector = new GarbageCounter();
  return {
    finish: (vm) => {
      const { gc, seconds } = collector.finish();
      const cpu = process.cpuUsage().user / 1e6;
      return {
        cpuTime: cpu,
        time: { cpu, gc: seconds, gcFraction: seconds / cpu },
        symbols: { number: identifierCount() },
        ...(counting && {
          list: { elements: tally.elements, concats: tally.concatenations },
          sets: { number: tally.sets, elements: tally.attributes },
          nrOpUpdates: tally.updates,
          nrOpUpdateValuesCopied: tally.updatedAttributes,
          nrThunks: tally.thunks,
          nrLookups: tally.lookups,
        }),
        nrPrimOpCalls: vm.counters.builtinCalls,
        nrFunctionCalls: vm.counters.calls,
        gc,
      };
    },
  };
}

/** Follows the garbage collector of this thread. */
class GarbageCounter {
  private readonly profiler = new GCProfiler();
  private readonly usedAtStart = getHeapStatistics().used_heap_size;

  constructor() {
    this.profiler.start();
  }

  finish(): { readonly gc: object; readonly seconds: number } {
    const { total_heap_size: heapSize, used_heap_size: used } = getHeapStatistics();
    const collections = this.profiler.stop()?.statistics ?? [];
    // What was allocated is what was there before each collection and not after the one before it.
    let totalBytes = this.usedAtStart;
    let left = this.usedAtStart;
    let microseconds = 0;
    for (const { beforeGC, afterGC, cost } of collections) {
      totalBytes += beforeGC.heapStatistics.usedHeapSize - left;
      left = afterGC.heapStatistics.usedHeapSize;
      microseconds += cost;
    }
    totalBytes += used - left;
    return { gc: { heapSize, totalBytes, cycles: collections.length }, seconds: microseconds / 1e6 };
  }
}
