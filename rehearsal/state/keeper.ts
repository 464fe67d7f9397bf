import { open } from "node:fs/promises";
import { AwsError } from "../world/aws-error";
import type { Keeper } from "../world/keeper";
import type { World } from "../world/world";
import { encodeBlock, type JournalFile } from "./journal-file";
import { Settings } from "./settings";
import type { Row } from "./table";

/** How soon a full disk is tried again for those who wait for room. */
const retryMs = 500;
/** How far the world's time may run on without being written down, while somebody is told of it. */
const timeKeptEveryMs = 1000;

/**
 * Writes what a world puts into its journal: whatever was put while one block was being written goes into the next, so
 * that many share one `fsync`. Blocks are made between two turns of the event loop, never within one.
 */
export class JournalKeeper implements Keeper {
  private world: World | undefined;
  private settings: Settings | undefined;
  /** Put and not yet safe, each as JSON, in order. */
  private pending: string[] = [];
  /** Puts and marks until now, and how many of them are safe. */
  private putCount = 0;
  private safeCount = 0;
  private readonly folders = new Set<string>();
  private writing: Promise<void> | undefined;
  private failure: unknown;
  private lastMs = 0;
  private holds = 0;
  private released: (() => void) | undefined;
  private closed = false;
  /** Why callers have to wait for longer than a call can. */
  private occupied: string | undefined;

  constructor(private readonly file: JournalFile) {}

  /** Begins to write down what this world puts. What it holds already is taken as written. */
  attach(world: World): void {
    this.settings = new Settings(world);
    this.world = world;
    this.lastMs = world.clock.now();
  }

  put(collection: string, key: string, value: unknown): void {
    this.add([collection, key, value]);
  }

  remove(collection: string, key: string): void {
    this.add([collection, key]);
  }

  drop(collection: string): void {
    this.add([collection]);
  }

  changed(service: string, region?: string): void {
    if (this.closed || this.settings === undefined) return;
    this.settings.mark(service, region);
    this.begin();
  }

  wroteInto(folder: string): void {
    this.folders.add(folder);
  }

  hold(): () => void {
    this.holds++;
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      this.holds--;
      if (this.holds === 0) this.released?.();
    };
  }

  /** Holds for longer than a caller's call may hold the clock: callers are refused meanwhile. @param reason told to them */
  occupy(reason: string): () => void {
    const release = this.hold();
    this.occupied = reason;
    return () => {
      this.occupied = undefined;
      release();
    };
  }

  async safe(): Promise<boolean> {
    const target = this.putCount;
    while (!(await this.reach(target))) {
      if (this.closed) return false;
      await new Promise((resolve) => setTimeout(resolve, retryMs));
    }
    return true;
  }

  async flushed(): Promise<void> {
    this.refuseWhileOccupied();
    this.keepTime();
    if (!(await this.reach(this.putCount))) throw this.refusal();
  }

  async ready(): Promise<void> {
    this.refuseWhileOccupied();
    if (this.failure !== undefined && !(await this.reach(this.putCount))) throw this.refusal();
  }

  /** Writes what is left, and nothing that is put from now on. @throws what the disk says */
  async close(): Promise<void> {
    const isSafe = this.closed || (await this.reach(this.putCount));
    this.abandon();
    await this.writing;
    await this.file.close();
    if (!isSafe) throw this.failure;
  }

  /** From now on nothing is written any more, not even what waits. */
  abandon(): void {
    this.closed = true;
    this.released?.();
  }

  private add(row: Row): void {
    if (this.closed || this.world === undefined) return;
    this.pending.push(JSON.stringify(row));
    this.begin();
  }

  private begin(): void {
    this.putCount++;
    void this.write();
  }

  /** Whoever is told the time must not be told an earlier one after a crash. */
  private keepTime(): void {
    const nowMs = this.world?.clock.now() ?? 0;
    if (nowMs - this.lastMs >= timeKeptEveryMs) this.put("time", "now", nowMs);
  }

  /** @returns whether everything up to the `target`th is safe; false when it cannot be written now */
  private async reach(target: number): Promise<boolean> {
    while (this.safeCount < target) {
      if (this.closed) return false;
      await this.write();
      if (this.failure !== undefined) return this.safeCount >= target;
    }
    return true;
  }

  /** Writes one block, or waits for the one that is being written. */
  private write(): Promise<void> {
    this.writing ??= this.writeBlock().finally(() => {
      this.writing = undefined;
      if (this.safeCount < this.putCount && this.failure === undefined && !this.closed) void this.write();
    });
    return this.writing;
  }

  private async writeBlock(): Promise<void> {
    await turn();
    while (this.holds > 0 && !this.closed) {
      await new Promise<void>((resolve) => {
        this.released = resolve;
      });
      await turn();
    }
    if (this.closed || this.world === undefined) return;
    const folders = [...this.folders];
    this.folders.clear();
    try {
      for (const row of this.settings?.changes() ?? []) this.pending.push(JSON.stringify(row));
      const [covered, count, nowMs] = [this.putCount, this.pending.length, this.world.clock.now()];
      for (const folder of folders) await syncFolder(folder);
      if (count > 0) await this.file.append(encodeBlock(nowMs, this.pending.slice(0, count)));
      this.pending.splice(0, count);
      this.failure = undefined;
      this.safeCount = covered;
      this.lastMs = nowMs;
    } catch (cause) {
      this.failure = cause;
      for (const folder of folders) this.folders.add(folder);
    }
  }

  private refuseWhileOccupied(): void {
    if (this.occupied !== undefined) throw new AwsError("ServiceUnavailable", this.occupied, 503);
  }

  private refusal(): AwsError {
    const { code, message } = (this.failure ?? {}) as NodeJS.ErrnoException;
    const why = isFull(code) ? "no space is left" : `writing failed (${message ?? "it ends"})`;
    return new AwsError(
      "ServiceUnavailable",
      `The rehearsal cannot promise to remember this: ${why} where it keeps its state. Try again when that is mended.`,
      503,
    );
  }
}

/** Everything that is ready to run, runs first: what belongs together is put together. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** A full disk, a full quota, or a file that may not grow. */
function isFull(code: string | undefined): boolean {
  return code === "ENOSPC" || code === "EDQUOT" || code === "EFBIG";
}

/** Makes the names of a folder's new files safe. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
