import type { Wall } from "../../rehearsal/world/clock";

/** A machine's time that passes when a test says so. */
export class FakeWall implements Wall {
  private passedMs = 0;
  private readonly pending = new Set<{ readonly atMs: number; readonly run: () => void }>();

  nowMs(): number {
    return this.passedMs;
  }

  after(ms: number, run: () => void): () => void {
    const entry = { atMs: this.passedMs + ms, run };
    this.pending.add(entry);
    return () => this.pending.delete(entry);
  }

  /** Lets so much pass, running what falls due on the way and all that follows from it. */
  async pass(ms: number): Promise<void> {
    const untilMs = this.passedMs + ms;
    await settled();
    for (;;) {
      const [next] = [...this.pending].filter(({ atMs }) => atMs <= untilMs).sort((a, b) => a.atMs - b.atMs);
      if (next === undefined) break;
      this.pending.delete(next);
      this.passedMs = Math.max(this.passedMs, next.atMs);
      next.run();
      await settled();
    }
    this.passedMs = untilMs;
    await settled();
  }
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
}
