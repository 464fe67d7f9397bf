import { z } from "zod";
import type { Range } from "../limits";

/** Kinds of settings, each with one sentence of what is expected, which is also what its problem says. */

export const whole = (range: Range) => {
  const error = `a whole number from ${range.min} to ${range.max}`;
  return z.int({ error }).min(range.min, { error }).max(range.max, { error });
};

export const text = (error: string, pattern: RegExp) => z.string({ error }).regex(pattern, { error });

export const yesOrNo = () => z.boolean({ error: "true or false" });
