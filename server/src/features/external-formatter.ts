/**
 * Formatting by a program of the user's choice: it reads the text from its
 * standard input and writes the result to its standard output.
 */
import { spawn } from 'node:child_process';

/** Milliseconds that the program may take. */
const timeLimit = 15_000;

export type FormatResult = { readonly text: string } | { readonly problem: string };

/**
 * Runs a program over a text. A result is taken only if the program ended well;
 * otherwise the problem is told in a sentence.
 */
export function formatWith(command: readonly string[], text: string, folder: string): Promise<FormatResult> {
  const [program, ...args] = command;
  if (program === undefined)
    return Promise.resolve({ problem: 'The setting nixray.formatting.command is empty.' });
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd: folder, timeout: timeLimit, windowsHide: true });
    const output: Buffer[] = [];
    const errors: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => errors.push(chunk));
    child.on('error', (error) => resolve({ problem: `${program} cannot be started: ${error.message}` }));
    child.on('close', (code, signal) => {
      const result = Buffer.concat(output).toString('utf8');
      // A program that was told to work on files writes nothing, and does not take the document for one.
      if (code === 0 && result.trim() === '' && text.trim() !== '')
        return resolve({ problem: `${program} has written nothing to its standard output.` });
      if (code === 0) return resolve({ text: result });
      const how = signal === null ? `ended with exit code ${code}` : `was stopped by ${signal}`;
      const said = Buffer.concat(errors).toString('utf8').trim().slice(0, 500);
      resolve({ problem: said === '' ? `${program} ${how}.` : `${program} ${how}: ${said}` });
    });
    // A program that ends without reading everything says what is wrong by its exit code.
    child.stdin.on('error', () => {});
    child.stdin.end(text);
  });
}
