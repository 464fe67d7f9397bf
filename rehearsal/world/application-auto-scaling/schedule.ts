import { AwsError } from "../aws-error";
import { type LocalTime, localTime, momentOf } from "./local-time";

/** `at(...)` and `cron(...)` in a time zone, or `rate(...)`. */
export type Schedule =
  | { readonly kind: "at"; readonly atMs: number }
  | { readonly kind: "rate"; readonly everyMs: number }
  | { readonly kind: "cron"; readonly timeZone: string; readonly fields: ReadonlyArray<(value: number) => boolean> };

const unitMs: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };
const days = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];
const months = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];

/** In the order of a cron expression: the lowest and highest value, names for values, and what it is read from. */
const cronFields: ReadonlyArray<{
  readonly of: keyof LocalTime;
  readonly first: number;
  readonly last: number;
  readonly names?: readonly string[];
}> = [
  { of: "minute", first: 0, last: 59 },
  { of: "hour", first: 0, last: 23 },
  { of: "day", first: 1, last: 31 },
  { of: "month", first: 1, last: 12, names: months },
  { of: "weekday", first: 1, last: 7, names: days },
  { of: "year", first: 1970, last: 2199 },
];

/** @throws AwsError ValidationException */
export function parseSchedule(text: string, timeZone = "UTC"): Schedule {
  // A zone that does not exist shows at once, whatever the expression makes of it.
  localTime(0, timeZone);
  const at = /^at\((\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\)$/.exec(text)?.[1];
  if (at !== undefined && !Number.isNaN(Date.parse(`${at}Z`))) return { kind: "at", atMs: momentOf(at, timeZone) };
  const rate = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(text);
  if (rate !== null && Number(rate[1]) > 0)
    return { kind: "rate", everyMs: Number(rate[1]) * (unitMs[rate[2] ?? ""] ?? 0) };
  const cron = /^cron\((.+)\)$/.exec(text)?.[1]?.trim().split(/\s+/);
  if (cron?.length === cronFields.length && (cron[2] === "?") !== (cron[4] === "?")) {
    return {
      kind: "cron",
      timeZone,
      fields: cronFields.map((each, index) => field(cron[index] ?? "", each.first, each.last, each.names)),
    };
  }
  throw new AwsError("ValidationException", `Invalid schedule expression: ${text}`);
}

/** Whether the schedule falls into `(fromMs, toMs]`, looked at minute by minute. */
export function dueBetween(schedule: Schedule, fromMs: number, toMs: number): boolean {
  if (schedule.kind === "at") return schedule.atMs > fromMs && schedule.atMs <= toMs;
  if (schedule.kind === "rate") return Math.floor(fromMs / schedule.everyMs) < Math.floor(toMs / schedule.everyMs);
  for (let minuteMs = (Math.floor(fromMs / 60_000) + 1) * 60_000; minuteMs <= toMs; minuteMs += 60_000) {
    const at = localTime(minuteMs, schedule.timeZone);
    if (schedule.fields.every((fits, index) => fits(at[cronFields[index]?.of ?? "minute"]))) return true;
  }
  return false;
}

function field(text: string, first: number, last: number, names: readonly string[] = []): (value: number) => boolean {
  if (text === "*" || text === "?") return () => true;
  const refuse = (): never => {
    throw new AwsError("ValidationException", `Invalid schedule expression: the field ${text} is not understood`);
  };
  const number = (word: string): number => {
    const named = names.indexOf(word.toUpperCase());
    const value = named >= 0 ? named + first : /^\d+$/.test(word) ? Number(word) : Number.NaN;
    return value >= first && value <= last ? value : refuse();
  };
  const parts = text.split(",").map((part) => {
    const [, range = "", step = "1"] = /^([^/]+)(?:\/(\d+))?$/.exec(part) ?? refuse();
    const [from = "", to] = range.split("-");
    const low = from === "*" ? first : number(from);
    const open = from === "*" || (to === undefined && part.includes("/"));
    const high = to !== undefined ? number(to) : open ? last : low;
    if (Number(step) < 1) refuse();
    return (value: number) => value >= low && value <= high && (value - low) % Number(step) === 0;
  });
  return (value) => parts.some((fits) => fits(value));
}
