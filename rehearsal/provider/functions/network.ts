import { StepFailure } from "../failures";
import { required, text } from "../property";
import { defineFunction } from "./provider-function";

/** A subnet by its id; AWS's provider knows more ways to find one, which are not played. */
export const getSubnet = defineFunction({
  token: "aws:ec2/getSubnet:getSubnet",
  args: { id: required(text()), region: text() },
  async answer({ aws, region, accountId }, { id }) {
    const { Subnets = [] } = await aws.ec2.describeSubnets({ SubnetIds: [id] });
    const [subnet] = Subnets;
    if (subnet === undefined) throw new StepFailure("no matching EC2 Subnet found");
    return {
      id,
      region,
      vpcId: subnet.VpcId,
      state: subnet.State,
      availabilityZone: subnet.AvailabilityZone,
      availableIpAddressCount: subnet.AvailableIpAddressCount,
      arn: `arn:aws:ec2:${region}:${accountId}:subnet/${id}`,
      ownerId: accountId,
      tags: {},
    };
  },
});

/** The endpoint of a service in a VPC. */
export const getVpcEndpoint = defineFunction({
  token: "aws:ec2/getVpcEndpoint:getVpcEndpoint",
  args: { vpcId: required(text()), serviceName: required(text()), state: text(), region: text() },
  async answer({ aws, region, accountId }, { vpcId, serviceName, state }) {
    const { VpcEndpoints = [] } = await aws.ec2.describeVpcEndpoints({
      Filters: [
        { Name: "vpc-id", Values: [vpcId] },
        { Name: "service-name", Values: [serviceName] },
      ],
    });
    const found = VpcEndpoints.find((each) => state === undefined || each.State?.toLowerCase() === state);
    if (found === undefined) throw new StepFailure("no matching EC2 VPC Endpoint found");
    return {
      id: found.VpcEndpointId,
      region,
      vpcId,
      serviceName,
      state: found.State?.toLowerCase(),
      vpcEndpointType: found.VpcEndpointType,
      arn: `arn:aws:ec2:${region}:${accountId}:vpc-endpoint/${found.VpcEndpointId}`,
      ownerId: accountId,
      tags: {},
    };
  },
});
