import { createHash } from "node:crypto";
import type * as sdk from "@aws-sdk/client-ec2";
import { regions } from "../../../contract/regions";
import { AwsError } from "../aws-error";
import type { Answer, Call } from "../call";
import type { World } from "../world";

/** The one VPC of a region in which every subnet and security group that is asked for lies. */
const vpcId = "vpc-0a1b2c3d4e5f60718";

/** Elastic Compute Cloud as far as a look before a deployment goes: regions, and what lies in a VPC. */
export class Ec2 {
  constructor(private readonly world: World) {}

  async describeRegions(
    _call: Call,
    input: sdk.DescribeRegionsCommandInput,
  ): Promise<Answer<sdk.DescribeRegionsCommandOutput>> {
    const named = input.RegionNames ?? [];
    const unknown = named.find((code) => !regions.some((region) => region.code === code));
    if (unknown !== undefined) {
      throw new AwsError("InvalidParameterValue", `Invalid region names provided in request: ${unknown}`);
    }
    return {
      Regions: regions
        .filter(({ code }) => named.length === 0 || named.includes(code))
        .map(({ code, optIn }) => ({
          RegionName: code,
          Endpoint: `ec2.${code}.amazonaws.com`,
          OptInStatus: !optIn
            ? "opt-in-not-required"
            : this.world.account.isEnabled(code)
              ? "opted-in"
              : "not-opted-in",
        }))
        .filter(({ OptInStatus }) => input.AllRegions === true || OptInStatus !== "not-opted-in"),
    };
  }

  async describeSubnets(
    call: Call,
    input: sdk.DescribeSubnetsCommandInput,
  ): Promise<Answer<sdk.DescribeSubnetsCommandOutput>> {
    const ids = input.SubnetIds ?? [];
    this.refuseMissing(ids, "InvalidSubnetID.NotFound", "subnet ID");
    return {
      Subnets: ids.map((SubnetId) => ({
        SubnetId,
        VpcId: this.world.account.conditions.vpcOfSubnet?.[SubnetId] ?? vpcId,
        State: "available",
        AvailabilityZone: `${call.region}a`,
        AvailableIpAddressCount: 251,
      })),
    };
  }

  async describeSecurityGroups(
    call: Call,
    input: sdk.DescribeSecurityGroupsCommandInput,
  ): Promise<Answer<sdk.DescribeSecurityGroupsCommandOutput>> {
    const ids = input.GroupIds ?? [];
    this.refuseMissing(ids, "InvalidGroup.NotFound", "security group");
    return { SecurityGroups: ids.map((GroupId) => ({ GroupId, VpcId: vpcId, OwnerId: call.accountId })) };
  }

  async describeVpcEndpoints(
    call: Call,
    input: sdk.DescribeVpcEndpointsCommandInput,
  ): Promise<Answer<sdk.DescribeVpcEndpointsCommandOutput>> {
    const wanted = (name: string, value: string): boolean => {
      const filter = input.Filters?.find(({ Name }) => Name === name);
      return filter?.Values === undefined || filter.Values.includes(value);
    };
    const { hasS3Endpoint, vpcEndpoints = ["s3"] } = this.world.account.conditions;
    return {
      VpcEndpoints: vpcEndpoints
        .filter((service) => service !== "s3" || hasS3Endpoint !== false)
        .map((service) => ({ service, ServiceName: `com.amazonaws.${call.region}.${service}` }))
        .filter(({ ServiceName }) => wanted("vpc-id", vpcId) && wanted("service-name", ServiceName))
        .map(({ service, ServiceName }) => ({
          VpcEndpointId: `vpce-${createHash("sha256").update(ServiceName).digest("hex").slice(0, 17)}`,
          VpcEndpointType: service === "s3" ? "Gateway" : "Interface",
          VpcId: vpcId,
          ServiceName,
          State: "Available",
        })),
    };
  }

  private refuseMissing(ids: readonly string[], code: string, what: string): void {
    const missing = ids.filter((id) => this.world.account.conditions.missingNetwork?.includes(id));
    if (missing.length > 0) throw new AwsError(code, `The ${what} '${missing.join(", ")}' does not exist`);
  }
}
