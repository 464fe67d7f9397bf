import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { promisify } from "node:util";
import type { Usage } from "./container";

/** One process of this machine. */
interface Row {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  readonly cpuSeconds: number;
  /** Known from the row only where a system tells it there. */
  readonly memoryBytes?: number;
}

/** Linux counts processor time for programs in hundredths, whatever the kernel's own tick is. */
const ticksPerSecond = 100;
/** How old a reading may be, so that many containers asked at once share one. */
const maxAgeMs = 100;

/**
 * Processor time and memory of a process with all it has started: those of its process group, and the descendants of
 * both. From `/proc` where there is one, else from `ps`.
 */
export class ProcessTable {
  private read: { readonly atMs: number; readonly rows: Promise<readonly Row[]> } | undefined;

  constructor(private readonly source: "proc" | "ps" = process.platform === "linux" ? "proc" : "ps") {}

  /** Resolves to undefined when there is no such process. */
  async usageOf(root: number): Promise<Usage | undefined> {
    const nowMs = performance.now();
    if (this.read === undefined || nowMs - this.read.atMs > maxAgeMs) {
      this.read = { atMs: nowMs, rows: this.source === "proc" ? Promise.resolve(fromProc()) : fromPs() };
    }
    const family = familyOf(root, await this.read.rows);
    if (family.length === 0) return undefined;
    const usage = { cpuSeconds: 0, memoryBytes: 0, peakMemoryBytes: 0 };
    for (const { pid, cpuSeconds, memoryBytes } of family) {
      const memory = memoryBytes === undefined ? memoryOf(pid) : { now: memoryBytes, peak: memoryBytes };
      usage.cpuSeconds += cpuSeconds;
      usage.memoryBytes += memory.now;
      usage.peakMemoryBytes += memory.peak;
    }
    return usage;
  }
}

function familyOf(root: number, rows: readonly Row[]): Row[] {
  const children = new Map<number, Row[]>();
  for (const row of rows) {
    const siblings = children.get(row.parent);
    if (siblings === undefined) children.set(row.parent, [row]);
    else siblings.push(row);
  }
  const family = new Map<number, Row>();
  const waiting = rows.filter(({ pid, group }) => pid === root || group === root);
  for (let row = waiting.pop(); row !== undefined; row = waiting.pop()) {
    if (family.has(row.pid)) continue;
    family.set(row.pid, row);
    waiting.push(...(children.get(row.pid) ?? []));
  }
  return [...family.values()];
}

/** Read at once and not in turns of the event loop: a reading of a few milliseconds that takes no thread of its own. */
function fromProc(): Row[] {
  return readdirSync("/proc").flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    const stat = contentOf(`/proc/${name}/stat`);
    // The program's name stands in brackets and may hold any character.
    const [, parent, group, , , , , , , , , own, system, ofChildren, systemOfChildren] = stat
      .slice(stat.lastIndexOf(")") + 2)
      .split(" ");
    if (parent === undefined) return [];
    const ticks = [own, system, ofChildren, systemOfChildren].reduce((sum, count) => sum + Number(count), 0);
    return [{ pid: Number(name), parent: Number(parent), group: Number(group), cpuSeconds: ticks / ticksPerSecond }];
  });
}

function memoryOf(pid: number): { now: number; peak: number } {
  const status = contentOf(`/proc/${pid}/status`);
  const kilobytes = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(status)?.[1] ?? 0);
  return { now: kilobytes("VmRSS") * 1024, peak: kilobytes("VmHWM") * 1024 };
}

/** Empty for a process that has ended meanwhile. */
function contentOf(path: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return "";
  }
}

async function fromPs(): Promise<Row[]> {
  const { stdout } = await promisify(execFile)("ps", ["-A", "-o", "pid=,ppid=,pgid=,rss=,time="]);
  return stdout.split("\n").flatMap((line) => {
    const [pid, parent, group, kilobytes, time] = line.trim().split(/\s+/);
    if (time === undefined) return [];
    return [
      {
        pid: Number(pid),
        parent: Number(parent),
        group: Number(group),
        cpuSeconds: secondsOf(time),
        memoryBytes: Number(kilobytes) * 1024,
      },
    ];
  });
}

/** `[[days-]hours:]minutes:seconds`, with fractions on some systems. */
export function secondsOf(time: string): number {
  const [clock = "", days = "0"] = time.split("-").reverse();
  return clock.split(":").reduce((sum, part) => sum * 60 + Number(part), 0) + Number(days) * 86_400;
}
