import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { FleetClient, type FleetClientOptions } from "../../client/fleet-client";
import { UsageError } from "../../contract/errors";
import type { Manifest, RegionManifest } from "../../contract/manifest";
import { RehearsedEndpoint } from "../fixtures/rehearsed-endpoint";

const contentType = "text/plain";
const payload = { bytes: Buffer.from("x") };

describe("a fleet's client", () => {
  let at: RehearsedEndpoint;
  before(async () => {
    at = await RehearsedEndpoint.open({ image: "echoes" });
  });
  after(() => at.close());

  /** A fleet of three regions, of which only eu-west-1 has its endpoint. */
  function fleet(options: FleetClientOptions = {}, regions = ["us-east-1", "ap-south-1", "eu-west-1"]): FleetClient {
    const own = at.connection.manifest;
    const manifest: Manifest = {
      version: 1,
      project: "p",
      stack: "s",
      regions: Object.fromEntries(regions.map((region): [string, RegionManifest] => [region, { ...own, region }])),
    };
    const credentials = { accessKeyId: "rehearsal", secretAccessKey: "rehearsal" };
    return new FleetClient(manifest, { endpoint: at.rehearsal.url, credentials, ...options });
  }

  /** Makes every invocation in a region fail as told, and counts them. */
  function failing(client: FleetClient, region: string, error: object): { count: number } {
    const seen = { count: 0 };
    client.connection(region).runtime.middlewareStack.add(
      () => async () => {
        seen.count++;
        throw Object.assign(new Error("made to fail"), error);
      },
      { step: "initialize", name: "failing" },
    );
    return seen;
  }

  const problemsOf = (work: Promise<unknown>) =>
    work.then(
      () => assert.fail("it was accepted"),
      (cause: unknown) => {
        assert.ok(cause instanceof UsageError, String(cause));
        return cause.problems.map(({ code, got }) => [code, got]);
      },
    );

  it("goes on to the next region while one refuses, and waits where the request is", async () => {
    const client = fleet();
    const submission = await client.submit(payload, { contentType, inferenceId: "moved on" });
    assert.equal(submission.region, "eu-west-1");
    assert.equal((await client.wait(submission)).outcome, "completed");
    client.close();
  });

  it("tells every region's reason when none takes it", async () => {
    const client = fleet({}, ["us-east-1", "ap-south-1"]);
    const none = "ValidationError: Endpoint echo of account 123456789012 not found.";
    assert.deepEqual(await problemsOf(client.submit(payload, { contentType })), [
      ["ASY-308", `us-east-1: ${none}\n            ap-south-1: ${none}`],
    ]);
    client.close();
  });

  it("stays with a region that may have taken the request, unless it may run twice", async () => {
    for (const [mayRunTwice, reached] of [
      [false, false],
      [true, true],
    ] as const) {
      const client = fleet({ mayRunTwice }, ["us-east-1", "eu-west-1"]);
      failing(client, "us-east-1", { code: "ECONNRESET" });
      const sent = client.submit(payload, { contentType });
      if (reached) assert.equal((await sent).region, "eu-west-1");
      else await assert.rejects(sent, { code: "ECONNRESET" });
      client.close();
    }
  });

  it("leaves a region out after three failures, until it has rested", async () => {
    let nowMs = 0;
    const client = fleet({ now: () => nowMs }, ["us-east-1", "eu-west-1"]);
    const seen = failing(client, "us-east-1", { code: "ECONNREFUSED" });
    for (let sent = 0; sent < 5; sent++) await client.submit(payload, { contentType });
    assert.equal(seen.count, 3);
    nowMs = 60_000;
    await client.submit(payload, { contentType });
    assert.equal(seen.count, 4);
    await client.submit(payload, { contentType });
    assert.equal(seen.count, 4);
    client.close();
  });

  it("sends a stream to one region only, for it can be read once", async () => {
    const client = fleet({}, ["us-east-1", "eu-west-1"]);
    await assert.rejects(client.submit({ stream: Readable.from(["x"]) }, { contentType }), {
      name: "ValidationError",
    });
    client.close();
  });

  it("sends where it is told, and nowhere else", async () => {
    const client = fleet();
    assert.equal((await client.submit(payload, { contentType, region: "eu-west-1" })).region, "eu-west-1");
    await assert.rejects(client.submit(payload, { contentType, region: "us-east-1" }), { name: "ValidationError" });
    assert.deepEqual(await problemsOf(client.submit(payload, { contentType, region: "eu-south-1" })), [
      ["ASY-305", "eu-south-1"],
    ]);
    client.close();
  });

  it("passes over a region whose oldest request is too old, and takes it when all are", async () => {
    const regions = ["us-east-1", "eu-west-1"];
    const aged = async (region: string, seconds: number): Promise<void> => {
      const EndpointName = "echo";
      await at.world.cloudwatch.putMetricData(
        { ...at.call, region },
        {
          Namespace: "AWS/SageMaker",
          MetricData: [
            {
              MetricName: "ApproximateAgeOfOldestRequest",
              Dimensions: [{ Name: "EndpointName", Value: EndpointName }],
              Timestamp: new Date(at.world.clock.now()),
              Value: seconds,
            },
          ],
        },
      );
    };
    const now = (): number => at.world.clock.now();
    await aged("us-east-1", 301);
    const overloaded = fleet({ backlogAgeSecondsMax: 300, now }, regions);
    const seen = failing(overloaded, "us-east-1", { code: "ECONNREFUSED" });
    assert.equal((await overloaded.submit(payload, { contentType })).region, "eu-west-1");
    assert.equal(seen.count, 0);
    overloaded.close();
    const within = fleet({ backlogAgeSecondsMax: 301, now }, regions);
    const tried = failing(within, "us-east-1", { code: "ECONNREFUSED" });
    await within.submit(payload, { contentType });
    assert.equal(tried.count, 1);
    assert.deepEqual(
      (await within.health()).map(({ region, backlogAgeSeconds, breaker, lastError }) => [
        region,
        region === "us-east-1" ? backlogAgeSeconds : undefined,
        breaker,
        lastError,
      ]),
      [
        ["us-east-1", 301, "closed", "Error: made to fail"],
        ["eu-west-1", undefined, "closed", undefined],
      ],
    );
    within.close();
  });

  it("refuses a manifest of another version, or without a region", () => {
    for (const [manifest, got] of [
      [{ version: 2, regions: {} }, "version 2"],
      [{ version: 1, regions: {} }, "no region"],
      [{}, "version undefined"],
    ] as const) {
      assert.throws(
        () => new FleetClient(manifest as never),
        (cause) =>
          cause instanceof UsageError && cause.problems[0]?.code === "ASY-304" && cause.problems[0].got === got,
      );
    }
  });
});
