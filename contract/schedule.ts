/** Lowest and highest value of each field of a cron expression, and the names of values. */
const fields: ReadonlyArray<{ readonly first: number; readonly last: number; readonly names?: string }> = [
  { first: 0, last: 59 },
  { first: 0, last: 23 },
  { first: 1, last: 31 },
  { first: 1, last: 12, names: "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC" },
  { first: 1, last: 7, names: "SUN MON TUE WED THU FRI SAT" },
  { first: 1970, last: 2199 },
];
const dayOfMonth = 2;
const dayOfWeek = 4;

/**
 * Whether Application Auto Scaling would take the six fields of a cron expression: minutes, hours, day of month, month,
 * day of week, year, one of the two days a `?` (user guide, scheduled-scaling-using-cron-expressions, read 2026-11-25).
 * `L`, `W` and `#` are left out: they cannot be rehearsed.
 */
export function isCron(text: string): boolean {
  const parts = text.trim().split(/\s+/);
  if (parts.length !== fields.length || (parts[dayOfMonth] === "?") === (parts[dayOfWeek] === "?")) return false;
  return parts.every((part, index) => {
    if (part === "?") return index === dayOfMonth || index === dayOfWeek;
    return part.split(",").every((each) => fits(each, index));
  });
}

/** Whether the name stands in the time zone database of this Node. */
export function isTimeZone(name: string): boolean {
  // An offset such as +01:00 is no name, though Intl takes it.
  if (!/^[A-Z][A-Za-z0-9_+-]*(\/[A-Za-z0-9_+-]+)*$/.test(name)) return false;
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

function fits(part: string, index: number): boolean {
  const [, from = "", to, step] = /^([A-Za-z0-9*]+)(?:-([A-Za-z0-9]+))?(?:\/([1-9]\d*))?$/.exec(part) ?? [];
  if (from === "*") return to === undefined;
  const low = cronValue(from, index);
  const high = to === undefined ? low : cronValue(to, index);
  return low !== undefined && high !== undefined && low <= high && (step === undefined || Number(step) >= 1);
}

function cronValue(word: string, index: number): number | undefined {
  const { first = 0, last = 0, names = "" } = fields[index] ?? {};
  const named = names.split(" ").indexOf(word.toUpperCase());
  const value = named >= 0 ? named + first : /^\d+$/.test(word) ? Number(word) : Number.NaN;
  return value >= first && value <= last ? value : undefined;
}
