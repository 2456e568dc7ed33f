/**
 * Values of a document that are no target of a hover: a part of a selection, the
 * text before a cursor, an expression of the user's own.
 */
import { encodeUtf8, trimmedEnd, type Bytes } from '../base/bytes';
import type { Range } from '../base/range';
import type { CompilationUnit } from '../compiler/unit';
import { freeNames } from '../names/free-names';
import type { ParsedFile } from '../syntax/parse';
import { Kind, type Expression, type LambdaNode, type Node } from '../syntax/tree';
import { nodesAt } from '../syntax/walk';
import type { Dependence } from '../values/dependence';
import type { Forced, Value } from '../values/value';
import type { Evaluator } from './evaluator';
import type { LiveFile, LiveScope } from './live-scopes';
import { selectPath } from './select-path';
import type { ValuePath } from './service';

/** A document, or a file on disk that somebody asks about. */
export interface Subject {
  readonly path: Bytes;
  readonly parsed: ParsedFile;
  readonly unit: CompilationUnit;
  readonly live: LiveFile;
  /** What the text of a file on disk depends on. */
  readonly on: Dependence | undefined;
}

/**
 * The scope at an offset. White space belongs to what stands before it, so that a
 * cursor behind `in` or `x:` is in the scope that these open.
 */
export function scopeAround({ parsed, live }: Subject, offset: number): LiveScope {
  const before = trimmedEnd(parsed.text.slice(0, offset)).length;
  const held = nodesAt(parsed, offset);
  const path = (held.length > 1 || before === offset ? held : nodesAt(parsed, before)).reverse();
  const last = path.at(-1);
  return live.scopeAt(path, last ?? { node: parsed.root, at: parsed.rootAt });
}

/** Where the argument of the function that starts at an offset comes from, if it is known. */
export function sourceOfArgument(subject: Subject, offset: number): string | undefined {
  const scope = scopeOfFunction(subject, offset);
  // Without an argument of its own, the scope would speak of a function further out.
  return scope?.argument === undefined ? undefined : scope.source;
}

/** The scope in the function that starts at an offset. */
export function scopeOfFunction(
  { parsed, live }: Pick<Subject, 'parsed' | 'live'>,
  offset: number,
): LiveScope | undefined {
  const path = nodesAt(parsed, offset).reverse();
  const index = path.findIndex(({ node, at }) => node.kind === Kind.Lambda && at === offset);
  if (index < 0) return undefined;
  const lambda = path[index]!;
  const body = (lambda.node as LambdaNode).body;
  return live.scopeAt(path.slice(0, index + 1), { node: body, at: offset });
}

/** An expression of somebody's own, in a scope. @throws EvalError for its first static error */
export function valueOfText(evaluator: Evaluator, subject: Subject, scope: LiveScope, text: Bytes): Value {
  const known = { has: (name: string) => scope.withs !== null || scope.find(name) !== undefined };
  const source = { kind: 'string', path: encodeUtf8('«expression»'), text } as const;
  const parsed = evaluator.parseWithin(source, known, scope.names());
  const unit = { ...subject.unit, source, rootAt: parsed.rootAt };
  const body = { kind: 'expression', node: parsed.root } as const;
  return subject.live.suspend(scope, body, freeNames(parsed.root), parsed.rootAt, unit);
}

/** The value at the end of a path. @throws EvalError, Interruption */
export function valueOfPath(evaluator: Evaluator, subject: Subject, { target, names }: ValuePath): Forced {
  const value = valueOfRange(evaluator, subject, target);
  return selectPath(evaluator.vm, value, names, 'while selecting an attribute');
}

/** An expression of the document shares its value with all who ask; other text is evaluated by itself. */
function valueOfRange(evaluator: Evaluator, subject: Subject, range: Range): Value {
  const { parsed, live } = subject;
  const path = nodesAt(parsed, range.start).reverse();
  const index = path.findIndex(
    ({ node, at }) => at === range.start && at + node.width === range.end && isExpression(node),
  );
  if (index < 0) {
    const text = parsed.text.slice(range.start, range.end);
    return valueOfText(evaluator, subject, scopeAround(subject, range.start), text);
  }
  const { node, at } = path[index]!;
  return live.thunk(live.scopeAt(path.slice(0, index), path[index]!), node as Expression, at);
}

function isExpression(node: Node): boolean {
  return node.kind <= Kind.Binary;
}
