import { z } from "zod";
import type { Range } from "../limits";

/** Kinds of settings, each with one sentence of what is expected, which is also what its problem says. */

export const whole = (range: Range) => {
  const error = `a whole number from ${range.min} to ${range.max}`;
  return z.int({ error }).min(range.min, { error }).max(range.max, { error });
};

export const text = (error: string, pattern: RegExp) => z.string({ error }).regex(pattern, { error });

export const yesOrNo = () => z.boolean({ error: "true or false" });

/** A whole number, or `false` to have none of it. */
export const wholeOrOff = (range: Range) => {
  const error = `a whole number from ${range.min} to ${range.max}, or false`;
  return z.union([z.literal(false), z.int({ error }).min(range.min, { error }).max(range.max, { error })], { error });
};

/** A share of something, above 0 and at most 1, or `false` to have none of it. */
export const shareOrOff = () => {
  const error = "a number above 0, at most 1, or false";
  return z.union([z.literal(false), z.number({ error }).gt(0, { error }).max(1, { error })], { error });
};

/** A name that becomes part of a resource's identity: changing it makes another resource. */
export const name = () =>
  text("a name of lower-case letters, digits and dashes", /^[a-z](?:[a-z0-9-]{0,38}[a-z0-9])?$/);
