// Evaluates programs with C++ Nix, many in one process. Nix's interactive
// evaluator carries on after an error, so one process gives the JSON or the
// error of each; a second one prints those that have a value.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { failed, needsPlain, printed, type Answer, type Outcome } from './outcome';

const environment = { ...process.env, NO_COLOR: '1', NIX_PATH: '' };
const maxBuffer = 1 << 28;
/** The message for a program that C++ Nix gives no answer for. */
export const crash = '(C++ Nix ended)';

/** Milliseconds for one process, and for each program in it: generated programs take a few. */
const patience = { process: 5_000, program: 20 };

/**
 * C++ Nix goes through some sets in the order in which it met their names first.
 * The programs' names, met in their own order, make it that of Nixray.
 */
const namesInOrder = `{ ${['', '1', '_k', 'a', 'a b', 'aa', 'b', 'c', 'd', 'e', 'extra', 'f', 'gone', 'i', 'if', 'k', 'l', 'nope', 'or', 'result', 's', 't', 'x', "y'", 'z', 'z-1', 'ä'].map((name) => `"${name}" = 1;`).join(' ')} }`;

export function hasReference(): boolean {
  return spawnSync('nix-instantiate', ['--version']).status === 0;
}

/**
 * Evaluates each program. Each appears to be `/pwd/program.nix`.
 * @param known what C++ Nix reads before them
 */
export function evaluateWithReference(programs: readonly string[], known = namesInOrder): Outcome[] {
  const folder = mkdtempSync(join(tmpdir(), 'differential-'));
  try {
    const files = programs.map((program, i) => {
      const file = join(folder, `p${i}.nix`);
      writeFileSync(file, program);
      return file;
    });
    const answers = evaluateAll(files, known);
    const plain = printAll(files.filter((_, i) => needsPlain(answers[i]!)));
    return files.map((file, i) => {
      const plainAnswer = plain.get(file);
      return { json: answers[i]!, ...(plainAnswer && { plain: plainAnswer }) };
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The JSON, still without the plain form, or the error of each file. */
function evaluateAll(files: readonly string[], known: string): Answer[] {
  const outcomes: Answer[] = [];
  // A stack that overflows, or a fault of C++ Nix, ends its process: the next one goes on behind that.
  while (outcomes.length < files.length) {
    const answers = evaluateUntilExit(files.slice(outcomes.length), known);
    if (answers.length === 0) throw new Error(`C++ Nix does not start on ${files[outcomes.length]!}`);
    outcomes.push(...answers);
  }
  return outcomes;
}

function evaluateUntilExit(files: readonly string[], known: string): Answer[] {
  const lines = files.map((file) => `builtins.toJSON (import ${file})`);
  const command = 'exec nix --extra-experimental-features nix-command --store dummy:// repl 2>&1';
  const run = spawnSync('sh', ['-c', command], {
    input: [known, ...lines, ''].join('\n'),
    encoding: 'utf8',
    maxBuffer,
    env: environment,
    timeout: patience.process + patience.program * files.length,
    killSignal: 'SIGKILL',
  });
  const output = withoutColours(run.stdout);
  const answers: Answer[] = [];
  let at = 0;
  for (const [i, file] of files.entries()) {
    const prompt = `nix-repl> ${lines[i]!}\n`;
    const start = output.indexOf(prompt, at);
    if (start < 0) break;
    at = start + prompt.length;
    const end = output.indexOf('nix-repl> ', at);
    const answer = output.slice(at, end < 0 ? undefined : end);
    answers.push(end < 0 ? failed(messageOf(answer, file) ?? crash) : readAnswer(answer, file));
  }
  return answers;
}

function readAnswer(answer: string, file: string): Answer {
  // An empty message is not even introduced by `error:`.
  const error = answer.trim() === '' ? '' : messageOf(answer, file);
  if (error !== undefined) return failed(error);
  const literal = /^"(.*)"$/ms.exec(answer.trim());
  if (literal === null) throw new Error(`C++ Nix gave an answer that cannot be read: ${answer}`);
  const unescaped = literal[1]!.replace(/\\(.)/gs, (_, c: string) => ({ n: '\n', r: '\r', t: '\t' })[c] ?? c);
  return printed(neutral(unescaped, file));
}

/** The message of the error that a text tells of. */
function messageOf(text: string, file: string): string | undefined {
  const start = /^error:(?: |$)/m.exec(text);
  if (start === null) return undefined;
  const rest = text.slice(start.index + start[0].length);
  const end = /\n\n {7}(at |…)|\n\(use '--show-trace'|\n?$(?![\s\S])/.exec(rest);
  return neutral(
    rest
      .slice(0, end?.index)
      .replace(/\n {7}/g, '\n')
      .trimEnd(),
    file,
  );
}

function neutral(text: string, file: string): string {
  const folder = file.slice(0, file.lastIndexOf('/'));
  return text.split(file).join('/pwd/program.nix').split(folder).join('/pwd');
}

/** What `--eval --strict` prints for each file: a line, or the message of an error. */
function printAll(files: readonly string[]): Map<string, Answer> {
  const answers = new Map<string, Answer>();
  let rest = files;
  while (rest.length > 0) {
    const { stdout, stderr, status } = instantiate(rest);
    const lines = stdout.split('\n').slice(0, -1);
    if (lines.length > rest.length) {
      // A value that prints on several lines: whose they are can be told of a file alone.
      for (const file of rest) answers.set(file, printAlone(file));
      break;
    }
    lines.forEach((line, i) => answers.set(rest[i]!, printed(neutral(line, rest[i]!))));
    const file = rest[lines.length];
    if (file === undefined && status !== 0)
      throw new Error(`C++ Nix failed after its last answer: ${stderr}`);
    if (file !== undefined) answers.set(file, failed(messageOf(withoutColours(stderr), file) ?? crash));
    rest = rest.slice(lines.length + 1);
  }
  return answers;
}

function printAlone(file: string): Answer {
  const { stdout, stderr, status } = instantiate([file]);
  return status === 0
    ? printed(neutral(stdout.slice(0, -1), file))
    : failed(messageOf(withoutColours(stderr), file) ?? crash);
}

function instantiate(files: readonly string[]): { stdout: string; stderr: string; status: number | null } {
  return spawnSync('nix-instantiate', ['--store', 'dummy://', '--eval', '--strict', ...files], {
    encoding: 'utf8',
    maxBuffer,
    env: environment,
    timeout: patience.process + patience.program * files.length,
    killSignal: 'SIGKILL',
  });
}

function withoutColours(text: string): string {
  return text.replace(/\x1b\[[0-9;]*m/g, '');
}
