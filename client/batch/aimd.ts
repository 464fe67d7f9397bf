/**
 * How many submissions may be under way at once: one more for each round that goes well, half when the service says it
 * is too much, as TCP does it.
 */
export class Aimd {
  private limit: number;
  private successes = 0;
  private lastCutMs = Number.NEGATIVE_INFINITY;

  /** @param cutPauseMs throttles of one moment count as one */
  constructor(
    start = 8,
    private readonly most = 64,
    private readonly cutPauseMs = 1000,
  ) {
    this.limit = Math.min(start, most);
  }

  get atOnce(): number {
    return Math.floor(this.limit);
  }

  succeeded(): void {
    this.successes++;
    if (this.successes < this.limit) return;
    this.successes = 0;
    this.limit = Math.min(this.most, this.limit + 1);
  }

  throttled(nowMs: number): void {
    if (nowMs - this.lastCutMs < this.cutPauseMs) return;
    this.lastCutMs = nowMs;
    this.successes = 0;
    this.limit = Math.max(1, this.limit / 2);
  }
}
