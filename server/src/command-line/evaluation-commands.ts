/** The commands that evaluate one program and write its value. */
import { instantiate } from './instantiate';
import type { World } from './world';

export type Command = (args: readonly string[], world: World) => number;

export const evaluationCommands: ReadonlyMap<string, Command> = new Map<string, Command>([
  ['instantiate', (args, world) => instantiate(args, world)],
  ['eval', (args, world) => instantiate(['--eval', ...args], world, 'nixray eval')],
]);
