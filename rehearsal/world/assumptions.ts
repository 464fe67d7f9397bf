import type { Problem } from "../../contract/errors";
import { UsageError } from "../../contract/errors";
import { type AssumedChoice, type AssumedNumber, assumptions } from "./assumption-table";

type Table = typeof assumptions;
export type AssumptionName = keyof Table;
export type Assumption = AssumedNumber | AssumedChoice;

/** A value for every assumption. */
export type Assumed = {
  readonly [Name in AssumptionName]: Table[Name] extends AssumedChoice<infer Choice> ? Choice : number;
};

/** What is played unless somebody sets it. */
export const assumedByDefault = Object.fromEntries(
  Object.entries(assumptions).map(([name, { value }]) => [name, value]),
) as Assumed;

/**
 * Every assumption, with those that are given in place of the table's.
 *
 * @param given values by name; a number may be a text, as a command line has it
 * @param at what the reader can edit, e.g. `--assume`
 * @throws UsageError with all problems at once: ASY-541 for a name that is none, ASY-542 for a value that cannot be
 */
export function readAssumptions(given: Readonly<Record<string, unknown>>, at = "assumptions"): Assumed {
  const problems: Problem[] = [];
  const read = { ...assumedByDefault } as Record<string, unknown>;
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined) continue;
    const row: Assumption | undefined = Object.hasOwn(assumptions, name)
      ? assumptions[name as AssumptionName]
      : undefined;
    const place = `${at} ${name}`;
    if (row === undefined) {
      const expected = `one of ${Object.keys(assumptions).join(", ")}`;
      problems.push({ code: "ASY-541", at: place, got: String(value), expected });
    } else if (fits(row, value)) read[name] = row.kind === "number" ? Number(value) : value;
    else problems.push({ code: "ASY-542", at: place, got: String(value), expected: expectedOf(row) });
  }
  if (problems.length > 0) throw new UsageError(problems);
  return read as Assumed;
}

/** What a row takes, in words. */
export function expectedOf(row: Assumption): string {
  if (row.kind === "choice") return `one of ${Object.keys(row.choices).join(", ")}`;
  const bounds = row.max === undefined ? `from ${row.min} on` : `from ${row.min} to ${row.max}`;
  return `a ${row.isWhole ? "whole " : ""}number ${bounds}`;
}

function fits(row: Assumption, value: unknown): boolean {
  if (row.kind === "choice") return typeof value === "string" && Object.hasOwn(row.choices, value);
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return (
    typeof number === "number" &&
    Number.isFinite(number) &&
    (Number.isInteger(number) || !row.isWhole) &&
    number >= row.min &&
    number <= (row.max ?? Number.MAX_SAFE_INTEGER)
  );
}
