// Writes the settings' part of the extension's manifest from the one table of
// settings: `npx tsx scripts/manifest.ts`. A test holds the two together.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { settingRows, settingsSection, type Setting } from '../shared/src/settings';

const manifestFile = join(__dirname, '..', 'package.json');

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

function update(): void {
  const manifest = JSON.parse(readFileSync(manifestFile, 'utf8'));
  manifest.contributes.configuration = configuration();
  manifest.capabilities.untrustedWorkspaces.restrictedConfigurations = restrictedSettings();
  writeFileSync(manifestFile, `${JSON.stringify(manifest, null, 2)}\n`);
}

if (require.main === module) update();
