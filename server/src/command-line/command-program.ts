/** The program of all commands but those that have one of their own. */
import { programOf } from './program';
import { runCommand } from './run-command';

export const run = programOf(runCommand);
