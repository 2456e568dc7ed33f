/**
 * What semantic tokens can be. The editor hears of it while the server starts, so
 * nothing is loaded for it.
 */

/** Those of the protocol's list, and `unresolvedReference`, which others use, too, for a name that nothing declares. */
export const tokenTypes = ['parameter', 'variable', 'function', 'property', 'unresolvedReference'] as const;
export const tokenModifiers = ['declaration', 'defaultLibrary'] as const;

export type TokenType = (typeof tokenTypes)[number];
export type TokenModifier = (typeof tokenModifiers)[number];
