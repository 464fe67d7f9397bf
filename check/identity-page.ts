import { program } from "../stacks/program";
import { recordProgram } from "./record-program";
import { componentTypes, resourceInventory } from "./resource-inventory";
import { plausibleAws } from "./stand-in";

/** One of each kind: a stack that names its regions, and a region's own. */
const stacks = ["dev", "us-east-1"];

/** test/components/identity.txt, from what the stacks register. Records one program after the other. */
export async function identityPage(rootDir: string): Promise<string> {
  const recordings = [];
  for (const stack of stacks) {
    const recording = await recordProgram({ rootDir, stack, program: () => program({ rootDir }), stand: plausibleAws });
    recordings.push({ stack, recording });
  }
  const types = new Set(recordings.flatMap(({ recording }) => componentTypes(recording)));
  return [
    "# By what an engine knows each resource again: type, name and region. Printed by `npm run docs`; read the difference",
    "# before it is committed (CONTRIBUTING.md, Identity).",
    "",
    "[component types]",
    ...[...types].sort(),
    ...recordings.flatMap(({ stack, recording }) => ["", `[stack ${stack}]`, ...resourceInventory(recording)]),
    "",
  ].join("\n");
}
