/** The names of the global scope, for those who only have to know which there are. */
import { builtinRecords, constantRecords } from './registry';

export const globalNames: ReadonlySet<string> = new Set([
  'builtins',
  'true',
  'false',
  'null',
  ...builtinRecords.map(({ name, global }) => (global ? name : `__${name}`)),
  ...constantRecords.map(({ name, scope }) => (scope === 'underscored' ? `__${name}` : name)),
]);
