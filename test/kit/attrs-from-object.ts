import { attrsFromEntries, type Attrs } from '../../server/src/values/attrs';
import type { Value } from '../../server/src/values/value';

/** The set of an object's own properties. */
export function attrsFromObject(object: Readonly<Record<string, Value>>): Attrs {
  return attrsFromEntries(Object.entries(object));
}
