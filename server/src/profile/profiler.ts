/**
 * Where the time of an evaluation goes, by samples of the stack of activations.
 *
 * The machine tells every activation that begins and ends. The profiler looks at the clock
 * each time, and when the interval is over, the time since the last sample belongs to the
 * stack as it was until now. So the samples follow one another without gaps, and their times
 * add up to that of the whole run.
 */
import type { Blueprint } from '../bytecode/blueprint';
import type { BuiltinCode } from '../values/value';
import type { Observer, Vm } from '../vm/vm';

/** What an activation runs. */
export type Code = Blueprint | BuiltinCode;

/** An activation in its callers: a node of the tree of all stacks that were sampled. */
export interface CallNode {
  /** From 1 on, a caller before those that it called; 0 is the root. */
  readonly id: number;
  readonly caller: CallNode | undefined;
  /** What ran; undefined for the root, which is what is outside of all activations. */
  readonly code: Code | undefined;
}

export interface Profile {
  /** By their ids. */
  readonly nodes: readonly CallNode[];
  /** In the order of time. */
  readonly samples: readonly Sample[];
}

export interface Sample {
  /** The innermost activation. */
  readonly node: CallNode;
  readonly milliseconds: number;
}

class Node implements CallNode {
  private readonly callees = new Map<Code, Node>();

  constructor(
    readonly id: number,
    readonly caller: Node | undefined,
    readonly code: Code | undefined,
  ) {}

  /** The node of a callee; `add` makes it if there is none. */
  callee(code: Code, add: () => Node): Node {
    let node = this.callees.get(code);
    if (node === undefined) this.callees.set(code, (node = add()));
    return node;
  }
}

const defaultInterval = 0.1;

export class Profiler implements Observer {
  private readonly nodes = [new Node(0, undefined, undefined)];
  private readonly samples: Sample[] = [];
  private readonly stack: Code[] = [];
  /** The nodes of the lowest entries of `stack`, as far as they were sampled; the first is the root. */
  private readonly known = [this.nodes[0]!];
  private lastSample: number;

  /**
   * @param clock the time in milliseconds
   * @param interval the least number of milliseconds between two samples
   */
  constructor(
    private readonly clock: () => number = () => performance.now(),
    private readonly interval: number = defaultInterval,
  ) {
    this.lastSample = clock();
  }

  /**
   * Has the profiler hear all that a machine does from now on. The machine's observers hear
   * nothing of builtins, so the method that calls them is covered by one that tells of it.
   */
  observe(vm: Vm): void {
    vm.observer = this;
    const callBuiltin = vm.callBuiltin;
    vm.callBuiltin = (builtin, first, second, third) => {
      this.enter(builtin.record);
      try {
        return callBuiltin.call(vm, builtin, first, second, third);
      } finally {
        this.leave(builtin.record);
      }
    };
  }

  enter(code: Code): void {
    const now = this.clock();
    if (now - this.lastSample >= this.interval) this.sample(now);
    this.stack.push(code);
  }

  leave(code: Code): void {
    const now = this.clock();
    if (now - this.lastSample >= this.interval) this.sample(now);
    // The stack of JavaScript may overflow before an activation is entered here; it is left all the same.
    if (this.stack.at(-1) !== code) return;
    this.stack.pop();
    if (this.known.length > this.stack.length + 1) this.known.length = this.stack.length + 1;
  }

  /** What was measured until now. */
  stop(): Profile {
    this.sample(this.clock());
    return { nodes: this.nodes, samples: this.samples };
  }

  private sample(now: number): void {
    const { known, stack } = this;
    let node = known.at(-1)!;
    for (let i = known.length - 1; i < stack.length; i++) {
      const code = stack[i]!;
      const caller = node;
      node = caller.callee(code, () => this.add(caller, code));
      known.push(node);
    }
    this.samples.push({ node, milliseconds: now - this.lastSample });
    this.lastSample = now;
  }

  private add(caller: Node, code: Code): Node {
    const node = new Node(this.nodes.length, caller, code);
    this.nodes.push(node);
    return node;
  }
}
