// Small programs for the third time in one process, the server's, against the time that
// C++ Nix takes after its start. Each run has a slightly different program.
import { requireBoth, requireEqual, runs, sides, timed } from './kit/compare.mjs';
import { connect, requireServer } from './kit/editor.mjs';
import { programs } from './kit/programs.mjs';
import { ratioRow } from './kit/table.mjs';

export const name = 'Small programs, third run in one process, against C++ Nix after its start';

export async function run() {
  requireBoth();
  requireServer();
  const rows = [];
  for (const program of programs) {
    rows.push(ratioRow(program.what, await measure(program), program.hot ? 0.5 : 0.7));
  }
  return rows;
}

async function measure({ of }) {
  const result = [];
  for (let i = 0; i < runs; i++) {
    const own = await thirdRun((n) => of(3 * i + n));
    const start = timed(sides.reference(['-E', String(i)]));
    const whole = timed(sides.reference(['-E', of(3 * i + 2)]));
    requireEqual(own.output, whole.output);
    result.push({ own: own.seconds, reference: whole.seconds - start.seconds });
  }
  return result;
}

/** The third of three evaluations by one server. */
async function thirdRun(of) {
  const editor = connect({ evaluation: { timeout: 60_000 } });
  await editor.initialize();
  const uri = 'file:///nixray-bench/main.nix';
  editor.open(uri, 'null\n');
  let result;
  for (let n = 0; n < 3; n++) {
    const start = performance.now();
    const { value, error } = await editor.request('nixray/evaluate', {
      textDocument: { uri },
      position: { line: 0, character: 0 },
      expression: of(n),
    });
    if (error !== undefined) throw new Error(error.message);
    result = { seconds: (performance.now() - start) / 1000, output: value };
  }
  editor.end();
  return result;
}
