/** Finds the command that the arguments name. */
import { encodeUtf8 } from '../base/bytes';
import { usage } from './help';
import { instantiate } from './instantiate';
import { version } from './version';
import type { World } from './world';

type Command = (args: readonly string[], world: World) => number;

const commands: ReadonlyMap<string, Command> = new Map<string, Command>([
  ['instantiate', instantiate],
  ['eval', (args, world) => instantiate(['--eval', ...args], world)],
]);

/** Runs a command and gives its exit code. */
export function runCommand(args: readonly string[], world: World): number {
  const [name, ...rest] = args;
  if (name === '--help' || name === '-h' || name === 'help') {
    world.write(usage);
    return 0;
  }
  if (name === '--version') {
    world.write(`nixray ${version}\n`);
    return 0;
  }
  const command = name === undefined ? undefined : commands.get(name);
  if (command !== undefined) return command(rest, world);
  const problem = name === undefined ? 'a command is missing' : `there is no command '${encodeUtf8(name)}'`;
  world.writeError(`error: ${problem}\n\n${usage}`);
  return 1;
}
