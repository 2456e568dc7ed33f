/** Experimental features, as far as builtins ask for them. */
import type { Vm } from '../vm/vm';
import { failure } from './failure';

/** @throws EvalError where the feature is off; `reason` tells what needs it */
export function requireFeature(vm: Vm, feature: string, reason = ''): void {
  if (vm.host.features.has(feature)) return;
  const bracket = reason === '' ? '' : ` (${reason})`;
  throw failure(
    `experimental Nix feature '${feature}' is disabled${bracket}; add '--extra-experimental-features ${feature}' to enable it`,
  );
}
