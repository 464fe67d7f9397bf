import type { Problem } from "../contract/errors";

/** What is looked at, in the order in which a person reads it. */
export const checkNames = ["region", "quota", "rights", "image", "model", "network", "key"] as const;

export type CheckName = (typeof checkNames)[number];

/**
 * What a look at one thing in one region came to. `unknown` is never called ok: it says why it could not be asked.
 * `none` is what the stack does not use there.
 */
export type Verdict =
  | { readonly state: "ok" | "none" | "unknown"; readonly detail: string }
  | { readonly state: "warn" | "fail"; readonly detail: string; readonly problem: Problem };

export interface RegionVerdicts {
  /** A region's code, or `account` for what AWS keeps once for all regions. */
  readonly region: string;
  readonly checks: Readonly<Record<CheckName, Verdict>>;
}

/** An answer of AWS's, or the reason why there is none. */
export type Answer<Value> = { readonly known: Value } | { readonly unknown: string };

export const ok = (detail: string): Verdict => ({ state: "ok", detail });
export const none = (detail: string): Verdict => ({ state: "none", detail });
export const unknown = (detail: string): Verdict => ({ state: "unknown", detail });
export const warn = (problem: Problem): Verdict => ({ state: "warn", detail: problem.got, problem });
export const fail = (problem: Problem): Verdict => ({ state: "fail", detail: problem.got, problem });

const order = ["fail", "unknown", "warn", "ok", "none"] as const;

/** The worst of several looks at things of one kind, with what each of that state said. */
export function worst(verdicts: readonly Verdict[]): Verdict {
  const state = order.find((each) => verdicts.some((verdict) => verdict.state === each));
  const found = verdicts.filter((verdict) => verdict.state === state);
  const [first] = found;
  if (first === undefined) return none("nothing to look at");
  const detail = [...new Set(found.map((verdict) => verdict.detail))].join("; ");
  return "problem" in first ? { ...first, detail, problem: { ...first.problem, got: detail } } : { ...first, detail };
}
