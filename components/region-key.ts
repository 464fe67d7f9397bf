import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { fillTemplate } from "../contract/requests";
import { childOf, endpointName, type RegionContext, regionalName } from "./context";
import { policyDocument } from "./policy-document";

/**
 * The key everything of one region is encrypted with: payloads, results, notices, volumes and logs. Revoking it stops
 * all reading at once.
 *
 * One key and its alias are made for the region, with yearly rotation, unless `storage.keyArn` names one. Cost: one KMS
 * key a month for each region, and a fraction of a cent for each thousand requests (a bucket key keeps those few).
 */
export class RegionKey extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;

  constructor(name: string, context: RegionContext, opts: pulumi.ComponentResourceOptions = {}) {
    super("asyncinference:components:RegionKey", name, {}, opts);
    const given = context.settings.storage.keyArn;
    this.arn = given === undefined ? this.create(name, context) : pulumi.output(fillTemplate(given, context));
    this.registerOutputs({ arn: this.arn });
  }

  private create(name: string, context: RegionContext): pulumi.Output<string> {
    const key = new aws.kms.Key(
      name,
      {
        region: context.region,
        description: `Payloads, results, notices and logs of ${endpointName(context)} in ${context.region}`,
        enableKeyRotation: true,
        deletionWindowInDays: 30,
        policy: keyPolicy(context),
        tags: context.tags,
      },
      childOf(this),
    );
    new aws.kms.Alias(
      `${name}-alias`,
      { region: context.region, name: `alias/${regionalName(context, "kmsAlias")}`, targetKeyId: key.keyId },
      childOf(this),
    );
    return key.arn;
  }
}

/**
 * The account's own policies decide who may use the key (the serving role and callers are given it by name); SNS,
 * CloudWatch and CloudWatch Logs have no policies of their own, so they are named here, each for this account and purpose only.
 */
function keyPolicy(context: RegionContext): string {
  const { accountId, region } = context;
  return policyDocument(
    {
      Sid: "AccountDecides",
      Effect: "Allow",
      Principal: { AWS: `arn:aws:iam::${accountId}:root` },
      Action: "kms:*",
      Resource: "*",
    },
    {
      Sid: "TopicsToQueue",
      Effect: "Allow",
      Principal: { Service: "sns.amazonaws.com" },
      Action: ["kms:Decrypt", "kms:GenerateDataKey*"],
      Resource: "*",
      Condition: { StringEquals: { "aws:SourceAccount": accountId } },
    },
    {
      Sid: "AlarmsToTopic",
      Effect: "Allow",
      Principal: { Service: "cloudwatch.amazonaws.com" },
      Action: ["kms:Decrypt", "kms:GenerateDataKey*"],
      Resource: "*",
      Condition: { StringEquals: { "aws:SourceAccount": accountId } },
    },
    {
      Sid: "EndpointLogs",
      Effect: "Allow",
      Principal: { Service: `logs.${region}.amazonaws.com` },
      Action: ["kms:Decrypt", "kms:Encrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"],
      Resource: "*",
      Condition: {
        ArnEquals: {
          "kms:EncryptionContext:aws:logs:arn": `arn:aws:logs:${region}:${accountId}:log-group:/aws/sagemaker/Endpoints/${endpointName(context)}`,
        },
      },
    },
  );
}
