import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateAccessKeyCommand, CreateUserCommand, IAMClient } from "@aws-sdk/client-iam";
import { CreateBucketCommand, HeadBucketCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { ListModelsCommand, SageMakerClient } from "@aws-sdk/client-sagemaker";
import { InvokeEndpointAsyncCommand, SageMakerRuntimeClient } from "@aws-sdk/client-sagemaker-runtime";
import { ListTopicsCommand, SNSClient } from "@aws-sdk/client-sns";
import { ListQueuesCommand, SQSClient } from "@aws-sdk/client-sqs";
import type { Incoming } from "../../../rehearsal/wire/incoming";
import { startWire, type Wire } from "../../../rehearsal/wire/server";
import { dateOf, signatureOf } from "../../../rehearsal/wire/signature";
import { Clock } from "../../../rehearsal/world/clock";
import { World } from "../../../rehearsal/world/world";
import { FakeContainers } from "../../support/fake-containers";

const dummy = { accessKeyId: "rehearsal", secretAccessKey: "rehearsal" };
const hourMs = 3_600_000;
const startMs = Date.UTC(2026, 5, 1);

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly headers: Record<string, unknown>;
}

describe("a request's signature", () => {
  let folder: string;
  let world: World;
  let wire: Wire;
  let known = dummy;
  let wallMs = startMs;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "authorization-"));
    world = new World({ clock: new Clock({ kind: "manual" }, startMs), folder, containers: new FakeContainers() });
    wire = await startWire(world, { wallNow: () => wallMs });
    const iam = new IAMClient({ ...settings(), systemClockOffset: offset(0) });
    await iam.send(new CreateUserCommand({ UserName: "caller" }));
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: "caller" }));
    known = { accessKeyId: AccessKey?.AccessKeyId ?? "", secretAccessKey: AccessKey?.SecretAccessKey ?? "" };
    await new S3Client({ ...settings(), systemClockOffset: offset(0), forcePathStyle: true }).send(
      new CreateBucketCommand({ Bucket: "here" }),
    );
  });
  after(async () => {
    await wire.close();
    await world.close();
    await rm(folder, { recursive: true });
  });
  beforeEach(() => {
    wallMs = startMs;
  });

  /** What a client's clock is off this process's, so that it signs so many milliseconds after the wire's wall clock. */
  const offset = (aheadMs: number): number => startMs + aheadMs - Date.now();
  const settings = (credentials = dummy, maxAttempts = 1) => ({
    region: "eu-west-1",
    endpoint: wire.url,
    credentials,
    maxAttempts,
  });
  const clients = (credentials: typeof dummy, aheadMs: number, maxAttempts = 1) => {
    const all = { ...settings(credentials, maxAttempts), systemClockOffset: offset(aheadMs) };
    return {
      s3: () => new S3Client({ ...all, forcePathStyle: true }).send(new ListObjectsV2Command({ Bucket: "here" })),
      sqs: () => new SQSClient(all).send(new ListQueuesCommand({})),
      sns: () => new SNSClient(all).send(new ListTopicsCommand({})),
      sagemaker: () => new SageMakerClient(all).send(new ListModelsCommand({})),
      runtime: () =>
        new SageMakerRuntimeClient(all).send(new InvokeEndpointAsyncCommand({ EndpointName: "none", Body: "x" })),
    };
  };
  const namesOf = async (calls: Record<string, () => Promise<unknown>>): Promise<string[]> =>
    Promise.all(
      Object.values(calls).map((call) =>
        call().then(
          () => "ok",
          (cause: Error) => cause.name,
        ),
      ),
    );

  const send = (headers: Record<string, string>, { path = "/", method = "GET", body = "" } = {}): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const sent = request({ host: "127.0.0.1", port: wire.port, path, method, headers }, async (answer) => {
        const chunks: Buffer[] = [];
        for await (const chunk of answer) chunks.push(chunk as Buffer);
        resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(chunks).toString(), headers: answer.headers });
      });
      sent.on("error", reject);
      sent.end(body);
    });
  const scoped = (service: string, more = ", SignedHeaders=host, Signature=0", region = "eu-west-1") =>
    `AWS4-HMAC-SHA256 Credential=rehearsal/20260601/${region}/${service}/aws4_request${more}`;

  it("is not there: each protocol says so in its own words", async () => {
    const json = await send({ "x-amz-target": "SageMaker.ListModels" }, { method: "POST", body: "{}" });
    assert.deepEqual([json.status, JSON.parse(json.text).__type], [400, "MissingAuthenticationTokenException"]);
    const form = { "content-type": "application/x-www-form-urlencoded" };
    const query = await send(form, { method: "POST", body: "Action=ListTopics" });
    assert.deepEqual([query.status, /<Code>(.*)<\/Code>/.exec(query.text)?.[1]], [403, "MissingAuthenticationToken"]);
    const runtime = await send({}, { method: "POST", path: "/endpoints/echo/async-invocations" });
    assert.deepEqual([runtime.status, JSON.parse(runtime.text).__type], [403, "MissingAuthenticationTokenException"]);
    const s3 = await send({}, { path: "/here/key" });
    assert.deepEqual([s3.status, /<Code>(.*)<\/Code>/.exec(s3.text)?.[1]], [403, "AccessDenied"]);
  });

  it("passes for a key that nobody gave out, whatever it was signed with", async () => {
    assert.deepEqual(await namesOf(clients({ ...dummy, secretAccessKey: "other" }, 0)), [
      "ok",
      "ok",
      "ok",
      "ok",
      "ValidationError",
    ]);
  });

  it("must be made with the secret of a key that was given out", async () => {
    const wrong = { ...known, secretAccessKey: "wrong" };
    assert.deepEqual(await namesOf(clients(wrong, 0)), [
      "SignatureDoesNotMatch",
      "InvalidSignatureException",
      "SignatureDoesNotMatch",
      "InvalidSignatureException",
      "InvalidSignatureException",
    ]);
    const right = await namesOf(clients(known, 0));
    assert.ok(
      right.every((name) => !/Signature/.test(name)),
      right.join(),
    );
  });

  it("covers the body where no header names its digest", async () => {
    const date = dateOf(startMs);
    const signed = (body: string): Record<string, string> => {
      const headers: Record<string, string> = {
        "content-type": "application/x-www-form-urlencoded",
        host: `127.0.0.1:${wire.port}`,
        "x-amz-date": date,
      };
      const incoming = {
        method: "POST",
        path: "/",
        query: new URLSearchParams(),
        region: "eu-west-1",
        message: { headers },
      };
      const payload = createHash("sha256").update(body).digest("hex");
      const made = { date, service: "sts", headers: Object.keys(headers), payload };
      const signature = signatureOf(incoming as unknown as Incoming, made, known.secretAccessKey);
      const authorization = `AWS4-HMAC-SHA256 Credential=${known.accessKeyId}/${date.slice(0, 8)}/eu-west-1/sts/aws4_request, SignedHeaders=${Object.keys(headers).join(";")}, Signature=${signature}`;
      return { ...headers, authorization };
    };
    const body = "Action=GetCallerIdentity&Version=2011-06-15";
    assert.match((await send(signed(body), { method: "POST", body })).text, /user\/caller/);
    const other = await send(signed(body), { method: "POST", body: `${body}&X=1` });
    assert.deepEqual([other.status, /<Code>(.*)<\/Code>/.exec(other.text)?.[1]], [403, "SignatureDoesNotMatch"]);
  });

  for (const [direction, aheadMs] of [
    ["late", -16 * 60_000],
    ["early", 16 * 60_000],
  ] as const) {
    it(`is refused a quarter of an hour too ${direction}, and a client that learns AWS's time from that comes through`, async () => {
      const refused = await namesOf(clients(dummy, aheadMs));
      assert.deepEqual(refused, [
        "RequestTimeTooSkewed",
        "InvalidSignatureException",
        "SignatureDoesNotMatch",
        "InvalidSignatureException",
        "InvalidSignatureException",
      ]);
      assert.deepEqual(await namesOf(clients(dummy, aheadMs, 3)), ["ok", "ok", "ok", "ok", "ValidationError"]);
    });
  }

  it("may be from any moment between the wall clock and a world that is hours ahead", async () => {
    wallMs = startMs - 5 * hourMs;
    for (const aheadMs of [-5 * hourMs, -3 * hourMs, 0])
      assert.equal((await namesOf(clients(dummy, aheadMs)))[1], "ok", String(aheadMs));
    assert.equal((await namesOf(clients(dummy, -6 * hourMs)))[1], "InvalidSignatureException");
  });

  it("tells how far it may be off, and what the two times are", async () => {
    const headers = { authorization: scoped("s3"), "x-amz-date": "20260601T020000Z" };
    const s3 = await send(headers, { path: "/here" });
    assert.match(s3.text, /<MaxAllowedSkewMilliseconds>900000<\/MaxAllowedSkewMilliseconds>/);
    const json = await send(
      { ...headers, authorization: scoped("sqs"), "x-amz-target": "AmazonSQS.ListQueues" },
      { method: "POST", body: "{}" },
    );
    assert.equal(
      JSON.parse(json.text).message,
      "Signature not yet current: 20260601T020000Z is still later than 20260601T001500Z (20260601T000000Z + 15 min.)",
    );
  });

  it("is refused when its parts do not hold together", async () => {
    const codeOf = async (headers: Record<string, string>) =>
      /<Code>(.*)<\/Code>/.exec((await send(headers, { path: "/here" })).text)?.[1];
    const date = "20260601T000000Z";
    const otherDay = scoped("s3").replace("20260601", "20260531");
    assert.equal(await codeOf({ authorization: otherDay, "x-amz-date": date }), "SignatureDoesNotMatch");
    const cut = scoped("s3").replace("/aws4_request", "/aws4");
    assert.equal(await codeOf({ authorization: cut, "x-amz-date": date }), "AuthorizationHeaderMalformed");
    const undated = scoped("s3").replace("rehearsal", known.accessKeyId);
    assert.equal(await codeOf({ authorization: undated }), "AccessDenied");
    assert.equal(await codeOf({ authorization: scoped("s3"), "x-amz-date": "yesterday" }), "AccessDenied");
  });

  it("is for the region and the service that the host names", async () => {
    const s3 = await send({ authorization: scoped("s3"), host: "s3.us-west-2.rehearsal.test" }, { path: "/here" });
    assert.deepEqual([s3.status, s3.headers["x-amz-bucket-region"]], [400, "us-west-2"]);
    assert.match(s3.text, /<Code>AuthorizationHeaderMalformed<\/Code>.*<Region>us-west-2<\/Region>/);
    const target = { "x-amz-target": "AmazonSQS.ListQueues" };
    const sqs = await send(
      { ...target, authorization: scoped("sqs"), host: "sqs.us-west-2.amazonaws.com" },
      { method: "POST", body: "{}" },
    );
    assert.deepEqual(
      [sqs.status, JSON.parse(sqs.text).message],
      [400, "Credential should be scoped to a valid region, not 'eu-west-1'. "],
    );
    const kms = await send(
      { ...target, authorization: scoped("sqs"), host: "kms.eu-west-1.amazonaws.com" },
      { method: "POST", body: "{}" },
    );
    assert.equal(JSON.parse(kms.text).message, "Credential should be scoped to correct service: 'kms'. ");
    const nowhere = await send({ authorization: scoped("s3", "", "nowhere") }, { path: "/here" });
    assert.match(nowhere.text, /the region &apos;nowhere&apos; is wrong/);
  });

  it("for a bucket of another region is sent there, with the region in a header that HEAD has, too", async () => {
    const elsewhere = new S3Client({
      ...settings(),
      region: "us-west-2",
      systemClockOffset: offset(0),
      forcePathStyle: true,
    });
    await assert.rejects(elsewhere.send(new ListObjectsV2Command({ Bucket: "here" })), (cause: never) => {
      const { name, Endpoint, Bucket } = cause as Record<string, string>;
      assert.deepEqual([name, Endpoint, Bucket], ["PermanentRedirect", "here.s3.eu-west-1.amazonaws.com", "here"]);
      return true;
    });
    await assert.rejects(elsewhere.send(new HeadBucketCommand({ Bucket: "here" })), (cause: never) => {
      const { $response } = cause as { $response: { headers: Record<string, string>; statusCode: number } };
      assert.deepEqual([$response.statusCode, $response.headers["x-amz-bucket-region"]], [301, "eu-west-1"]);
      return true;
    });
    const following = new S3Client({
      ...settings(),
      region: "us-west-2",
      followRegionRedirects: true,
      systemClockOffset: offset(0),
      forcePathStyle: true,
    });
    assert.equal((await following.send(new ListObjectsV2Command({ Bucket: "here" }))).Name, "here");
  });

  it("may be from any moment of a world that is behind the wall clock, since its door was opened", async () => {
    wallMs = startMs + 500 * hourMs;
    assert.equal((await namesOf(clients(dummy, 0)))[1], "ok");
    assert.equal((await namesOf(clients(dummy, -hourMs)))[1], "InvalidSignatureException");
    await world.clock.advance(hourMs);
    assert.equal((await namesOf(clients(dummy, 0)))[1], "ok");
  });
});
