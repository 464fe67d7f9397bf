import assert from "node:assert/strict";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { imageUri } from "../../fixtures/image-folders";
import { OwnTemporaryFolder } from "../../fixtures/own-temporary-folder";
import { lives } from "../../fixtures/processes";
import { RehearsedEndpoint, type RehearsedOptions } from "../../fixtures/rehearsed-endpoint";

const notHealthy = "The primary container for the production variant did not pass the ping health check";
const lost = "Connection reset by peer for the echo endpoint. Please retry.";

async function answers(port: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1");
  return new Promise((told) => {
    socket.once("error", () => told(false));
    socket.once("connect", () => {
      socket.destroy();
      told(true);
    });
  });
}

describe("an endpoint", () => {
  let temporary: OwnTemporaryFolder;
  let at: RehearsedEndpoint;

  before(async () => {
    temporary = await OwnTemporaryFolder.open();
  });
  after(() => temporary.close());
  afterEach(async () => {
    await at.close();
    assert.deepEqual(await temporary.left(), []);
  });

  async function open(image: string, more: Partial<RehearsedOptions> = {}): Promise<void> {
    at = await RehearsedEndpoint.open({ image, ...more });
  }

  /** Statuses the endpoint has had. */
  const statuses = (): string[] => at.journal("endpoint").map(({ status }) => status);

  /** The failure object and the error notice of a request that failed, in full. */
  async function failureOf(payload: string, timeoutSeconds?: number) {
    const { outcome, reason, location, OutputLocation = "", FailureLocation } = await at.ended(payload, timeoutSeconds);
    assert.equal(outcome, "failed");
    assert.equal(location, FailureLocation);
    assert.equal(await at.read(OutputLocation), undefined);
    const [notice, ...others] = await at.drainNotices();
    assert.deepEqual(others, []);
    assert.deepEqual(
      [notice?.topic, notice?.invocationStatus, notice?.inferenceId, notice?.failureReason],
      ["error", "Failed", payload, reason],
    );
    return { reason, object: await at.read(FailureLocation ?? "") };
  }

  /** That the endpoint answers, and says so on the success topic. */
  async function assertAnswers(payload: string, answer: string): Promise<void> {
    const { outcome, OutputLocation = "" } = await at.ended(payload);
    assert.equal(outcome, "completed");
    assert.equal(await at.read(OutputLocation), answer);
    assert.deepEqual(
      (await at.drainNotices()).map(({ topic, inferenceId }) => [topic, inferenceId]),
      [["success", payload]],
    );
  }

  it("answers from a container that runs as a process", async () => {
    await open("echoes");
    assert.deepEqual(statuses(), ["Creating", "InService"]);
    await assertAnswers("hello", "echo hello");
  });

  it("hands a refusal on, and answers the next request", async () => {
    await open("echoes");
    assert.deepEqual(await failureOf("refuse"), {
      reason:
        "ClientError: Received client error (400) from model. See the SageMaker Endpoint logs in your account for more information.",
      object: "refused, as asked",
    });
    await assertAnswers("hello", "echo hello");
  });

  it("fails when its container is never healthy, and only when its time is up", async () => {
    await open("never-healthy", { startupSeconds: 60 });
    assert.equal(at.endpoint.status, "Failed");
    assert.equal(at.endpoint.failureReason, `${notHealthy}. Please check CloudWatch logs for this endpoint.`);
    const [creating, failed] = at.journal("endpoint");
    const seconds = ((failed?.atMs ?? 0) - (creating?.atMs ?? 0)) / 1000;
    // 240 seconds until the container starts, 60 for its first healthy ping; real pings take a moment too.
    assert.ok(seconds >= 300 && seconds < 310, `${seconds} seconds`);
    assert.equal(at.endpoint.paid, 0);
    const { FailureReason } = await at.world.sagemaker.describeEndpoint(at.call, { EndpointName: "echo" });
    assert.equal(FailureReason, at.endpoint.failureReason);
    await assert.rejects(at.ended("x"), { message: "Endpoint echo of account 123456789012 not found." });
  });

  it("fails at once when its container crashes, with the container's last words in the log", async () => {
    await open("crashes-at-start");
    assert.equal(at.endpoint.status, "Failed");
    assert.equal(
      at.endpoint.failureReason,
      `${notHealthy}: it exited. Please check CloudWatch logs for this endpoint.`,
    );
    assert.equal(at.endpoint.paid, 0);
    assert.deepEqual(
      at.journal("log").map(({ line }) => line),
      ["no model here"],
    );
    const { logStreams = [] } = await at.world.logs.describeLogStreams(at.call, {
      logGroupName: "/aws/sagemaker/Endpoints/echo",
    });
    assert.deepEqual(
      logStreams.map(({ logStreamName }) => logStreamName),
      [`primary/${at.journal("log")[0]?.instanceId}`],
    );
  });

  it("fails when its image's command is not there", async () => {
    const folder = join(temporary.path, "no-command");
    await mkdir(folder);
    await writeFile(join(folder, "container.json"), '{"repository": "fixtures/none", "command": ["no-such-program"]}');
    await open("echoes", { folders: [folder], imageUri: imageUri("none") });
    assert.equal(at.endpoint.status, "Failed");
    assert.equal(
      at.endpoint.failureReason,
      "The primary container for the production variant could not be started: spawn no-such-program ENOENT",
    );
    await rm(folder, { recursive: true });
  });

  it("fails a reply without a length, and answers the next request", async () => {
    await open("replies-chunked");
    const reason = "The response from container primary did not specify the required Content-Length header";
    assert.deepEqual(await failureOf("stream"), { reason, object: reason });
    await assertAnswers("x", "whole x");
  });

  it("ends a request that hangs past its timeout, and answers the next with the same container", async () => {
    await open("hangs");
    const reason = "The model did not answer within the invocation timeout of 1 seconds.";
    assert.deepEqual(await failureOf("hang", 1), { reason, object: reason });
    const { startedAtMs = 0, endedAtMs = 0, instanceId } = at.record("hang") ?? {};
    assert.ok(endedAtMs - startedAtMs >= 1000);
    await assertAnswers("x", "answered x");
    assert.equal(at.record("x")?.instanceId, instanceId);
  });

  for (const [name, payload] of [
    ["before it has answered", "exit"],
    ["in the middle of its answer", "break off"],
  ] as const) {
    it(`fails the request over which its container ends ${name}, and answers the next with another container`, async () => {
      await open("exits-mid-request");
      assert.deepEqual(await failureOf(payload), { reason: lost, object: lost });
      await assertAnswers("x", "survived x");
      const [first, second] = [at.record(payload), at.record("x")];
      assert.notEqual(first?.instanceId, second?.instanceId);
      assert.ok((second?.startedAtMs ?? 0) - (first?.endedAtMs ?? 0) >= 240_000);
      assert.equal(at.endpoint.status, "InService");
      assert.equal(at.endpoint.paid, 1);
      assert.deepEqual(
        at.journal("endpoint").map(({ status, reason }) => [status, reason]),
        [
          ["Creating", undefined],
          ["InService", undefined],
          ["InService", `the container of ${first?.instanceId} ended by itself`],
        ],
      );
    });
  }

  it("leaves no process, no file and no port when the rehearsal closes", async () => {
    await open("describes-itself", { environment: { THRESHOLD: "0.5" } });
    const { OutputLocation = "" } = await at.ended("x");
    const { pid, environment } = JSON.parse((await at.read(OutputLocation)) ?? "") as {
      pid: number;
      environment: Record<string, string>;
    };
    assert.equal(environment.THRESHOLD, "0.5");
    const ports = [
      Number(environment.SAGEMAKER_BIND_TO_PORT),
      Number(new URL(at.rehearsal.url).port),
      at.rehearsal.providerPort,
    ];
    assert.deepEqual([lives(pid), ...(await Promise.all(ports.map(answers)))], [true, true, true, true]);
    await at.rehearsal.close();
    assert.deepEqual([lives(pid), ...(await Promise.all(ports.map(answers)))], [false, false, false, false]);
    assert.deepEqual(await temporary.left(), []);
    await at.rehearsal.close();
  });

  it("leaves nothing either when the rehearsal closes while a request hangs", async () => {
    await open("hangs");
    const said = at.said("hanging");
    const ended = assert.rejects(at.ended("hang"), { message: "not so within 3600 seconds" });
    await said;
    await at.rehearsal.close();
    await ended;
    assert.deepEqual(await temporary.left(), []);
  });
});
