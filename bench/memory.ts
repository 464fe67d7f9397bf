import { execFile } from "node:child_process";

interface MemoryWatch {
  /** The most that was resident at one look, and ends the watch. */
  peakMegabytes(): number;
}

const lookEveryMs = 100;

/** Watches what a process and all its descendants hold resident, together; shared pages count once for each. */
export function watchMemory(root: number): MemoryWatch {
  let peak = 0;
  let isLooking = false;
  const look = (): void => {
    if (isLooking) return;
    isLooking = true;
    execFile("ps", ["-A", "-o", "pid=,ppid=,rss="], { maxBuffer: 2 ** 24 }, (failure, stdout) => {
      isLooking = false;
      if (failure === null) peak = Math.max(peak, treeKilobytes(stdout, root) / 1024);
    });
  };
  const timer = setInterval(look, lookEveryMs);
  return {
    peakMegabytes: () => {
      clearInterval(timer);
      return peak;
    },
  };
}

function treeKilobytes(listing: string, root: number): number {
  const rows = listing
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/).map(Number));
  const family = new Set([root]);
  // A child may be listed before its parent.
  for (let before = 0; before !== family.size; ) {
    before = family.size;
    for (const [pid = 0, parent = 0] of rows) if (family.has(parent)) family.add(pid);
  }
  return rows.reduce((sum, [pid = 0, , rss = 0]) => (family.has(pid) ? sum + rss : sum), 0);
}
