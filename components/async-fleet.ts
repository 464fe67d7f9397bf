import * as pulumi from "@pulumi/pulumi";
import type { Manifest } from "../contract/manifest";
import type { RegionSettings, Settings } from "../contract/settings";
import { replicationDestinations } from "../contract/settings/across-regions";
import { AsyncRegion } from "./async-region";
import { createDashboard } from "./dashboard";
import { fleetDashboardBody, type Seen } from "./dashboard-widgets";
import { ImageReplication } from "./image-replication";
import type { Lookups } from "./lookups";
import { type LocalModel, localPath, readLocalModel } from "./model-data";
import type { AskServed } from "./served-configuration";

export interface AsyncFleetArgs {
  /** Whole settings, from `parseSettings`. */
  readonly settings: Settings;
  /** The account deployed to, from `aws.getCallerIdentity`. Plain text, so that names and ARNs are known at preview. */
  readonly accountId: string;
  /** What relative paths in the settings are relative to. @default - the folder of Pulumi.yaml */
  readonly rootDir?: string;
  /** Where what belongs to no single region is made: the fleet's dashboard. @default - the first of the settings' regions */
  readonly homeRegion?: string;
  /** From `lookUp`. @default - the settings ask for no prebuilt image */
  readonly lookups?: Lookups;
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

  /** @throws UsageError ASY-201, ASY-202, ASY-212, ASY-217 */
  constructor(name: string, args: AsyncFleetArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("asyncinference:components:AsyncFleet", name, {}, opts);
    const project = pulumi.getProject();
    const stack = pulumi.getStack();
    const models = new LocalModels(args.rootDir ?? pulumi.runtime.getRootDirectory() ?? ".");
    const replications = this.replicateImages(name, args, { project, stack });
    const made: Record<string, AsyncRegion> = {};
    for (const region of args.settings.regions) {
      const settings = args.settings.region[region];
      if (settings === undefined) continue;
      const localModel = models.of(settings.model.data);
      const prebuiltImage = args.lookups?.prebuiltImages[region];
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
          ...(prebuiltImage === undefined ? {} : { prebuiltImage }),
          ...(args.askServed === undefined ? {} : { askServed: args.askServed }),
        },
        { parent: this, dependsOn: replications },
      );
    }
    this.regions = made;
    const dashboardName = this.createDashboard(name, args);
    this.manifest = pulumi
      .all(Object.fromEntries(Object.entries(made).map(([region, { manifest }]) => [region, manifest])))
      .apply((regions) => ({
        version: 1 as const,
        project,
        stack,
        ...(dashboardName === undefined ? {} : { dashboardName }),
        regions,
      }));
    this.registerOutputs({ manifest: this.manifest });
  }

  /** One over all regions that have one, where those are more than one. */
  private createDashboard(name: string, { settings, homeRegion }: AsyncFleetArgs): string | undefined {
    const fleet = Object.values(this.regions).flatMap(({ seen }): Seen[] => (seen === undefined ? [] : [seen]));
    const region = homeRegion ?? settings.regions[0];
    if (fleet.length < 2 || region === undefined) return undefined;
    const project = pulumi.getProject();
    const stack = pulumi.getStack();
    const body = fleetDashboardBody(`${project} ${stack}`, region, fleet);
    return createDashboard(`${name}-dashboard`, { project, stack, region, of: "fleet", body }, this);
  }

  /** A registry has one replication configuration, so all that is copied from one region is told together. */
  private replicateImages(
    name: string,
    { accountId, settings }: AsyncFleetArgs,
    of: { readonly project: string; readonly stack: string },
  ): pulumi.Resource[] {
    return [...replicationDestinations(settings.region)].map(
      ([from, { repositories, destinations }]) =>
        new ImageReplication(
          `${name}-images-${from}`,
          {
            from,
            accountId,
            repositories: [...repositories],
            destinations,
            tags: { ...settings.tags, "async-fleet:project": of.project, "async-fleet:stack": of.stack },
          },
          { parent: this },
        ),
    );
  }
}

/** Reads each local model once, however many regions it goes to. */
class LocalModels {
  private readonly read = new Map<string, LocalModel>();

  constructor(private readonly rootDir: string) {}

  of(data: RegionSettings["model"]["data"]): LocalModel | undefined {
    const path = localPath(data);
    if (path === undefined) return undefined;
    let model = this.read.get(path);
    if (model === undefined) {
      model = readLocalModel(path, this.rootDir);
      this.read.set(path, model);
    }
    return model;
  }
}
