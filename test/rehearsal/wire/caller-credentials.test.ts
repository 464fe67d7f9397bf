import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ApplicationAutoScalingClient, DescribeScalableTargetsCommand } from "@aws-sdk/client-application-auto-scaling";
import { CloudWatchClient, PutMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from "@aws-sdk/client-cloudwatch-logs";
import {
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  DeleteAccessKeyCommand,
  DeleteUserCommand,
  DetachUserPolicyCommand,
  IAMClient,
  ListUsersCommand,
  PutRolePolicyCommand,
} from "@aws-sdk/client-iam";
import { CreateKeyCommand, DescribeKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import {
  CreateBucketCommand,
  GetBucketPolicyCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { CreateModelCommand, ListModelsCommand, SageMakerClient } from "@aws-sdk/client-sagemaker";
import { InvokeEndpointAsyncCommand, SageMakerRuntimeClient } from "@aws-sdk/client-sagemaker-runtime";
import { CreateTopicCommand, PublishCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import { CreateQueueCommand, GetQueueAttributesCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { startWire, type Wire } from "../../../rehearsal/wire/server";
import { Clock } from "../../../rehearsal/world/clock";
import { World } from "../../../rehearsal/world/world";
import { FakeContainers } from "../../support/fake-containers";

const accountId = "123456789012";
const policy = (...Statement: object[]) => JSON.stringify({ Version: "2012-10-17", Statement });
const trusting = (Principal: object) => policy({ Effect: "Allow", Principal, Action: "sts:AssumeRole" });

interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

describe("who calls over the wire", () => {
  let folder: string;
  let world: World;
  let wire: Wire;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "credentials-"));
    const clock = new Clock({ kind: "manual" }, Date.UTC(2026, 0, 1));
    world = new World({ clock, folder, containers: new FakeContainers() });
    wire = await startWire(world);
  });
  afterEach(async () => {
    await wire.close();
    await world.close();
    await rm(folder, { recursive: true, force: true });
  });

  const anybody: Keys = { accessKeyId: "rehearsal", secretAccessKey: "rehearsal" };
  const as = (credentials: Keys) => ({ region: "eu-west-1", endpoint: wire.url, credentials, maxAttempts: 1 });
  const iam = () => new IAMClient(as(anybody));
  const s3 = (keys: Keys) => new S3Client({ ...as(keys), forcePathStyle: true });

  async function userWith(...statements: object[]): Promise<Keys> {
    await iam().send(new CreateUserCommand({ UserName: "caller" }));
    if (statements.length > 0) {
      const { Policy } = await iam().send(
        new CreatePolicyCommand({ PolicyName: "callers", PolicyDocument: policy(...statements) }),
      );
      await iam().send(new AttachUserPolicyCommand({ UserName: "caller", PolicyArn: Policy?.Arn }));
    }
    const { AccessKey } = await iam().send(new CreateAccessKeyCommand({ UserName: "caller" }));
    return { accessKeyId: AccessKey?.AccessKeyId ?? "", secretAccessKey: AccessKey?.SecretAccessKey ?? "" };
  }

  it("is the administrator with a made-up key, and the user whose key it is otherwise", async () => {
    const identity = async (keys: Keys) =>
      (await new STSClient(as(keys)).send(new GetCallerIdentityCommand({}))).Arn ?? "";
    assert.equal(await identity(anybody), `arn:aws:iam::${accountId}:user/administrator`);
    assert.equal(await identity(await userWith()), `arn:aws:iam::${accountId}:user/caller`);
  });

  it("is refused by every service in its own words when nothing is granted", async () => {
    const keys = await userWith();
    await s3(anybody).send(new CreateBucketCommand({ Bucket: "payloads" }));
    const { TopicArn } = await new SNSClient(as(anybody)).send(new CreateTopicCommand({ Name: "success" }));
    const { QueueUrl } = await new SQSClient(as(anybody)).send(new CreateQueueCommand({ QueueName: "notices" }));
    const { KeyMetadata } = await new KMSClient(as(anybody)).send(new CreateKeyCommand({}));
    const alarms = {
      Namespace: "Own",
      MetricData: [{ MetricName: "any", Value: 1 }],
    };
    const said = (action: string, resource: string) =>
      `User: arn:aws:iam::${accountId}:user/caller is not authorized to perform: ${action} on resource: ${resource} because no identity-based policy allows the ${action} action`;
    const refusals: Array<[() => Promise<unknown>, string, number, string]> = [
      [
        () => s3(keys).send(new PutObjectCommand({ Bucket: "payloads", Key: "inputs/a", Body: "a" })),
        "AccessDenied",
        403,
        said("s3:PutObject", "arn:aws:s3:::payloads/inputs/a"),
      ],
      [
        () => s3(keys).send(new GetBucketPolicyCommand({ Bucket: "payloads" })),
        "AccessDenied",
        403,
        said("s3:GetBucketPolicy", "arn:aws:s3:::payloads"),
      ],
      [
        () =>
          new SageMakerRuntimeClient(as(keys)).send(
            new InvokeEndpointAsyncCommand({ EndpointName: "Echo", Body: Buffer.from("a") }),
          ),
        "AccessDeniedException",
        403,
        said("sagemaker:InvokeEndpointAsync", `arn:aws:sagemaker:eu-west-1:${accountId}:endpoint/echo`),
      ],
      [
        () => new SageMakerClient(as(keys)).send(new ListModelsCommand({})),
        "AccessDeniedException",
        400,
        said("sagemaker:ListModels", "*"),
      ],
      [
        () => new SNSClient(as(keys)).send(new PublishCommand({ TopicArn, Message: "a" })),
        "AuthorizationErrorException",
        403,
        said("sns:Publish", TopicArn ?? ""),
      ],
      [
        () => new SNSClient(as(keys)).send(new SubscribeCommand({ TopicArn, Protocol: "sqs", Endpoint: "any" })),
        "AuthorizationErrorException",
        403,
        said("sns:Subscribe", TopicArn ?? ""),
      ],
      [
        () => new SQSClient(as(keys)).send(new ReceiveMessageCommand({ QueueUrl })),
        "AccessDenied",
        403,
        said("sqs:ReceiveMessage", `arn:aws:sqs:eu-west-1:${accountId}:notices`),
      ],
      [
        () => new SQSClient(as(keys)).send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] })),
        "AccessDenied",
        403,
        said("sqs:GetQueueAttributes", `arn:aws:sqs:eu-west-1:${accountId}:notices`),
      ],
      [
        () => new KMSClient(as(keys)).send(new DescribeKeyCommand({ KeyId: KeyMetadata?.KeyId })),
        "AccessDeniedException",
        400,
        said("kms:DescribeKey", KeyMetadata?.Arn ?? ""),
      ],
      [
        () => new CloudWatchClient(as(keys)).send(new PutMetricDataCommand(alarms)),
        "AccessDenied",
        403,
        said("cloudwatch:PutMetricData", "*"),
      ],
      [
        () => new CloudWatchLogsClient(as(keys)).send(new DescribeLogGroupsCommand({})),
        "AccessDeniedException",
        400,
        said("logs:DescribeLogGroups", `arn:aws:logs:eu-west-1:${accountId}:log-group::log-stream:`),
      ],
      [
        () =>
          new ApplicationAutoScalingClient(as(keys)).send(
            new DescribeScalableTargetsCommand({ ServiceNamespace: "sagemaker" }),
          ),
        "AccessDeniedException",
        400,
        said("application-autoscaling:DescribeScalableTargets", "*"),
      ],
      [() => new IAMClient(as(keys)).send(new ListUsersCommand({})), "AccessDenied", 403, said("iam:ListUsers", "*")],
    ];
    for (const [call, name, httpStatusCode, message] of refusals) {
      await assert.rejects(call(), (cause: Error & { $metadata: { httpStatusCode: number } }) => {
        assert.deepEqual([cause.name, cause.$metadata.httpStatusCode, cause.message], [name, httpStatusCode, message]);
        return true;
      });
    }
  });

  it("needs iam:PassRole to hand a role to SageMaker", async () => {
    const keys = await userWith({ Effect: "Allow", Action: "sagemaker:CreateModel", Resource: "*" });
    const ExecutionRoleArn = `arn:aws:iam::${accountId}:role/serving`;
    await assert.rejects(
      new SageMakerClient(as(keys)).send(
        new CreateModelCommand({ ModelName: "m", ExecutionRoleArn, PrimaryContainer: { Image: "any" } }),
      ),
      { name: "AccessDeniedException", message: /iam:PassRole on resource: arn:aws:iam::123456789012:role\/serving / },
    );
  });

  it("is told 403 for a missing object unless the bucket may be listed", async () => {
    await s3(anybody).send(new CreateBucketCommand({ Bucket: "payloads" }));
    const keys = await userWith({ Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::payloads/*" });
    const status = async () => {
      const statuses: number[] = [];
      for (const command of [GetObjectCommand, HeadObjectCommand]) {
        await assert.rejects(
          s3(keys).send(new command({ Bucket: "payloads", Key: "none" }) as GetObjectCommand),
          (cause: { $metadata: { httpStatusCode: number } }) => {
            statuses.push(cause.$metadata.httpStatusCode);
            return true;
          },
        );
      }
      return statuses;
    };
    assert.deepEqual(await status(), [403, 403]);
    const { Policy } = await iam().send(
      new CreatePolicyCommand({
        PolicyName: "lists",
        PolicyDocument: policy({ Effect: "Allow", Action: "s3:ListBucket", Resource: "arn:aws:s3:::payloads" }),
      }),
    );
    await iam().send(new AttachUserPolicyCommand({ UserName: "caller", PolicyArn: Policy?.Arn }));
    assert.deepEqual(await status(), [404, 404]);
  });

  it("is nobody any more once the key is deleted", async () => {
    const keys = await userWith();
    await iam().send(new DeleteAccessKeyCommand({ UserName: "caller", AccessKeyId: keys.accessKeyId }));
    await assert.rejects(new STSClient(as(keys)).send(new GetCallerIdentityCommand({})), {
      message: "The security token included in the request is invalid.",
    });
    await assert.rejects(s3(keys).send(new GetObjectCommand({ Bucket: "payloads", Key: "a" })), {
      name: "InvalidAccessKeyId",
    });
  });

  it("must let go of a user's keys and policies before the user goes", async () => {
    const keys = await userWith({ Effect: "Allow", Action: "*", Resource: "*" });
    const remove = () => iam().send(new DeleteUserCommand({ UserName: "caller" }));
    await assert.rejects(remove(), { message: "Cannot delete entity, must detach all policies first." });
    await iam().send(
      new DetachUserPolicyCommand({ UserName: "caller", PolicyArn: `arn:aws:iam::${accountId}:policy/callers` }),
    );
    await assert.rejects(remove(), { message: "Cannot delete entity, must delete access keys first." });
    await iam().send(new DeleteAccessKeyCommand({ UserName: "caller", AccessKeyId: keys.accessKeyId }));
    await remove();
    assert.deepEqual((await iam().send(new ListUsersCommand({}))).Users, []);
  });

  describe("as a session of a role", () => {
    const RoleArn = `arn:aws:iam::${accountId}:role/callers`;
    const assume = async (keys: Keys, more: object = {}): Promise<Required<Keys>> => {
      const { Credentials } = await new STSClient(as(keys)).send(
        new AssumeRoleCommand({ RoleArn, RoleSessionName: "batch", ...more }),
      );
      return {
        accessKeyId: Credentials?.AccessKeyId ?? "",
        secretAccessKey: Credentials?.SecretAccessKey ?? "",
        sessionToken: Credentials?.SessionToken ?? "",
      };
    };
    const role = async (trust: string) => {
      await iam().send(new CreateRoleCommand({ RoleName: "callers", AssumeRolePolicyDocument: trust }));
      await iam().send(
        new PutRolePolicyCommand({
          RoleName: "callers",
          PolicyName: "call",
          PolicyDocument: policy({ Effect: "Allow", Action: "sns:Publish", Resource: "*" }),
        }),
      );
    };

    it("has the role's rights and its name in refusals", async () => {
      await role(trusting({ AWS: `arn:aws:iam::${accountId}:root` }));
      const keys = await assume(anybody);
      const { Arn } = await new STSClient(as(keys)).send(new GetCallerIdentityCommand({}));
      assert.equal(Arn, `arn:aws:sts::${accountId}:assumed-role/callers/batch`);
      const { TopicArn } = await new SNSClient(as(anybody)).send(new CreateTopicCommand({ Name: "success" }));
      await new SNSClient(as(keys)).send(new PublishCommand({ TopicArn, Message: "a" }));
      await assert.rejects(new SageMakerClient(as(keys)).send(new ListModelsCommand({})), {
        message: /^User: arn:aws:sts::123456789012:assumed-role\/callers\/batch is not authorized/,
      });
    });

    it("is not given to whom the trust policy does not name, nor for a role that is not there", async () => {
      const keys = await userWith({ Effect: "Allow", Action: "sts:AssumeRole", Resource: "*" });
      const refused = {
        name: "AccessDenied",
        message: `User: arn:aws:iam::${accountId}:user/caller is not authorized to perform: sts:AssumeRole on resource: ${RoleArn}`,
      };
      await assert.rejects(assume(keys), refused);
      await role(trusting({ Service: "sagemaker.amazonaws.com" }));
      await assert.rejects(assume(keys), refused);
    });

    it("is given to a user only with a right of his own where the role trusts the whole account", async () => {
      await role(trusting({ AWS: `arn:aws:iam::${accountId}:root` }));
      const keys = await userWith();
      await assert.rejects(assume(keys), { name: "AccessDenied" });
      const { Policy } = await iam().send(
        new CreatePolicyCommand({
          PolicyName: "assumes",
          PolicyDocument: policy({ Effect: "Allow", Action: "sts:AssumeRole", Resource: RoleArn }),
        }),
      );
      await iam().send(new AttachUserPolicyCommand({ UserName: "caller", PolicyArn: Policy?.Arn }));
      assert.match((await assume(keys)).accessKeyId, /^ASIA/);
    });

    it("ends when its time is up, and is nothing without its token", async () => {
      await role(trusting({ AWS: `arn:aws:iam::${accountId}:root` }));
      const keys = await assume(anybody, { DurationSeconds: 900 });
      const { sessionToken: _token, ...withoutToken } = keys;
      const ask = (with_: Keys) => new STSClient(as(with_)).send(new GetCallerIdentityCommand({}));
      await assert.rejects(ask(withoutToken), { message: "The security token included in the request is invalid." });
      await world.clock.advance(899_000);
      await ask(keys);
      await world.clock.advance(1000);
      await assert.rejects(ask(keys), { message: "The security token included in the request is expired" });
      await assert.rejects(s3(keys).send(new GetObjectCommand({ Bucket: "payloads", Key: "a" })), {
        name: "ExpiredToken",
      });
    });

    it("is refused for times and names STS does not take, and with a session policy, which is not played", async () => {
      await role(trusting({ AWS: `arn:aws:iam::${accountId}:root` }));
      await assert.rejects(assume(anybody, { DurationSeconds: 899 }), { name: "ValidationError" });
      await assert.rejects(assume(anybody, { RoleSessionName: "a b" }), { name: "ValidationError" });
      await assert.rejects(assume(anybody, { Policy: policy() }), { name: "NotImplemented" });
    });
  });
});
