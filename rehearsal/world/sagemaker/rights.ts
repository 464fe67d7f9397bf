import type * as sdk from "@aws-sdk/client-sagemaker";
import { AwsError } from "../aws-error";
import { as, type Call } from "../call";
import type { World } from "../world";
import type { Blueprint } from "./blueprint";
import { checkDeploymentConfig } from "./deployment-rules";

const code = "ValidationException";

/** @throws AwsError when SageMaker may not take the role, or the role may not tell the topics */
export function checkRole({ iam, kms }: World, call: Call, { config, model }: Blueprint): void {
  const roleArn = model.input.ExecutionRoleArn ?? "";
  const topics = config.input.AsyncInferenceConfig?.OutputConfig?.NotificationConfig;
  const invalid = (rest: string): AwsError =>
    new AwsError(
      code,
      `The provided role ${roleArn} is invalid. Please ensure the role exists, that its trust relationship policy allows "sts:AssumeRole" for "sagemaker.amazonaws.com"${rest}.`,
    );
  // The asterisk is no wildcard: SageMaker acts for no single endpoint (developer guide, confused deputy prevention).
  const asItself = as(call, {
    kind: "service",
    service: "sagemaker.amazonaws.com",
    sourceArn: `arn:aws:sagemaker:${call.region}:${call.accountId}:*`,
  });
  if (!iam.isAssumable(asItself, roleArn).allowed) throw invalid("");
  // Who makes an endpoint lets KMS grant the volumes' use, beside the role (developer guide, API permissions).
  const { KmsKeyId } = config.input;
  if (KmsKeyId !== undefined) kms.authorizeUse(call, KmsKeyId, "kms:CreateGrant", { via: "sagemaker" });
  const asRole = as(call, { kind: "role", roleArn });
  for (const topic of [topics?.SuccessTopic, topics?.ErrorTopic]) {
    if (topic !== undefined && !iam.isAllowed(asRole, { action: "sns:Publish", resource: topic }).allowed) {
      throw invalid(`, and has "sns:Publish" permissions for topic ${topic}`);
    }
  }
}

/**
 * Checks a deployment configuration, and that the role may read its alarms. AWS demands the right; that it looks for it
 * as it takes the configuration is assumed.
 *
 * @throws AwsError
 */
export function checkDeployment(
  { iam }: World,
  call: Call,
  { model }: Blueprint,
  config: sdk.DeploymentConfig | undefined,
  instances: number,
): void {
  checkDeploymentConfig(config, instances);
  const roleArn = model.input.ExecutionRoleArn ?? "";
  const asRole = as(call, { kind: "role", roleArn });
  for (const { AlarmName } of config?.AutoRollbackConfiguration?.Alarms ?? []) {
    const resource = `arn:aws:cloudwatch:${call.region}:${call.accountId}:alarm:${AlarmName}`;
    if (iam.isAllowed(asRole, { action: "cloudwatch:DescribeAlarms", resource }).allowed) continue;
    throw new AwsError(
      code,
      `The provided role ${roleArn} is invalid. Please ensure that it has "cloudwatch:DescribeAlarms" permissions for alarm ${resource}.`,
    );
  }
}

/** @throws AwsError when who deletes an endpoint may not deregister its scalable target */
export function checkMayDeregister({ iam }: World, call: Call, resourceId: string): void {
  const resource = `arn:aws:application-autoscaling:${call.region}:${call.accountId}:scalable-target/*`;
  const action = "application-autoscaling:DeregisterScalableTarget";
  if (iam.isAllowed(call, { action, resource }).allowed) return;
  throw new AwsError(
    code,
    `An Application AutoScaling scalable target exists for a variant being deleted, and the IAM identity used to invoke DeleteEndpoint does not have ${action} permission. Deregister the scalable target of ${resourceId} first, or add the permission.`,
  );
}
