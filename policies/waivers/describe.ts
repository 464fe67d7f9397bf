import type { Waiver } from "./waiver";

/** A finding that a waiver excuses, as reports show it. */
export interface WaivedFinding {
  readonly rule: string;
  readonly owner: string;
  readonly reason: string;
  readonly expires: string;
  /** What the rule found. */
  readonly message: string;
}

/** A waived finding as one text, which is all that an engine passes on; `parseWaived` reads it back. */
export function formatWaived({ rule, owner, reason, expires, message }: WaivedFinding): string {
  return `Waived: ${rule} until ${expires} by ${JSON.stringify(owner)} because ${JSON.stringify(reason)}. Found: ${message}`;
}

const quoted = '("(?:[^"\\\\]|\\\\.)*")';
const waivedText = new RegExp(
  `^Waived: (\\S+) until (\\d{4}-\\d\\d-\\d\\d) by ${quoted} because ${quoted}\\. Found: ([^]*)$`,
);

/** The waived finding that a message tells of, or undefined when it is a finding like any other. */
export function parseWaived(text: string): WaivedFinding | undefined {
  const [, rule, expires, owner, reason, message] = waivedText.exec(text) ?? [];
  if (rule === undefined || expires === undefined || owner === undefined || reason === undefined) return undefined;
  try {
    return { rule, owner: JSON.parse(owner), reason: JSON.parse(reason), expires, message: message ?? "" };
  } catch {
    return undefined;
  }
}

/** What is said of a waiver whose last day is over. */
export function describeExpired(waiver: Waiver): string {
  return `${waiver.at}: the waiver of ${waiver.rule} for ${scopeOf(waiver)} expired on ${waiver.expires}. ${waiver.owner} renews it with a new reason, or deletes it and mends the finding.`;
}

/** What is said of a waiver that no finding needed. */
export function describeUnused(waiver: Waiver): string {
  return `${waiver.at}: the waiver of ${waiver.rule} for ${scopeOf(waiver)} excuses nothing here. Delete it, or correct its pattern.`;
}

function scopeOf({ urn, region, stack }: Waiver): string {
  const parts = [urn, region === undefined ? undefined : `region ${region}`, stack && `stack ${stack}`];
  return parts.filter((part) => part !== undefined && part !== "").join(", ");
}
