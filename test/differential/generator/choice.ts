// Where a random program takes its decisions from. All of them are numbers that
// fast-check draws, so a seed makes the same programs again.

export class Choice {
  constructor(private readonly draw: (max: number) => number) {}

  /** A number from 0 up to, and without, `limit`. */
  below(limit: number): number {
    return this.draw(limit - 1);
  }

  /** True in one of so many cases. */
  oneIn(cases: number): boolean {
    return this.below(cases) === 0;
  }

  pick<T>(options: readonly T[]): T {
    return options[this.below(options.length)]!;
  }

  /** One of the options, each as likely as its weight says. */
  weighted<T extends { readonly weight: number }>(options: readonly T[]): T {
    let rest = this.below(options.reduce((sum, { weight }) => sum + weight, 0));
    for (const option of options) {
      rest -= option.weight;
      if (rest < 0) return option;
    }
    return options.at(-1)!;
  }

  /** So many different options, or all where there are fewer; in random order. */
  some<T>(options: readonly T[], count: number): T[] {
    const rest = [...options];
    const chosen: T[] = [];
    while (chosen.length < count && rest.length > 0) chosen.push(...rest.splice(this.below(rest.length), 1));
    return chosen;
  }

  shuffled<T>(items: readonly T[]): T[] {
    return this.some(items, items.length);
  }
}
