/** A half-open range of bytes `[start, end)` of a text. */
export interface Range {
  readonly start: number;
  readonly end: number;
}
