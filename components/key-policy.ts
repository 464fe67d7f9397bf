import { arnFor, bucketArn, endpointName, type RegionContext, regionalName, servingRoleArn } from "./context";
import { hasLocalStorage } from "./local-storage";
import { policyDocument, type Statement } from "./policy-document";

/** Looking after the key. None of these reads or writes anything it encrypts. */
const administration = [
  "kms:CancelKeyDeletion",
  "kms:CreateAlias",
  "kms:DeleteAlias",
  "kms:DescribeKey",
  "kms:DisableKey",
  "kms:DisableKeyRotation",
  "kms:EnableKey",
  "kms:EnableKeyRotation",
  "kms:GetKeyPolicy",
  "kms:GetKeyRotationStatus",
  "kms:ListGrants",
  "kms:ListKeyPolicies",
  "kms:ListResourceTags",
  "kms:PutKeyPolicy",
  "kms:RevokeGrant",
  "kms:ScheduleKeyDeletion",
  "kms:TagResource",
  "kms:UntagResource",
  "kms:UpdateAlias",
  "kms:UpdateKeyDescription",
];

const decryptAndEncrypt = ["kms:Decrypt", "kms:GenerateDataKey"];

/** As the SNS and CloudWatch guides give it to AWS's own services. */
const serviceUses = ["kms:Decrypt", "kms:GenerateDataKey*"];

/**
 * Who may use the region's key. The account's policies decide about looking after it, and about its use only through this
 * region's bucket and queues; nobody but the serving role may use it directly. SNS, CloudWatch and CloudWatch Logs have
 * no policies of their own, so they are named here, each for this account and its purpose.
 *
 * The role is named by a condition and not as a principal: KMS refuses a principal that does not exist yet, and forgets
 * one that is made anew.
 */
export function keyPolicy(context: RegionContext): string {
  const { accountId, region, settings } = context;
  const account = { AWS: `arn:aws:iam::${accountId}:root` };
  const fromThisAccount = { "aws:SourceAccount": accountId };
  const byTheRole = { ArnEquals: { "aws:PrincipalArn": servingRoleArn(context) } };
  const through = (service: string) => ({ "kms:ViaService": `${service}.${region}.amazonaws.com` });
  const topics = ["success", "error"].map((role) => arnFor(context, "sns", regionalName(context, "snsTopic", role)));
  const logGroup = arnFor(context, "logs", `log-group:/aws/sagemaker/Endpoints/${endpointName(context)}`);
  const stored = bucketArn(context);
  const allow = (
    Sid: string,
    Principal: Statement["Principal"],
    Action: readonly string[],
    Condition?: Statement["Condition"],
  ): Statement => ({
    Sid,
    Effect: "Allow",
    ...(Principal === undefined ? {} : { Principal }),
    Action,
    Resource: "*",
    ...(Condition === undefined ? {} : { Condition }),
  });
  return policyDocument(
    allow("AccountAdministers", account, administration),
    allow("ServingRoleUses", account, decryptAndEncrypt, byTheRole),
    ...(hasLocalStorage(settings.endpoint.instanceType)
      ? []
      : [
          allow("ServingRoleGrantsVolumes", account, ["kms:CreateGrant"], {
            ...byTheRole,
            Bool: { "kms:GrantIsForAWSResource": "true" },
          }),
          allow("DeployerGrantsVolumes", account, ["kms:CreateGrant"], {
            StringEquals: through("sagemaker"),
            Bool: { "kms:GrantIsForAWSResource": "true" },
          }),
        ]),
    allow("AccountUsesTheBucket", account, decryptAndEncrypt, {
      StringEquals: through("s3"),
      StringLike: { "kms:EncryptionContext:aws:s3:arn": [stored, `${stored}/*`] },
    }),
    allow("AccountReceivesNotices", account, ["kms:Decrypt"], { StringEquals: through("sqs") }),
    allow("TopicsToQueue", { Service: "sns.amazonaws.com" }, serviceUses, {
      StringEquals: fromThisAccount,
      ArnEquals: { "aws:SourceArn": topics },
    }),
    ...(settings.alarms === false
      ? []
      : [
          allow("AlarmsToTopics", { Service: "cloudwatch.amazonaws.com" }, serviceUses, {
            StringEquals: fromThisAccount,
          }),
        ]),
    allow(
      "EndpointLogs",
      { Service: `logs.${region}.amazonaws.com` },
      ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"],
      { ArnEquals: { "kms:EncryptionContext:aws:logs:arn": logGroup } },
    ),
  );
}
