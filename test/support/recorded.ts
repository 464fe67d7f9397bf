import { resolve } from "node:path";
import { type Recording, recordProgram } from "../../check/record-program";
import { plausibleAws } from "../../check/stand-in";
import { program } from "../../stacks/program";

const rootDir = resolve(__dirname, "../..");

/**
 * What a stack's program registers. Pulumi's runtime is one for the process: one recording at a time.
 *
 * @param settings settings that stand over the stack's own, without the namespace
 */
export function recorded(stack: string, settings: Readonly<Record<string, unknown>> = {}): Promise<Recording> {
  const overrides = Object.fromEntries(
    Object.entries(settings).map(([key, value]) => [`async-fleet:${key}`, JSON.stringify(value)]),
  );
  return recordProgram({ rootDir, stack, program: () => program({ rootDir }), stand: plausibleAws, overrides });
}
