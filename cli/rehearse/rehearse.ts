import { stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { UsageError } from "../../contract/errors";
import { findEngine } from "../../rehearsal/engine/find-engine";
import { type Rehearsal, startRehearsal } from "../../rehearsal/rehearsal";
import { inventory } from "../../rehearsal/world/inventory";
import { imageFolders, rootDir } from "../images";
import type { Terminal } from "../terminal";
import type { RehearseOptions } from "./command";
import { type Deployment, deployWithEngine, deployWithoutEngine } from "./deployment";
import { InstanceWatch } from "./instance-watch";
import { instanceSecondsOf, type RehearsalReport, type RequestRow } from "./report";
import { digitSamples, type Sample, seven } from "./samples";
import { expectThat, type Steps } from "./steps";
import { collectAll, sendAll, type TrafficOptions } from "./traffic";

const hourMs = 3_600_000;

/** A call of `fleet rehearse`, and what it works with. */
export interface RehearseRun extends RehearseOptions {
  /** Existing, empty; the caller removes it. */
  readonly folder: string;
  readonly terminal: Terminal;
  readonly steps: Steps;
  readonly signal: AbortSignal;
}

/**
 * The main job, from an empty world to an empty world: preview, deploy, sleep, wake, answer, sleep, deploy again, change
 * a setting, destroy.
 *
 * @throws StepFailed when a step did not hold (told already); UsageError for what the caller can mend
 */
export async function rehearse(options: RehearseRun): Promise<RehearsalReport> {
  const { terminal, folder, signal } = options;
  const startedMs = performance.now();
  await checkStack(options.stack);
  const search = options.engine
    ? await findEngine({ progress: (text) => terminal.progress(text), signal })
    : { engine: undefined, tried: ["--no-engine was given"] };
  const rehearsal = await startRehearsal({ imageFolders: await imageFolders(options.images) });
  const stop = (): void => void rehearsal.close();
  signal.addEventListener("abort", stop, { once: true });
  try {
    signal.throwIfAborted();
    const deploy = {
      rehearsal,
      stack: options.stack,
      rootDir,
      folder,
      signal,
      onProgress: (text: string) => terminal.progress(text),
    };
    let deployment: Deployment;
    if (search.engine !== undefined) {
      terminal.log(
        `Pulumi engine ${search.engine.version} (${search.engine.source}); AWS is played at ${rehearsal.url}`,
      );
      deployment = await deployWithEngine({ ...deploy, engine: search.engine });
    } else {
      terminal.log(
        `No Pulumi engine: ${search.tried.join(", ")}. Install Pulumi or Go to have one.\n` +
          "Deploying without: the program's resources are made in the rehearsal in the order it registers them. This does not\n" +
          "show previews, differences between two deployments, replacements, or the engine's own checks.",
      );
      deployment = await deployWithoutEngine(deploy);
    }
    return await play(options, { rehearsal, deployment, startedMs });
  } finally {
    signal.removeEventListener("abort", stop);
    await rehearsal.close();
  }
}

interface Stage {
  readonly rehearsal: Rehearsal;
  readonly deployment: Deployment;
  readonly startedMs: number;
}

async function play(options: RehearseRun, stage: Stage): Promise<RehearsalReport> {
  const { rehearsal, deployment } = stage;
  const { steps, signal } = options;
  const { world } = rehearsal;
  const beginMs = world.clock.now();
  const watch = new InstanceWatch(world.journal, beginMs);

  await deployment.preview(steps);
  const manifest = await deployment.up(steps);
  const regions = Object.keys(manifest.regions);
  const traffic: TrafficOptions = {
    world,
    url: rehearsal.url,
    manifest,
    signal,
    onProgress: (text) => options.terminal.progress(text),
  };
  await asleep(steps, "Nothing to do: the fleet goes to sleep", stage, watch);

  const samples = await samplesFor(options, regions.length, options.folder);
  const rows: RequestRow[] = await steps.run("Requests come in while no instance is there, and wake it", async () => {
    const before = watch.running;
    const sent = await sendAll(samples, traffic);
    const answered = await collectAll(sent, traffic);
    const woken = world.journal.entries.filter((entry) => entry.kind === "scaling" && entry.from === 0 && entry.to > 0);
    expectThat(
      woken.length >= regions.length,
      `expected the wake alarm to fire in ${regions.length} regions, it did in ${woken.length}`,
    );
    const failed = answered.filter(({ outcome }) => outcome === "failed").length;
    return {
      value: answered,
      detail:
        `${sent.length} accepted from a caller with the callers' policy alone, the first with ${before} instances there; the alarm on a backlog without capacity woke ` +
        `${woken.length === 1 ? "the endpoint" : `${woken.length} endpoints`}; ${answered.length - failed} answered, ${failed} refused by the model, as it should`,
    };
  });
  await asleep(steps, "All answered: the fleet goes back to sleep", stage, watch);
  const bytes = await deployment.again(steps);

  const late = await deployment.change(steps, async (apply) => {
    const sent = await sendAll(
      [seven].slice(0, options.payload === undefined ? 1 : 0).concat(options.payload === undefined ? [] : samples),
      traffic,
    );
    await apply();
    return collectAll(sent, traffic);
  });
  rows.push(...late);
  const endMs = world.clock.now();

  await deployment.destroy(steps);
  await steps.run("Nothing is left", async () => {
    const left = await inventory(world, regions);
    expectThat(
      left.length === 0,
      `still there: ${left.map(({ region, kind, name }) => `${kind} ${name} in ${region}`).join(", ")}`,
    );
    return {
      value: undefined,
      detail: "no endpoint, bucket, topic, queue, alarm, target, role, policy, user or log group",
    };
  });

  const line = watch.total;
  const uses = world.journal.entries.flatMap((entry) => (entry.kind === "use" ? [entry] : []));
  return {
    stack: options.stack,
    engine: deployment.engine,
    held: steps.held,
    steps: steps.results,
    requests: rows,
    instances: line,
    regions: regions.length,
    virtualSeconds: Math.round((endMs - beginMs) / 1000),
    instanceSeconds: instanceSecondsOf(line, endMs),
    alwaysOnInstanceSeconds: Math.round(((endMs - beginMs) / 1000) * regions.length),
    ...(uses.length === 0
      ? {}
      : {
          containers: {
            count: uses.length,
            cpuSeconds: uses.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0),
            peakMemoryBytes: Math.max(...uses.map(({ peakMemoryBytes }) => peakMemoryBytes)),
          },
        }),
    stateBytes: bytes,
    wallSeconds: (performance.now() - stage.startedMs) / 1000,
  };
}

async function asleep(steps: Steps, title: string, { rehearsal }: Stage, watch: InstanceWatch): Promise<void> {
  await steps.run(title, async () => {
    const { clock } = rehearsal.world;
    const fromMs = clock.now();
    const reached = await clock.until(() => watch.running === 0, 3 * hourMs);
    expectThat(reached, `${watch.running} instances are still there after three hours of AWS's time`);
    const minutes = Math.round((clock.now() - fromMs) / 60_000);
    await clock.until(() => watch.running > 0, hourMs);
    expectThat(watch.running === 0, `${watch.running} instances came back although nothing was sent`);
    return {
      value: undefined,
      detail: `zero instances after ${minutes} minutes of AWS's time, and for an hour after that`,
    };
  });
}

/** One region gets every sample, many get one each; a caller's own payload goes everywhere. */
async function samplesFor(options: RehearseOptions, regions: number, folder: string): Promise<Sample[]> {
  if (options.payload !== undefined && options.contentType !== undefined) {
    return [
      {
        name: basename(options.payload),
        payload: { path: options.payload },
        contentType: options.contentType,
        ends: "completed",
        judge: (text) => `${text.length} characters`,
      },
    ];
  }
  return regions > 1 ? [seven] : digitSamples(folder);
}

async function checkStack(stack: string): Promise<void> {
  const file = join(rootDir, "stacks", `Pulumi.${stack}.yaml`);
  const found = /^[A-Za-z0-9._-]+$/.test(stack) && (await stat(file).catch(() => undefined))?.isFile();
  if (!found) {
    throw new UsageError({
      code: "ASY-602",
      at: `--stack ${stack}`,
      got: `no file stacks/Pulumi.${stack}.yaml`,
      expected: "a stack such as dev, prod or eu-west-1",
    });
  }
}
