// Releases of nixpkgs that Nixray can fetch when it is asked to: each is what the
// project tagged at the release, and stays the same for ever.
//
// The hash is that of the unpacked tree, as `fetchTarball` takes it. Each was found
// in several public expressions of unrelated people for the same archive; what is
// downloaded is checked against it, so a wrong one can do no more than be refused.

export interface NixpkgsRelease {
  /** As the release is called, e.g. `25.11`. */
  readonly name: string;
  /** SHA-256 of the archive format of Nix, in Nix's base 32. */
  readonly sha256: string;
}

/** The newest first; that one is taken where none is named. */
export const nixpkgsReleases: readonly NixpkgsRelease[] = [
  { name: '25.11', sha256: '1zn1lsafn62sz6azx6j735fh4vwwghj8cc9x91g5sx2nrg23ap9k' },
  { name: '25.05', sha256: '1915r28xc4znrh2vf4rrjnxldw2imysz819gzhk9qlrkqanmfsxd' },
  { name: '24.11', sha256: '1gx0hihb7kcddv5h0k7dysp2xhf1ny0aalxhjbpj2lmvj7h9g80a' },
  { name: '24.05', sha256: '1lr1h35prqkd1mkmzriwlpvxcb34kmhc9dnr48gkm8hh089hifmx' },
  { name: '23.11', sha256: '1ndiv385w1qyb3b18vw13991fzb9wg4cl21wglk89grsfsnra41k' },
  { name: '23.05', sha256: '10wn0l08j9lgqcw8177nh2ljrnxdrpri7bp0g7nvrsn9rkawvlbf' },
  { name: '22.11', sha256: '11w3wn2yjhaa5pv20gbfbirvjq6i3m7pqrq2msf0g7cv44vijwgw' },
  { name: '21.11', sha256: '162dywda2dvfj1248afxc45kcrg83appjd0nmdb541hl7rnncf02' },
  { name: '20.09', sha256: '1wg61h4gndm3vcprdcg7rc4s1v3jkm5xd7lw8r2f67w502y94gcy' },
  { name: '19.09', sha256: '0mhqhq21y5vrr1f30qd2bvydv4bbbslvyzclhw0kdxmkgg3z4c92' },
  { name: '18.03', sha256: '0hk4y2vkgm1qadpsm4b0q1vxq889jhxzjx3ragybrlwwg54mzp4f' },
];

/** Where the archive of a release is published. */
export function releaseUrl(release: NixpkgsRelease): string {
  return `https://github.com/NixOS/nixpkgs/archive/refs/tags/${release.name}.tar.gz`;
}
