import type { ContainerDefinition, VpcConfig } from "@aws-sdk/client-sagemaker";
import { AwsError } from "../aws-error";
import type { Call } from "../call";
import type { World } from "../world";

/** What an instance is started with, as far as the role must have a right for it. */
export interface InstanceNeeds {
  readonly container: ContainerDefinition;
  /** The key of the instance's volume. */
  readonly volumeKey: string | undefined;
  readonly vpc: VpcConfig | undefined;
}

/** The actions of a pull from ECR on its repository (ECR user guide, "Amazon ECR private repository policies"). */
const pullActions = ["BatchCheckLayerAvailability", "GetDownloadUrlForLayer", "BatchGetImage"] as const;

/**
 * What SageMaker does with the role before an instance's container starts: it signs in to ECR and pulls the image, has
 * KMS grant the volume's use, and makes network interfaces in the model's VPC. The model's data is read separately.
 *
 * That all of it is asked at each start, and in this order, is assumed.
 *
 * @throws AwsError whose message is the endpoint's FailureReason
 */
export function checkInstanceRights(world: World, asRole: Call, needs: InstanceNeeds): void {
  checkImage(world, asRole, needs.container.Image ?? "");
  if (needs.volumeKey !== undefined) {
    // SageMaker asks KMS with the role's own credentials, so it comes through no service.
    world.kms.authorizeUse(asRole, needs.volumeKey, "kms:CreateGrant", {});
  }
  if (needs.vpc !== undefined) checkNetwork(world, asRole, needs.vpc);
}

function checkImage(world: World, asRole: Call, image: string): void {
  const parts = /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com\/([^:@]+)/.exec(image);
  if (parts === null) return;
  const [, account, region = "", repository] = parts;
  const inRegion: Call = { ...asRole, region };
  const may = (action: string, resource: string): void => {
    if (world.iam.isAllowed(inRegion, { action: `ecr:${action}`, resource }).allowed) return;
    throw new AwsError(
      "ValidationException",
      `The role '${roleArnOf(asRole)}' does not have ${action} permission for the image: '${image}'.`,
    );
  };
  may("GetAuthorizationToken", "*");
  for (const action of pullActions) may(action, `arn:aws:ecr:${region}:${account}:repository/${repository}`);
}

function checkNetwork(world: World, asRole: Call, vpc: VpcConfig): void {
  const ec2 = (resource: string): string => `arn:aws:ec2:${asRole.region}:${asRole.accountId}:${resource}`;
  const networkInterface = ec2(`network-interface/eni-${world.ids.hex(17)}`);
  const placed = [
    ...(vpc.Subnets ?? []).map((id) => ec2(`subnet/${id}`)),
    ...(vpc.SecurityGroupIds ?? []).map((id) => ec2(`security-group/${id}`)),
  ];
  const needed: Array<[action: string, resources: readonly string[]]> = [
    ["DescribeVpcs", ["*"]],
    ["DescribeSubnets", ["*"]],
    ["DescribeSecurityGroups", ["*"]],
    ["DescribeDhcpOptions", ["*"]],
    ["DescribeNetworkInterfaces", ["*"]],
    ["CreateNetworkInterface", [networkInterface, ...placed]],
    ["CreateNetworkInterfacePermission", [networkInterface]],
    ["DeleteNetworkInterfacePermission", ["*"]],
    ["DeleteNetworkInterface", [networkInterface]],
  ];
  for (const [action, resources] of needed) {
    for (const resource of resources) {
      const request = { action: `ec2:${action}`, resource };
      const decision = world.iam.isAllowed(asRole, request);
      if (!decision.allowed) throw new AwsError("ValidationException", world.iam.refusal(asRole, request, decision));
    }
  }
}

/** The role a call is made with; empty for other principals. */
export function roleArnOf({ principal }: Call): string {
  return principal.kind === "role" ? principal.roleArn : "";
}
