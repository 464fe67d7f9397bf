import { isMap, isScalar, isSeq, LineCounter, parseDocument, type YAMLMap } from "yaml";
import { type Problem, type ProblemCode, UsageError } from "../../contract/errors";
import { nearest } from "../../contract/settings/nearest";
import { reasonProblem } from "./reason";
import type { Waiver } from "./waiver";

const keys = ["rule", "urn", "region", "stack", "reason", "owner", "expires"] as const;
type Key = (typeof keys)[number];

/**
 * Reads a file of waivers: a map with one key `waivers`, a list. An empty file has none.
 *
 * @param file the file's name in messages
 * @param ruleNames the rules there are
 * @throws UsageError with every problem in the file, each with its line (ASY-408 to ASY-413)
 */
export function readWaivers(text: string, file: string, ruleNames: readonly string[]): readonly Waiver[] {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const problems: Problem[] = document.errors.map(({ message, pos }) => ({
    code: "ASY-408",
    at: `${file}:${lines.linePos(pos[0]).line}`,
    got: message.split("\n")[0] ?? "",
    expected: "a YAML file",
  }));
  if (problems.length > 0) throw new UsageError(problems);
  if (document.contents === null) return [];

  const at = (node: unknown): string => {
    const start = (node as { range?: readonly number[] | null } | null | undefined)?.range?.[0] ?? 0;
    return `${file}:${lines.linePos(start).line}`;
  };
  const list = isMap(document.contents) ? document.contents.get("waivers", true) : undefined;
  const others = isMap(document.contents)
    ? document.contents.items.filter(({ key }) => nameOf(key) !== "waivers")
    : [undefined];
  if (!isSeq(list) || others.length > 0) {
    if (isScalar(list) && list.value === null && others.length === 0) return [];
    throw new UsageError({
      code: "ASY-408",
      at: at(others[0]?.key ?? list ?? document.contents),
      got: others[0] === undefined ? "no list" : nameOf(others[0].key),
      expected: "one key, waivers, with a list of waivers",
    });
  }
  const waivers = list.items.flatMap((item) => {
    if (isMap(item)) return readWaiver(item, at, ruleNames, problems) ?? [];
    problems.push({ code: "ASY-408", at: at(item), got: String(item), expected: `a waiver with ${keys.join(", ")}` });
    return [];
  });
  if (problems.length > 0) throw new UsageError(problems);
  return waivers;
}

function readWaiver(
  item: YAMLMap,
  at: (node: unknown) => string,
  ruleNames: readonly string[],
  problems: Problem[],
): Waiver | undefined {
  const before = problems.length;
  const told = (code: ProblemCode, node: unknown, got: string, expected: string, fix?: string): void =>
    void problems.push({ code, at: at(node), got, expected, ...(fix === undefined ? {} : { fix }) });
  for (const { key } of item.items) {
    const name = nameOf(key);
    if (!(keys as readonly string[]).includes(name))
      told("ASY-408", key, `the key ${name}`, `one of ${keys.join(", ")}`, suggestion(name, keys));
  }
  /** The text at a key; anything but text is told, a missing key is left to the caller. */
  const textOf = (key: Key): string | undefined => {
    const node = item.get(key, true) as unknown;
    if (node === undefined) return undefined;
    const value = isScalar(node) ? node.value : undefined;
    return typeof value === "string" ? value.trim() : value === null ? "" : String(value ?? node);
  };
  const nodeOf = (key: Key): unknown => item.get(key, true) ?? item;

  const rule = textOf("rule") ?? "";
  if (!ruleNames.includes(rule))
    told("ASY-409", nodeOf("rule"), rule || "no rule", "the name of a rule", suggestion(rule, ruleNames));
  const [urn, region, stack] = [textOf("urn"), textOf("region"), textOf("stack")];
  if ((urn === undefined) === (region === undefined))
    told("ASY-410", item, urn === undefined ? "neither urn nor region" : "both urn and region", "one of the two");
  for (const [key, value] of [["urn", urn] as const, ["region", region] as const, ["stack", stack] as const])
    if (value === "") told("ASY-410", nodeOf(key), `an empty ${key}`, "a pattern, which may hold *");
  const reason = textOf("reason") ?? "";
  const poor = reasonProblem(reason);
  if (poor !== undefined) told("ASY-411", nodeOf("reason"), poor, "a reason that another person can judge");
  const owner = textOf("owner") ?? "";
  if (owner === "") told("ASY-412", nodeOf("owner"), "no owner", "a team or a person");
  const expires = textOf("expires") ?? "";
  if (!isDay(expires)) told("ASY-413", nodeOf("expires"), expires || "no day", "a day such as 2027-01-31");
  if (problems.length > before) return undefined;
  return {
    rule,
    ...(urn === undefined ? {} : { urn }),
    ...(region === undefined ? {} : { region }),
    ...(stack === undefined ? {} : { stack }),
    reason,
    owner,
    expires,
    at: at(item),
  };
}

/** A day of the calendar: 30 February is none. */
function isDay(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

function nameOf(key: unknown): string {
  return String(isScalar(key) ? key.value : key);
}

function suggestion(name: string, known: readonly string[]): string | undefined {
  const near = nearest(name, known);
  return near === undefined ? undefined : `Did you mean ${near}?`;
}
