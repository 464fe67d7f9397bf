/** A right that stands on the resource `*`, and why it cannot stand on less. */
export interface UnnarrowedRight {
  readonly action: string;
  /** What bounds it instead. */
  readonly boundBy: string;
  readonly reason: string;
}

const noResource = (source: string): string =>
  `AWS knows no resource for this action (general knowledge of ${source}; the place to settle it is the service authorization reference)`;

/**
 * Every action the serving role or the callers are granted on `*`. A test holds the recorded program against it, both
 * ways. Policies of a key say `*` too, which there means the key itself, and a bucket's refusals grant nothing.
 */
export const unnarrowedRights: readonly UnnarrowedRight[] = [
  {
    action: "cloudwatch:PutMetricData",
    boundBy: "cloudwatch:namespace",
    reason: noResource("Amazon CloudWatch"),
  },
  {
    action: "ecr:GetAuthorizationToken",
    boundBy: "aws:RequestedRegion",
    reason: noResource("Amazon Elastic Container Registry"),
  },
  ...["DeleteNetworkInterfacePermission", "DescribeDhcpOptions", "DescribeNetworkInterfaces"].map(ec2),
  ...["DescribeSecurityGroups", "DescribeSubnets", "DescribeVpcs"].map(ec2),
];

function ec2(operation: string): UnnarrowedRight {
  return { action: `ec2:${operation}`, boundBy: "aws:RequestedRegion", reason: noResource("Amazon EC2") };
}
