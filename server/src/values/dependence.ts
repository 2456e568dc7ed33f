/**
 * What values depend on besides the program: the content of files that may
 * change, and whether they exist.
 *
 * The machine keeps a log of such reads. A thunk during whose evaluation
 * something was read remembers on what its result depends, and how to compute it
 * again; it also counts as a read for whoever uses the result. When an input
 * changes, every result that depends on it is stale from that moment, without
 * anybody having to look for the thunks.
 */

/** One thing that may change: after its change it is another input. */
class Input {
  changed = false;
  constructor(
    readonly key: string,
    /** Later inputs have higher numbers. */
    readonly number: number,
  ) {}
}

/** A set of inputs. */
export class Dependence {
  private isStale = false;
  private checkedAt: number;
  /** The unions with others that were asked for. */
  readonly unions = new WeakMap<Dependence, Dependence>();

  constructor(
    private readonly owner: Dependences,
    /** By ascending number. */
    readonly inputs: readonly Input[],
  ) {
    this.checkedAt = owner.changes;
  }

  /** Whether any of the inputs has changed. */
  get stale(): boolean {
    if (this.checkedAt !== this.owner.changes && !this.isStale) {
      this.checkedAt = this.owner.changes;
      this.isStale = this.inputs.some((input) => input.changed);
    }
    return this.isStale;
  }

  /** Notes that something is used that depends on this. */
  use(): void {
    this.owner.log.push(this);
  }
}

/** What depends on more inputs than this is taken to depend on all of them: large sets are dear, and say little. */
const maxInputs = 128;

/** So many different sets are remembered to be shared. */
const maxShared = 4096;

export class Dependences {
  /** What was read since the start of the request, or used that depends on reads, in that order. */
  readonly log: Dependence[] = [];
  /** How many times something has changed. */
  changes = 0;
  private lastNumber = 0;
  private readonly inputs = new Map<string, Dependence>();
  private everything: Dependence | undefined;
  private shared = new Map<string, Dependence>();

  /** Notes that an input is read. */
  read(key: string): void {
    this.log.push(this.on(key));
  }

  /** What was read since the log had that length. */
  since(length: number): Dependence | undefined {
    const { log } = this;
    if (log.length === length) return undefined;
    let result = log[length]!;
    for (let i = length + 1; i < log.length; i++) result = this.union(result, log[i]!);
    return result;
  }

  /** The same; what was read since then is one entry of the log afterwards. */
  collapse(length: number): Dependence {
    const result = this.since(length)!;
    this.log.length = length;
    this.log.push(result);
    return result;
  }

  /** Whatever depends on the input is stale from now on. */
  change(key: string): void {
    const dependence = this.inputs.get(key);
    if (dependence === undefined) return;
    this.inputs.delete(key);
    this.changes++;
    for (const input of dependence.inputs) input.changed = true;
    if (this.everything !== undefined) for (const input of this.everything.inputs) input.changed = true;
    this.everything = undefined;
    for (const [name, set] of this.shared) if (set.stale) this.shared.delete(name);
  }

  /** The inputs that were read and have not changed since. */
  keys(): Iterable<string> {
    return this.inputs.keys();
  }

  /** The keys of what something depends on; all there are where it is too many to tell. */
  keysOf(dependence: Dependence | undefined): Iterable<string> {
    if (dependence === undefined) return [];
    return dependence === this.everything ? this.keys() : dependence.inputs.map((input) => input.key);
  }

  private on(key: string): Dependence {
    let dependence = this.inputs.get(key);
    if (dependence === undefined) {
      dependence = new Dependence(this, [new Input(key, ++this.lastNumber)]);
      this.inputs.set(key, dependence);
    }
    return dependence;
  }

  private union(a: Dependence, b: Dependence): Dependence {
    if (a === b || b === this.everything) return b;
    if (a === this.everything) return a;
    const known = a.unions.get(b);
    if (known !== undefined && !(known.stale && !a.stale && !b.stale)) return known;
    const result = this.share(a, b, merge(a.inputs, b.inputs));
    a.unions.set(b, result);
    return result;
  }

  private share(a: Dependence, b: Dependence, inputs: readonly Input[]): Dependence {
    if (inputs.length === a.inputs.length) return a;
    if (inputs.length === b.inputs.length) return b;
    if (inputs.length > maxInputs) {
      return (this.everything ??= new Dependence(this, [new Input('', ++this.lastNumber)]));
    }
    const name = inputs.map((input) => input.number).join();
    const known = this.shared.get(name);
    if (known !== undefined) return known;
    if (this.shared.size >= maxShared) this.shared = new Map();
    const made = new Dependence(this, inputs);
    this.shared.set(name, made);
    return made;
  }
}

/** Both without duplicates, by ascending number. */
function merge(a: readonly Input[], b: readonly Input[]): readonly Input[] {
  const merged: Input[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    const left = a[i]!;
    const right = b[j]!;
    if (left.number <= right.number) i++;
    if (right.number <= left.number) j++;
    merged.push(left.number <= right.number ? left : right);
  }
  while (i < a.length) merged.push(a[i++]!);
  while (j < b.length) merged.push(b[j++]!);
  return merged;
}
