/** `nixray hover FILE:LINE:COLUMN`: the Markdown that an editor would show. */
import { decodeUtf8, encodeUtf8 } from '../base/bytes';
import { hoverText } from '../features/hover';
import { ownFlag, parseFlags, UsageError, type Flag } from './flags';
import { hoverHelp } from './help';
import { offsetOf, openPlace, openProject, parsePlace } from './project';
import type { World } from './world';

/** Exits with 1 where there is nothing to show. @throws UsageError, HostError */
export function hover(args: readonly string[], world: World): number {
  const searchPath: string[] = [];
  const places: string[] = [];
  let depth = 3;
  let help = false;
  const include = ownFlag((entry) => searchPath.push(entry));
  parseFlags(args, {
    flags: new Map<string, Flag>([
      ['--help', { arity: 0, apply: () => (help = true) }],
      ['--depth', ownFlag((value) => (depth = levelsOf(value)))],
      ['-I', include],
      ['--include', include],
    ]),
    positional: (place) => places.push(place),
  });
  if (help) {
    world.write(hoverHelp);
    return 0;
  }
  const [place, ...others] = places.map(parsePlace);
  if (place?.line === undefined || others.length > 0) {
    throw new UsageError('one place is needed, as FILE:LINE:COLUMN');
  }
  const project = openProject(world, { paths: [place.file], searchPath });
  const file = openPlace(project, place);
  const report = project.service.hover(file.path, offsetOf(place, file)!, depth);
  if (report === undefined) {
    world.writeError('There is nothing to show at that place.\n');
    return 1;
  }
  const markdown = hoverText(report, ({ path, range }) => {
    const target = `${decodeUtf8(path)}:${range.start.line + 1}:${range.start.character + 1}`;
    return { target, text: target };
  });
  world.write(encodeUtf8(`${markdown}\n`));
  return 0;
}

function levelsOf(value: string): number {
  if (/^[0-9]{1,2}$/.test(value)) return Number(value);
  throw new UsageError(`'${value}' is not a number of levels`);
}
