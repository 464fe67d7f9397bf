import {
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeVpcEndpointsCommand,
  EC2Client,
} from "@aws-sdk/client-ec2";
import type { Answer } from "../verdict";
import { asked } from "./asked";
import type { Asking } from "./asking";

/** What lies where: a missing id has no VPC. */
export interface NetworkState {
  readonly vpcIds: readonly string[];
  /** EC2's words about ids that are not there. */
  readonly missing: readonly string[];
  /** Whether the VPC has an endpoint for S3, or why that is not known. */
  readonly s3Endpoint: Answer<boolean>;
}

/** Asks where subnets and security groups lie, and whether their VPC has an endpoint for S3. */
export function askNetwork(
  asking: Asking,
  region: string,
  {
    subnetIds,
    securityGroupIds,
  }: { readonly subnetIds: readonly string[]; readonly securityGroupIds: readonly string[] },
): Promise<Answer<NetworkState>> {
  const client = asking.client(EC2Client, region);
  return asked(asking.signal, async () => {
    const missing: string[] = [];
    const found = [
      await orMissing(missing, async () => {
        const command = new DescribeSubnetsCommand({ SubnetIds: [...subnetIds] });
        return (await client.send(command, asking.call)).Subnets ?? [];
      }),
      await orMissing(missing, async () => {
        const command = new DescribeSecurityGroupsCommand({ GroupIds: [...securityGroupIds] });
        return (await client.send(command, asking.call)).SecurityGroups ?? [];
      }),
    ].flat();
    const vpcIds = [...new Set(found.flatMap(({ VpcId }) => VpcId ?? []))];
    const s3Endpoint = await asked(asking.signal, async () => {
      const Filters = [
        { Name: "vpc-id", Values: vpcIds },
        { Name: "service-name", Values: [`com.amazonaws.${region}.s3`] },
      ];
      if (vpcIds.length === 0) return false;
      const { VpcEndpoints = [] } = await client.send(new DescribeVpcEndpointsCommand({ Filters }), asking.call);
      return VpcEndpoints.length > 0;
    });
    return { vpcIds, missing, s3Endpoint };
  });
}

async function orMissing<Found>(missing: string[], work: () => Promise<Found[]>): Promise<Found[]> {
  try {
    return await work();
  } catch (cause) {
    const { name, message } = cause as Error;
    if (!/^Invalid(SubnetID|Group|GroupId|SecurityGroupID)\.(NotFound|Malformed)$/.test(name)) throw cause;
    missing.push(message);
    return [];
  }
}
