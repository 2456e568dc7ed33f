// A profile of activations that a test makes up, with a clock that it turns.
import { NodeBlueprint } from '../../../server/src/compiler/blueprint';
import { Profiler, type Profile } from '../../../server/src/profile/profiler';
import { TestEvaluator } from '../../kit/evaluate';
import type { Blueprint } from '../../../server/src/bytecode/blueprint';

/** Functions `f` and `g`, and `main` around them: blueprints of a real text. */
export function blueprints(): Record<'f' | 'g' | 'main', Blueprint> {
  const found: Record<string, Blueprint> = {};
  const { evaluator } = new TestEvaluator({
    files: { '/x/main.nix': 'let\n  f = x: g x;\n  g = y: y;\nin f 1\n' },
  });
  evaluator.vm.observer = {
    enter(blueprint) {
      if (!(blueprint instanceof NodeBlueprint)) throw new Error('a blueprint of an unknown kind');
      found[blueprint.kind === 'toplevel' ? 'main' : blueprint.name] = blueprint;
    },
    leave() {},
  };
  evaluator.importFile('/x/main.nix');
  const { f, g, main } = found;
  if (!f || !g || !main) throw new Error(`entered only ${Object.keys(found).join(' ')}`);
  return { f, g, main };
}

/**
 * What a profiler says of events, one a word: `>f` enters, `<f` leaves, a number is
 * milliseconds that pass. It samples every millisecond.
 */
export function recorded(events: string): Profile {
  const known: Record<string, Blueprint> = blueprints();
  let now = 1000;
  const profiler = new Profiler(() => now, 1);
  for (const event of events.split(' ')) {
    if (event.startsWith('>')) profiler.enter(known[event.slice(1)]!);
    else if (event.startsWith('<')) profiler.leave(known[event.slice(1)]!);
    else now += Number(event);
  }
  return profiler.stop();
}

/** The stacks that were sampled, `main f g`, with their milliseconds. */
export function stacks({ samples }: Profile): [string, number][] {
  return samples.map(({ node, milliseconds }) => {
    const names: string[] = [];
    for (let at = node; at.caller !== undefined; at = at.caller) {
      const code = at.code!;
      names.unshift('kind' in code && code.kind === 'toplevel' ? 'main' : code.name);
    }
    return [names.join(' '), milliseconds];
  });
}
