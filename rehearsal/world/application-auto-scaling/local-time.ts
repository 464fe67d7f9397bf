import { AwsError } from "../aws-error";

/** A moment as a clock on a wall shows it. */
export interface LocalTime {
  readonly year: number;
  /** 1 to 12 */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  /** 1 (Sunday) to 7, as cron expressions count. */
  readonly weekday: number;
}

const formats = new Map<string, Intl.DateTimeFormat>();
const weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

/** @throws AwsError ValidationException for a zone that is not in the time zone database */
export function localTime(atMs: number, timeZone: string): LocalTime {
  const parts = Object.fromEntries(
    formatFor(timeZone)
      .formatToParts(atMs)
      .map(({ type, value }) => [type, value]),
  );
  return {
    year: Number(parts.year),
    month: Number(parts.month),
    day: Number(parts.day),
    hour: Number(parts.hour),
    minute: Number(parts.minute),
    weekday: weekdays.indexOf(parts.weekday ?? "") + 1,
  };
}

/**
 * The moment at which a wall clock of the zone shows `YYYY-MM-DDTHH:MM:SS`. Where clocks are put forward over that
 * time, it is the moment it would have been without the change.
 *
 * @throws AwsError ValidationException for a zone that is not in the time zone database
 */
export function momentOf(text: string, timeZone: string): number {
  const wantedMs = Date.parse(`${text}Z`);
  const offsetAt = (atMs: number): number => {
    const { year, month, day, hour, minute } = localTime(atMs, timeZone);
    return Date.UTC(year, month - 1, day, hour, minute) - Math.floor(atMs / 60_000) * 60_000;
  };
  const guessMs = wantedMs - offsetAt(wantedMs);
  return wantedMs - offsetAt(guessMs);
}

function formatFor(timeZone: string): Intl.DateTimeFormat {
  let format = formats.get(timeZone);
  if (format === undefined) {
    try {
      format = new Intl.DateTimeFormat("en-GB", {
        timeZone,
        year: "numeric",
        month: "2-digit",
        day: "2-digit",
        hour: "2-digit",
        minute: "2-digit",
        weekday: "short",
        hourCycle: "h23",
      });
    } catch {
      throw new AwsError("ValidationException", `Invalid timezone: ${timeZone}`);
    }
    formats.set(timeZone, format);
  }
  return format;
}
