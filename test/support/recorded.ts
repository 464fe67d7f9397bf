import { resolve } from "node:path";
import { type Recording, recordProgram } from "../../check/record-program";
import { plausibleAws } from "../../check/stand-in";
import { program } from "../../stacks/program";

const rootDir = resolve(__dirname, "../..");

/** What a stack's program registers. Pulumi's runtime is one for the process: one recording at a time. */
export function recorded(stack: string): Promise<Recording> {
  return recordProgram({ rootDir, stack, program: () => program({ rootDir }), stand: plausibleAws });
}
