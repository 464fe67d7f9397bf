import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The Go module that builds the engine. */
export const toolFolder = join(__dirname, "tool");

/** The oldest engine that starts a policy pack from an executable file. */
export const oldestUsable = "3.255.0";

/** The oldest Go that compiles the pinned engine, as its own go.mod says. */
export const oldestGo = "1.25.11";

/** The engine's version, e.g. `3.259.0`: pinned in the tool module's go.mod and nowhere else. */
export function pinnedVersion(): string {
  const found = /^\s*github\.com\/pulumi\/pulumi\/pkg\/v3 v(\S+)/m.exec(
    readFileSync(join(toolFolder, "go.mod"), "utf8"),
  )?.[1];
  if (found === undefined) throw new Error("rehearsal/engine/tool/go.mod does not name the engine's version");
  return found;
}

/** Negative, zero or positive as `left` is older than, the same as or newer than `right`. */
export function compareVersions(left: string, right: string): number {
  const parts = (version: string): number[] => version.replace(/^v/, "").split(/[-+]/)[0]?.split(".").map(Number) ?? [];
  const [a, b] = [parts(left), parts(right)];
  for (let index = 0; index < 3; index++) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
