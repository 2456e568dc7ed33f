/** The program of the commands that evaluate: without the others, so that it starts fast. */
import { evaluationCommands } from './evaluation-commands';
import { programOf } from './program';

export const run = programOf(([name, ...rest], world) => evaluationCommands.get(name!)!(rest, world));
