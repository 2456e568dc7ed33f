// Writes what follows from the one table of settings: the settings' part of the
// extension's manifest, and the list of settings in the README, where it has the
// two marks for it. `npx tsx scripts/manifest.ts` does it; tests hold them together.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { settingRows, settingsSection, type Setting } from '../shared/src/settings';

const root = join(__dirname, '..');
const manifestFile = join(root, 'package.json');
const readmeFile = join(root, 'README.md');

/** Between these marks the README lists the settings. */
const marks = ['<!-- settings -->', '<!-- /settings -->'] as const;

/** `contributes.configuration` as the table wants it. */
export function configuration(): object {
  const properties: Record<string, object> = {};
  settingRows().forEach(([name, row], order) => {
    properties[`${settingsSection}.${name}`] = {
      ...schema(row),
      scope: row.scope,
      order,
      markdownDescription: row.description,
    };
  });
  return { title: 'Nixray', properties };
}

/** The settings that an untrusted workspace cannot set, as `capabilities` lists them. */
export function restrictedSettings(): string[] {
  return settingRows()
    .filter(([, row]) => row.restricted === true)
    .map(([name]) => `${settingsSection}.${name}`);
}

function schema(row: Setting): object {
  switch (row.type) {
    case 'boolean':
    case 'string':
      return { type: row.type, default: row.default };
    case 'integer':
      return { type: 'integer', default: row.default, minimum: row.minimum, maximum: row.maximum };
    case 'choice':
      return {
        type: 'string',
        default: row.default,
        enum: Object.keys(row.choices),
        enumDescriptions: Object.values(row.choices),
      };
    case 'list':
      return { type: 'array', default: row.default, items: { type: 'string' } };
    case 'table':
      return { type: 'object', default: row.default, additionalProperties: { type: 'string' } };
  }
}

/** The settings as a table in Markdown, for a reader. */
export function settingsDocumentation(): string {
  const rows = settingRows().map(([name, row]) => {
    const choices = row.type === 'choice' ? ` ${choiceList(row.choices)}` : '';
    const cells = [
      `\`${settingsSection}.${name}\``,
      `\`${JSON.stringify(row.default)}\``,
      row.description + choices,
    ];
    return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  });
  return ['| Setting | Default | Meaning |', '| --- | --- | --- |', ...rows].join('\n');
}

function choiceList(choices: { readonly [word: string]: string }): string {
  return Object.entries(choices)
    .map(([word, meaning]) => `\`${word}\`: ${meaning}`)
    .join(' ');
}

/** A text with the list of settings brought up to date; the same text if it has no place for it. */
export function withSettings(readme: string): string {
  const start = readme.indexOf(marks[0]);
  const end = readme.indexOf(marks[1], start);
  if (start < 0 || end < 0) return readme;
  return `${readme.slice(0, start + marks[0].length)}\n\n${settingsDocumentation()}\n\n${readme.slice(end)}`;
}

function update(): void {
  if (existsSync(readmeFile)) writeFileSync(readmeFile, withSettings(readFileSync(readmeFile, 'utf8')));
  const manifest = JSON.parse(readFileSync(manifestFile, 'utf8'));
  manifest.contributes.configuration = configuration();
  manifest.capabilities.untrustedWorkspaces.restrictedConfigurations = restrictedSettings();
  writeFileSync(manifestFile, `${JSON.stringify(manifest, null, 2)}\n`);
}

if (require.main === module) update();
