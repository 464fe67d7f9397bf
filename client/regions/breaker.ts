/** Keeps a region that fails again and again out of the choice for a while, then lets one request try it. */
export class Breaker {
  private failures = 0;
  private openedMs: number | undefined;

  /**
   * @param failuresMax failures in a row after which the region is left out
   * @param restMs how long it is left out; each failed trial begins it anew
   */
  constructor(
    private readonly failuresMax = 3,
    private readonly restMs = 60_000,
  ) {}

  /** Whether a request may be sent now. */
  allows(nowMs: number): boolean {
    return this.openedMs === undefined || nowMs - this.openedMs >= this.restMs;
  }

  succeeded(): void {
    this.failures = 0;
    this.openedMs = undefined;
  }

  failed(nowMs: number): void {
    this.failures++;
    if (this.failures >= this.failuresMax) this.openedMs = nowMs;
  }

  /** `closed`: in use. `open`: left out. `trying`: left out until one request succeeds. */
  state(nowMs: number): "closed" | "open" | "trying" {
    if (this.openedMs === undefined) return "closed";
    return this.allows(nowMs) ? "trying" : "open";
  }
}
