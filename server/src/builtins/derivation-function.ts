/** `derivation`, a function in Nix around `derivationStrict`, which leaves the paths for when somebody asks. */
import { encodeUtf8, type Bytes } from '../base/bytes';
import { lazily } from '../values/thunk';
import type { Value } from '../values/value';
import type { Vm } from '../vm/vm';

/**
 * The function in Nix. It stands at these lines and with these names since traces
 * show them: they are part of what a user reads in C++ Nix's messages.
 */
const derivationText: Bytes = `# The function \`derivation\`.
#
# It takes the attributes of a derivation and adds to them:
#
# - one attribute for each output, with the derivation seen through that output;
# - \`all\`, the list of these;
# - \`drvAttrs\`, the attributes as they were given;
# - \`drvPath\`, \`outPath\`, \`outputName\` and \`type\`, which make of the set what
#   other functions take for a package.
#
# Nothing is computed for that but the names of the outputs. Paths need every
# attribute of the derivation, and of all that it depends on, so they wait until
# somebody asks: a package can then be passed around, compared and overridden
# without a look at most of its dependencies.
#
# \`strict\` is what asks. It is shared by the outputs, so the paths of a derivation
# are computed once.
#
# The first of the outputs is what the function returns, and what a package
# means where a string is made of it.
#
#
#
#
#
#
drvAttrs@{
  outputs ? [ "out" ],
  ...
}:

let

  # Forced through \`outPath\` and \`drvPath\` alone.

  strict = derivationStrict drvAttrs;
  # What every output has in common.
  commonAttrs =
    drvAttrs
    // builtins.listToAttrs outputsList
    // {
      all = map (output: output.value) outputsList;
      inherit drvAttrs;
    };

  seenThrough = outputName: {
    name = outputName;
    value = commonAttrs // {
      outPath = strict.\${outputName};
      drvPath = strict.drvPath;
      type = "derivation";
      inherit outputName;
    };
  };

  outputsList = map seenThrough outputs;

in
(builtins.head outputsList).value
`;

/** The value of `derivation`: compiled when it is first used. */
export function derivationFunction(vm: Vm): Value {
  const name = encodeUtf8('«nix-internal»/derivation-internal.nix');
  return lazily(() => vm.loader.evaluateText(derivationText, '/', name, 'file'));
}
