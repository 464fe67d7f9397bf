import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CloudWatchClient, GetMetricDataCommand, PutMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { CreateRoleCommand, GetRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import { CreateKeyCommand, DescribeKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import {
  CreateBucketCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { DescribeEndpointCommand, ListModelsCommand, SageMakerClient } from "@aws-sdk/client-sagemaker";
import {
  InvokeEndpointAsyncCommand,
  InvokeEndpointCommand,
  SageMakerRuntimeClient,
} from "@aws-sdk/client-sagemaker-runtime";
import {
  CreateTopicCommand,
  GetTopicAttributesCommand,
  PublishCommand,
  SNSClient,
  SubscribeCommand,
} from "@aws-sdk/client-sns";
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { Upload } from "@aws-sdk/lib-storage";
import fc from "fast-check";
import { UsageError } from "../../../contract/errors";
import { startWire, type Wire } from "../../../rehearsal/wire/server";
import { Clock } from "../../../rehearsal/world/clock";
import { World } from "../../../rehearsal/world/world";
import { EndpointWorld } from "../../support/endpoint-world";
import { FakeContainers } from "../../support/fake-containers";

const credentials = { accessKeyId: "rehearsal", secretAccessKey: "rehearsal" };

describe("the wire", () => {
  let folder: string;
  let world: World;
  let wire: Wire;
  const faults: unknown[] = [];
  const settings = () => ({ region: "eu-west-1", endpoint: wire.url, credentials, maxAttempts: 1 });
  const s3 = () => new S3Client({ ...settings(), forcePathStyle: true });

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "wire-"));
    world = new World({
      clock: new Clock({ kind: "fast-forward" }, Date.UTC(2026, 0, 1)),
      folder,
      containers: new FakeContainers(),
    });
    wire = await startWire(world, { onFault: (cause) => faults.push(cause) });
    await s3().send(new CreateBucketCommand({ Bucket: "first" }));
  });
  after(async () => {
    await wire.close();
    await world.close();
    await rm(folder, { recursive: true });
    assert.deepEqual(faults, []);
  });

  it("keeps an object with its type, its metadata and its ranges", async () => {
    const client = s3();
    await client.send(
      new PutObjectCommand({
        Bucket: "first",
        Key: "a/ä b.txt",
        Body: "hello world",
        ContentType: "text/plain",
        Metadata: { from: "test" },
      }),
    );
    const whole = await client.send(new GetObjectCommand({ Bucket: "first", Key: "a/ä b.txt" }));
    assert.equal(await whole.Body?.transformToString(), "hello world");
    assert.deepEqual([whole.ContentType, whole.ContentLength, whole.Metadata], ["text/plain", 11, { from: "test" }]);
    const part = await client.send(new GetObjectCommand({ Bucket: "first", Key: "a/ä b.txt", Range: "bytes=6-" }));
    assert.equal(await part.Body?.transformToString(), "world");
    assert.deepEqual([part.ContentRange, part.$metadata.httpStatusCode], ["bytes 6-10/11", 206]);
    const listed = await client.send(new ListObjectsV2Command({ Bucket: "first", Delimiter: "/" }));
    assert.deepEqual(listed.CommonPrefixes, [{ Prefix: "a/" }]);
    await client.send(new DeleteObjectsCommand({ Bucket: "first", Delete: { Objects: [{ Key: "a/ä b.txt" }] } }));
    await assert.rejects(client.send(new HeadObjectCommand({ Bucket: "first", Key: "a/ä b.txt" })), {
      name: "NotFound",
    });
    await assert.rejects(client.send(new GetObjectCommand({ Bucket: "first", Key: "none" })), {
      name: "NoSuchKey",
      message: "The specified key does not exist.",
    });
    await assert.rejects(client.send(new GetObjectCommand({ Bucket: "other", Key: "none" })), { name: "NoSuchBucket" });
  });

  it("streams 64 MiB in parts and back without holding them", async () => {
    const client = s3();
    const bytes = randomBytes(64 * 1024 * 1024);
    await new Upload({
      client,
      params: { Bucket: "first", Key: "large", Body: bytes },
      partSize: 8 * 1024 * 1024,
    }).done();
    const answer = await client.send(new GetObjectCommand({ Bucket: "first", Key: "large" }));
    const hash = createHash("sha256");
    for await (const chunk of answer.Body as AsyncIterable<Buffer>) hash.update(chunk);
    assert.equal(hash.digest("hex"), createHash("sha256").update(bytes).digest("hex"));
    assert.match(answer.ETag ?? "", /^"[0-9a-f]{32}-8"$/);
  });

  it("carries a notice from a topic to a queue, and waits for one on virtual time", async () => {
    const sns = new SNSClient(settings());
    const sqs = new SQSClient({ ...settings(), useQueueUrlAsEndpoint: false });
    const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: "news" }));
    const Policy = JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { Service: "sns.amazonaws.com" },
          Action: "sqs:SendMessage",
          Resource: "*",
          Condition: { ArnEquals: { "aws:SourceArn": TopicArn } },
        },
      ],
    });
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: "inbox", Attributes: { Policy } }));
    assert.equal(QueueUrl, `${wire.url}/123456789012/inbox`);
    await sns.send(
      new SubscribeCommand({ TopicArn, Protocol: "sqs", Endpoint: "arn:aws:sqs:eu-west-1:123456789012:inbox" }),
    );
    assert.equal((await sns.send(new GetTopicAttributesCommand({ TopicArn }))).Attributes?.SubscriptionsConfirmed, "1");
    const beforeMs = world.clock.now();
    assert.deepEqual(
      (await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }))).Messages,
      undefined,
    );
    assert.ok(world.clock.now() - beforeMs >= 20_000);
    await sns.send(
      new PublishCommand({
        TopicArn,
        Message: "hello",
        MessageAttributes: { kind: { DataType: "String", StringValue: "greeting" } },
      }),
    );
    const { Messages: [message] = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }));
    const envelope = JSON.parse(message?.Body ?? "{}");
    assert.deepEqual(
      [envelope.Type, envelope.TopicArn, envelope.Message, envelope.MessageAttributes],
      ["Notification", TopicArn, "hello", { kind: { Type: "String", Value: "greeting" } }],
    );
    await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message?.ReceiptHandle }));
    await assert.rejects(
      sqs.send(new SendMessageCommand({ QueueUrl: `${wire.url}/123456789012/none`, MessageBody: "x" })),
      { name: "QueueDoesNotExist" },
    );
    await assert.rejects(sns.send(new PublishCommand({ TopicArn: `${TopicArn}-none`, Message: "x" })), {
      name: "NotFoundException",
    });
  });

  it("answers IAM, KMS, STS and CloudWatch in their own protocols", async () => {
    const iam = new IAMClient(settings());
    await iam.send(
      new CreateRoleCommand({
        RoleName: "r",
        AssumeRolePolicyDocument: '{"Version":"2012-10-17","Statement":[]}',
        Tags: [{ Key: "a", Value: "b" }],
      }),
    );
    const { Role } = await iam.send(new GetRoleCommand({ RoleName: "r" }));
    assert.deepEqual([Role?.Arn, Role?.Tags], ["arn:aws:iam::123456789012:role/r", [{ Key: "a", Value: "b" }]]);
    await assert.rejects(iam.send(new GetRoleCommand({ RoleName: "none" })), {
      name: "NoSuchEntityException",
      message: "The role with name none cannot be found.",
    });
    const kms = new KMSClient(settings());
    const { KeyMetadata } = await kms.send(new CreateKeyCommand({ Description: "d" }));
    assert.equal((await kms.send(new DescribeKeyCommand({ KeyId: KeyMetadata?.KeyId }))).KeyMetadata?.Description, "d");
    assert.equal((await new STSClient(settings()).send(new GetCallerIdentityCommand({}))).Account, "123456789012");
    const cloudwatch = new CloudWatchClient(settings());
    const at = new Date(Math.floor(world.clock.now() / 60_000) * 60_000);
    await cloudwatch.send(
      new PutMetricDataCommand({ Namespace: "N", MetricData: [{ MetricName: "m", Value: 3, Timestamp: at }] }),
    );
    const { MetricDataResults } = await cloudwatch.send(
      new GetMetricDataCommand({
        StartTime: at,
        EndTime: new Date(at.getTime() + 60_000),
        MetricDataQueries: [
          { Id: "q", MetricStat: { Metric: { Namespace: "N", MetricName: "m" }, Period: 60, Stat: "Sum" } },
        ],
      }),
    );
    assert.deepEqual([MetricDataResults?.[0]?.Values, MetricDataResults?.[0]?.Timestamps], [[3], [at]]);
  });

  it("says in each protocol what it does not play", async () => {
    const sagemaker = new SageMakerClient(settings());
    assert.deepEqual((await sagemaker.send(new ListModelsCommand({}))).Models, []);
    await assert.rejects(sagemaker.send(new DescribeEndpointCommand({ EndpointName: "none" })), {
      name: "ValidationException",
      message: 'Could not find endpoint "arn:aws:sagemaker:eu-west-1:123456789012:endpoint/none".',
    });
    const { ListClustersCommand } = await import("@aws-sdk/client-sagemaker");
    await assert.rejects(sagemaker.send(new ListClustersCommand({})), {
      name: "NotImplemented",
      message: "ListClusters of sagemaker is not played by this rehearsal.",
    });
    const { ListGroupsCommand } = await import("@aws-sdk/client-iam");
    await assert.rejects(new IAMClient(settings()).send(new ListGroupsCommand({})), { name: "NotImplemented" });
    const { GetBucketAclCommand } = await import("@aws-sdk/client-s3");
    await assert.rejects(s3().send(new GetBucketAclCommand({ Bucket: "first" })), { name: "NotImplemented" });
  });

  it("says that it is ready, and answers no page of another origin", async () => {
    const ready = await fetch(wire.url);
    assert.deepEqual([ready.status, await ready.text()], [200, "AWS is played here.\n"]);
    const foreign = await fetch(wire.url, { headers: { origin: "https://example.com" } });
    assert.equal(foreign.status, 403);
  });

  it("keeps the listing of buckets apart from that of a bucket, as clients ask that name no operation", async () => {
    const authorization = "AWS4-HMAC-SHA256 Credential=a/20260101/eu-west-1/s3/aws4_request, Signature=0";
    const listed = await (await fetch(`${wire.url}/first?encoding-type=url`, { headers: { authorization } })).text();
    assert.match(listed, /<ListBucketResult .*<Name>first<\/Name>/);
    const buckets = await (await fetch(`${wire.url}/`, { headers: { authorization } })).text();
    assert.match(buckets, /<ListAllMyBucketsResult /);
  });

  it("finds a bucket's region for a URL signed the older way, which names none", async () => {
    await s3().send(new PutObjectCommand({ Bucket: "first", Key: "older", Body: "x" }));
    const Expires = Math.floor(Date.now() / 1000) + 60;
    const url = `${wire.url}/first/older?AWSAccessKeyId=rehearsal&Signature=x&Expires=${Expires}`;
    assert.equal(await (await fetch(url)).text(), "x");
    assert.equal((await fetch(url.replace(String(Expires), "1"))).status, 403);
  });

  it("never passes a request on: other hosts and tunnels are refused", async () => {
    const status = (options: object): Promise<number> =>
      new Promise((resolve, reject) => {
        const sent = request({ host: "127.0.0.1", port: wire.port, ...options }, (answer) => {
          answer.resume();
          resolve(answer.statusCode ?? 0);
        });
        sent.on("connect", (answer, socket) => {
          socket.destroy();
          resolve(answer.statusCode ?? 0);
        });
        sent.on("error", reject);
        sent.end();
      });
    assert.equal(await status({ path: "http://example.com/bucket" }), 400);
    assert.equal(await status({ headers: { host: "ec2-203-0-113-7.eu-west-1.compute.amazonaws.com" } }), 400);
    assert.equal(await status({ method: "CONNECT", path: "s3.amazonaws.com:443" }), 403);
  });

  it("survives any bytes, with an error and not a crash", async () => {
    const targets = ["SageMaker.DescribeEndpoint", "AmazonSQS.SendMessage", "Nonsense", ""];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...targets),
        fc.uint8Array({ maxLength: 300 }),
        fc.constantFrom("sagemaker", "sqs", "s3", "iam", "none"),
        async (target, body, service) => {
          const answer = await fetch(`${wire.url}/x`, {
            method: "POST",
            body,
            headers: {
              authorization: `AWS4-HMAC-SHA256 Credential=a/20260101/eu-west-1/${service}/aws4_request, SignedHeaders=host, Signature=0`,
              ...(target === "" ? {} : { "x-amz-target": target }),
            },
          });
          const text = await answer.text();
          assert.ok(answer.status >= 400 && answer.status <= 501, `${answer.status} ${text}`);
          assert.ok(!text.includes("<html"));
        },
      ),
      { numRuns: 80 },
    );
  });

  it("tells a taken port by its code", async () => {
    await assert.rejects(startWire(world, { port: wire.port }), (cause) => {
      assert.ok(cause instanceof UsageError);
      assert.equal(cause.problems[0]?.code, "ASY-540");
      return true;
    });
    world.sqs.queueUrlBase = wire.url;
  });
});

describe("an asynchronous request over the wire", () => {
  let at: EndpointWorld;
  let wire: Wire;
  before(async () => {
    at = await EndpointWorld.open();
    wire = await startWire(at.world);
  });
  after(async () => {
    await wire.close();
    await at.close();
  });
  const client = () =>
    new SageMakerRuntimeClient({ region: "eu-west-1", endpoint: wire.url, credentials, maxAttempts: 1 });

  it("is accepted with 202, its id in the body and its places in headers", async () => {
    const answer = await client().send(
      new InvokeEndpointAsyncCommand({
        EndpointName: "echo",
        Body: "hello",
        ContentType: "text/plain",
        InferenceId: "one",
      }),
    );
    assert.equal(answer.$metadata.httpStatusCode, 202);
    assert.equal(answer.InferenceId, "one");
    assert.match(answer.OutputLocation ?? "", /^s3:\/\/payloads\/results\/.+\.out$/);
    await at.minutes(1);
    assert.equal(await at.read(answer.OutputLocation ?? ""), "echo hello");
  });

  it("is refused in AWS's words", async () => {
    const send = (more: object) =>
      client().send(new InvokeEndpointAsyncCommand({ EndpointName: "echo", Body: "x", ...more }));
    await assert.rejects(send({ RequestTTLSeconds: 59 }), {
      name: "ValidationError",
      message:
        "1 validation error detected: Value '59' at 'requestTTLSeconds' failed to satisfy constraint: Member must have value greater than or equal to 60",
    });
    await assert.rejects(send({ EndpointName: "none" }), {
      name: "ValidationError",
      message: "Endpoint none of account 123456789012 not found.",
    });
    await assert.rejects(send({ Body: Buffer.alloc(128_001) }), { name: "ValidationError" });
    await assert.rejects(client().send(new InvokeEndpointCommand({ EndpointName: "echo", Body: "x" })), {
      name: "ValidationError",
    });
  });
});
