/** The evaluator's service in tests: documents in memory, asked at the marks of fixtures. */
import { decodeUtf8, encodeUtf8, type Bytes } from '../../server/src/base/bytes';
import { createEvaluatorService } from '../../server/src/service/live';
import type {
  EvaluationDiagnostic,
  EvaluatorService,
  EvaluatorSettings,
  ValueReport,
} from '../../server/src/evaluator/service';
import { fixture, type Fixture } from './fixture';

/** The folder of the workspace; no disk has it. */
export const workspace = '/nixray-test-workspace';

/** What the service is configured with where a test says nothing else. */
export const settings: EvaluatorSettings = {
  timeout: 5000,
  memory: 4096,
  maxCallDepth: 500,
  environment: [],
  system: 'x86_64-linux',
  searchPath: [],
  folders: [workspace],
  arguments: {},
  reach: 'file',
  cacheFolder: '',
};

export class LiveTest {
  readonly cancelled = new Int32Array(1);
  readonly service: EvaluatorService;
  private readonly fixtures = new Map<Bytes, Fixture>();

  constructor(changed: Partial<EvaluatorSettings> = {}) {
    this.service = createEvaluatorService({ cancelled: this.cancelled });
    this.configure(changed);
  }

  /** Gives the service the settings of tests, with some changed. */
  configure(changed: Partial<EvaluatorSettings>): void {
    this.service.configure({ ...settings, ...changed });
  }

  /** Opens or changes a document of the workspace. */
  open(name: string, marked: string): Fixture {
    const opened = fixture(marked);
    this.fixtures.set(this.path(name), opened);
    this.service.setDocument(this.path(name), opened.text);
    return opened;
  }

  path(name: string): Bytes {
    return encodeUtf8(name.startsWith('/') ? name : `${workspace}/${name}`);
  }

  /** What a hover at the cursor of a document gives. */
  hover(name: string, depth = 3): ValueReport | undefined {
    return this.service.hover(this.path(name), this.fixtures.get(this.path(name))!.cursor, depth);
  }

  /** What the range with a label evaluates to. */
  evaluate(name: string, label: string, expression?: string, depth = 3): ValueReport | undefined {
    const range = this.fixtures.get(this.path(name))!.range(label);
    return this.service.evaluate(this.path(name), range, expression && encodeUtf8(expression), depth);
  }

  /** The diagnostics of a document, each as a line: severity, the text it underlines, code, message. */
  diagnostics(name: string): string[] {
    const { text } = this.fixtures.get(this.path(name))!;
    return this.service.diagnose(this.path(name)).diagnostics.map((diagnostic) => describe(text, diagnostic));
  }

  /** The text that a report is about. */
  textOf(name: string, report: ValueReport | undefined): string | undefined {
    return (
      report &&
      decodeUtf8(this.fixtures.get(this.path(name))!.text.slice(report.range.start, report.range.end))
    );
  }
}

function describe(text: Bytes, { range, error, severity }: EvaluationDiagnostic): string {
  return `${severity} \`${decodeUtf8(text.slice(range.start, range.end))}\` ${error.code}: ${error.message}`;
}

/** A report in one line: the value, `error: …`, `unknown: …`, or `nothing`. */
export function shown(report: ValueReport | undefined): string {
  if (report === undefined) return 'nothing';
  if (report.error !== undefined) return `error: ${report.error.message}`;
  return report.value ?? `unknown: ${report.unknown}`;
}

/** What a hover at the cursor of a text alone gives. */
export function hovered(marked: string): string {
  const test = new LiveTest();
  test.open('file.nix', marked);
  return shown(test.hover('file.nix'));
}
