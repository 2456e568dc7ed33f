/** Experimental features, as far as builtins ask for them. */
import type { Vm } from '../vm/vm';
import { failure } from './failure';

/** @throws EvalError where the feature is off */
export function requireFeature(vm: Vm, feature: string): void {
  if (vm.host.features.has(feature)) return;
  throw failure(
    `experimental Nix feature '${feature}' is disabled; add '--extra-experimental-features ${feature}' to enable it`,
  );
}
