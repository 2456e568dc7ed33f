/** Nix's own folders on a machine. Nix manual: "Common Environment Variables". */
import type { Bytes } from '../base/bytes';

export interface NixFolders {
  /** The user's settings and registry: `~/.config/nix`. */
  readonly config: Bytes;
  /** What the user's channels and profiles are in: `~/.local/state/nix`. */
  readonly state: Bytes;
  /** What Nix has downloaded: `~/.cache/nix`. */
  readonly cache: Bytes;
  /** The machine's settings and registry: `/etc/nix`. */
  readonly systemConfig: Bytes;
  /** The machine's profiles: `/nix/var/nix`. */
  readonly systemState: Bytes;
}

/** The folders, whether they exist or not, by the variables that name others. */
export function nixFolders(home: Bytes, variable: (name: string) => Bytes | undefined): NixFolders {
  const folder = (own: string, shared: string, usual: Bytes): Bytes =>
    absolute(variable(own)) ?? `${absolute(variable(shared)) ?? usual}/nix`;
  return {
    config: folder('NIX_CONFIG_HOME', 'XDG_CONFIG_HOME', `${home}/.config`),
    state: folder('NIX_STATE_HOME', 'XDG_STATE_HOME', `${home}/.local/state`),
    cache: folder('NIX_CACHE_HOME', 'XDG_CACHE_HOME', `${home}/.cache`),
    systemConfig: absolute(variable('NIX_CONF_DIR')) ?? '/etc/nix',
    systemState: absolute(variable('NIX_STATE_DIR')) ?? '/nix/var/nix',
  };
}

function absolute(path: Bytes | undefined): Bytes | undefined {
  return path?.startsWith('/') ? path : undefined;
}
