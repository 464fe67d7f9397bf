/** What AWS refuses after everything else was made, or takes and then leaves requests unanswered. */
const essential = [
  "container-accepts-the-declared-payload",
  "container-timeout-covers-the-invocation",
  "every-resource-names-its-region",
  "one-variant-and-no-capture",
  "region-is-supported",
  "scaling-can-leave-zero",
  "scaling-names-a-real-variant",
  "scaling-uses-published-metrics",
  "time-to-live-covers-waking",
] as const;

/** Beside that, what a team that runs this in production wants to know before its users do. */
const recommended = [
  ...essential,
  "failure-path-is-not-the-result-path",
  "invocation-timeout-is-declared",
  "payload-limit-is-declared",
  "results-are-told",
] as const;

/** Every rule there is, each of them mandatory. */
const strict = [...recommended] as const;

/** The rules that are on, by preset; a rule that is not listed is off unless the configuration gives it a level. */
export const presets: Readonly<Record<Preset, readonly string[]>> = { essential, recommended, strict };

export type Preset = "essential" | "recommended" | "strict";

export const defaultPreset: Preset = "recommended";
