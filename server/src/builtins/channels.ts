/** The URLs that channels of Nix have short names for. Nix manual: `nix-channel`. */
import type { Bytes } from '../base/bytes';

/** `channel:nixos-unstable` is short for where that channel is published; other URLs stay. */
export function channelUrl(url: Bytes): Bytes {
  const channel = /^channel:(.*)$/s.exec(url)?.[1];
  return channel === undefined ? url : `https://channels.nixos.org/${channel}/nixexprs.tar.xz`;
}
