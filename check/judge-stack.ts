import { join } from "node:path";
import { readStackConfig } from "../stacks/stack-config";
import { type Finding, PackProcess, type RuleInfo } from "./pack-process";
import { type RecordedResource, type RecordOptions, recordProgram } from "./record-program";
import { plausibleAws } from "./stand-in";

/** What judging one stack came to. */
export interface StackVerdict {
  readonly stack: string;
  readonly resources: number;
  readonly rules: readonly RuleInfo[];
  readonly findings: readonly Finding[];
  readonly notApplicable: number;
  readonly seconds: { readonly record: number; readonly judge: number };
}

/**
 * Records what a stack's program registers and asks the real pack about it: no engine, no login, no AWS. One stack for
 * each process, because Pulumi's runtime is one for the whole process.
 *
 * @throws UsageError ASY-401 to ASY-404: what could not be judged is never called clean
 */
export async function judgeStack(options: Omit<RecordOptions, "stand">): Promise<StackVerdict> {
  const began = performance.now();
  const { project } = await readStackConfig(options.rootDir, options.stack);
  const done = new AbortController();
  const starting = PackProcess.start(join(options.rootDir, "policies"), options.stack, project, done.signal);
  starting.catch(() => undefined);
  try {
    const recording = await recordProgram({ ...options, stand: plausibleAws });
    const recorded = performance.now();
    const pack = await starting;
    const resources = withDependencies(recording.resources);
    const { findings, notApplicable } = await pack.judge(resources);
    return {
      stack: options.stack,
      resources: resources.filter(({ custom }) => custom).length,
      rules: pack.rules,
      findings,
      notApplicable,
      seconds: { record: (recorded - began) / 1000, judge: (performance.now() - recorded) / 1000 },
    };
  } finally {
    done.abort();
  }
}

/**
 * Which resource a value came from: Pulumi tells an engine, a recording does not. Every ARN stands for one resource, so
 * a property that holds a resource's ARN depends on it.
 */
function withDependencies(resources: readonly RecordedResource[]) {
  const byArn = new Map(
    resources.flatMap(({ urn, outputs }) => (typeof outputs.arn === "string" ? [[outputs.arn, urn] as const] : [])),
  );
  return resources.map((resource) => ({
    ...resource,
    dependencies: Object.fromEntries(
      Object.entries(resource.inputs).map(([property, value]) => [
        property,
        textsIn(value).flatMap((text) => byArn.get(text) ?? []),
      ]),
    ),
  }));
}

function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(textsIn);
}
