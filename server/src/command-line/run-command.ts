/** Finds the command that the arguments name. */
import { encodeUtf8 } from '../base/bytes';
import { HostError } from '../host/host';
import { bytecode } from './bytecode';
import { check } from './check';
import { evaluationCommands, type Command } from './evaluation-commands';
import { UsageError } from './flags';
import { format } from './format';
import { lspHelp, usage } from './help';
import { hover } from './hover';
import { version } from './version';
import type { World } from './world';

const commands: ReadonlyMap<string, Command> = new Map<string, Command>([
  ...evaluationCommands,
  ['check', withErrors('check', check)],
  ['format', withErrors('format', format)],
  ['hover', withErrors('hover', hover)],
  ['bytecode', withErrors('bytecode', bytecode)],
  ['lsp', describeServer],
]);

/** The server itself is a program of its own, which the first file starts. */
function describeServer(_args: readonly string[], world: World): number {
  world.write(lspHelp);
  return 0;
}

/** A command whose errors are written as messages. */
function withErrors(name: string, command: Command): Command {
  return (args, world) => {
    try {
      return command(args, world);
    } catch (error) {
      if (error instanceof UsageError) {
        const message = encodeUtf8(error.message);
        world.writeError(`error: ${message}\nTry 'nixray ${name} --help' for more information.\n`);
      } else if (error instanceof HostError) world.writeError(`error: ${error.message}\n`);
      else throw error;
      return 1;
    }
  };
}

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
