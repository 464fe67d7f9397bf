import type { z } from "zod";
import { type Problem, UsageError } from "../../../contract/errors";
import { regions as knownRegions } from "../../../contract/regions";
import { modelOf, type ServiceKey, serviceKeys } from "../../wire/schemas";
import { like } from "../iam/evaluate";
import { type Fault, type FaultPlan, faultPlanSchema, faultSchemas } from "./schema";

type Path = readonly PropertyKey[];

/**
 * Reads what is to go wrong.
 *
 * @param at what the reader calls it: a file's path, an option's name
 * @throws UsageError with everything that is wrong (ASY-581 to ASY-584)
 */
export function parseFaults(raw: unknown, at: string): FaultPlan {
  const parsed = faultPlanSchema.safeParse(raw);
  if (!parsed.success) throw new UsageError(parsed.error.issues.flatMap((issue) => problemsOf(issue, raw, at)));
  const problems = parsed.data.faults.flatMap((fault, index) =>
    [...contradictionsOf(fault), ...nobodyOf(fault)].map(({ path, ...problem }) => ({
      ...problem,
      at: placeOf(at, ["faults", index, ...path]),
    })),
  );
  if (problems.length > 0) throw new UsageError(problems);
  return parsed.data;
}

type Found = Omit<Problem, "at"> & { readonly path: Path };

function problemsOf(issue: z.core.$ZodIssue, raw: unknown, at: string): Problem[] {
  if (issue.code === "unrecognized_keys") {
    const known = keysAt(issue.path, raw);
    return issue.keys.map((key) => ({
      code: "ASY-582",
      at: placeOf(at, [...issue.path, key]),
      got: `a key called ${key}`,
      expected: known.join(", "),
    }));
  }
  const value = valueAt(raw, issue.path);
  return [
    {
      code: "ASY-581",
      at: placeOf(at, issue.path),
      got: shown(value),
      expected: issue.message.replace(/^what is /, ""),
    },
  ];
}

function contradictionsOf(fault: Fault): Found[] {
  const found: Found[] = [];
  const drawn = (["share", "every", "first"] as const).filter((key) => (fault as Record<string, unknown>)[key]);
  if (drawn.length > 1) {
    found.push({ code: "ASY-583", path: [], got: drawn.join(" and "), expected: "one of share, every and first" });
  }
  const { fromSeconds = 0, toSeconds } = fault;
  if (toSeconds !== undefined && toSeconds <= fromSeconds) {
    found.push({
      code: "ASY-583",
      path: ["toSeconds"],
      got: `${toSeconds}`,
      expected: `more than fromSeconds, which is ${fromSeconds}`,
    });
  }
  return found;
}

/** A fault that fits nothing would look like a world in which all goes well. */
function nobodyOf({ where }: Fault): Found[] {
  const found: Found[] = [];
  const { regions = [], operations = [] } = where as { regions?: string[]; operations?: string[] };
  regions.forEach((pattern, index) => {
    if (knownRegions.some(({ code }) => like(pattern, code))) return;
    found.push({ code: "ASY-584", path: ["where", "regions", index], got: pattern, expected: "a region's code" });
  });
  operations.forEach((pattern, index) => {
    const expected = expectedOperation(pattern);
    if (expected === undefined) return;
    found.push({ code: "ASY-584", path: ["where", "operations", index], got: pattern, expected });
  });
  return found;
}

/** @returns what would be right, or undefined when the pattern fits an operation */
function expectedOperation(pattern: string): string | undefined {
  const [service = "", name] = pattern.split(":");
  const fitting = serviceKeys.filter((key) => like(service, key));
  if (name === undefined ? pattern === "*" : fitting.length > 0 && name === "*") return undefined;
  if (name === undefined || fitting.length === 0) {
    return `service:Operation, the service one of ${serviceKeys.join(", ")}`;
  }
  const isPlayed = (key: ServiceKey): boolean => [...modelOf(key).operations.keys()].some((each) => like(name, each));
  return fitting.some(isPlayed) ? undefined : `an operation of ${fitting.join(", ")}, as AWS spells it`;
}

function keysAt(path: Path, raw: unknown): string[] {
  const { shape } = faultPlanSchema;
  if (path[0] !== "faults") return Object.keys(shape);
  const what = (valueAt(raw, path.slice(0, 2)) as { what?: string } | undefined)?.what ?? "";
  const own = faultSchemas[what as keyof typeof faultSchemas].shape;
  return Object.keys(path[2] === "where" ? own.where.unwrap().shape : own);
}

function placeOf(at: string, path: Path): string {
  const place = path.reduce<string>(
    (text, key) => (typeof key === "number" ? `${text}[${key}]` : text === "" ? String(key) : `${text}.${String(key)}`),
    "",
  );
  return place === "" ? at : `${at}: ${place}`;
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((inner, key) => (inner as Record<PropertyKey, unknown> | undefined)?.[key], value);
}

function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 120 ? `${text.slice(0, 117)}...` : text;
}
