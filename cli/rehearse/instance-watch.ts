import type { Journal } from "../../rehearsal/world/journal";
import { addUp, type CountOverTime } from "./chart";

/** Follows how many instances each endpoint pays for, from the world's journal. */
export class InstanceWatch {
  private readonly lines = new Map<string, Array<{ atMs: number; count: number }>>();

  constructor(journal: Journal, nowMs: number) {
    journal.listen((entry) => {
      if (entry.kind !== "instances") return;
      const key = `${entry.region}/${entry.endpointName}`;
      const line = this.lines.get(key) ?? [{ atMs: nowMs, count: 0 }];
      line.push({ atMs: entry.atMs, count: entry.running });
      this.lines.set(key, line);
    });
  }

  /** Paid instances of every endpoint now. */
  get running(): number {
    return [...this.lines.values()].reduce((sum, line) => sum + (line.at(-1)?.count ?? 0), 0);
  }

  /** All endpoints together. */
  get total(): CountOverTime {
    return addUp([...this.lines.values()]);
  }
}
