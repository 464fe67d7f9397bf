import type { Place, Waiver } from "./waiver";

/** Whether `text` is what `pattern` describes, from its first letter to its last. */
export function matches(pattern: string, text: string): boolean {
  const [first = "", ...rest] = pattern.split("*");
  if (rest.length === 0) return pattern === text;
  const last = rest.pop() ?? "";
  if (!text.startsWith(first) || !text.endsWith(last) || text.length < first.length + last.length) return false;
  let at = first.length;
  for (const part of rest) {
    const found = text.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  return at <= text.length - last.length;
}

/** Whether a waiver covers a place, expired or not. */
export function covers(waiver: Waiver, place: Place): boolean {
  if (waiver.stack !== undefined && !matches(waiver.stack, place.stack)) return false;
  if (waiver.urn !== undefined && !matches(waiver.urn, place.urn)) return false;
  if (waiver.region === undefined) return true;
  return place.region !== undefined && matches(waiver.region, place.region);
}

/** Whether a waiver's last day is before `today` (UTC, `2027-01-31`). */
export function isExpired(waiver: Waiver, today: string): boolean {
  return waiver.expires < today;
}

/** The waiver that excuses a finding of `rule` at `place`: the first in the file that holds today. */
export function waiverFor(waivers: readonly Waiver[], rule: string, place: Place, today: string): Waiver | undefined {
  return waivers.find((waiver) => waiver.rule === rule && !isExpired(waiver, today) && covers(waiver, place));
}

/**
 * Whether a waiver is meant for a stack at all: its stack pattern fits, or the stack that its URN pattern names; and for
 * one by region, that the stack has a resource there. Only then is it missed when unused, and mourned when expired.
 */
export function concerns(waiver: Waiver, stack: string, regions: ReadonlySet<string>): boolean {
  if (waiver.stack !== undefined && !matches(waiver.stack, stack)) return false;
  const named = /^urn:pulumi:([^:]*)::/.exec(waiver.urn ?? "")?.[1];
  if (named !== undefined && !matches(named, stack)) return false;
  const { region } = waiver;
  return region === undefined || [...regions].some((each) => matches(region, each));
}

/** The day of a moment, as `expires` has it. */
export function dayOf(now: Date): string {
  return now.toISOString().slice(0, 10);
}
