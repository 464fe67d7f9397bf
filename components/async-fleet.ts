import * as pulumi from "@pulumi/pulumi";
import type { Manifest } from "../contract/manifest";
import type { Settings } from "../contract/settings";
import { AsyncRegion } from "./async-region";
import { createDashboard } from "./dashboard";
import { fleetDashboardBody, type Seen } from "./dashboard-widgets";
import { isLocal, type LocalModel, readLocalModel } from "./model-data";

export interface AsyncFleetArgs {
  /** Whole settings, from `parseSettings`. */
  readonly settings: Settings;
  /** The account deployed to, from `aws.getCallerIdentity`. Plain text, so that names and ARNs are known at preview. */
  readonly accountId: string;
  /** What relative paths in the settings are relative to. @default - the folder of Pulumi.yaml */
  readonly rootDir?: string;
  /** Where what belongs to no single region is made: the fleet's dashboard. @default - the first of the settings' regions */
  readonly homeRegion?: string;
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
        },
        { parent: this },
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
