import { createHash } from "node:crypto";
import { nameLengthMax } from "./limits";

/** What a name is made of. The same parts always give the same name. */
export interface NameParts {
  readonly project: string;
  readonly stack: string;
  /** For names that must differ between regions although AWS keeps them per account. */
  readonly region?: string;
  /** For names that must differ between accounts, too. */
  readonly accountId?: string;
  /** What the thing is for, e.g. `notices`. */
  readonly role?: string;
}

export type NamedKind = keyof typeof nameLengthMax;

/**
 * The name AWS knows a thing by: project, stack, role, region and account joined by dashes, in the alphabet every kind
 * shares (letters, digits, dashes; lower case for buckets). A name too long for its kind is cut and ends in eight
 * hexadecimal digits of the whole, so that two long names stay two.
 */
export function nameFor(kind: NamedKind, parts: NameParts): string {
  const whole = [parts.project, parts.stack, parts.role, parts.region, parts.accountId]
    .filter((part) => part !== undefined && part !== "")
    .join("-")
    .replace(/[^A-Za-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");
  const cased = kind === "s3Bucket" ? whole.toLowerCase() : whole;
  const limit = nameLengthMax[kind];
  if (cased.length <= limit) return cased;
  const digest = createHash("sha256").update(cased).digest("hex").slice(0, 8);
  return `${cased.slice(0, limit - 9).replace(/-+$/, "")}-${digest}`;
}
