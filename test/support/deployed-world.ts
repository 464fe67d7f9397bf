import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { EnginelessStack } from "../../cli/rehearse/engineless-stack";
import type { Manifest, RegionManifest } from "../../contract/manifest";
import type { ContainerSpec } from "../../rehearsal/containers/container";
import { administrator, type Call } from "../../rehearsal/world/call";
import { Clock } from "../../rehearsal/world/clock";
import { World } from "../../rehearsal/world/world";
import { program } from "../../stacks/program";
import { FakeContainers, type Model } from "./fake-containers";

const rootDir = resolve(__dirname, "../..");

/** Containers that say a line as they start, so that there is something to log. */
class TalkingContainers extends FakeContainers {
  override start(spec: ContainerSpec) {
    spec.onLine?.("ready");
    return super.start(spec);
  }
}

export interface DeployedOptions {
  readonly model: Model;
  /** Settings by their whole key, as JSON. @default - stack dev's own */
  readonly overrides?: Readonly<Record<string, string>>;
}

/** Stack `dev` deployed by its own program, without an engine, into a world of its own that runs fast. */
export class DeployedWorld {
  readonly call: Call = { accountId: "123456789012", region: "eu-west-1", principal: administrator };

  private constructor(
    readonly world: World,
    readonly manifest: RegionManifest,
    private readonly folder: string,
  ) {}

  static async open(options: DeployedOptions): Promise<DeployedWorld> {
    const folder = await mkdtemp(join(tmpdir(), "deployed-world-"));
    const world = new World({
      clock: new Clock({ kind: "fast-forward", quietMs: 0 }, Date.UTC(2026, 0, 1)),
      folder,
      containers: new TalkingContainers(options.model),
    });
    const stack = new EnginelessStack({
      world,
      stack: "dev",
      rootDir,
      program: () => program({ rootDir }),
      ...(options.overrides === undefined ? {} : { overrides: options.overrides }),
    });
    const { outputs } = await stack.up();
    const manifest = (outputs.manifest as Manifest).regions["eu-west-1"];
    if (manifest === undefined) throw new Error("stack dev is not in eu-west-1");
    return new DeployedWorld(world, manifest, folder);
  }

  get endpoint() {
    return this.world.sagemaker.endpoint(this.call, this.manifest.endpointName);
  }

  /** Lets virtual time pass until it is so. @throws Error when it is not after so many seconds */
  async until(reached: () => boolean, seconds: number): Promise<void> {
    if (!(await this.world.clock.until(reached, seconds * 1000))) throw new Error(`not so within ${seconds} seconds`);
  }

  async close(): Promise<void> {
    await this.world.close();
    await rm(this.folder, { recursive: true, force: true });
  }
}
