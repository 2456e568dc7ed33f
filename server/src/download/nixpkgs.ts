/** Which nixpkgs a user asks for: one of the known releases, or an archive with its hash. */
import { join } from 'node:path';
import { nixpkgsReleases, releaseUrl } from '../../../shared/src/nixpkgs-releases';
import { DownloadError } from './failure';
import type { FetchRequest } from './fetch-archive';

/** All of it may be left out: that is the newest release that is known. */
export interface NixpkgsChoice {
  readonly release?: string | undefined;
  /** Of an archive of another nixpkgs; then the hash is needed. */
  readonly url?: string | undefined;
  /** As `fetchTarball` takes it. */
  readonly sha256?: string | undefined;
}

/**
 * @param cache Nixray's folder for what it can do without
 * @throws DownloadError if there is no such nixpkgs
 */
export function nixpkgsRequest({ release, url, sha256 }: NixpkgsChoice, cache: string): FetchRequest {
  const folder = join(cache, 'nixpkgs');
  const known = nixpkgsReleases.find(({ name }) => name === release);
  if (url === undefined && sha256 === undefined) {
    const chosen = release === undefined ? nixpkgsReleases[0]! : known;
    if (chosen !== undefined) {
      return { name: chosen.name, url: releaseUrl(chosen), sha256: chosen.sha256, folder };
    }
    const names = nixpkgsReleases.map(({ name }) => name).join(', ');
    throw new DownloadError(
      `Nixray knows no hash of the release '${release}'; it knows those of ${names}. Others can be fetched by a URL and a SHA-256 hash.`,
    );
  }
  const hash = sha256 ?? known?.sha256;
  if (hash === undefined) {
    throw new DownloadError('A URL needs the SHA-256 hash of the tree behind it, as fetchTarball takes it.');
  }
  const where = url ?? (known && releaseUrl(known));
  if (where === undefined)
    throw new DownloadError('A hash needs the URL of an archive, or the name of a release.');
  return { name: release ?? nameOfUrl(where), url: where, sha256: hash, folder };
}

/** `…/nixpkgs-1a2b3c.tar.gz` as `nixpkgs-1a2b3c`. */
function nameOfUrl(url: string): string {
  const last =
    url
      .replace(/[?#].*$/s, '')
      .split('/')
      .pop() ?? '';
  return last.replace(/\.(tar(\.\w+)?|tgz)$/, '').slice(0, 60) || 'nixpkgs';
}
