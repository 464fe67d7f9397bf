import { Format, type Params } from "cli-progress";
import type { Terminal } from "../terminal";

const options = { barsize: 24, barGlue: "", barCompleteString: "█".repeat(80), barIncompleteString: "░".repeat(80) };

/** A bar as one line of the terminal's progress, which elsewhere is a plain line now and then. */
export function showBar(
  terminal: Terminal,
  what: string,
  done: number,
  all: number,
  unit: (count: number) => string,
): void {
  const share = all === 0 ? 1 : Math.min(1, done / all);
  const bar = Format.BarFormat(share, options as unknown as Params & typeof options);
  terminal.progress(`${bar} ${what} ${unit(done)} of ${unit(all)}, ${Math.floor(share * 100)} %`);
}

export function megabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
