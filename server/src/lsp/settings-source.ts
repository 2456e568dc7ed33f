/**
 * Where settings come from: the initialization options first, then what the
 * editor pushes, or better what it answers when it is asked. Whatever comes is
 * read through the one table; a wrong value is the default, and is logged.
 */
import { defaultSettings, readSettings, settingsSection, type Settings } from '../../../shared/src/settings';
import type { Editor } from './editor';

export class SettingsSource {
  private currentSettings: Settings = defaultSettings;
  private fromOptions: unknown;
  private toldProblems = '';

  constructor(private readonly editor: Editor) {}

  get current(): Settings {
    return this.currentSettings;
  }

  /** Initialization options may hold the settings themselves, or the section by its name. */
  initialize(options: unknown): void {
    this.fromOptions = sectionOf(options);
    this.take(this.fromOptions);
  }

  /** Asks the editor; where it cannot answer, what is known stays. Gives whether anything changed. */
  async pull(): Promise<boolean> {
    const given = await this.editor.settings();
    return given !== undefined && given !== null && this.take(given);
  }

  /** Takes what `workspace/didChangeConfiguration` carries, or asks where that is possible. */
  async pushed(settings: unknown): Promise<boolean> {
    if (this.editor.capabilities.workspace?.configuration === true) return this.pull();
    return typeof settings === 'object' && settings !== null && this.take(sectionOf(settings));
  }

  private take(given: unknown): boolean {
    const { settings, problems } = readSettings(merged(this.fromOptions, given));
    const changed = JSON.stringify(settings) !== JSON.stringify(this.currentSettings);
    this.currentSettings = settings;
    const text = problems.join('\n');
    if (text !== '' && text !== this.toldProblems) this.editor.log(text);
    this.toldProblems = text;
    return changed;
  }
}

function sectionOf(given: unknown): unknown {
  if (typeof given !== 'object' || given === null) return undefined;
  const section = (given as Record<string, unknown>)[settingsSection];
  return typeof section === 'object' && section !== null ? section : given;
}

/** `above` over `below`, objects within objects. */
function merged(below: unknown, above: unknown): unknown {
  if (!isTable(below) || !isTable(above)) return above ?? below;
  const result: Record<string, unknown> = { ...below };
  for (const [name, value] of Object.entries(above)) result[name] = merged(result[name], value);
  return result;
}

function isTable(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
