import { lightenRuntime } from "../../check/light-runtime";
import type { Manifest } from "../../contract/manifest";
import type { Engine } from "../../rehearsal/engine/find-engine";
import { type OperationResult, RehearsalStack } from "../../rehearsal/engine/rehearsal-stack";
import type { Rehearsal } from "../../rehearsal/rehearsal";
import { whatServes } from "../../rehearsal/what-serves";
import { program } from "../../stacks/program";
import { launcher } from "../policy-pack";
import { emptyBuckets } from "./empty-buckets";
import { EnginelessStack } from "./engineless-stack";
import type { RequestRow } from "./report";
import { expectThat, type Steps } from "./steps";

/** The deploying half of a rehearsal, with an engine or without. */
export interface Deployment {
  /** For the report. */
  readonly engine: string;
  preview(steps: Steps): Promise<void>;
  up(steps: Steps): Promise<Manifest>;
  /** Deploys once more and expects no change. @returns bytes of the state */
  again(steps: Steps): Promise<number>;
  /** Changes a setting while requests wait. */
  change(steps: Steps, meanwhile: (apply: () => Promise<void>) => Promise<RequestRow[]>): Promise<RequestRow[]>;
  destroy(steps: Steps): Promise<void>;
}

export interface DeployOptions {
  readonly rehearsal: Rehearsal;
  readonly stack: string;
  readonly rootDir: string;
  readonly folder: string;
  readonly signal: AbortSignal;
  readonly onProgress: (text: string) => void;
}

/** The deployment a user will have: a real engine, the policy pack, the stand-in provider. */
export async function deployWithEngine(options: DeployOptions & { readonly engine: Engine }): Promise<Deployment> {
  const { engine, rehearsal, stack, rootDir, folder, signal } = options;
  lightenRuntime();
  const on = await RehearsalStack.open({
    engine,
    providerPort: rehearsal.providerPort,
    stack,
    rootDir,
    folder,
    program: () => program({ rootDir, askServed: whatServes(rehearsal.world) }),
    policyPack: launcher,
    signal,
    onStep: (done, urn) => options.onProgress(`… ${done} resources, ${urn.split("::").at(-1)}`),
  });
  let deployed: Manifest | undefined;
  return {
    engine: engine.version,
    preview: (steps) =>
      steps.run("Preview, judged by the policy pack", async () => {
        const result = await on.preview();
        return { value: undefined, detail: `${counted(result)}; ${warnings(result)}` };
      }),
    up: (steps) =>
      steps.run("Deploy", async () => {
        const result = await on.up();
        const { manifest } = (await on.outputs()) as { manifest: Manifest };
        deployed = manifest;
        const regions = Object.keys(manifest.regions).length;
        return { value: manifest, detail: `${counted(result)} in ${regions} region${regions === 1 ? "" : "s"}` };
      }),
    again: (steps) =>
      steps.run("Deploy again: nothing changes", async () => {
        const result = await on.up();
        const changed = result.steps.filter(({ op }) => op !== "same");
        expectThat(changed.length === 0, `changed: ${changed.map(({ op, urn }) => `${op} ${urn}`).join(", ")}`);
        return { value: await on.stateBytes(), detail: counted(result) };
      }),
    change: (steps, meanwhile) =>
      steps.run("Change a setting while a request waits", async () => {
        await on.changeSettings((config) => {
          const endpoint = (config["async-fleet:endpoint"] ?? {}) as { concurrencyPerInstance?: number };
          config["async-fleet:endpoint"] = {
            ...endpoint,
            concurrencyPerInstance: (endpoint.concurrencyPerInstance ?? 1) + 1,
          };
          // What a stack keeps beyond its end could not be told from what was forgotten.
          config["async-fleet:storage"] = {
            ...(config["async-fleet:storage"] as object | undefined),
            protect: false,
            retainOnDelete: false,
          };
        });
        let result: OperationResult | undefined;
        const rows = await meanwhile(async () => {
          result = await on.up();
        });
        const updated =
          result?.steps.filter(({ op, type }) => op === "update" && type === "aws:sagemaker/endpoint:Endpoint")
            .length ?? 0;
        expectThat(updated > 0, "the endpoint was not updated");
        return {
          value: rows,
          detail: `${updated} endpoint${updated === 1 ? "" : "s"} moved to a new configuration (another concurrency), every waiting request answered`,
        };
      }),
    destroy: (steps) =>
      steps.run("Destroy", async () => {
        if (deployed !== undefined) await emptyBuckets(rehearsal.world, deployed);
        return { value: undefined, detail: counted(await on.destroy()) };
      }),
  };
}

/** The last resort: the program's resources made one by one, without previews, differences or replacements. */
export async function deployWithoutEngine(options: DeployOptions): Promise<Deployment> {
  const { rehearsal, stack, rootDir } = options;
  lightenRuntime();
  const on = new EnginelessStack({
    world: rehearsal.world,
    stack,
    rootDir,
    program: () => program({ rootDir, askServed: whatServes(rehearsal.world) }),
  });
  return {
    engine: "none",
    preview: async () => {},
    up: (steps) =>
      steps.run("Deploy, without an engine", async () => {
        const { outputs, resources } = await on.up();
        return { value: outputs.manifest as Manifest, detail: `${resources} resources made` };
      }),
    again: async () => 0,
    change: async () => [],
    destroy: (steps) =>
      steps.run("Destroy, without an engine", async () => ({
        value: undefined,
        detail: `${await on.destroy()} resources deleted`,
      })),
  };
}

function counted({ counts }: OperationResult): string {
  const words: Readonly<Record<string, string>> = {
    create: "to create",
    same: "unchanged",
    update: "updated",
    delete: "deleted",
    replace: "replaced",
  };
  return Object.entries(counts)
    .map(([op, count]) => `${count} ${words[op] ?? op}`)
    .join(", ")
    .replace("to create", "resources");
}

/** What the pack said, in a line: mandatory violations stop a preview, so that only advice and notes are left. */
function warnings({ violations }: OperationResult): string {
  const named = (rules: readonly string[]): string => [...new Set(rules)].sort().join(", ");
  const unknown = violations.filter(({ message }) => message.includes("can't run policy"));
  const advice = violations.filter((each) => !unknown.includes(each));
  const later = new Set(unknown.map(({ policy }) => policy)).size;
  return [
    "no mandatory rule is violated",
    ...(advice.length === 0
      ? []
      : [`advice: ${named(advice.map(({ policy }) => policy))} (\`npm run check\` says more)`]),
    ...(later === 0 ? [] : [`${later} rules look again when what they judge is known`]),
  ].join("; ");
}
