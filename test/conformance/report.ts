// What a run of a suite prints.
import { lastError, type TestResult } from './run-test';

interface Row {
  tests: number;
  pass: number;
  texts: number;
  message: number;
  exact: number;
}

/** Prints failures and scores; false if a test failed. */
export function printReport(results: readonly TestResult[], verbose: boolean): boolean {
  const rows = new Map<string, Row>();
  for (const result of results) {
    const row = rows.get(result.kind) ?? { tests: 0, pass: 0, texts: 0, message: 0, exact: 0 };
    rows.set(result.kind, row);
    row.tests += 1;
    row.pass += Number(result.pass);
    row.texts += Number(result.message !== undefined);
    row.message += Number(result.message ?? false);
    row.exact += Number(result.exact ?? false);
    printFailure(result, verbose);
  }
  for (const [kind, row] of rows) {
    const texts =
      row.texts === 0 ? '' : `, message ${row.message}/${row.texts}, exact ${row.exact}/${row.texts}`;
    console.log(`${kind}: ${row.pass}/${row.tests}${texts}`);
  }
  const failed = results.filter((result) => !result.pass).length;
  console.log(`${results.length - failed} passed, ${failed} failed`);
  return failed === 0;
}

function printFailure(result: TestResult, verbose: boolean): void {
  const label = labelOf(result);
  if (label === undefined || (label !== 'FAIL' && !verbose)) return;
  console.log(`${label} ${result.name}`);
  if (!verbose) return;
  const { outcome, wanted } = result;
  if (label === 'exact') {
    console.log(indent('wanted', wanted));
    console.log(indent('got', outcome.err));
  } else if (result.kind.endsWith('fail')) {
    console.log(indent('wanted', lastError(wanted) ?? wanted));
    console.log(
      indent(`got (exit ${outcome.code})`, lastError(outcome.err) ?? (outcome.out + outcome.err).slice(-400)),
    );
  } else {
    console.log(indent('wanted', wanted.slice(0, 400)));
    console.log(indent(`got (exit ${outcome.code})`, (outcome.out + outcome.err).slice(-600)));
  }
}

function labelOf({ pass, message, exact }: TestResult): 'FAIL' | 'message' | 'exact' | undefined {
  if (!pass) return 'FAIL';
  if (message === false) return 'message';
  return exact === false ? 'exact' : undefined;
}

function indent(title: string, text: string): string {
  return `  ${title}:\n${text.trimEnd().replace(/^/gm, '    ')}`;
}
