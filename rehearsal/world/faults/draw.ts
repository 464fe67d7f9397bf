/** When a fault strikes among the occasions it fits. Without any of the three, at each. */
export interface Occurrence {
  /** The share of occasions, above 0 and at most 1, drawn by the fault's own generator. */
  readonly share?: number | undefined;
  /** Each so-manieth occasion. */
  readonly every?: number | undefined;
  /** The first so many occasions. */
  readonly first?: number | undefined;
}

/**
 * Decides for one fault, occasion by occasion. Its generator is its own and is asked once an occasion, so the same
 * occasions in the same order meet the same decisions whatever happens beside them.
 */
export class Draw {
  private occasions = 0;
  private struck = 0;
  private readonly random: () => number;

  constructor(
    private readonly occurrence: Occurrence,
    seed: number,
  ) {
    this.random = randomFrom(seed);
  }

  /** How often it was asked and how often it struck. */
  get tally(): { readonly occasions: number; readonly struck: number } {
    return { occasions: this.occasions, struck: this.struck };
  }

  /** Whether this occasion is struck. */
  strikes(): boolean {
    this.occasions++;
    const { share, every, first } = this.occurrence;
    const strikes =
      share !== undefined
        ? this.random() < share
        : every !== undefined
          ? this.occasions % every === 0
          : first === undefined || this.occasions <= first;
    if (strikes) this.struck++;
    return strikes;
  }

  /** A number from 0 to 1 for what else a fault leaves to chance. */
  fraction(): number {
    return this.random();
  }
}

/** Numbers from 0 (included) to 1 (excluded) that follow from a seed alone (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The seed of the fault at a place in the list: neighbours must not draw alike. */
export function seedOf(seed: number, index: number): number {
  return Math.floor(randomFrom((seed ^ Math.imul(index + 1, 0x9e3779b1)) >>> 0)() * 2 ** 32);
}
