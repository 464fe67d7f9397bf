import { readdir, stat } from "node:fs/promises";
import { totalmem } from "node:os";
import { join } from "node:path";
import type { Container } from "../../containers/container";

/** What an instance tells of itself for one minute, in percent. */
export interface HostUse {
  /** The sum over the processors: two busy ones are 200. */
  readonly cpu: number;
  /** Of the memory of the instance type. */
  readonly memory: number;
  /** Of the instance's volume. */
  readonly disk: number;
}

/** What an instance's container has used in its whole life. */
export interface LifeUse {
  readonly cpuSeconds: number;
  readonly peakMemoryBytes: number;
}

const minuteMs = 60_000;
const bytesPerGb = 1_000_000_000;

/**
 * Measures what an instance's container really uses of this machine. Processor time counts against a minute of AWS's
 * time, or against the wall clock's where more of that went by: real work takes as long in the world as it takes here.
 */
export class HostMeter {
  private life: LifeUse = { cpuSeconds: 0, peakMemoryBytes: 0 };
  private modelBytes = 0;
  private measured = false;
  private lookedAtMs = performance.now();

  /**
   * @param memoryBytes of the instance type; this machine's, for a type that is not known
   * @param volumeGb size of the instance's volume
   */
  constructor(
    private readonly memoryBytes: number | undefined,
    private readonly volumeGb: number,
  ) {}

  /** Undefined where nothing has been measured. */
  get lifeUse(): LifeUse | undefined {
    return this.measured ? this.life : undefined;
  }

  async weigh(modelFolder: string): Promise<void> {
    this.modelBytes = await bytesBelow(modelFolder);
  }

  /** What was used since the last look; undefined where it cannot be measured. */
  async look(container: Container): Promise<HostUse | undefined> {
    const usage = await container.usage?.();
    if (usage === undefined) return undefined;
    const before = this.life;
    const nowMs = performance.now();
    const seconds = Math.max(minuteMs, nowMs - this.lookedAtMs) / 1000;
    this.lookedAtMs = nowMs;
    this.measured = true;
    this.life = {
      // A process that nobody waited for takes its time with it.
      cpuSeconds: Math.max(before.cpuSeconds, usage.cpuSeconds),
      peakMemoryBytes: Math.max(before.peakMemoryBytes, usage.peakMemoryBytes),
    };
    // A height that was not reached before was reached since the last look, so it is this minute's.
    const memory = this.life.peakMemoryBytes > before.peakMemoryBytes ? usage.peakMemoryBytes : usage.memoryBytes;
    return {
      cpu: ((this.life.cpuSeconds - before.cpuSeconds) / seconds) * 100,
      memory: percent(memory, this.memoryBytes ?? totalmem()),
      disk: percent(this.modelBytes, this.volumeGb * bytesPerGb),
    };
  }
}

function percent(part: number, whole: number): number {
  return Math.min(100, (part / whole) * 100);
}

async function bytesBelow(folder: string): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.all(
    files.map(async (entry) => (await stat(join(entry.parentPath ?? entry.path, entry.name))).size),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
