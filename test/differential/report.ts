// What a run over random programs says at its end.
import type { CampaignResult } from './campaign';

export function describeCounts({ values, errors, known, differences }: CampaignResult): string {
  const byName = [...known].sort(([, left], [, right]) => right - left);
  const sum = byName.reduce((total, [, count]) => total + count, 0);
  return [
    `values compared: ${values}`,
    `errors compared: ${errors}`,
    `known differences: ${sum}`,
    ...byName.map(([name, count]) => `  ${name}: ${count}`),
    `unexplained: ${differences.length}`,
  ].join('\n');
}
