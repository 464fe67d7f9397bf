/**
 * A finding that is accepted: of one rule, on the resources a pattern names, for a reason somebody answers for, until a
 * day. `*` in a pattern stands for any text, colons included.
 */
export interface Waiver {
  readonly rule: string;
  /** Pattern of URNs. @default - the region alone decides */
  readonly urn?: string;
  /** Pattern of region codes. @default - the URN alone decides */
  readonly region?: string;
  /** Pattern of stack names. @default - every stack */
  readonly stack?: string;
  readonly reason: string;
  readonly owner: string;
  /** The last day it holds, in UTC: `2027-01-31`. */
  readonly expires: string;
  /** Where it stands: `policies/waivers.yaml:12`. */
  readonly at: string;
}

/** What a waiver may cover: a resource of a stack. */
export interface Place {
  readonly stack: string;
  readonly urn: string;
  /** @default - a resource without a region, or one whose region is not known yet */
  readonly region?: string;
}
