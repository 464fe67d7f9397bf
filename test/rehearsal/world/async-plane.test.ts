import assert from "node:assert/strict";
import { AwsError } from "../../../rehearsal/world/aws-error";
import { EndpointWorld } from "../../support/endpoint-world";
import { FakeContainers } from "../../support/fake-containers";

const refused = (code: string, message: RegExp) => (cause: unknown) => {
  assert.ok(cause instanceof AwsError, String(cause));
  assert.equal(cause.code, code);
  assert.match(cause.message, message);
  return true;
};

describe("the asynchronous plane", () => {
  let at: EndpointWorld;
  afterEach(() => at.close());

  it("accepts at once and answers in S3 and on the success topic", async () => {
    at = await EndpointWorld.open();
    const { InferenceId, OutputLocation, FailureLocation } = await at.send("hello");
    assert.equal(InferenceId, "hello");
    assert.match(OutputLocation ?? "", /^s3:\/\/payloads\/results\/[0-9a-f-]{36}\.out$/);
    assert.match(FailureLocation ?? "", /^s3:\/\/payloads\/failures\/[0-9a-f-]{36}-error\.out$/);
    await at.minutes(1);
    assert.equal(await at.read(OutputLocation ?? ""), "echo hello");
    const [notice, ...others] = await at.drainNotices();
    assert.deepEqual(others, []);
    assert.deepEqual(Object.keys(notice ?? {}), [
      "awsRegion",
      "eventTime",
      "receivedTime",
      "invocationStatus",
      "requestParameters",
      "responseParameters",
      "inferenceId",
      "eventVersion",
      "eventSource",
      "eventName",
    ]);
    assert.deepEqual(notice?.responseParameters, { contentType: "text/plain", outputLocation: OutputLocation });
  });

  it("tells a refusal of the model on the error topic, with the model's own words in the failure object", async () => {
    at = await EndpointWorld.open({ containers: new FakeContainers(() => ({ status: 400, body: "not a picture" })) });
    const { FailureLocation } = await at.send("x");
    await at.minutes(1);
    assert.equal(await at.read(FailureLocation ?? ""), "not a picture");
    const [notice] = await at.drainNotices();
    assert.equal(notice?.invocationStatus, "Failed");
    assert.match(String(notice?.failureReason), /^ClientError: Received client error \(400\) from model\./);
  });

  it("fails a reply without a length, as SageMaker does", async () => {
    at = await EndpointWorld.open({ containers: new FakeContainers(() => ({ body: "x", chunked: true })) });
    await at.send("x");
    await at.minutes(1);
    assert.equal(
      (await at.drainNotices())[0]?.failureReason,
      "The response from container primary did not specify the required Content-Length header",
    );
  });

  it("lets a request expire in the queue after its time to live, and not before", async () => {
    at = await EndpointWorld.open({ containers: new FakeContainers(() => ({ body: "slow", workSeconds: 600 })) });
    await at.send("first");
    await at.send("second", { ttl: 120 });
    await at.world.clock.advance(119_000);
    assert.equal(at.endpoint.queue.records.get("second")?.outcome, undefined);
    await at.world.clock.advance(2_000);
    assert.equal(at.endpoint.queue.records.get("second")?.outcome, "expired");
    await at.minutes(10);
    assert.equal(at.endpoint.queue.records.get("first")?.outcome, "completed");
    assert.deepEqual(at.containers.seen, ["first"]);
  });

  it("ends an invocation that outlives its timeout", async () => {
    at = await EndpointWorld.open({ containers: new FakeContainers(() => ({ body: "late", workSeconds: 100 })) });
    await at.send("x", { timeout: 30 });
    await at.minutes(2);
    const record = at.endpoint.queue.records.get("x");
    assert.equal(record?.outcome, "failed");
    assert.equal((record?.endedAtMs ?? 0) - (record?.startedAtMs ?? 0), 30_000);
  });

  it("works on no more at once than the configuration says, first come first served", async () => {
    at = await EndpointWorld.open({
      concurrency: 2,
      containers: new FakeContainers((payload) => ({ body: String(payload), workSeconds: 10 })),
    });
    for (const name of ["a", "b", "c", "d", "e"]) await at.send(name);
    await at.minutes(1);
    const started = at.journal("request").filter(({ step }) => step === "started");
    assert.deepEqual(
      started.map(({ inferenceId }) => inferenceId),
      ["a", "b", "c", "d", "e"],
    );
    const [first] = started;
    assert.deepEqual(
      started.map(({ atMs }) => (atMs - (first?.atMs ?? 0)) / 1000),
      [0, 0, 10, 10, 20],
    );
  });

  it("keeps the queue when the endpoint moves to another configuration", async () => {
    at = await EndpointWorld.open({
      containers: new FakeContainers((payload) => ({ body: String(payload), workSeconds: 120 })),
    });
    for (const name of ["a", "b", "c"]) await at.send(name);
    const { input } = at.endpoint.blueprint.config;
    await at.world.sagemaker.createEndpointConfig(at.call, { ...input, EndpointConfigName: "echo-2" });
    await at.world.sagemaker.updateEndpoint(at.call, { EndpointName: "echo", EndpointConfigName: "echo-2" });
    await assert.rejects(
      at.world.sagemaker.deleteEndpoint(at.call, { EndpointName: "echo" }),
      refused("ValidationException", /in-progress/),
    );
    await at.minutes(30);
    assert.equal(at.endpoint.status, "InService");
    assert.deepEqual(
      [...at.endpoint.queue.records.values()].map(({ outcome }) => outcome),
      ["completed", "completed", "completed"],
    );
    assert.deepEqual(at.containers.seen, ["a", "b", "c"]);
  });

  it("rolls an update back when the new container is never healthy, and says why", async () => {
    const sick = new FakeContainers();
    at = await EndpointWorld.open({ containers: sick });
    Object.assign(sick, { healthy: false });
    const { input } = at.endpoint.blueprint.config;
    await at.world.sagemaker.createEndpointConfig(at.call, { ...input, EndpointConfigName: "echo-2" });
    await at.world.sagemaker.updateEndpoint(at.call, { EndpointName: "echo", EndpointConfigName: "echo-2" });
    await at.minutes(20);
    const answer = await at.world.sagemaker.describeEndpoint(at.call, { EndpointName: "echo" });
    assert.equal(answer.EndpointStatus, "InService");
    assert.equal(answer.EndpointConfigName, "echo-1");
    assert.match(answer.FailureReason ?? "", /did not pass the ping health check/);
  });

  it("refuses a role that may not publish, naming the right", async () => {
    at = await EndpointWorld.open();
    await at.world.iam.deleteRolePolicy(at.call, { RoleName: "serving", PolicyName: "serve" });
    const { input } = at.endpoint.blueprint.config;
    await at.world.sagemaker.createEndpointConfig(at.call, { ...input, EndpointConfigName: "echo-2" });
    await assert.rejects(
      at.world.sagemaker.createEndpoint(at.call, { EndpointName: "other", EndpointConfigName: "echo-2" }),
      refused(
        "ValidationException",
        /has "sns:Publish" permissions for topic arn:aws:sns:eu-west-1:123456789012:success/,
      ),
    );
  });

  it("fails a request whose result the role may not write, and whose input it may not read", async () => {
    at = await EndpointWorld.open({ without: ["s3:PutObject"] });
    await at.send("x");
    await at.minutes(1);
    assert.match(
      at.endpoint.queue.records.get("x")?.reason ?? "",
      /^Failed to upload the response to s3:\/\/payloads\/results\/.*AccessDenied/,
    );
  });

  const rows: Array<
    [string, Parameters<EndpointWorld["world"]["sagemakerRuntime"]["invokeEndpointAsync"]>[1], RegExp]
  > = [
    [
      "a time to live of 59 seconds",
      { EndpointName: "echo", Body: Buffer.from("x"), RequestTTLSeconds: 59 },
      /'requestTTLSeconds'.*greater than or equal to 60/,
    ],
    [
      "a timeout of 3601 seconds",
      { EndpointName: "echo", Body: Buffer.from("x"), InvocationTimeoutSeconds: 3601 },
      /less than or equal to 3600/,
    ],
    [
      "both a body and a location",
      { EndpointName: "echo", Body: Buffer.from("x"), InputLocation: "s3://b/k" },
      /not both/,
    ],
    ["neither body nor location", { EndpointName: "echo" }, /must be specified/],
    ["a body of 128,001 bytes", { EndpointName: "echo", Body: Buffer.alloc(128_001) }, /at most 128000 bytes/],
    [
      "an unknown endpoint",
      { EndpointName: "none", Body: Buffer.from("x") },
      /^Endpoint none of account 123456789012 not found\.$/,
    ],
    [
      "another case of the name",
      { EndpointName: "Echo", Body: Buffer.from("x") },
      /^Endpoint Echo of account 123456789012 not found\.$/,
    ],
    ["a file name with two dots", { EndpointName: "echo", Body: Buffer.from("x"), Filename: "a.b.c" }, /'filename'/],
  ];
  for (const [name, input, message] of rows) {
    it(`refuses ${name}`, async () => {
      at = await EndpointWorld.open();
      await assert.rejects(
        at.world.sagemakerRuntime.invokeEndpointAsync(at.call, input),
        refused("ValidationError", message),
      );
    });
  }
});
