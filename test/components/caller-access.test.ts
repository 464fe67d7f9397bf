import assert from "node:assert/strict";
import { managedPolicyCharactersMax } from "../../contract/limits";
import { DeployedAccess } from "../support/deployed-access";

const refused = (action: string, ...steps: string[]): string[] => steps.map((step) => `${step}: refused ${action}`);

/** Every right of the callers, and what goes wrong without it. */
const rights: Readonly<Record<string, readonly string[]>> = {
  "sagemaker:InvokeEndpointAsync": refused(
    "sagemaker:InvokeEndpointAsync",
    "result",
    "failure",
    "missing input",
    "broken result",
  ),
  "s3:PutObject inputs/*": refused("s3:PutObject", "put"),
  "s3:AbortMultipartUpload inputs/*": refused("s3:AbortMultipartUpload", "abandon an upload"),
  "s3:ListMultipartUploadParts inputs/*": refused("s3:ListMultipartUploadParts", "find an upload"),
  "s3:ListBucketMultipartUploads the bucket": refused("s3:ListBucketMultipartUploads", "find an upload"),
  "s3:GetObject inputs/requests/*": refused("s3:GetObject", "keep a record"),
  "s3:GetObject results/*": refused("s3:GetObject", "result"),
  "s3:GetObject failures/*": refused("s3:GetObject", "failure"),
  "sqs:ReceiveMessage notices": refused("sqs:ReceiveMessage", "result", "failure"),
  "sqs:DeleteMessage notices": refused("sqs:DeleteMessage", "result", "failure"),
  "sqs:ChangeMessageVisibility notices": refused("sqs:ChangeMessageVisibility", "result", "failure"),
  "kms:Decrypt through s3": refused("kms:Decrypt", "keep a record", "put", "failure"),
  "kms:GenerateDataKey through s3": refused("kms:GenerateDataKey", "put"),
  "kms:Decrypt through sqs": refused("kms:Decrypt", "result", "failure"),
};

describe("the callers' policy", () => {
  let access: DeployedAccess;
  before(async function () {
    this.timeout(60_000);
    access = await DeployedAccess.open();
  });
  after(() => access.close());

  it("grants these rights and no other", () => {
    assert.deepEqual([...access.named(access.callerDocument).keys()].sort(), Object.keys(rights).sort());
  });

  for (const [right, wrong] of Object.entries(rights)) {
    it(`needs to grant ${right}`, async () => {
      assert.deepEqual(await access.withoutCalling(right), wrong);
    });
  }

  it("fits into a managed policy however long the stack's name is", () => {
    const longest = access.callerDocument.replaceAll("async-fleet-dev", "a".repeat(63));
    assert.ok(longest.replace(/\s/g, "").length <= managedPolicyCharactersMax, String(longest.length));
  });

  it("is no right to use the key directly, nor to see or change what is not a caller's", async () => {
    const { world, call, manifest } = access.at;
    const caller = { ...call, principal: { kind: "user" as const, userArn: "arn:aws:iam::123456789012:user/caller" } };
    const bucket = new URL(manifest.inputPrefix).hostname;
    const may = (action: string, resource: string, context: Record<string, string> = {}) =>
      world.iam.isAllowed(caller, { action, resource, context }).allowed;
    assert.deepEqual(
      [
        may("kms:Decrypt", manifest.kmsKeyArn),
        may("s3:GetObject", `arn:aws:s3:::${bucket}/inputs/somebody-elses`),
        may("s3:PutObject", `arn:aws:s3:::${bucket}/results/forged`),
        may("s3:ListBucket", `arn:aws:s3:::${bucket}`),
        may("s3:GetObject", `arn:aws:s3:::${bucket}/model/model.json`),
        may("sagemaker:UpdateEndpoint", manifest.endpointArn),
        may("sqs:PurgeQueue", manifest.noticeQueueArn),
      ],
      [false, false, false, false, false, false, false],
    );
  });
});

describe("the key's policy", () => {
  let access: DeployedAccess;
  before(async function () {
    this.timeout(60_000);
    access = await DeployedAccess.open();
  });
  after(() => access.close());

  const statements: Readonly<Record<string, readonly string[]>> = {
    ServingRoleUses: ["result: no notice came", "failure: no notice came"],
    ServingRoleGrantsVolumes: ["start: refused kms:CreateGrant"],
    DeployerGrantsVolumes: ["start: refused kms:CreateGrant"],
    TopicsToQueue: ["result: no notice came", "failure: no notice came"],
    AccountReceivesNotices: refused("kms:Decrypt", "result", "failure"),
  };
  for (const [sid, wrong] of Object.entries(statements)) {
    it(`needs the statement ${sid}`, async () => {
      assert.deepEqual(await access.withoutKeyStatement(sid), wrong);
    });
  }

  it("needs the statement AccountUsesTheBucket", async () => {
    await assert.rejects(access.withoutKeyStatement("AccountUsesTheBucket"), {
      code: "AccessDenied",
      message: /user\/administrator is not authorized to perform: kms:GenerateDataKey/,
    });
  });

  it("lets nobody of the account use the key outside its bucket and queues, the administrator neither", () => {
    const { world, call, manifest } = access.at;
    const used = (via: "s3" | "sqs" | "sns", encryptionContext?: Record<string, string>) => () =>
      world.kms.authorizeUse(call, manifest.kmsKeyArn, "kms:Decrypt", {
        via,
        ...(encryptionContext === undefined ? {} : { encryptionContext }),
      });
    const bucket = `arn:aws:s3:::${new URL(manifest.inputPrefix).hostname}`;
    assert.doesNotThrow(used("s3", { "aws:s3:arn": bucket }));
    assert.doesNotThrow(used("sqs"));
    assert.throws(used("s3", { "aws:s3:arn": "arn:aws:s3:::another-bucket" }), { code: "AccessDenied" });
    assert.throws(used("sns"), { code: "AccessDenied" });
  });

  it("needs the statement EndpointLogs, and serves no other log group", async () => {
    const { world, call, manifest } = access.at;
    const associate = (logGroupName: string) =>
      world.logs.associateKmsKey(call, { logGroupName, kmsKeyId: manifest.kmsKeyArn });
    const own = `/aws/sagemaker/Endpoints/${manifest.endpointName}`;
    await associate(own);
    await access.withKeyLess("EndpointLogs", () =>
      assert.rejects(associate(own), { code: "InvalidParameterException" }),
    );
    await world.logs.createLogGroup(call, { logGroupName: "/another" });
    await assert.rejects(associate("/another"), {
      code: "InvalidParameterException",
      message:
        "The specified KMS Key Id could not be found or is not allowed to be used with LogGroup 'arn:aws:logs:eu-west-1:123456789012:log-group:/another'.",
    });
  });

  it("needs the statement AlarmsToTopics to let an alarm tell a topic under the key", async () => {
    const { world, call, manifest } = access.at;
    const { TopicArn = "" } = await world.sns.createTopic(call, {
      Name: "people",
      Attributes: {
        KmsMasterKeyId: manifest.kmsKeyArn,
        Policy: JSON.stringify({
          Version: "2012-10-17",
          Statement: [
            {
              Effect: "Allow",
              Principal: { Service: "cloudwatch.amazonaws.com" },
              Action: "sns:Publish",
              Resource: "*",
            },
          ],
        }),
      },
    });
    const sourceArn = "arn:aws:cloudwatch:eu-west-1:123456789012:alarm:any";
    const principal = { kind: "service" as const, service: "cloudwatch.amazonaws.com", sourceArn };
    const tell = () => world.sns.publish({ ...call, principal }, { TopicArn, Message: "ALARM" });
    await tell();
    await access.withKeyLess("AlarmsToTopics", () => assert.rejects(tell(), { code: "KMSAccessDenied" }));
  });
});
