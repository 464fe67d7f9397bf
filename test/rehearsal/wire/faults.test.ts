import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DescribeRegionsCommand, EC2Client } from "@aws-sdk/client-ec2";
import {
  CreateBucketCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { ListModelsCommand, SageMakerClient } from "@aws-sdk/client-sagemaker";
import { ListTopicsCommand, SNSClient } from "@aws-sdk/client-sns";
import { ListQueuesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { startWire, type Wire } from "../../../rehearsal/wire/server";
import { Clock } from "../../../rehearsal/world/clock";
import { parseFaults } from "../../../rehearsal/world/faults/parse";
import type { FaultInput } from "../../../rehearsal/world/faults/schema";
import { World } from "../../../rehearsal/world/world";
import { FakeContainers } from "../../support/fake-containers";

type SdkError = Error & { readonly code?: string; readonly $metadata?: { readonly httpStatusCode?: number } };

describe("faults on the wire", () => {
  let folder: string;
  let world: World;
  let wire: Wire;
  const settings = (region = "eu-west-1") => ({
    region,
    endpoint: wire.url,
    credentials: { accessKeyId: "rehearsal", secretAccessKey: "rehearsal" },
    maxAttempts: 1,
  });
  const s3 = () => new S3Client({ ...settings(), forcePathStyle: true });
  const order = (...faults: FaultInput[]): void => world.faults.set(parseFaults({ faults }, "test"));

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "faults-"));
    world = new World({
      clock: new Clock({ kind: "fast-forward", quietMs: 0 }, Date.UTC(2026, 0, 1)),
      folder,
      containers: new FakeContainers(),
    });
    wire = await startWire(world);
    await s3().send(new CreateBucketCommand({ Bucket: "first" }));
  });
  afterEach(() => order());
  after(async () => {
    await wire.close();
    await world.close();
    await rm(folder, { recursive: true });
  });

  /** What a call of each protocol ends with. */
  async function ends(region?: string): Promise<Array<readonly [string | undefined, number | undefined]>> {
    const at = settings(region);
    const calls = [
      () => new S3Client({ ...at, forcePathStyle: true }).send(new ListBucketsCommand({})),
      () => new SageMakerClient(at).send(new ListModelsCommand({})),
      () => new SNSClient(at).send(new ListTopicsCommand({})),
      () => new SQSClient(at).send(new ListQueuesCommand({})),
      () => new EC2Client(at).send(new DescribeRegionsCommand({})),
    ];
    const found: Array<readonly [string | undefined, number | undefined]> = [];
    for (const call of calls) {
      found.push(
        await call().then(
          ({ $metadata }) => [undefined, $metadata.httpStatusCode] as const,
          (cause: SdkError) => [cause.code ?? cause.name, cause.$metadata?.httpStatusCode] as const,
        ),
      );
    }
    return found;
  }

  const fine = Array.from({ length: 5 }, () => [undefined, 200]);

  it("throttle in each service's own words", async () => {
    order({ what: "throttling" });
    assert.deepEqual(await ends(), [
      ["SlowDown", 503],
      ["ThrottlingException", 400],
      ["Throttling", 503],
      ["ThrottlingException", 400],
      ["RequestLimitExceeded", 503],
    ]);
    order();
    assert.deepEqual(await ends(), fine);
  });

  it("fail as a server does, with 500 or 503", async () => {
    order({ what: "server-error" });
    assert.deepEqual(await ends(), [
      ["InternalError", 500],
      ["InternalFailure", 500],
      ["InternalFailure", 500],
      ["InternalFailure", 500],
      ["InternalError", 500],
    ]);
    order({ what: "server-error", status: 503 });
    assert.deepEqual(await ends(), [
      ["ServiceUnavailable", 503],
      ["ServiceUnavailable", 503],
      ["ServiceUnavailable", 503],
      ["ServiceUnavailable", 503],
      ["Unavailable", 503],
    ]);
  });

  it("take one region away, in either of two ways, and no other", async () => {
    order({ what: "region-gone", where: { regions: ["eu-west-1"] } });
    assert.deepEqual(
      (await ends()).map(([, status]) => status),
      [503, 503, 503, 503, 503],
    );
    assert.deepEqual(await ends("eu-central-1"), fine);
    order({ what: "region-gone", where: { regions: ["eu-west-1"] }, answers: "nothing" });
    assert.deepEqual(
      await ends(),
      Array.from({ length: 5 }, () => ["ECONNRESET", undefined]),
    );
    assert.deepEqual(await ends("eu-central-1"), fine);
  });

  it("strike operations by their service and name", async () => {
    order({ what: "throttling", where: { operations: ["s3:List*", "sqs:*"] } });
    assert.deepEqual(
      (await ends()).map(([code]) => code),
      ["SlowDown", undefined, undefined, "ThrottlingException", undefined],
    );
  });

  for (const [moment, isThere] of [
    ["before", false],
    ["after", true],
  ] as const) {
    for (const what of ["dropped-connection", "server-error"] as const) {
      it(`answer nothing good ${moment} the work, which is ${isThere ? "done" : "not done"}: ${what}`, async () => {
        const Key = `${what}-${moment}`;
        order({ what, moment, where: { operations: ["s3:PutObject"] } });
        await assert.rejects(
          s3().send(new PutObjectCommand({ Bucket: "first", Key, Body: "text" })),
          (cause: SdkError) => {
            assert.equal(cause.code ?? cause.name, what === "server-error" ? "InternalError" : "ECONNRESET");
            return true;
          },
        );
        const found = await s3()
          .send(new HeadObjectCommand({ Bucket: "first", Key }))
          .then(
            () => true,
            () => false,
          );
        assert.equal(found, isThere);
      });
    }
  }

  it("break an answer off in the middle of its body", async () => {
    const Body = randomBytes(300_000);
    await s3().send(new PutObjectCommand({ Bucket: "first", Key: "half", Body }));
    order({ what: "dropped-connection", moment: "during", where: { operations: ["s3:GetObject"] } });
    const answer = await s3().send(new GetObjectCommand({ Bucket: "first", Key: "half" }));
    const got: Buffer[] = [];
    await assert.rejects(async () => {
      for await (const chunk of answer.Body as AsyncIterable<Buffer>) got.push(chunk);
    });
    assert.equal(answer.ContentLength, 300_000);
    const bytes = Buffer.concat(got);
    assert.ok(bytes.length > 0 && bytes.length <= 150_000, String(bytes.length));
    assert.deepEqual(bytes, Body.subarray(0, bytes.length));
    order();
    const whole = await s3().send(new GetObjectCommand({ Bucket: "first", Key: "half" }));
    assert.deepEqual(Buffer.from((await whole.Body?.transformToByteArray()) ?? []), Body);
  });

  it("answer late on the rehearsal's clock", async () => {
    order({ what: "latency", seconds: 3600, where: { operations: ["sagemaker:*"] } });
    const beganMs = world.clock.now();
    const { Models } = await new SageMakerClient(settings()).send(new ListModelsCommand({}));
    assert.deepEqual(Models, []);
    const lateSeconds = (world.clock.now() - beganMs) / 1000;
    assert.ok(lateSeconds >= 3600 && lateSeconds < 3660, String(lateSeconds));
  });

  it("answer with a delay that is drawn within its bounds, the same for the same seed", () => {
    const delays = (): number[] => {
      order({ what: "latency", seconds: 1, jitterSeconds: 2 });
      return Array.from({ length: 20 }, () => world.faults.call("eu-west-1", "s3:GetObject").delayMs);
    };
    const first = delays();
    assert.deepEqual(delays(), first);
    assert.ok(first.every((delayMs) => delayMs >= 1000 && delayMs < 3000));
    assert.equal(new Set(first).size, 20);
  });
});
