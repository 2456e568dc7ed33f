/**
 * Reads parameters that may be anything: what is not as the protocol says is
 * answered by the protocol's own error, and never by a crash.
 */
import { ErrorCodes, ResponseError } from 'vscode-languageserver/node';
import type { Position, PositionRange } from './positions';

function invalid(what: string): never {
  throw new ResponseError(ErrorCodes.InvalidParams, `Invalid parameters: ${what}.`);
}

type Fields = { readonly [name: string]: unknown };

function fields(value: unknown, name: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    invalid(`${name} must be an object`);
  return value as Fields;
}

export function readParams(params: unknown): Fields {
  return fields(params, 'they');
}

/** The URI of `params.textDocument`. */
export function readDocumentUri(params: unknown): string {
  return readString(fields(readParams(params).textDocument, 'textDocument').uri, 'textDocument.uri');
}

export function readString(value: unknown, name: string): string {
  return typeof value === 'string' ? value : invalid(`${name} must be a string`);
}

export function readOptionalString(value: unknown, name: string): string | undefined {
  return value === undefined || value === null ? undefined : readString(value, name);
}

export function readPosition(value: unknown, name: string): Position {
  const { line, character } = fields(value, name);
  return {
    line: readNatural(line, `${name}.line`),
    character: readNatural(character, `${name}.character`),
  };
}

export function readOptionalPosition(value: unknown, name: string): Position | undefined {
  return value === undefined || value === null ? undefined : readPosition(value, name);
}

export function readRange(value: unknown, name: string): PositionRange {
  const { start, end } = fields(value, name);
  return { start: readPosition(start, `${name}.start`), end: readPosition(end, `${name}.end`) };
}

export function readOptionalRange(value: unknown, name: string): PositionRange | undefined {
  return value === undefined || value === null ? undefined : readRange(value, name);
}

export function readNatural(value: unknown, name: string): number {
  return Number.isInteger(value) && (value as number) >= 0
    ? (value as number)
    : invalid(`${name} must be an integer from 0 on`);
}

export function readOptionalNatural(value: unknown, name: string): number | undefined {
  return value === undefined || value === null ? undefined : readNatural(value, name);
}

export function readList(value: unknown, name: string): readonly unknown[] {
  return Array.isArray(value) ? value : invalid(`${name} must be a list`);
}

export function readFields(value: unknown, name: string): Fields {
  return fields(value, name);
}
