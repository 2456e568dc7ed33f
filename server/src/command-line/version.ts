/** Which Nixray this is, and which Nix it is like. */
import { version } from '../../../package.json';

export { version };

/** The version of C++ Nix whose language and messages count. */
export const nixVersion = '2.36.0';
