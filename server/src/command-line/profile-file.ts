/** The file of `--profile`: its format is a matter of its name. */
import { encodeUtf8, type Bytes } from '../base/bytes';
import { cpuProfile } from '../profile/cpuprofile';
import type { Profile } from '../profile/profiler';
import { speedscope } from '../profile/speedscope';
import { UsageError } from './flags';

const formats: readonly {
  readonly extension: string;
  readonly write: (profile: Profile, name: string) => unknown;
}[] = [
  { extension: '.cpuprofile', write: (profile) => cpuProfile(profile) },
  { extension: '.speedscope.json', write: speedscope },
  { extension: '.speedscope', write: speedscope },
];

/** Writes profiles to files of that name. @throws UsageError if the name says no format */
export function profileWriter(file: string): (profile: Profile) => Bytes {
  const format = formats.find(({ extension }) => file.endsWith(extension));
  if (format === undefined) {
    const known = formats.map(({ extension }) => extension).join(', ');
    throw new UsageError(`the name of the profile '${file}' must end with one of: ${known}`);
  }
  const name = file.slice(file.lastIndexOf('/') + 1);
  return (profile) => encodeUtf8(JSON.stringify(format.write(profile, name)));
}
