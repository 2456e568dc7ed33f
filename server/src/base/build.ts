/** Which build this is. */

/** Set where the bundles are made: a digest of the sources, twelve hexadecimal digits. */
declare const NIXRAY_BUILD: string | undefined;

/** Undefined where the sources run without having been bundled. */
export const buildId: string | undefined = typeof NIXRAY_BUILD === 'undefined' ? undefined : NIXRAY_BUILD;
