/**
 * What the rules know of instance types: memory (m5 from an excerpt of the EC2 guide, read 2026-11-25; the other families
 * from general knowledge, not settled), drives from the families' names. A type that is not here is not judged by what it
 * has.
 */

/** GiB of a family's `large` size; every other size has a multiple of it. */
const gibOfLarge: Readonly<Record<string, number>> = {
  ...each(["m5", "m5d", "m6i", "m6id", "m6g", "m6gd", "m7i", "m7g", "m7gd", "g4dn", "g5", "g6", "inf2"], 8),
  ...each(["c5", "c5d", "c6i", "c6id", "c6g", "c6gd", "c7i", "c7g", "c7gd", "inf1"], 4),
  ...each(["r5", "r5d", "r6i", "r6id", "r6g", "r6gd", "r7i", "r7g", "r7gd"], 16),
};

const withDrives = new Set(
  [
    [
      "m5d",
      "m5dn",
      "m6id",
      "m6idn",
      "m6gd",
      "m7gd",
      "c5d",
      "c6id",
      "c6gd",
      "c7gd",
      "r5d",
      "r5dn",
      "r6id",
      "r6gd",
      "r7gd",
    ],
    ["g4dn", "g5", "g6", "g6e", "gr6", "p3dn", "p4d", "p4de", "p5", "p5e", "p5en", "trn1", "trn1n", "trn2"],
  ].flat(),
);

/** GiB of memory of an instance type such as `ml.m5.xlarge`; undefined where it is not known here. */
export function memoryGib(instanceType: string): number | undefined {
  const [, family = "", times, size] = /^ml\.([a-z0-9]+)\.(\d*)(large|xlarge)$/.exec(instanceType) ?? [];
  const large = gibOfLarge[family];
  if (large === undefined) return undefined;
  return size === "large" ? large : large * 2 * Number(times || 1);
}

/** Whether a type is known to keep its data on local drives, which hardware encrypts: it takes no volume key. */
export function hasLocalDrive(instanceType: string): boolean {
  return withDrives.has(instanceType.split(".")[1] ?? "");
}

function each(families: readonly string[], gib: number): Record<string, number> {
  return Object.fromEntries(families.map((family) => [family, gib]));
}
