import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Readable } from "node:stream";
import { ConfiguredRetryStrategy } from "@smithy/core/retry";
import { EnginelessStack } from "../../cli/rehearse/engineless-stack";
import { itemsOf } from "../../client/batch/items";
import { type BatchResult, runBatch } from "../../client/batch/run-batch";
import { FleetClient, type FleetClientOptions } from "../../client/fleet-client";
import type { Manifest } from "../../contract/manifest";
import { startWire, type Wire } from "../../rehearsal/wire/server";
import { administrator } from "../../rehearsal/world/call";
import { Clock } from "../../rehearsal/world/clock";
import { parseFaults } from "../../rehearsal/world/faults/parse";
import type { FaultInput } from "../../rehearsal/world/faults/schema";
import { World } from "../../rehearsal/world/world";
import { program } from "../../stacks/program";
import { FakeContainers } from "./fake-containers";

const rootDir = resolve(__dirname, "../..");

/** Stack `dev` in the regions asked for, deployed into a world that is served over HTTP and where things go wrong. */
export class FaultyFleet {
  private constructor(
    readonly world: World,
    readonly wire: Wire,
    readonly manifest: Manifest,
    readonly containers: FakeContainers,
    private readonly folder: string,
  ) {}

  static async open(regions: readonly string[]): Promise<FaultyFleet> {
    const folder = await mkdtemp(join(tmpdir(), "faulty-fleet-"));
    const containers = new FakeContainers();
    const clock = new Clock({ kind: "fast-forward", quietMs: 0 }, Date.UTC(2026, 0, 1));
    const objects = join(folder, "world");
    await mkdir(objects);
    const world = new World({ clock, folder: objects, containers });
    const stack = new EnginelessStack({
      world,
      stack: "dev",
      rootDir,
      program: () => program({ rootDir }),
      overrides: { "async-fleet:regions": JSON.stringify(regions) },
    });
    const { outputs } = await stack.up();
    return new FaultyFleet(world, await startWire(world), outputs.manifest as Manifest, containers, folder);
  }

  order(faults: readonly FaultInput[], seed = 1): void {
    this.world.faults.set(parseFaults({ faults, seed }, "test"));
  }

  /** Its waits go by the world's clock, and the AWS SDK tries as often as ever, but without a pause. */
  client(options: FleetClientOptions = {}): FleetClient {
    const { clock } = this.world;
    const client = new FleetClient(this.manifest, {
      endpoint: this.wire.url,
      credentials: { accessKeyId: "rehearsal", secretAccessKey: "rehearsal" },
      now: () => clock.now(),
      pause: (ms, signal) => clock.sleep(ms, signal),
      ...options,
    });
    for (const region of Object.keys(this.manifest.regions)) {
      const { s3, sqs, runtime, cloudwatch } = client.connection(region);
      for (const { config } of [s3, sqs, runtime, cloudwatch]) {
        config.retryStrategy = async () => new ConfiguredRetryStrategy(3, 0);
      }
    }
    return client;
  }

  /** Sends so many small files as a batch of their own. */
  async batch(
    name: string,
    count: number,
    client: FleetClient,
  ): Promise<BatchResult & { readonly results: Array<string | undefined> }> {
    const inputs = join(this.folder, name, "in");
    await mkdir(inputs, { recursive: true });
    for (let index = 0; index < count; index++) await writeFile(join(inputs, `f${index}`), `${name} ${index}`);
    const resultsFolder = join(this.folder, name, "out");
    const result = await runBatch(client, await itemsOf(inputs, Readable.from([])), {
      journalPath: join(this.folder, name, "journal.jsonl"),
      resultsFolder,
      now: () => this.world.clock.now(),
      pause: (ms, signal) => this.world.clock.sleep(ms, signal),
    });
    const results = await Promise.all(
      Array.from({ length: count }, (_, index) =>
        readFile(join(resultsFolder, `f${index}.out`), "utf8").catch(() => undefined),
      ),
    );
    return { ...result, results };
  }

  endpoint(region: string) {
    const { accountId } = this.world;
    const { endpointName = "" } = this.manifest.regions[region] ?? {};
    return this.world.sagemaker.endpoint({ accountId, region, principal: administrator }, endpointName);
  }

  /** How often each request was taken by an endpoint, by its id. */
  accepted(): Map<string, number> {
    const times = new Map<string, number>();
    for (const entry of this.world.journal.entries) {
      if (entry.kind !== "request" || entry.step !== "accepted") continue;
      times.set(entry.inferenceId, (times.get(entry.inferenceId) ?? 0) + 1);
    }
    return times;
  }

  async close(): Promise<void> {
    await this.wire.close();
    await this.world.close();
    await rm(this.folder, { recursive: true, force: true });
  }
}
