/** Which path a path literal means in its file. */
import type { Bytes } from '../base/bytes';
import { canonicalPath, directoryOf } from '../host/path';
import { Kind, PathStyle, type PathNode } from '../syntax/tree';

/** Undefined where it has interpolations, or starts at the home folder. */
export function pathOfLiteral({ parts, style }: PathNode, filePath: Bytes): Bytes | undefined {
  const [only] = parts;
  if (parts.length !== 1 || only!.kind !== Kind.TextPart || style === PathStyle.Home) return undefined;
  return canonicalPath(style === PathStyle.Absolute ? only!.text : `${directoryOf(filePath)}/${only!.text}`);
}
