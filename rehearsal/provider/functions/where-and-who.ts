import { regionInfo } from "../../../contract/regions";
import { text } from "../property";
import { defineFunction } from "./provider-function";

/** Who deploys. */
export const getCallerIdentity = defineFunction({
  token: "aws:index/getCallerIdentity:getCallerIdentity",
  args: { id: text() },
  async answer({ aws }) {
    const { Account, Arn, UserId } = await aws.sts.getCallerIdentity({});
    return { accountId: Account, arn: Arn, userId: UserId, id: Account };
  },
});

/** The partition: rehearsals play the commercial one. */
export const getPartition = defineFunction({
  token: "aws:index/getPartition:getPartition",
  args: { id: text() },
  answer: async () => ({ partition: "aws", dnsSuffix: "amazonaws.com", reverseDnsPrefix: "com.amazonaws", id: "aws" }),
});

/** The region that is asked for, else the provider's. */
export const getRegion = defineFunction({
  token: "aws:index/getRegion:getRegion",
  args: { id: text(), region: text(), name: text(), endpoint: text() },
  async answer({ region: current }, { region, name, endpoint }) {
    const named = /^ec2\.(.+)\.amazonaws\.com$/.exec(endpoint ?? "")?.[1];
    const found = region ?? name ?? named ?? current;
    return {
      id: found,
      region: found,
      name: found,
      endpoint: `ec2.${found}.amazonaws.com`,
      description: regionInfo(found)?.name ?? found,
    };
  },
});
