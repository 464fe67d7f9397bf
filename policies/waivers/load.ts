import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { UsageError } from "../../contract/errors";
import { readWaivers } from "./read";
import type { Waiver } from "./waiver";

/** Where waivers stand unless the stack says otherwise, from the project's folder. */
export const defaultWaiversFile = "policies/waivers.yaml";

/**
 * The waivers of a project.
 *
 * @param folder the project's folder
 * @param file the file the stack names; without one the usual file counts, and need not be there
 * @throws UsageError with every problem (ASY-408 to ASY-413)
 */
export function loadWaivers(folder: string, file: string | undefined, ruleNames: readonly string[]): readonly Waiver[] {
  let text: string;
  try {
    text = readFileSync(resolve(folder, file ?? defaultWaiversFile), "utf8");
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (file === undefined && (code === "ENOENT" || code === "ENOTDIR")) return [];
    const got = code === "ENOENT" ? `no such file in ${folder}` : message;
    throw new UsageError({ code: "ASY-408", at: file ?? defaultWaiversFile, got, expected: "a file of waivers" });
  }
  return readWaivers(text, file ?? defaultWaiversFile, ruleNames);
}
