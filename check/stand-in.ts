import { createHash } from "node:crypto";
import type { Stand } from "./record-program";

const accountId = "123456789012";

/**
 * Stands in for the AWS provider where nothing is to be created: ids, ARNs and URLs of the right form, the same for the
 * same resource.
 */
export const plausibleAws: Stand = {
  create: async ({ type, name, inputs }) => {
    const region = typeof inputs.region === "string" ? inputs.region : "";
    const own = String(inputs.name ?? inputs.bucket ?? name);
    const service = type.split(":")[1]?.split("/")[0] ?? "";
    const arn = arnOf(type, service, region, own, inputs);
    return {
      id: own,
      outputs: {
        ...(inputs.name === undefined ? { name: own } : {}),
        arn,
        ...(type === "aws:sqs/queue:Queue" ? { url: `https://sqs.${region}.amazonaws.com/${accountId}/${own}` } : {}),
        ...(type === "aws:kms/key:Key"
          ? { keyId: uuidOf(own + region), arn: `arn:aws:kms:${region}:${accountId}:key/${uuidOf(own + region)}` }
          : {}),
      },
    };
  },
  invoke: async (token) => {
    if (token === "aws:index/getCallerIdentity:getCallerIdentity") {
      return { accountId, arn: `arn:aws:iam::${accountId}:user/check`, userId: "AIDACHECK", id: accountId };
    }
    if (token === "aws:index/getPartition:getPartition")
      return { partition: "aws", dnsSuffix: "amazonaws.com", id: "aws" };
    return {};
  },
};

function arnOf(
  type: string,
  service: string,
  region: string,
  own: string,
  inputs: Readonly<Record<string, unknown>>,
): string {
  if (type === "aws:s3/bucket:Bucket") return `arn:aws:s3:::${own}`;
  if (service === "iam") {
    const path = String(inputs.path ?? "/");
    return `arn:aws:iam::${accountId}:${type === "aws:iam/policy:Policy" ? "policy" : "role"}${path}${own}`;
  }
  if (type === "aws:appautoscaling/policy:Policy") {
    return `arn:aws:autoscaling:${region}:${accountId}:scalingPolicy:${uuidOf(own + region)}:resource/sagemaker:policyName/${own}`;
  }
  const names: Readonly<Record<string, string>> = { cloudwatch: "alarm:", sagemaker: "endpoint/" };
  return `arn:aws:${service}:${region}:${accountId}:${names[service] ?? ""}${own}`;
}

function uuidOf(text: string): string {
  const hex = createHash("sha256").update(text).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
