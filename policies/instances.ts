/** What the rules know of instance types from the families' names. A type that is not here is not judged by what it has. */

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

/** Whether a type is known to keep its data on local drives, which hardware encrypts: it takes no volume key. */
export function hasLocalDrive(instanceType: string): boolean {
  return withDrives.has(instanceType.split(".")[1] ?? "");
}
