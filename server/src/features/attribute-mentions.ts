/** Where a file names attributes by a name, whichever sets they are of. */
import type { Bytes } from '../base/bytes';
import { boundNames } from '../names/declarations';
import type { ParsedFile } from '../syntax/parse';
import { Kind, staticName } from '../syntax/tree';
import { walk } from '../syntax/walk';

/**
 * The starts of all places that may name an attribute of a set by `name`, in source order: in the
 * paths of selections and bindings, in formals and `inherit`s, and as a string of its own, which
 * functions such as `hasAttr` take. What a `let` binds is none.
 */
export function attributeMentions(parsed: ParsedFile, name: Bytes): number[] {
  const found = new Set<number>();
  const variables = new Set<number>();
  walk(parsed.root, parsed.rootAt, (node, at) => {
    switch (node.kind) {
      case Kind.Let:
        for (const bound of boundNames(node, at)) if (bound.name === name) variables.add(bound.range.start);
        return;
      case Kind.Formal:
        if (node.name.name === name) found.add(at);
        return;
      case Kind.AttributePath:
      case Kind.Inherit:
        node.names.forEach((each, i) => {
          if (staticName(each) === name) found.add(at + node.namesAt[i]!);
        });
        return;
      case Kind.DynamicName:
        // One that is static was met with its path; the string in it is the same place.
        return staticName(node) === undefined ? undefined : 'skip';
      case Kind.String:
        if (staticName(node) === name) found.add(at);
    }
  });
  return [...found].filter((at) => !variables.has(at)).sort((a, b) => a - b);
}
