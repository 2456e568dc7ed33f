/** Arguments that the user pinned in the settings, for files that are functions. */
import picomatch from 'picomatch';
import { decodeUtf8, encodeUtf8, type Bytes } from '../base/bytes';
import { directoryOf } from '../host/path';
import type { ParsedFile } from '../syntax/parse';
import { Kind, type Expression } from '../syntax/tree';
import { lazily } from '../values/thunk';
import type { Evaluator } from './evaluator';
import type { KnownArgument, PlacedLambda } from './live-scopes';

interface Pin {
  readonly matches: (path: string) => boolean;
  readonly expression: string;
}

export class PinnedArguments {
  private readonly pins: readonly Pin[];

  constructor(
    /** From a glob, of paths in the workspace or of whole ones, to an expression. The first that matches counts. */
    globs: Readonly<Record<string, string>>,
    private readonly folders: readonly Bytes[],
  ) {
    this.pins = Object.entries(globs).map(([glob, expression]) => ({ matches: picomatch(glob), expression }));
  }

  /** The argument for the function that a file consists of. Relative paths in it start from the file's folder. */
  find(
    evaluator: Evaluator,
    path: Bytes,
    parsed: ParsedFile,
    lambda: PlacedLambda,
  ): KnownArgument | undefined {
    if (this.pins.length === 0 || functionOf(parsed.root) !== lambda.node) return undefined;
    const pin = this.pinOf(path);
    if (pin === undefined) return undefined;
    const { expression } = pin;
    const name = encodeUtf8('«nixray.arguments»');
    return {
      value: lazily(() => evaluator.evaluateText(encodeUtf8(expression), directoryOf(path), name)),
      source: `with the argument \`${expression}\` from the setting nixray.arguments`,
    };
  }

  private pinOf(path: Bytes): Pin | undefined {
    const text = decodeUtf8(path);
    const names = [text];
    for (const folder of this.folders.map(decodeUtf8)) {
      if (text.startsWith(`${folder}/`)) names.push(text.slice(folder.length + 1));
    }
    return this.pins.find(({ matches }) => names.some((name) => matches(name)));
  }
}

/** The function that a whole file is, if it is one. */
function functionOf(root: Expression): Expression {
  return root.kind === Kind.Parenthesised ? functionOf(root.inner) : root;
}
