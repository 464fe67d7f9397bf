import { UsageError } from "../../contract/errors";
import type { ClockMode } from "./clock";

/** `fast` jumps, `real` keeps the wall clock's pace, a number is so many virtual seconds in one of the wall clock's. */
export type Speed = "fast" | "real" | number;

/** A day in less than a second: above it, timers of the machine's own would be too coarse. */
const speedMax = 100_000;

/**
 * How the clock runs at a speed.
 *
 * @param said the speed, or what a person wrote in its place
 * @param at where it was said
 * @throws UsageError ASY-585 when it is none
 */
export function clockModeFor(said: Speed | string, at: string): ClockMode {
  if (said === "fast") return { kind: "fast-forward" };
  if (said === "real") return { kind: "paced", speed: 1 };
  const speed = typeof said === "number" ? said : /^\d+(\.\d+)?$/.test(said) ? Number(said) : Number.NaN;
  if (speed > 0 && speed <= speedMax) return { kind: "paced", speed };
  throw new UsageError({
    code: "ASY-585",
    at,
    got: String(said),
    expected: `fast, real, or a number above 0 and at most ${speedMax}`,
  });
}
