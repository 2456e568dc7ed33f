/**
 * The format of a code image: what has been compiled of one text, as bytes.
 *
 * An image holds code and never a result. It depends on the text, on the version
 * of Nixray and on the names of the global scope, not on where the file is:
 * relative paths stand in it as they are written.
 *
 * ```
 * header   as {@link Header} says
 * details  one for each blueprint: the names it captures, the parameters of a
 *          function and, if it was compiled, the code and the constants
 * strings  their bytes, one behind the other
 * ends     where each string ends in the strings: four bytes, little-endian
 * ```
 *
 * Numbers are varints unless stated otherwise.
 */

/** "NXRI" and the number of the format. */
export const magic = 0x4e585201;

/** Fields of four bytes, little-endian, by their offsets. */
export const enum Header {
  Magic = 0,
  /** Where the detail of the toplevel blueprint is. */
  Root = 4,
  Strings = 8,
  /** Where the ends of the strings are; their count follows from the length of the image. */
  Ends = 12,
  /** Where the root expression starts in the text. */
  RootAt = 16,
  /** How wide the root expression is. */
  RootWidth = 20,
  Size = 24,
}

/** What kind of constant follows. */
export const enum Tag {
  Null,
  False,
  True,
  /** A varint. */
  Natural,
  /** Any other integer that is a number: a string, in decimal. */
  Number,
  /** A string, in decimal. */
  BigInteger,
  /** A string: eight bytes, a little-endian double. */
  Float,
  Text,
  EmptyList,
  AbsolutePath,
  RelativePath,
  /** The value of a global name. */
  Global,
  Blueprint,
  Site,
  Formals,
  Shape,
  Names,
}

/** Bits of the byte that a blueprint begins with, as a constant. */
export const enum BlueprintFlag {
  Lambda = 1,
  CapturesWith = 2,
  /** Its source is an expression that can be parsed alone. */
  Standalone = 4,
}

/** Bits of the byte that the parameters of a function begin with. */
export const enum ParametersFlag {
  /** There is a name before `:` or beside `@`. */
  Parameter = 1,
  Formals = 2,
  Ellipsis = 4,
}

/** What the default of a formal is. */
export const enum DefaultTag {
  /** There is no default. */
  None,
  /** A constant follows. */
  Constant,
  /** The index of the constant that is its blueprint follows. */
  Thunk,
}
