import { performance } from "node:perf_hooks";
import { Timers } from "./timers";

/**
 * How the clock of the world runs.
 *
 * - `manual`: stands still until `advance` or `until` is called. For tests.
 * - `fast-forward`: runs at the pace of the wall clock while nobody waits for anything, and jumps to the next timer
 *   when somebody waits (a demand) and no real work is under way (a hold).
 * - `paced`: runs `speed` times as fast as the wall clock and never jumps.
 */
export type ClockMode =
  | { readonly kind: "manual" }
  | { readonly kind: "fast-forward"; readonly quietMs?: number }
  | { readonly kind: "paced"; readonly speed: number };

/** The machine's own time, which a test may play. */
export interface Wall {
  /** Milliseconds since some moment. */
  nowMs(): number;
  /** Runs `run` in so many milliseconds, until the returned function is called. A `background` wait keeps no process alive. */
  after(ms: number, run: () => void, background: boolean): () => void;
}

const machine: Wall = {
  nowMs: () => performance.now(),
  after: (ms, run, background) => {
    const timeout = setTimeout(run, ms);
    if (background) timeout.unref();
    return () => clearTimeout(timeout);
  },
};

/** A pending timer. Cancelling one that has fired does nothing. */
export interface Timer {
  cancel(): void;
}

interface Watcher {
  readonly reached: () => boolean;
  readonly settle: (reached: boolean) => void;
  readonly fail: (cause: unknown) => void;
  readonly deadlineMs: number;
}

/** Since when nobody has been heard from before the clock jumps, unless the mode says otherwise. */
const quietMsDefault = 40;
/** Turns of the event loop after which everything that was ready to run has run. */
const settlingTurns = 3;
/** The longest wait that Node's own timers take, about. */
const wallWaitMsMax = 2 ** 30;

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
  private readonly timers = new Timers();
  private readonly watchers = new Set<Watcher>();
  private readonly sleepers = new Set<(cause: Error) => void>();
  private readonly settlers: Array<() => void> = [];
  private holds = 0;
  private demands = 0;
  private offsetMs: number;
  private manualMs: number;
  private readonly startedAt: number;
  private lastTouch = 0;
  private pumping = false;
  private pumpAgain = false;
  private stopWaking: () => void = () => {};
  private closed = false;
  private failure: { readonly cause: unknown } | undefined;

  /**
   * @param mode how time passes
   * @param startMs the virtual time at which the world begins, milliseconds since the Unix epoch
   * @param wall what the pace is taken from
   * @throws RangeError for a speed that is not above zero
   */
  constructor(
    readonly mode: ClockMode,
    startMs: number,
    private readonly wall: Wall = machine,
  ) {
    if (mode.kind === "paced" && !(mode.speed > 0 && Number.isFinite(mode.speed))) {
      throw new RangeError(`a clock's speed is a number above zero, not ${mode.speed}`);
    }
    this.startedAt = wall.nowMs();
    this.offsetMs = startMs;
    this.manualMs = startMs;
  }

  /** Virtual time now, whole milliseconds since the Unix epoch. */
  now(): number {
    if (this.mode.kind === "manual") return this.manualMs;
    const elapsed = this.wall.nowMs() - this.startedAt;
    return Math.floor(this.offsetMs + (this.mode.kind === "paced" ? elapsed * this.mode.speed : elapsed));
  }

  /**
   * Runs `run` when virtual time reaches `timeMs` (at once, in order, when that has passed).
   *
   * @throws RangeError for a time that is not a finite number
   */
  at(timeMs: number, run: () => void | Promise<void>): Timer {
    if (!Number.isFinite(timeMs)) throw new RangeError(`a timer's time is a finite number, not ${timeMs}`);
    if (this.closed) return { cancel: () => {} };
    const entry = this.timers.add(timeMs, run);
    this.pump();
    return { cancel: () => this.timers.cancel(entry) };
  }

  /** Runs `run` after `delayMs` of virtual time. */
  after(delayMs: number, run: () => void | Promise<void>): Timer {
    return this.at(this.now() + Math.max(0, delayMs), run);
  }

  /**
   * Waits `delayMs` of virtual time, as somebody who wants it to pass: the clock may jump. Returns early when `signal`
   * is aborted. Never call it from a timer's callback.
   *
   * @throws Error when the clock is closed, before or meanwhile: a loop that sleeps between two looks must end
   */
  async sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return;
    if (this.closed) throw closedError();
    const release = this.demand();
    let wakeUp = (): void => {};
    try {
      await new Promise<void>((resolve, reject) => {
        const timer = this.after(delayMs, resolve);
        const stop = (): void => resolve();
        signal?.addEventListener("abort", stop, { once: true });
        this.sleepers.add(reject);
        wakeUp = () => {
          timer.cancel();
          signal?.removeEventListener("abort", stop);
          this.sleepers.delete(reject);
        };
      });
    } finally {
      wakeUp();
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
    this.lastTouch = this.wall.nowMs();
  }

  /** Manual clock only: lets `ms` of virtual time pass, running every timer on the way and waiting for real work. */
  async advance(ms: number): Promise<void> {
    await this.play(this.now() + ms, () => false);
  }

  /**
   * Lets virtual time pass until `reached` says so, or `limitMs` of it have passed.
   *
   * @returns whether it was reached
   * @throws what `reached` throws
   */
  async until(reached: () => boolean, limitMs: number): Promise<boolean> {
    if (this.mode.kind === "manual") return this.play(this.now() + limitMs, reached);
    if (reached()) return true;
    if (this.closed) return false;
    const release = this.demand();
    let deadline: Timer | undefined;
    try {
      return await new Promise<boolean>((settle, fail) => {
        const watcher: Watcher = { reached, settle, fail, deadlineMs: this.now() + limitMs };
        this.watchers.add(watcher);
        deadline = this.at(watcher.deadlineMs, () => this.look());
      });
    } finally {
      deadline?.cancel();
      release();
    }
  }

  /**
   * Stops the clock for good: no timer fires afterwards, whoever sleeps is told so, whoever waits for a moment gets
   * false. Throws, once, what a timer's callback threw, if one did.
   */
  close(): void {
    this.closed = true;
    this.stopWaking();
    this.timers.clear();
    for (const watcher of this.watchers) watcher.settle(false);
    this.watchers.clear();
    for (const wakeUp of this.sleepers) wakeUp(closedError());
    this.sleepers.clear();
    for (const settle of this.settlers.splice(0)) settle();
    const { failure } = this;
    this.failure = undefined;
    if (failure !== undefined) throw failure.cause;
  }

  private async play(targetMs: number, reached: () => boolean): Promise<boolean> {
    if (this.mode.kind !== "manual") throw new Error("only a manual clock can be advanced");
    for (;;) {
      await this.settled();
      if (reached()) return true;
      const next = this.timers.take(targetMs);
      if (next === undefined) break;
      this.manualMs = Math.max(this.manualMs, next.atMs);
      await next.run();
    }
    this.manualMs = Math.max(this.manualMs, targetMs);
    return reached();
  }

  /** Resolves when no real work is under way and everything that was ready to run has run. */
  private async settled(): Promise<void> {
    for (let quiet = 0; quiet < settlingTurns && !this.closed; ) {
      if (this.holds > 0) {
        await new Promise<void>((resolve) => this.settlers.push(resolve));
        quiet = 0;
      } else {
        await turn();
        quiet = this.holds > 0 ? 0 : quiet + 1;
      }
    }
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
    do {
      this.pumpAgain = false;
      await this.drainDue();
    } while (!this.closed && (this.pumpAgain || (await this.jump())));
    this.pumping = false;
    this.arm();
  }

  private async drainDue(): Promise<void> {
    for (let due = this.timers.take(this.now()); due !== undefined; due = this.timers.take(this.now())) {
      try {
        await due.run();
      } catch (cause) {
        // One broken timer must not stop the others; whoever closes the clock hears of the first.
        this.failure ??= { cause };
        process.emitWarning(`a timer of the rehearsal's clock failed: ${String((cause as Error)?.stack ?? cause)}`);
      }
      this.look();
    }
    this.look();
  }

  /** Moves to the next timer if somebody waits and nobody works; says whether it is worth looking again. */
  private async jump(): Promise<boolean> {
    if (this.mode.kind !== "fast-forward") return false;
    const mayJump = (): boolean => this.demands > 0 && this.holds === 0 && !this.closed;
    for (let quiet = 0; quiet < settlingTurns; quiet++) {
      if (!mayJump()) return false;
      await turn();
    }
    if (!mayJump()) return false;
    const quietFor = this.lastTouch + (this.mode.quietMs ?? quietMsDefault) - this.wall.nowMs();
    if (quietFor > 0) {
      await new Promise<void>((resolve) => void this.wall.after(Math.ceil(quietFor), resolve, false));
      return true;
    }
    const nextMs = this.timers.nextMs();
    if (nextMs === undefined) return false;
    this.offsetMs += Math.max(0, nextMs - this.now());
    return true;
  }

  private look(): void {
    for (const watcher of this.watchers) {
      try {
        const reached = watcher.reached();
        if (!reached && this.now() < watcher.deadlineMs) continue;
        watcher.settle(reached);
      } catch (cause) {
        watcher.fail(cause);
      }
      this.watchers.delete(watcher);
    }
  }

  /** While nobody waits, the next timer fires when the wall clock reaches it. */
  private arm(): void {
    this.stopWaking();
    if (this.closed) return;
    if (this.pumpAgain) {
      this.pumpAgain = false;
      this.pump();
      return;
    }
    const nextMs = this.timers.nextMs();
    if (nextMs === undefined) return;
    const speed = this.mode.kind === "paced" ? this.mode.speed : 1;
    const delayMs = Math.min(Math.max(0, (nextMs - this.now()) / speed), wallWaitMsMax);
    this.stopWaking = this.wall.after(delayMs, () => this.pump(), true);
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function closedError(): Error {
  return new Error("the rehearsal's clock is closed");
}

function once(run: () => void): () => void {
  let done = false;
  return () => {
    if (done) return;
    done = true;
    run();
  };
}
