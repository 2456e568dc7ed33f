/**
 * Profiles in the format of speedscope: frames, and when each begins and ends.
 * https://www.speedscope.app/file-format-schema.json
 */
import { FrameNames, type Frame } from './frame';
import type { CallNode, Profile } from './profiler';

export interface SpeedscopeFile {
  readonly $schema: string;
  readonly exporter: string;
  readonly name: string;
  readonly shared: { readonly frames: readonly SpeedscopeFrame[] };
  readonly profiles: readonly {
    readonly type: 'evented';
    readonly name: string;
    readonly unit: 'milliseconds';
    readonly startValue: number;
    readonly endValue: number;
    readonly events: readonly SpeedscopeEvent[];
  }[];
}

interface SpeedscopeFrame {
  readonly name: string;
  readonly file?: string;
  readonly line?: number;
  readonly col?: number;
}

/** `O`pened or `C`losed; `frame` is an index into the shared frames. */
interface SpeedscopeEvent {
  readonly type: 'O' | 'C';
  readonly frame: number;
  readonly at: number;
}

export function speedscope(profile: Profile, name: string): SpeedscopeFile {
  const frames = new SharedFrames();
  const events: SpeedscopeEvent[] = [];
  let now = 0;
  let open: CallNode[] = [];
  /** Closes and opens what differs between two stacks. */
  const change = (to: CallNode[]): void => {
    let same = 0;
    while (same < to.length && to[same] === open[same]) same++;
    for (const node of open.slice(same).reverse()) {
      events.push({ type: 'C', frame: frames.of(node), at: now });
    }
    for (const node of to.slice(same)) events.push({ type: 'O', frame: frames.of(node), at: now });
    open = to;
  };
  let last: CallNode | undefined;
  for (const { node, milliseconds } of profile.samples) {
    if (node !== last) change(stackOf(node));
    last = node;
    now += milliseconds;
  }
  change([]);
  return {
    $schema: 'https://www.speedscope.app/file-format-schema.json',
    exporter: 'nixray',
    name,
    shared: { frames: frames.all },
    profiles: [{ type: 'evented', name, unit: 'milliseconds', startValue: 0, endValue: now, events }],
  };
}

/** From the outermost activation on, without the root. */
function stackOf(innermost: CallNode): CallNode[] {
  const stack: CallNode[] = [];
  for (let node = innermost; node.caller !== undefined; node = node.caller) stack.push(node);
  return stack.reverse();
}

/** One frame for each place in a text, however often it was called. */
class SharedFrames {
  readonly all: SpeedscopeFrame[] = [];
  private readonly names = new FrameNames();
  private readonly byPlace = new Map<string, number>();
  private readonly byNode = new Map<CallNode, number>();

  of(node: CallNode): number {
    let index = this.byNode.get(node);
    if (index === undefined) this.byNode.set(node, (index = this.place(this.names.frameOf(node.code!))));
    return index;
  }

  private place({ name, place }: Frame): number {
    const key = place === undefined ? name : `${place.line}:${place.column}:${name}:${place.file}`;
    let index = this.byPlace.get(key);
    if (index === undefined) {
      this.byPlace.set(key, (index = this.all.length));
      this.all.push({ name, ...(place && { file: place.file, line: place.line, col: place.column }) });
    }
    return index;
  }
}
