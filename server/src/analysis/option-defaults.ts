/** Defaults that the options of a module do not take: the module system refuses them once nothing else is defined. */
import { decodeUtf8, type Bytes } from '../base/bytes';
import type { Range } from '../base/range';
import type { EvaluationDiagnostic } from '../evaluator/service';
import type { Subject } from '../evaluator/live-values';
import { Kind, staticName } from '../syntax/tree';
import type { Attrs } from '../values/attrs';
import type { Vm } from '../vm/vm';
import { optionBindings, type OptionBinding } from './option-bindings';
import { OptionMessages } from './option-messages';
import type { Options, OptionNode } from './options';

/**
 * What is wrong with the defaults of the options that a module declares, where they are what counts.
 * @param root the options that the module is called with @throws EvalError, Interruption
 */
export function defaultProblems(
  vm: Vm,
  options: Options,
  root: Attrs,
  { path, parsed }: Subject,
): EvaluationDiagnostic[] {
  const messages = new OptionMessages(vm, options, path);
  const problems: EvaluationDiagnostic[] = [];
  for (const binding of optionBindings(parsed)) {
    const option = optionAt(options, root, binding.names);
    if (option?.kind !== 'option' || !options.hasDefault(option.option)) continue;
    const message = messages.refusal({ option, rest: [] });
    if (message === undefined) continue;
    const error = { message: decodeUtf8(message), code: 'option-default', trace: [] };
    problems.push({ range: rangeOfDefault(binding), error, severity: 'error' });
  }
  return problems;
}

function optionAt(options: Options, root: Attrs, names: readonly Bytes[]): OptionNode | undefined {
  let node: OptionNode | undefined = { kind: 'set', set: root };
  // The options of a submodule are declared below others, and are none of the module's own.
  for (const name of names) node = node?.kind === 'set' ? options.step(node, name) : undefined;
  return node;
}

/** The default in the set that an option is made of, or the name of the option where the text does not show it. */
function rangeOfDefault({ node, at }: OptionBinding): Range {
  const { value, valueAt, path } = node;
  const made = value.kind === Kind.Call ? value.args.at(-1)! : value;
  const madeAt = at + valueAt + (value.kind === Kind.Call ? value.argsAt.at(-1)! : 0);
  if (made.kind === Kind.AttributeSet) {
    for (const [i, binding] of made.bindings.entries()) {
      if (binding.kind !== Kind.Binding || binding.path.names.length !== 1) continue;
      if (staticName(binding.path.names[0]!) !== 'default') continue;
      const start = madeAt + made.bindingsAt[i]! + binding.valueAt;
      return { start, end: start + binding.value.width };
    }
  }
  return { start: at, end: at + path.width };
}
