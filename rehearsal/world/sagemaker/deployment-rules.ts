import type * as sdk from "@aws-sdk/client-sagemaker";
import {
  canaryPercent,
  deploymentMaximumExecutionSecondsOfAws,
  deploymentWaitSeconds,
  linearStepPercent,
  type Range,
  rollbackAlarmsMax,
  rollingBatchPercent,
} from "../../../contract/limits";
import { AwsError } from "../aws-error";
import { Validation } from "./validation";

const code = "ValidationException";

/** @throws AwsError ValidationException as AWS refuses a deployment configuration for a variant of `count` instances */
export function checkDeploymentConfig(config: sdk.DeploymentConfig | undefined, count: number): void {
  if (config === undefined) return;
  const {
    BlueGreenUpdatePolicy: blueGreen,
    RollingUpdatePolicy: rolling,
    AutoRollbackConfiguration: rollback,
  } = config;
  if (blueGreen !== undefined && rolling !== undefined) {
    throw new AwsError(code, "Only one of BlueGreenUpdatePolicy and RollingUpdatePolicy can be specified.");
  }
  const routing = blueGreen?.TrafficRoutingConfiguration;
  const policy = rolling ?? blueGreen;
  new Validation()
    .range(
      "maximumExecutionTimeoutInSeconds",
      policy?.MaximumExecutionTimeoutInSeconds,
      deploymentMaximumExecutionSecondsOfAws,
    )
    .range("terminationWaitInSeconds", blueGreen?.TerminationWaitInSeconds, deploymentWaitSeconds)
    .range("waitIntervalInSeconds", (rolling ?? routing)?.WaitIntervalInSeconds, deploymentWaitSeconds)
    .range("autoRollbackConfiguration.alarms", rollback?.Alarms?.length, { min: 1, max: rollbackAlarmsMax })
    .end(code);
  if (routing?.Type === "CANARY") checkSize("CanarySize", routing.CanarySize, canaryPercent, count);
  if (routing?.Type === "LINEAR") checkSize("LinearStepSize", routing.LinearStepSize, linearStepPercent, count);
  if (rolling !== undefined) checkSize("MaximumBatchSize", rolling.MaximumBatchSize, rollingBatchPercent, count);
}

/** A share in percent has its range; a number of instances is held against the same share of the fleet. */
function checkSize(member: string, size: sdk.CapacitySize | undefined, percent: Range, count: number): void {
  if (size?.Value === undefined) throw new AwsError(code, `${member} is required for this deployment.`);
  const share = size.Type === "INSTANCE_COUNT" ? (100 * size.Value) / count : size.Value;
  if (share > percent.max || (size.Type === "CAPACITY_PERCENT" && share < percent.min)) {
    throw new AwsError(
      code,
      `${member} of ${size.Value}${size.Type === "INSTANCE_COUNT" ? ` of ${count} instances` : " percent"} is not within ${percent.min} to ${percent.max} percent of the variant's total instance count.`,
    );
  }
}
