// Names in nixpkgs 18.03 whose evaluation ends with an error that nothing catches, in a checkout
// without the generated list of Haskell packages and with nothing to fetch; and irods, which
// depends on the version of Nix. Packages whose errors are caught (`throw`, `assert`) need not
// stand here.
export const unusable = `
AgdaStdlib SysVirt agdaPrelude application bench biboumi blink bup bustle cabal-install cabal2nix
client-ip-echo collectd collectd-data cryptol dapp darcs dhall dhall-bash dhall-json dhall-nix
dhall-text diagrams-builder docker-machine-kvm elmPackages eventlib ghc git-annex-adapter git-ftp
haskell haskell-ng haskellPackages hedgewars hevm heyefi hledger hledger-ui hledger-web hlint hydra
idris ihaskell irods irods-icommands lambdabot leksah libguestfs libvirt libvirt-glib madlang
mergerfs minikube mpdcron msrplib mueval multi-ghc-travis nix-delegate nix-deploy nix-diff
nix-info-tested nixops nixopsUnstable notmuch-bower pakcs pandoc pkgs psc-package purescript
python-otr qemu_xen qemu_xen-light qemu_xen_4_8 qemu_xen_4_8-light reposurgeon rstudio
rstudioWrapper sad shellcheck sipsimple sshuttle stack stack2nix stutter super-user-spark taffybar
tamarin-prover telepresence tldr-hs translate-shell tweet-hs usbguard uuagc vaultenv virt-top
virt-viewer virtinst virtmanager virtmanager-qt virtviewer xcaplib xen xen-light xen-slim xen_4_8
xen_4_8-light xen_4_8-slim xmonad-with-packages yi zsh-git-prompt
`
  .trim()
  .split(/\s+/);
