/**
 * Arguments of functions that the user pinned in the settings. A pin is for the
 * function that a file consists of, by a glob of paths, or for a function in a
 * file, by a glob and the function's key: `lib/*.nix#twice:f`.
 */
import picomatch from 'picomatch';
import { decodeUtf8, encodeUtf8, type Bytes } from '../base/bytes';
import { pathWithin } from '../host/path';
import { Kind, withoutParentheses, type Expression, type LambdaNode } from '../syntax/tree';
import { nodesAt } from '../syntax/walk';
import { lazily } from '../values/thunk';
import type { Evaluator } from './evaluator';
import { functionKey } from './function-keys';
import type { KnownArgument, PlacedLambda } from './live-scopes';
import { valueOfText, type Subject } from './live-values';
import type { ArgumentReport } from './service';

interface Pin {
  /** As it stands in the setting. */
  readonly setting: string;
  readonly matches: (path: string) => boolean;
  /** Of the function in the file; without it the file's own function is meant. */
  readonly key: string | undefined;
  readonly expression: string;
}

export class PinnedArguments {
  private readonly pins: readonly Pin[];

  constructor(
    /** From a glob, of paths in the workspace or of whole ones, to an expression. The first that matches counts. */
    globs: Readonly<Record<string, string>>,
    private readonly folders: readonly Bytes[],
  ) {
    const pins = Object.entries(globs).map(([setting, expression]) => ({ ...readPin(setting), expression }));
    // What names one file is meant before what names many.
    this.pins = [...pins.filter(({ isGlob }) => !isGlob), ...pins.filter(({ isGlob }) => isGlob)];
  }

  /**
   * The argument that is pinned for a function. Its expression is evaluated in the
   * scope around the function; relative paths in it start from the file's folder.
   */
  find(evaluator: Evaluator, subject: Subject, lambda: PlacedLambda): KnownArgument | undefined {
    const pin = this.pinOf(subject, lambda);
    if (pin === undefined) return undefined;
    const { expression } = pin;
    return {
      value: lazily(() => evaluator.vm.force(valueOfPin(evaluator, subject, lambda, encodeUtf8(expression)))),
      source: `with the argument \`${expression}\` pinned in the setting nixray.arguments`,
    };
  }

  /** Whether an argument of any function of a file may be pinned. */
  concerns({ path }: Subject): boolean {
    return this.pins.length > 0 && this.matching(path).length > 0;
  }

  /** The arguments of a function that takes them one after the other, and what is pinned for them. */
  describe(subject: Subject, lambda: PlacedLambda): ArgumentReport[] {
    const { parsed, path } = subject;
    return chainOf(lambda).map((each) => {
      const { node, at } = each;
      const pinned = this.pinOf(subject, each);
      const end = at + (node.formals === undefined ? node.parameter!.width : headWidth(node));
      return {
        offset: at,
        parameter: decodeUtf8(parsed.text.slice(at, end)).replace(/\s+/g, ' '),
        required: requiredNames(node),
        setting: this.settingFor(path, isOfFile(subject, node) ? undefined : functionKey(parsed, node)),
        ...(pinned && { pinned: { setting: pinned.setting, expression: pinned.expression } }),
      };
    });
  }

  private pinOf(subject: Subject, { node }: PlacedLambda): Pin | undefined {
    if (this.pins.length === 0) return undefined;
    return this.matching(subject.path).find(({ key }) =>
      key === undefined ? isOfFile(subject, node) : key === functionKey(subject.parsed, node),
    );
  }

  private matching(path: Bytes): readonly Pin[] {
    const names = this.namesOf(path);
    return this.pins.filter(({ matches }) => names.some((name) => matches(name)));
  }

  /** A path, in whole and as it is in the folders of the workspace. */
  private namesOf(path: Bytes): string[] {
    const inside = this.folders.map((folder) => pathWithin(path, folder));
    return [path, ...inside.filter((name) => name !== undefined)].map(decodeUtf8);
  }

  /** What names the function in the setting. */
  private settingFor(path: Bytes, key: string | undefined): string {
    const file = this.namesOf(path)
      .at(-1)!
      .replace(/[#*?[\]{}()!+@|\\]/g, '[$&]');
    return key === undefined ? file : `${file}#${key}`;
  }
}

/** A `#` in brackets belongs to the name of a file. */
const keyed = /^(.*[^[])#(.+)$/s;

function readPin(setting: string): Omit<Pin, 'expression'> & { readonly isGlob: boolean } {
  const [, file = setting, key] = keyed.exec(setting) ?? [];
  return { setting, matches: picomatch(file), key, isGlob: picomatch.scan(file).isGlob };
}

function valueOfPin(evaluator: Evaluator, subject: Subject, lambda: PlacedLambda, text: Bytes) {
  const path = nodesAt(subject.parsed, lambda.at).reverse();
  const index = path.findIndex(({ node }) => node === lambda.node);
  const scope = subject.live.scopeAt(path.slice(0, index), path[index]!);
  return valueOfText(evaluator, subject, scope, text);
}

function isOfFile({ parsed }: Subject, lambda: LambdaNode): boolean {
  return withoutParentheses(parsed.root) === lambda;
}

/** The functions of `a: b: …`. */
function chainOf(first: PlacedLambda): PlacedLambda[] {
  const chain: PlacedLambda[] = [];
  let { node, at }: { node: Expression; at: number } = first;
  for (;;) {
    if (node.kind === Kind.Lambda) {
      chain.push({ node, at });
      at += node.bodyAt;
      node = node.body;
    } else if (node.kind === Kind.Parenthesised) {
      at += node.innerAt;
      node = node.inner;
    } else return chain;
  }
}

/** The width of the formals with their name. */
function headWidth({ formals, formalsAt, parameter, parameterAt }: LambdaNode): number {
  const end = formalsAt + formals!.width;
  return parameter === undefined ? end : Math.max(end, parameterAt + parameter.width);
}

function requiredNames({ formals }: LambdaNode): readonly string[] | undefined {
  return formals?.formals
    .filter(({ fallback }) => fallback === undefined)
    .map(({ name }) => decodeUtf8(name.name));
}
