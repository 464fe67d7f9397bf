import { AwsError } from "../aws-error";

/** `at(...)`, `rate(...)` or `cron(...)`, all in UTC. */
export type Schedule =
  | { readonly kind: "at"; readonly atMs: number }
  | { readonly kind: "rate"; readonly everyMs: number }
  | { readonly kind: "cron"; readonly fields: ReadonlyArray<(value: number) => boolean> };

const unitMs: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };
const days = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];
const months = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];

/** @throws AwsError ValidationException */
export function parseSchedule(text: string): Schedule {
  const at = /^at\((\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\)$/.exec(text);
  if (at !== null) return { kind: "at", atMs: Date.parse(`${at[1]}Z`) };
  const rate = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(text);
  if (rate !== null && Number(rate[1]) > 0)
    return { kind: "rate", everyMs: Number(rate[1]) * (unitMs[rate[2] ?? ""] ?? 0) };
  const cron = /^cron\((.+)\)$/.exec(text)?.[1]?.trim().split(/\s+/);
  if (cron?.length === 6) {
    const [minute = "", hour = "", day = "", month = "", weekday = "", year = ""] = cron;
    return {
      kind: "cron",
      fields: [
        field(minute, 0),
        field(hour, 0),
        field(day, 1),
        field(month, 1, months),
        field(weekday, 1, days),
        field(year, 1970),
      ],
    };
  }
  throw new AwsError("ValidationException", `Invalid schedule expression: ${text}`);
}

/** Whether the schedule falls into `(fromMs, toMs]`, looked at minute by minute. */
export function dueBetween(schedule: Schedule, fromMs: number, toMs: number): boolean {
  if (schedule.kind === "at") return schedule.atMs > fromMs && schedule.atMs <= toMs;
  if (schedule.kind === "rate") return Math.floor(fromMs / schedule.everyMs) < Math.floor(toMs / schedule.everyMs);
  for (let minuteMs = (Math.floor(fromMs / 60_000) + 1) * 60_000; minuteMs <= toMs; minuteMs += 60_000) {
    const at = new Date(minuteMs);
    const values = [
      at.getUTCMinutes(),
      at.getUTCHours(),
      at.getUTCDate(),
      at.getUTCMonth() + 1,
      at.getUTCDay() + 1,
      at.getUTCFullYear(),
    ];
    if (schedule.fields.every((fits, index) => fits(values[index] ?? 0))) return true;
  }
  return false;
}

function field(text: string, first: number, names: readonly string[] = []): (value: number) => boolean {
  if (text === "*" || text === "?") return () => true;
  const number = (word: string): number => {
    const named = names.indexOf(word.toUpperCase());
    return named >= 0 ? named + first : Number(word);
  };
  const parts = text.split(",").map((part) => {
    const [, range = "", step] = /^([^/]+)(?:\/(\d+))?$/.exec(part) ?? [];
    const [from = "", to] = range.split("-");
    const low = from === "*" ? first : number(from);
    const high = to === undefined ? (step === undefined && from !== "*" ? low : Number.POSITIVE_INFINITY) : number(to);
    if (Number.isNaN(low) || Number.isNaN(high))
      throw new AwsError("ValidationException", `Invalid schedule field: ${text}`);
    return (value: number) => value >= low && value <= high && (value - low) % Number(step ?? 1) === 0;
  });
  return (value) => parts.some((fits) => fits(value));
}
