import type * as aws from "@pulumi/aws";
import { UsageError } from "../contract/errors";
import type { RegionSettings } from "../contract/settings";
import { arnFor, type RegionContext, regionalName } from "./context";

type Deployment = NonNullable<RegionSettings["endpoint"]["deployment"]>;
type DeploymentConfig = aws.types.input.sagemaker.EndpointDeploymentConfig;
type Part = { readonly instances: number } | { readonly percent: number };

/**
 * How SageMaker moves the endpoint to a new configuration, in AWS's words; absent when the settings say nothing.
 *
 * @param alarms names of this region's alarms, by what they watch
 * @throws UsageError ASY-218 when a rollback alarm is none of them
 */
export function deploymentConfig(
  context: RegionContext,
  alarms: ReadonlyMap<string, string>,
): DeploymentConfig | undefined {
  const { deployment } = context.settings.endpoint;
  if (deployment === undefined) return undefined;
  const names = deployment.rollbackAlarms.map((role) => {
    const name = alarms.get(role);
    if (name !== undefined) return name;
    throw new UsageError({
      code: "ASY-218",
      at: `async-fleet:endpoint.deployment.rollbackAlarms in stack ${context.stack}`,
      got: `${role} for ${context.region}`,
      expected: `some of ${[...alarms.keys()].join(", ")}`,
    });
  });
  return {
    ...policyOf(deployment),
    ...(names.length === 0 ? {} : { autoRollbackConfiguration: { alarms: names.map((alarmName) => ({ alarmName })) } }),
  };
}

/** ARNs of the alarms SageMaker reads while it updates the endpoint. */
export function rollbackAlarmArns(context: RegionContext): string[] {
  return (context.settings.endpoint.deployment?.rollbackAlarms ?? []).map((role) =>
    arnFor(context, "cloudwatch", `alarm:${regionalName(context, "cloudwatchAlarm", role)}`),
  );
}

function policyOf(deployment: Deployment): DeploymentConfig {
  const most =
    deployment.maximumExecutionSeconds === undefined
      ? {}
      : { maximumExecutionTimeoutInSeconds: deployment.maximumExecutionSeconds };
  if (deployment.kind === "rolling") {
    return {
      rollingUpdatePolicy: {
        maximumBatchSize: sizeOf(deployment.batch),
        waitIntervalInSeconds: deployment.waitSeconds,
        ...(deployment.rollbackBatch === undefined
          ? {}
          : { rollbackMaximumBatchSize: sizeOf(deployment.rollbackBatch) }),
        ...most,
      },
    };
  }
  return {
    blueGreenUpdatePolicy: {
      trafficRoutingConfiguration: routingOf(deployment),
      terminationWaitInSeconds: deployment.terminationWaitSeconds,
      ...most,
    },
  };
}

function routingOf(deployment: Exclude<Deployment, { kind: "rolling" }>) {
  switch (deployment.kind) {
    case "canary":
      return { type: "CANARY", waitIntervalInSeconds: deployment.waitSeconds, canarySize: sizeOf(deployment.canary) };
    case "linear":
      return { type: "LINEAR", waitIntervalInSeconds: deployment.waitSeconds, linearStepSize: sizeOf(deployment.step) };
    case "allAtOnce":
      return { type: "ALL_AT_ONCE", waitIntervalInSeconds: 0 };
  }
}

function sizeOf(part: Part): { type: string; value: number } {
  return "instances" in part
    ? { type: "INSTANCE_COUNT", value: part.instances }
    : { type: "CAPACITY_PERCENT", value: part.percent };
}
