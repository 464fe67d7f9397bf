import type * as sdk from "@aws-sdk/client-sagemaker";
import type { Blueprint, ConfigState, ModelState } from "./blueprint";
import type { Endpoint } from "./endpoint";

/** A configuration as it is written down: the variant is in it. */
interface KeptBlueprint {
  readonly config: ConfigState;
  readonly model: ModelState;
}

/** What of an endpoint outlives the process. Its instances do not: they are lost with it, and replaced. */
export interface KeptEndpoint {
  readonly name: string;
  readonly arn: string;
  readonly createdMs: number;
  readonly modifiedMs: number;
  readonly status: sdk.EndpointStatus;
  readonly failureReason: string | undefined;
  readonly deploymentConfig: sdk.DeploymentConfig | undefined;
  readonly desired: number;
  readonly weight: number | undefined;
  readonly blueprint: KeptBlueprint;
  /** What an update moves away from. */
  readonly leaving: { readonly blueprint: KeptBlueprint; readonly desired: number } | undefined;
  /** Seconds of instances paid for that have ended, and since when the others are. */
  readonly paid: { readonly endedSeconds: number; readonly sinceMs: readonly number[] };
}

export function keptEndpoint(endpoint: Endpoint): KeptEndpoint {
  const { name, arn, createdMs, modifiedMs, failureReason, deploymentConfig, desired, weight, paidFor } = endpoint;
  return {
    name,
    arn,
    createdMs,
    modifiedMs,
    status: endpoint.status,
    failureReason,
    deploymentConfig,
    desired,
    weight,
    blueprint: withoutVariant(endpoint.blueprint),
    leaving:
      endpoint.leaving === undefined
        ? undefined
        : { blueprint: withoutVariant(endpoint.leaving.blueprint), desired: endpoint.leaving.desired },
    paid: paidFor,
  };
}

interface Known {
  readonly configs: ReadonlyMap<string, ConfigState>;
  readonly models: ReadonlyMap<string, ModelState>;
}

/**
 * An endpoint again, as it was written down.
 *
 * @param known the region's configurations and models, revived before
 * @param endedMs when its process, and with it its instances, was there last
 */
export function reviveEndpoint(
  kept: KeptEndpoint,
  known: Known,
  endedMs: number,
  make: (blueprint: Blueprint) => Endpoint,
): Endpoint {
  const { modifiedMs, status, failureReason, deploymentConfig, desired, weight, leaving, paid } = kept;
  const endpoint = make(reviveBlueprint(kept.blueprint, known));
  return Object.assign(endpoint, {
    modifiedMs,
    status,
    failureReason,
    deploymentConfig,
    desired,
    weight,
    earlierSeconds: paid.sinceMs.reduce((sum, sinceMs) => sum + (endedMs - sinceMs) / 1000, paid.endedSeconds),
    leaving:
      leaving === undefined
        ? undefined
        : { blueprint: reviveBlueprint(leaving.blueprint, known), desired: leaving.desired },
  });
}

/** The very configuration and model, where they are still there: what is in use is told by identity. */
function reviveBlueprint({ config, model }: KeptBlueprint, { configs, models }: Known): Blueprint {
  const [sameConfig, sameModel] = [configs.get(config.name.toLowerCase()), models.get(model.name.toLowerCase())];
  const whole = sameConfig?.createdMs === config.createdMs ? sameConfig : config;
  const [variant = {} as sdk.ProductionVariant] = whole.input.ProductionVariants ?? [];
  return { config: whole, variant, model: sameModel?.createdMs === model.createdMs ? sameModel : model };
}

function withoutVariant({ config, model }: Blueprint): KeptBlueprint {
  return { config, model };
}

/**
 * Goes on with an endpoint whose process ended. To it, that is the loss of all its instances: they are replaced, each
 * with a cold start. What was under way begins again: a creation, a deletion, a change of capacity, an update (whose old
 * fleet is gone).
 */
export function resumeEndpoint(endpoint: Endpoint): void {
  const { status, leaving, blueprint, desired, failureReason } = endpoint;
  if (status === "Creating") endpoint.create();
  else if (status === "Deleting") endpoint.delete();
  else if (status !== "Failed") {
    endpoint.leaving = undefined;
    if (status === "Updating" && leaving !== undefined) {
      Object.assign(endpoint, leaving);
      endpoint.update(blueprint, desired);
    } else if (status === "InService") endpoint.replaceLost();
    else endpoint.scale(desired, failureReason);
  }
}
