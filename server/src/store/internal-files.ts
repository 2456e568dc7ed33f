/**
 * Nix files that every Nix brings along: `<nix/…>`. They stand under a path that
 * no disk has.
 */
import type { Bytes } from '../base/bytes';
import type { InternalFiles } from './store-host';

export const internalFolder = '/__corepkgs__';

/** `<nix/fetchurl.nix>`: a derivation that the daemon itself builds by downloading. */
const fetchurl: Bytes = `# Downloads a file with Nix's own downloader, before there is any other program.
{
  url,
  hash ? "",
  sha512 ? "",
  sha1 ? "",
  md5 ? "",
  sha256 ? "",
  # The first of these that is given counts; a plain sha256 is the usual one.
  outputHash ?
    builtins.head (builtins.filter (h: h != "") [ hash sha512 sha1 md5 ] ++ [ sha256 ]),
  outputHashAlgo ?
    if hash != "" then ""
    else if sha512 != "" then "sha512"
    else if sha1 != "" then "sha1"
    else if md5 != "" then "md5"
    else "sha256",
  name ? baseNameOf (toString url),
  executable ? false,
  unpack ? false,
  impure ? false,
  # Callers of long ago pass it; nothing reads it.
  system ? "",
}:
let
  identity = if impure then { __impure = true; } else { inherit outputHash outputHashAlgo; };
  download = {
    inherit executable name unpack url;
    builder = "builtin:fetchurl";
    system = "builtin";
    outputHashMode = if executable || unpack then "recursive" else "flat";
    preferLocalBuild = true;
    impureEnvVars = map (protocol: protocol + "_proxy") [ "http" "https" "ftp" "all" "no" ];
    urls = [ url ];
  };
in
derivation (download // identity)
`;

export const internalFiles: InternalFiles = new Map([[`${internalFolder}/fetchurl.nix`, fetchurl]]);
