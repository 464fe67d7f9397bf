import * as pulumi from "@pulumi/pulumi";
import type { Manifest } from "../contract/manifest";
import type { Settings } from "../contract/settings";
import { AsyncRegion } from "./async-region";
import { isLocal, type LocalModel, readLocalModel } from "./model-data";
import type { AskServed } from "./served-configuration";

export interface AsyncFleetArgs {
  /** Whole settings, from `parseSettings`. */
  readonly settings: Settings;
  /** The account deployed to, from `aws.getCallerIdentity`. Plain text, so that names and ARNs are known at preview. */
  readonly accountId: string;
  /** What relative paths in the settings are relative to. @default - the folder of Pulumi.yaml */
  readonly rootDir?: string;
  /** Asks SageMaker what an endpoint serves, after each update. @default - the AWS SDK, as the provider is configured */
  readonly askServed?: AskServed;
}

/**
 * Asynchronous inference in every region of the settings, from one AWS provider: each regional resource is told its
 * region, so that 31 regions need one provider process and not 31.
 */
export class AsyncFleet extends pulumi.ComponentResource {
  readonly regions: Readonly<Record<string, AsyncRegion>>;
  /** All that callers need. */
  readonly manifest: pulumi.Output<Manifest>;

  /** @throws UsageError ASY-201, ASY-202 */
  constructor(name: string, args: AsyncFleetArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("asyncinference:components:AsyncFleet", name, {}, opts);
    const project = pulumi.getProject();
    const stack = pulumi.getStack();
    const models = new LocalModels(args.rootDir ?? pulumi.runtime.getRootDirectory() ?? ".");
    const made: Record<string, AsyncRegion> = {};
    for (const region of args.settings.regions) {
      const settings = args.settings.region[region];
      if (settings === undefined) continue;
      const localModel = models.of(settings.model.data);
      made[region] = new AsyncRegion(
        `${name}-${region}`,
        {
          project,
          stack,
          region,
          accountId: args.accountId,
          settings,
          tags: args.settings.tags,
          ...(localModel === undefined ? {} : { localModel }),
          ...(args.askServed === undefined ? {} : { askServed: args.askServed }),
        },
        { parent: this },
      );
    }
    this.regions = made;
    this.manifest = pulumi
      .all(Object.fromEntries(Object.entries(made).map(([region, { manifest }]) => [region, manifest])))
      .apply((regions) => ({ version: 1 as const, project, stack, regions }));
    this.registerOutputs({ manifest: this.manifest });
  }
}

/** Reads each local model once, however many regions it goes to. */
class LocalModels {
  private readonly read = new Map<string, LocalModel>();

  constructor(private readonly rootDir: string) {}

  of(data: string | undefined): LocalModel | undefined {
    if (data === undefined || !isLocal(data)) return undefined;
    let model = this.read.get(data);
    if (model === undefined) {
      model = readLocalModel(data, this.rootDir);
      this.read.set(data, model);
    }
    return model;
  }
}
