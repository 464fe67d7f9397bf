import { accessSync, constants, statSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { type Format, formats } from "../check/reports/report";
import type { Problem } from "../contract/errors";

/** A report that is asked for. */
export interface ReportTarget {
  readonly format: Format;
  /** @default - standard output */
  readonly file?: string;
}

/** Reads `--format` values such as `text` and `sarif=check.sarif`; every problem of theirs is put into `problems`. */
export function parseTargets(values: readonly string[], problems: Problem[]): readonly ReportTarget[] {
  const targets = values.flatMap((value): ReportTarget[] => {
    const [name = "", ...rest] = value.split("=");
    const file = rest.length === 0 ? undefined : rest.join("=");
    const format = formats.find((each) => each === name);
    if (format === undefined) {
      problems.push({ code: "ASY-605", at: `--format ${value}`, got: name, expected: formats.join(", ") });
      return [];
    }
    if (file === undefined) return [{ format }];
    const unwritable = whyNotWritable(file);
    if (unwritable !== undefined) {
      problems.push({ code: "ASY-607", at: `--format ${value}`, got: unwritable, expected: "a file to write to" });
    }
    return [{ format, file }];
  });
  const places = targets.map(({ file }) => file ?? "standard output");
  for (const place of new Set(places.filter((each, index) => places.indexOf(each) !== index))) {
    const there = targets.filter(({ file }) => (file ?? "standard output") === place);
    problems.push({
      code: "ASY-606",
      at: "--format",
      got: `${there.map(({ format }) => format).join(" and ")} to ${place}`,
      expected: "one report for each place",
    });
  }
  return targets;
}

/** Writes a report to its file; why it could not, if it could not. */
export async function writeReport(file: string, text: string): Promise<Problem | undefined> {
  try {
    await writeFile(file, text.endsWith("\n") ? text : `${text}\n`);
    return undefined;
  } catch (cause) {
    return { code: "ASY-607", at: file, got: (cause as Error).message, expected: "a file to write to" };
  }
}

/** Told before anything is judged: a report that is lost after all the work is the worst kind. */
function whyNotWritable(file: string): string | undefined {
  if (file === "") return "no file name";
  const existing = statSync(file, { throwIfNoEntry: false });
  if (existing?.isDirectory()) return "a folder";
  const needed = existing === undefined ? dirname(file) : file;
  if (existing === undefined && statSync(needed, { throwIfNoEntry: false })?.isDirectory() !== true) {
    return `no folder ${needed}`;
  }
  try {
    accessSync(needed, constants.W_OK);
    return undefined;
  } catch {
    return `no permission to write ${needed}`;
  }
}
