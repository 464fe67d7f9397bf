import { performance } from "node:perf_hooks";

/**
 * How the clock of the world runs.
 *
 * - `manual`: stands still until `advance` or `advanceUntil` is called. For tests.
 * - `fast-forward`: runs at the pace of the wall clock while nobody waits for anything, and jumps to the next timer
 *   when somebody waits (a demand) and no real work is under way (a hold).
 * - `paced`: runs `speed` times as fast as the wall clock and never jumps.
 */
export type ClockMode =
  | { readonly kind: "manual" }
  | { readonly kind: "fast-forward"; readonly quietMs?: number }
  | { readonly kind: "paced"; readonly speed: number };

/** A pending timer. Cancelling one that has fired does nothing. */
export interface Timer {
  cancel(): void;
}

interface Entry {
  readonly atMs: number;
  readonly order: number;
  readonly run: () => void | Promise<void>;
  cancelled: boolean;
}

interface Watcher {
  readonly reached: () => boolean;
  readonly settle: (reached: boolean) => void;
  readonly deadlineMs: number;
}

/**
 * The one clock of a rehearsal. Two kinds of waiting meet in it:
 *
 * - *real work* (a container computing, bytes moving over a socket or a disk) takes a `hold`; the clock never jumps
 *   while one is held, so a timeout can never fire merely because the machine was slow;
 * - *virtual waits* (an instance starting, a queue's age, a cooldown) are timers; somebody who waits for one takes a
 *   `demand`, and only then does the clock jump.
 *
 * A timer's callback may return a promise; the clock waits for it before going on, so a callback must never await
 * virtual time itself (it would wait for the clock that waits for it): start another timer instead.
 */
export class Clock {
  private readonly entries: Entry[] = [];
  private readonly watchers = new Set<Watcher>();
  private readonly settlers: Array<() => void> = [];
  private sequence = 0;
  private holds = 0;
  private demands = 0;
  private offsetMs: number;
  private manualMs: number;
  private readonly startedAt = performance.now();
  private lastTouch = 0;
  private pumping = false;
  private pumpAgain = false;
  private wake: NodeJS.Timeout | undefined;
  private closed = false;
  private failure: unknown;

  /**
   * @param mode how time passes
   * @param startMs the virtual time at which the world begins, milliseconds since the Unix epoch
   */
  constructor(
    private readonly mode: ClockMode,
    startMs: number,
  ) {
    this.offsetMs = startMs;
    this.manualMs = startMs;
  }

  /** Virtual time now, whole milliseconds since the Unix epoch. */
  now(): number {
    if (this.mode.kind === "manual") return this.manualMs;
    const elapsed = performance.now() - this.startedAt;
    return Math.floor(this.offsetMs + (this.mode.kind === "paced" ? elapsed * this.mode.speed : elapsed));
  }

  /** Runs `run` when virtual time reaches `timeMs` (at once, in order, when that has passed). */
  at(timeMs: number, run: () => void | Promise<void>): Timer {
    const entry: Entry = { atMs: timeMs, order: this.sequence++, run, cancelled: false };
    let low = 0;
    let high = this.entries.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = this.entries[middle] as Entry;
      if (other.atMs < entry.atMs || (other.atMs === entry.atMs && other.order < entry.order)) low = middle + 1;
      else high = middle;
    }
    this.entries.splice(low, 0, entry);
    this.pump();
    return {
      cancel: () => {
        entry.cancelled = true;
      },
    };
  }

  /** Runs `run` after `delayMs` of virtual time. */
  after(delayMs: number, run: () => void | Promise<void>): Timer {
    return this.at(this.now() + Math.max(0, delayMs), run);
  }

  /**
   * Waits `delayMs` of virtual time, as somebody who wants it to pass: the clock may jump. Never call it from a
   * timer's callback.
   */
  async sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return;
    const release = this.demand();
    try {
      await new Promise<void>((resolve) => {
        const timer = this.after(delayMs, () => {
          signal?.removeEventListener("abort", stop);
          resolve();
        });
        const stop = (): void => {
          timer.cancel();
          resolve();
        };
        signal?.addEventListener("abort", stop, { once: true });
      });
    } finally {
      release();
    }
  }

  /** Says that real work is under way: the clock will not jump until the returned function is called. */
  hold(): () => void {
    this.holds++;
    return once(() => {
      this.holds--;
      this.touch();
      this.pump();
      if (this.holds === 0) for (const settle of this.settlers.splice(0)) settle();
    });
  }

  /** Holds the clock while `work` runs. */
  async holding<T>(work: () => Promise<T> | T): Promise<T> {
    const release = this.hold();
    try {
      return await work();
    } finally {
      release();
    }
  }

  /** Says that somebody waits for virtual time to pass: the clock may jump until the returned function is called. */
  demand(): () => void {
    this.demands++;
    this.pump();
    return once(() => {
      this.demands--;
    });
  }

  /** Says that somebody outside has just been heard from, so that the clock lets him finish his sentence. */
  touch(): void {
    this.lastTouch = performance.now();
  }

  /** Manual clock only: lets `ms` of virtual time pass, running every timer on the way and waiting for real work. */
  async advance(ms: number): Promise<void> {
    await this.play(this.now() + ms, () => false);
  }

  /**
   * Lets virtual time pass until `reached` says so, or `limitMs` of it have passed.
   *
   * @returns whether it was reached
   */
  async until(reached: () => boolean, limitMs: number): Promise<boolean> {
    if (this.mode.kind === "manual") return this.play(this.now() + limitMs, reached);
    if (reached()) return true;
    const release = this.demand();
    try {
      return await new Promise<boolean>((settle) => {
        const watcher: Watcher = { reached, settle, deadlineMs: this.now() + limitMs };
        this.watchers.add(watcher);
        this.at(watcher.deadlineMs, () => this.look());
      });
    } finally {
      release();
    }
  }

  /** Stops the clock for good: no timer fires afterwards. Throws what a timer's callback threw, if one did. */
  close(): void {
    this.closed = true;
    clearTimeout(this.wake);
    this.entries.length = 0;
    for (const watcher of this.watchers) watcher.settle(false);
    this.watchers.clear();
    if (this.failure !== undefined) throw this.failure;
  }

  private async play(targetMs: number, reached: () => boolean): Promise<boolean> {
    if (this.mode.kind !== "manual") throw new Error("only a manual clock can be advanced");
    for (;;) {
      await this.settled();
      if (reached()) return true;
      const next = this.take(targetMs);
      if (next === undefined) break;
      this.manualMs = Math.max(this.manualMs, next.atMs);
      await next.run();
    }
    this.manualMs = Math.max(this.manualMs, targetMs);
    return reached();
  }

  /** Resolves when no real work is under way and everything that was ready to run has run. */
  private async settled(): Promise<void> {
    for (let quiet = 0; quiet < 3; ) {
      if (this.holds > 0) {
        await new Promise<void>((resolve) => this.settlers.push(resolve));
        quiet = 0;
      } else {
        await new Promise<void>((resolve) => setImmediate(resolve));
        quiet = this.holds > 0 ? 0 : quiet + 1;
      }
    }
  }

  private take(untilMs: number): Entry | undefined {
    while (this.entries[0]?.cancelled) this.entries.shift();
    const first = this.entries[0];
    if (first === undefined || first.atMs > untilMs) return undefined;
    this.entries.shift();
    return first;
  }

  private pump(): void {
    if (this.mode.kind === "manual" || this.closed) return;
    if (this.pumping) {
      this.pumpAgain = true;
      return;
    }
    this.pumping = true;
    setImmediate(() => void this.drive());
  }

  private async drive(): Promise<void> {
    try {
      do {
        this.pumpAgain = false;
        await this.drainDue();
      } while (!this.closed && (this.pumpAgain || (await this.jump())));
    } catch (cause) {
      this.failure ??= cause;
      process.emitWarning(`a timer of the rehearsal's clock failed: ${String((cause as Error)?.stack ?? cause)}`);
    } finally {
      this.pumping = false;
      this.arm();
    }
  }

  private async drainDue(): Promise<void> {
    for (let due = this.take(this.now()); due !== undefined && !this.closed; due = this.take(this.now())) {
      await due.run();
      this.look();
    }
    this.look();
  }

  /** Moves to the next timer if somebody waits and nobody works; says whether it is worth looking again. */
  private async jump(): Promise<boolean> {
    if (this.mode.kind !== "fast-forward") return false;
    await new Promise<void>((resolve) => setImmediate(resolve));
    const mayJump = (): boolean => this.demands > 0 && this.holds === 0 && !this.closed;
    if (!mayJump()) return false;
    const quietFor = this.lastTouch + (this.mode.quietMs ?? 40) - performance.now();
    if (quietFor > 0) {
      await new Promise<void>((resolve) => setTimeout(resolve, Math.ceil(quietFor)));
      return true;
    }
    while (this.entries[0]?.cancelled) this.entries.shift();
    const next = this.entries[0];
    if (next === undefined) return false;
    this.offsetMs += Math.max(0, next.atMs - this.now());
    return true;
  }

  private look(): void {
    for (const watcher of this.watchers) {
      const reached = watcher.reached();
      if (!reached && this.now() < watcher.deadlineMs) continue;
      this.watchers.delete(watcher);
      watcher.settle(reached);
    }
  }

  /** While nobody waits, the next timer fires when the wall clock reaches it. */
  private arm(): void {
    clearTimeout(this.wake);
    if (this.closed) return;
    if (this.pumpAgain) {
      this.pumpAgain = false;
      this.pump();
      return;
    }
    const next = this.entries.find((entry) => !entry.cancelled);
    if (next === undefined || this.mode.kind === "manual") return;
    const speed = this.mode.kind === "paced" ? this.mode.speed : 1;
    const delayMs = Math.min(Math.max(0, (next.atMs - this.now()) / speed), 2 ** 30);
    this.wake = setTimeout(() => this.pump(), delayMs);
    this.wake.unref();
  }
}

function once(run: () => void): () => void {
  let done = false;
  return () => {
    if (done) return;
    done = true;
    run();
  };
}
