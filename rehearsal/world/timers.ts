/** A timer that has neither fired nor been cancelled, or one that has. */
export interface TimerEntry {
  readonly atMs: number;
  readonly order: number;
  /** What is to be run; undefined once cancelled, so that nothing it refers to is kept. */
  run: (() => void | Promise<void>) | undefined;
}

/** Cancelled entries that may lie about before they are swept out. */
const sweepFrom = 256;

/** Timers by time, those of one time in the order they were set: a binary heap. */
export class Timers {
  private heap: TimerEntry[] = [];
  private sequence = 0;
  private cancelled = 0;

  /** How many are still to fire. */
  get size(): number {
    return this.heap.length - this.cancelled;
  }

  add(atMs: number, run: () => void | Promise<void>): TimerEntry {
    const entry: TimerEntry = { atMs, order: this.sequence++, run };
    this.heap.push(entry);
    this.rise(this.heap.length - 1);
    return entry;
  }

  /** Lets go of the entry and of what it would have run. Doing so twice, or after it fired, changes nothing. */
  cancel(entry: TimerEntry): void {
    if (entry.run === undefined) return;
    entry.run = undefined;
    this.cancelled++;
    // A queue of long-lived requests cancels most of its timers hours before their time.
    if (this.cancelled >= sweepFrom && this.cancelled * 2 > this.heap.length) this.sweep();
  }

  /** When the next one fires. */
  nextMs(): number | undefined {
    while (this.heap[0] !== undefined && this.heap[0].run === undefined) {
      this.removeFirst();
      this.cancelled--;
    }
    return this.heap[0]?.atMs;
  }

  /** Removes the next one if it fires no later than `untilMs`; it can no longer be cancelled. */
  take(untilMs: number): { readonly atMs: number; readonly run: () => void | Promise<void> } | undefined {
    const nextMs = this.nextMs();
    if (nextMs === undefined || nextMs > untilMs) return undefined;
    const entry = this.removeFirst();
    const run = entry?.run;
    if (entry === undefined || run === undefined) return undefined;
    entry.run = undefined;
    return { atMs: entry.atMs, run };
  }

  clear(): void {
    this.heap = [];
    this.cancelled = 0;
  }

  private sweep(): void {
    this.heap = this.heap.filter(({ run }) => run !== undefined).sort((left, right) => (before(left, right) ? -1 : 1));
    this.cancelled = 0;
  }

  private removeFirst(): TimerEntry | undefined {
    const [first] = this.heap;
    const last = this.heap.pop();
    if (last !== undefined && this.heap.length > 0) {
      this.heap[0] = last;
      this.sink(0);
    }
    return first;
  }

  private rise(from: number): void {
    for (let index = from; index > 0; ) {
      const parent = (index - 1) >>> 1;
      if (!this.swapIfBefore(index, parent)) return;
      index = parent;
    }
  }

  private sink(from: number): void {
    for (let index = from; ; ) {
      const left = 2 * index + 1;
      const [one, other] = [this.heap[left], this.heap[left + 1]];
      if (one === undefined) return;
      const least = other !== undefined && before(other, one) ? left + 1 : left;
      if (!this.swapIfBefore(least, index)) return;
      index = least;
    }
  }

  private swapIfBefore(low: number, high: number): boolean {
    const [one, other] = [this.heap[low], this.heap[high]];
    if (one === undefined || other === undefined || !before(one, other)) return false;
    this.heap[low] = other;
    this.heap[high] = one;
    return true;
  }
}

function before(one: TimerEntry, other: TimerEntry): boolean {
  return one.atMs < other.atMs || (one.atMs === other.atMs && one.order < other.order);
}
