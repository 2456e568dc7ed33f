/**
 * Publishes diagnostics. Every change of a document is followed at once by a
 * publication with its version: what syntax and names show, and the findings of
 * the last evaluation, moved by the edit. A second one follows when the text has
 * been evaluated. Closing a document clears its diagnostics.
 */
import type { Bytes } from '../base/bytes';
import { moveFinding, type Edit, type EvaluationFinding } from '../diagnostics/evaluation';
import { diagnosticsOf } from '../diagnostics/registry';
import { LibraryFiles } from '../features/library-files';
import type { DiskHost } from '../host/disk-host';
import { directoryOf, isBelow } from '../host/path';
import type { Stop } from '../evaluator/job';
import type { Pending } from '../evaluator/supervisor';
import type { Diagnosis } from '../evaluator/service';
import { evaluationFinding, protocolDiagnostic } from './conversions';
import type { OpenDocument } from './document';
import type { Documents } from './documents';
import type { Editor } from './editor';
import type { Evaluation } from './evaluation';
import type { Folders } from './folders';
import type { SettingsSource } from './settings-source';

/** Milliseconds without an edit before a document is evaluated. */
const pause = 80;

/** For so many bytes the pause is a millisecond longer: reading a huge document keeps the evaluator from others. */
const bytesPerMillisecond = 5000;

/** What is known about an open document's evaluation. */
interface Entry {
  findings: readonly EvaluationFinding[];
  /** The findings of the last evaluation that read nothing broken, for the document's version then. */
  settled: { readonly version: number; readonly findings: readonly EvaluationFinding[] } | undefined;
  /** The files that the last evaluation read. */
  dependencies: ReadonlySet<Bytes>;
  timer: NodeJS.Timeout | undefined;
  pending: Pending<Diagnosis> | undefined;
}

/** What is known before the first evaluation. */
const nothingKnown = { findings: [], settled: undefined, dependencies: new Set<Bytes>() };

export class DiagnosticsPublisher {
  private readonly entries = new Map<OpenDocument, Entry>();

  constructor(
    private readonly editor: Editor,
    private readonly documents: Documents,
    private readonly settings: SettingsSource,
    private readonly evaluation: Evaluation,
    private readonly folders: Folders,
    private readonly disk: DiskHost,
  ) {}

  opened(document: OpenDocument): void {
    const entry: Entry = { ...nothingKnown, timer: undefined, pending: undefined };
    this.entries.set(document, entry);
    this.publishFirst(document, entry);
    this.evaluateSoon(document, entry, 0);
    this.renewReaders(document);
  }

  /** A huge document takes a while to parse; what the editor has asked for already goes first. */
  private publishFirst(document: OpenDocument, entry: Entry): void {
    const longer = document.bytes.length / bytesPerMillisecond;
    if (longer < 20) return this.publish(document, entry);
    const { version } = document;
    setTimeout(() => {
      if (this.entries.get(document) === entry && document.version === version) this.publish(document, entry);
    }, longer);
  }

  changed(document: OpenDocument, edits: readonly Edit[]): void {
    const entry = this.entries.get(document);
    if (entry === undefined) return;
    entry.findings = entry.findings.map((finding) => edits.reduce(moveFinding, finding));
    this.publish(document, entry);
    this.evaluateSoon(document, entry, pause);
    this.renewReaders(document);
  }

  closed(document: OpenDocument): void {
    const entry = this.entries.get(document);
    if (entry !== undefined) this.stop(entry);
    this.entries.delete(document);
    this.editor.publishDiagnostics(document.uri, undefined, []);
    this.renewReaders(document);
  }

  /** Files have changed on disk: whatever read them is evaluated again. */
  filesChanged(paths: readonly Bytes[]): void {
    for (const [document, entry] of this.entries) {
      if (touches(entry.dependencies, paths)) this.evaluateSoon(document, entry, pause);
    }
  }

  /** Settings, folders or trust have changed: everything is looked at again. */
  renewAll(): void {
    for (const [document, entry] of this.entries) {
      if (!this.evaluates) this.stop(entry);
      if (!this.evaluates) entry.findings = [];
      entry.settled = undefined;
      this.publish(document, entry);
      this.evaluateSoon(document, entry, 0);
    }
  }

  private get evaluates(): boolean {
    return (
      this.evaluation.obstacle === undefined && this.settings.current['diagnostics.evaluation'] !== 'off'
    );
  }

  private publish(document: OpenDocument, entry: Entry): void {
    const subject = { path: document.path, parsed: document.parsed, evaluation: entry.findings };
    const found = diagnosticsOf(subject, this.settings.current['diagnostics.ignored']);
    const converted = found.map((diagnostic) => protocolDiagnostic(diagnostic, document, this.documents));
    this.editor.publishDiagnostics(document.uri, document.version, converted);
  }

  /** A document has another text: whatever read it is evaluated again. */
  private renewReaders(changed: OpenDocument): void {
    for (const [document, entry] of this.entries) {
      if (document === changed || !entry.dependencies.has(changed.path)) continue;
      this.evaluateSoon(document, entry, pause);
    }
  }

  private evaluateSoon(document: OpenDocument, entry: Entry, delay: number): void {
    this.stop(entry);
    if (!this.evaluates) return;
    const longer = document.bytes.length / bytesPerMillisecond;
    entry.timer = setTimeout(() => this.evaluate(document, entry), delay + longer);
  }

  private evaluate(document: OpenDocument, entry: Entry): void {
    const pending = this.evaluation.supervisor.ask('diagnose', document.path);
    entry.pending = pending;
    void pending.outcome.then((outcome) => {
      // A later edit has taken this one's place.
      if (entry.pending !== pending) return;
      entry.pending = undefined;
      if ('stopped' in outcome) {
        if (outcome.stopped.reason === 'cancelled' || outcome.stopped.reason === 'disabled') return;
        entry.findings = [stoppedFinding(document, outcome.stopped)];
      } else {
        this.evaluation.succeeded(document.path);
        this.evaluated(document, entry, outcome.result);
      }
      this.publish(document, entry);
    });
  }

  private evaluated(document: OpenDocument, entry: Entry, diagnosis: Diagnosis): void {
    const { version } = document;
    const libraries = new LibraryFiles(this.disk, this.folders.paths, document.path);
    const found = diagnosis.diagnostics.map((problem) => evaluationFinding(problem, document, libraries));
    entry.dependencies = new Set(diagnosis.dependencies);
    if (!diagnosis.awaitsOther) entry.settled = { version, findings: found };
    // While another document is being written, what was known of this text before still holds.
    const before = diagnosis.awaitsOther && entry.settled?.version === version ? entry.settled.findings : [];
    entry.findings = diagnosis.awaitsOther ? [...found, ...before] : found;
  }

  private stop(entry: Entry): void {
    clearTimeout(entry.timer);
    entry.pending?.cancel();
    entry.timer = entry.pending = undefined;
  }
}

/** An evaluation that came to no end, shown where the document's expression starts. */
function stoppedFinding(document: OpenDocument, { reason, message }: Stop): EvaluationFinding {
  const { rootAt, root } = document.parsed;
  const range = document.positions.firstLineOf({ start: rootAt, end: rootAt + root.width });
  return { range, message, code: reason, severity: 'warning', trace: [] };
}

/** Whether any of the paths is among the dependencies, holds one of them, or stands in a folder that is one. */
function touches(dependencies: ReadonlySet<Bytes>, paths: readonly Bytes[]): boolean {
  return paths.some((path) => {
    if (dependencies.has(path) || dependencies.has(directoryOf(path))) return true;
    for (const dependency of dependencies) if (isBelow(dependency, path)) return true;
    return false;
  });
}
