/**
 * Memory of instance types (m5 from an excerpt of the EC2 guide, read 2026-11-25; the other families from general
 * knowledge, not settled).
 */

/** GiB of a family's `large` size; every other size has a multiple of it. */
const gibOfLarge: Readonly<Record<string, number>> = {
  ...each(["m5", "m5d", "m6i", "m6id", "m6g", "m6gd", "m7i", "m7g", "m7gd", "g4dn", "g5", "g6", "inf2"], 8),
  ...each(["c5", "c5d", "c6i", "c6id", "c6g", "c6gd", "c7i", "c7g", "c7gd", "inf1"], 4),
  ...each(["r5", "r5d", "r6i", "r6id", "r6g", "r6gd", "r7i", "r7g", "r7gd"], 16),
};

/** GiB of memory of an instance type such as `ml.m5.xlarge`; undefined where it is not known here. */
export function memoryGib(instanceType: string): number | undefined {
  const [, family = "", times, size] = /^ml\.([a-z0-9]+)\.(\d*)(large|xlarge)$/.exec(instanceType) ?? [];
  const large = gibOfLarge[family];
  if (large === undefined) return undefined;
  return size === "large" ? large : large * 2 * Number(times || 1);
}

function each(families: readonly string[], gib: number): Record<string, number> {
  return Object.fromEntries(families.map((family) => [family, gib]));
}
