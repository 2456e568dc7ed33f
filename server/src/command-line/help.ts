/** What `--help` prints. */
import type { Bytes } from '../base/bytes';

export const usage: Bytes = `Usage: nixray COMMAND [ARGUMENTS]

Commands
  instantiate ARGUMENTS   does what nix-instantiate does, with the same flags
  eval ARGUMENTS          short for: instantiate --eval
  check PATH...           reports problems of files and folders
  format PATH...          formats files and folders as nixfmt does
  hover FILE:LINE:COLUMN  prints what an editor shows at that place (both from 1)
  bytecode FILE[:LINE:COLUMN]
                          prints the byte code of a file, or of a place in it
  fetch-nixpkgs [RELEASE] downloads a release of nixpkgs and prints where it is
  lsp                     runs the language server on standard input and output

'nixray COMMAND --help' says more about a command.
`;

export const instantiateHelp: Bytes = `Usage: nixray instantiate [FLAGS] [FILE...]
       nixray eval [FLAGS] [FILE...]

Evaluates Nix files (./default.nix if none is named, standard input for '-') and
prints the paths of the derivations in them; nothing is built. With --eval it
prints the values instead.

What to do
  --eval, --eval-only      print values
  --parse                  print the expressions in canonical form
  --dump-drv               print the derivations themselves, as they stand in .drv files
  --find-file              print where the search path has the files named

Where expressions come from
  -E, --expr               the arguments are expressions, not files
  -A, --attr PATH          select an attribute, e.g. a.b.0; may be repeated
  --arg NAME EXPRESSION    pass an argument to functions
  --argstr NAME STRING     pass a string
  --arg-from-file NAME PATH, --arg-from-stdin NAME
                           pass what a file or standard input contains
  -I, --include ENTRY      PATH or NAME=PATH for <...>, before those of NIX_PATH

How values are printed
  --strict                 evaluate all parts
  --json, --xml, --raw     in another form
  --no-location            leave positions out of --xml

How far evaluation goes
  --show-trace             show the whole trace of an error
  --max-call-depth N       how deep calls may nest (10000)
  --timeout SECONDS        how long evaluation may take
  --option NAME VALUE      set one of Nix's settings
  --extra-experimental-features NAMES
  --lint-url-literals, --lint-absolute-path-literals, --lint-short-path-literals
                           followed by ignore, warn or fatal

Where time goes
  --stats                  print counts to standard error, as with NIX_SHOW_STATS=1,
                           or to the file that NIX_SHOW_STATS_PATH names
  --profile FILE           write a flame graph of functions and values; FILE ends
                           with .cpuprofile (Chrome, VS Code) or .speedscope.json

Flags that concern stores and builds are accepted and change nothing.
`;

export const checkHelp: Bytes = `Usage: nixray check [FLAGS] PATH...

Reports the problems of Nix files, and of those in folders: syntax, names, and
what fails when a file is evaluated. Exits with 1 if there is an error.

A PATH that is '-' is standard input, as if it were a file of the working folder.
Options that take a value are understood as --format json and as --format=json.

  --format human|json|sarif  for people, or for programs
  --no-evaluation            evaluate nothing
  --reachable                look also, as an editor does, into functions as they are
                             called, bindings, and the options of modules
  --hints                    print also what could be written better, such as unused
                             names, instead of only counting it; json and sarif have it
  --timeout SECONDS          for each file (10)
  --ignore CODE              leave out problems of that code; may be repeated
  -I, --include ENTRY        PATH or NAME=PATH for <...>, before those of NIX_PATH
`;

export const formatHelp: Bytes = `Usage: nixray format [FLAGS] PATH...

Rewrites Nix files, and those in folders, in the format of nixfmt, and prints the
names of those that were not in it. A PATH that is '-' is standard input; then the
result is printed. A file with a syntax error stays as it is.

  --check                    only print the names, and exit with 1 if there are any
  --width N                  how many characters a line has at most without its
                             indentation, as far as that is possible (100)
`;

export const hoverHelp: Bytes = `Usage: nixray hover [FLAGS] FILE:LINE:COLUMN

Prints what an editor shows when the mouse rests on that place, as Markdown. Lines
and columns count from 1.

  --depth LEVELS             how many levels of sets and lists are shown (3)
  -I, --include ENTRY        PATH or NAME=PATH for <...>, before those of NIX_PATH
`;

export const bytecodeHelp: Bytes = `Usage: nixray bytecode FILE[:LINE:COLUMN]

Prints the byte code of a file, chunk by chunk. With a place, the chunks around it
come first, from the inside out.
`;

export const lspHelp: Bytes = `Usage: nixray lsp [--stdio]

Runs the language server. An editor starts it and talks to it on standard input and
output; the settings come from the editor.
`;

export const fetchNixpkgsHelp: Bytes = `Usage: nixray fetch-nixpkgs [FLAGS] [RELEASE]

Downloads a release of nixpkgs, checks its hash, and keeps it in the cache folder.
Prints an entry for the search path, so that this evaluates with it:

  nixray eval -I "$(nixray fetch-nixpkgs)" -E '(import <nixpkgs> { }).hello.name'

Without RELEASE it is the newest that Nixray knows the hash of.

  --list                     prints the releases that Nixray knows
  --url URL --sha256 HASH    another archive (.tar.gz or .tar; https, http or file)
                             and the hash of its tree, as fetchTarball takes it
  --cache-directory FOLDER   where Nixray keeps it, instead of the user's cache folder
`;
