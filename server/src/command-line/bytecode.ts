/** `nixray bytecode FILE[:LINE:COLUMN]`: the chunks of a file; those around a place first. */
import { encodeUtf8 } from '../base/bytes';
import { renderError } from '../evaluator/render-error';
import { DocumentBytecode } from '../features/bytecode';
import { listingText } from '../features/bytecode-listing';
import { parseFlags, UsageError, type Flag } from './flags';
import { bytecodeHelp } from './help';
import { offsetOf, openPlace, openProject, parsePlace, type ProjectFile } from './project';
import type { World } from './world';

/** Exits with 1 where a syntax error leaves no byte code. @throws UsageError, HostError */
export function bytecode(args: readonly string[], world: World): number {
  const places: string[] = [];
  let help = false;
  parseFlags(args, {
    flags: new Map<string, Flag>([['--help', { arity: 0, apply: () => (help = true) }]]),
    positional: (place) => places.push(place),
  });
  if (help) {
    world.write(bytecodeHelp);
    return 0;
  }
  const [place, ...others] = places.map(parsePlace);
  if (place === undefined || others.length > 0) {
    throw new UsageError('one file is needed, as FILE or FILE:LINE:COLUMN');
  }
  const project = openProject(world, {});
  const file = openPlace(project, place);
  if (reportSyntaxError(file, world)) return 1;
  const listing = new DocumentBytecode(file.path).list(file.parsed, offsetOf(place, file), Infinity);
  world.write(encodeUtf8(listingText(listing, file.source.text)));
  return 0;
}

function reportSyntaxError({ parsed, source }: ProjectFile, world: World): boolean {
  const error = parsed.errors.find(({ severity }) => severity === 'error');
  if (error === undefined) return false;
  const position = { source, offset: error.range.start };
  world.writeError(`${renderError({ message: error.message, position }, { showTrace: false })}\n`);
  return true;
}
