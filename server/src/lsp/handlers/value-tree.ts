/** Requests for the value of a document as a tree, which an editor opens level by level. */
import type { CancellationToken } from 'vscode-languageserver/node';
import type {
  DescribeValueResult,
  LocateValueResult,
  ValuePart,
  ValueTreeResult,
} from '../../../../shared/src/protocol';
import { decodeUtf8, encodeUtf8 } from '../../base/bytes';
import type { PartRow, ValueStep } from '../../evaluator/service';
import { protocolLocation } from '../conversions';
import type { OpenDocument } from '../document';
import {
  readDocumentUri,
  readFields,
  readList,
  readNatural,
  readOptionalNatural,
  readParams,
  readString,
} from '../params';
import type { Parts } from '../parts';
import { protocolResult, sentenceOf } from './evaluation-result';
import { valueOf } from './pending-value';

/** How many parts are given to who says nothing of their number. */
const pageLength = 100;

interface Question {
  readonly document: OpenDocument | undefined;
  readonly steps: readonly ValueStep[];
}

function readQuestion({ documents }: Parts, params: unknown): Question {
  const steps = readList(readParams(params).path, 'path').map(readStep);
  return { document: documents.get(readDocumentUri(params)), steps };
}

function readStep(value: unknown, index: number): ValueStep {
  const name = `path[${index}]`;
  const { attribute, item, result } = readFields(value, name);
  if (result === true) return { result };
  if (item !== undefined) return { item: readNatural(item, `${name}.item`) };
  return { attribute: encodeUtf8(readString(attribute, `${name}.attribute`)) };
}

/** `nixray/valueTree` */
export async function valueTree(
  parts: Parts,
  params: unknown,
  token: CancellationToken,
): Promise<ValueTreeResult | null> {
  const { document, steps } = readQuestion(parts, params);
  const start = readOptionalNatural(readParams(params).start, 'start') ?? 0;
  const count = readOptionalNatural(readParams(params).count, 'count') ?? pageLength;
  if (document === undefined) return null;
  const outcome = await valueOf(parts, document, token, (supervisor) =>
    supervisor.ask('valueLevel', document.path, { steps, start, count }),
  );
  if ('stopped' in outcome) {
    const text = sentenceOf(outcome.stopped, parts);
    return { value: { kind: 'error', text, opens: false }, parts: [], total: 0 };
  }
  const level = outcome.result;
  return level === undefined
    ? null
    : { value: level.whole, parts: level.parts.map(protocolPart), total: level.total };
}

function protocolPart(row: PartRow): ValuePart {
  const { step } = row;
  return { ...row, step: 'attribute' in step ? { attribute: decodeUtf8(step.attribute) } : step };
}

/** `nixray/describeValue` */
export async function describeValue(
  parts: Parts,
  params: unknown,
  token: CancellationToken,
): Promise<DescribeValueResult | null> {
  const { document, steps } = readQuestion(parts, params);
  const deep = readParams(params).deep === true;
  if (document === undefined) return null;
  const outcome = await valueOf(parts, document, token, (supervisor) =>
    supervisor.ask('valueAt', document.path, steps, deep),
  );
  return protocolResult(outcome, parts);
}

/** `nixray/locateValue` */
export async function locateValue(
  parts: Parts,
  params: unknown,
  token: CancellationToken,
): Promise<LocateValueResult | null> {
  const { document, steps } = readQuestion(parts, params);
  if (document === undefined) return null;
  const outcome = await valueOf(parts, document, token, (supervisor) =>
    supervisor.ask('valuePlace', document.path, steps),
  );
  const location = 'result' in outcome ? outcome.result : undefined;
  return location === undefined ? null : protocolLocation(location, parts.documents);
}
