import { readFile } from "node:fs/promises";
import { parse, YAMLParseError } from "yaml";
import { UsageError } from "../contract/errors";
import { parseFaults } from "../rehearsal/world/faults/parse";
import type { FaultPlan } from "../rehearsal/world/faults/schema";

/**
 * Reads what is to go wrong in a rehearsal, from a file of YAML or JSON.
 *
 * @throws UsageError ASY-580 when it cannot be read, ASY-581 to ASY-584 with everything that is wrong in it
 */
export async function readFaultsFile(path: string): Promise<FaultPlan> {
  const unreadable = (got: string): UsageError =>
    new UsageError({ code: "ASY-580", at: path, got, expected: "a file of YAML or JSON" });
  const text = await readFile(path, "utf8").catch((cause: NodeJS.ErrnoException) => {
    throw unreadable(cause.code === "ENOENT" ? "no such file" : (cause.code ?? cause.message));
  });
  let raw: unknown;
  try {
    raw = parse(text);
  } catch (cause) {
    if (!(cause instanceof YAMLParseError)) throw unreadable((cause as Error).message);
    throw unreadable(cause.message.split("\n")[0] ?? cause.message);
  }
  return parseFaults(raw, path);
}
