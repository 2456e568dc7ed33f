/**
 * Profiles in the format of Chrome's and VS Code's tools: a tree of calls, and samples that
 * name its nodes. https://chromedevtools.github.io/devtools-protocol/tot/Profiler/#type-Profile
 */
import { pathToFileURL } from 'node:url';
import { encodeUtf8 } from '../base/bytes';
import { nativePath } from '../host/host-path';
import { FrameNames } from './frame';
import type { CallNode, Profile } from './profiler';

interface CpuProfileNode {
  readonly id: number;
  readonly callFrame: {
    readonly functionName: string;
    readonly scriptId: string;
    readonly url: string;
    readonly lineNumber: number;
    readonly columnNumber: number;
  };
  hitCount: number;
  readonly children: number[];
}

export interface CpuProfile {
  readonly nodes: readonly CpuProfileNode[];
  /** Microseconds, as all times. */
  readonly startTime: number;
  readonly endTime: number;
  readonly samples: readonly number[];
  /** The time between each sample and the one before it; so a sample lasts until the next one. */
  readonly timeDeltas: readonly number[];
}

export function cpuProfile({ nodes, samples }: Profile): CpuProfile {
  const names = new FrameNames();
  const scripts = new Map<string, string>();
  const described = nodes.map((node) => describe(node, names, scripts));
  for (const { id, caller } of nodes) if (caller !== undefined) described[caller.id]!.children.push(id + 1);
  const sampled: number[] = [];
  const timeDeltas: number[] = [];
  let end = 0;
  let before = 0;
  for (const { node, milliseconds } of samples) {
    const start = end;
    end += milliseconds * 1000;
    described[node.id]!.hitCount++;
    sampled.push(node.id + 1);
    // Whole microseconds; what is rounded off is not lost, but in the next one.
    timeDeltas.push(Math.round(start) - before);
    before = Math.round(start);
  }
  // The root ends the last sample.
  sampled.push(1);
  timeDeltas.push(Math.round(end) - before);
  return { nodes: described, startTime: 0, endTime: Math.round(end), samples: sampled, timeDeltas };
}

function describe({ id, code }: CallNode, names: FrameNames, scripts: Map<string, string>): CpuProfileNode {
  const frame = code === undefined ? undefined : names.frameOf(code);
  const place = frame?.place;
  const url = place === undefined ? '' : urlOf(place.file);
  if (!scripts.has(url)) scripts.set(url, String(scripts.size));
  return {
    // Chrome's ids are positive.
    id: id + 1,
    callFrame: {
      functionName: frame?.name ?? '(root)',
      scriptId: scripts.get(url)!,
      url,
      lineNumber: place === undefined ? -1 : place.line - 1,
      columnNumber: place === undefined ? -1 : place.column - 1,
    },
    hitCount: 0,
    children: [],
  };
}

/** Texts that are no files, and those of the evaluator itself, have names in «quotes». */
function urlOf(file: string): string {
  if (!file.startsWith('/')) return file;
  const native = nativePath(encodeUtf8(file));
  return typeof native === 'string' ? pathToFileURL(native).href : file;
}
