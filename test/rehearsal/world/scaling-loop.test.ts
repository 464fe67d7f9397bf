import assert from "node:assert/strict";
import fc from "fast-check";
import { EndpointWorld, resourceId } from "../../support/endpoint-world";
import { FakeContainers } from "../../support/fake-containers";

describe("scaling", () => {
  let at: EndpointWorld;
  afterEach(() => at.close());

  const counts = (): number[] => at.journal("instances").map(({ running }) => running);

  it("goes to zero after ten idle minutes, and one request wakes exactly one instance", async () => {
    at = await EndpointWorld.open({ max: 4 });
    await at.minutes(20);
    assert.equal(at.endpoint.paid, 0);
    await at.send("wake up");
    await at.minutes(2);
    assert.equal(at.endpoint.desired, 1);
    await at.minutes(6);
    assert.equal(at.endpoint.queue.records.get("wake up")?.outcome, "completed");
    assert.deepEqual(
      at.journal("scaling").map(({ from, to }) => [from, to]),
      [
        [1, 0],
        [0, 1],
      ],
    );
    assert.match(at.journal("scaling")[1]?.cause ?? "", /monitor alarm wake in state ALARM triggered policy wake/);
    await at.minutes(30);
    assert.equal(at.endpoint.paid, 0);
  });

  it("scales a burst out to the maximum and never above, and back to zero", async () => {
    at = await EndpointWorld.open({
      max: 4,
      containers: new FakeContainers(() => ({ body: "done", workSeconds: 60 })),
    });
    await at.minutes(20);
    for (let index = 0; index < 200; index++) await at.send(`r${index}`);
    await at.minutes(40);
    assert.equal(Math.max(...counts()), 4);
    await at.minutes(120);
    assert.equal(at.endpoint.paid, 0);
    assert.equal(at.containers.seen.length, 200);
    assert.equal([...at.endpoint.queue.records.values()].filter(({ outcome }) => outcome === "completed").length, 200);
  });

  it("does not cut a request of forty minutes while it runs", async () => {
    at = await EndpointWorld.open({
      max: 2,
      containers: new FakeContainers(() => ({ body: "long", workSeconds: 2400 })),
    });
    await at.minutes(20);
    await at.send("long", { timeout: 3600 });
    await at.minutes(60);
    const record = at.endpoint.queue.records.get("long");
    assert.equal(record?.outcome, "completed");
    assert.equal((record?.endedAtMs ?? 0) - (record?.startedAtMs ?? 0), 2_400_000);
  });

  it("takes no bounds below zero or the wrong way round", async () => {
    at = await EndpointWorld.open({ max: 4 });
    const register = (MinCapacity: number, MaxCapacity: number) =>
      at.world.applicationAutoScaling.registerScalableTarget(at.call, {
        ServiceNamespace: "sagemaker",
        ResourceId: resourceId,
        ScalableDimension: "sagemaker:variant:DesiredInstanceCount",
        MinCapacity,
        MaxCapacity,
      });
    await assert.rejects(register(-1, 4), { name: "ValidationException", message: /less than zero \(-1\)/ });
    await assert.rejects(register(2, 1), { name: "ValidationException", message: /minimum capacity \(1 < 2\)/ });
    await register(0, 0);
  });

  it("leaves a lone request waiting at zero when there is no wake alarm", async () => {
    at = await EndpointWorld.open({ max: 2 });
    await at.minutes(20);
    await at.world.cloudwatch.deleteAlarms(at.call, { AlarmNames: ["wake"] });
    await at.send("alone", { ttl: 3600 });
    await at.minutes(61);
    assert.equal(at.endpoint.queue.records.get("alone")?.outcome, "expired");
  });

  it("keeps its laws whatever comes when: nothing lost, nothing twice, never above the maximum, zero in the end", async function () {
    this.timeout(60_000);
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 1, max: 3 }),
        fc.array(
          fc.record({ afterSeconds: fc.integer({ min: 0, max: 900 }), workSeconds: fc.integer({ min: 1, max: 400 }) }),
          { minLength: 1, maxLength: 25 },
        ),
        async (max, concurrency, arrivals) => {
          const containers = new FakeContainers((payload) => ({
            body: "ok",
            workSeconds: Number(String(payload).split(":")[1]),
          }));
          const one = await EndpointWorld.open({ max, concurrency, containers });
          try {
            for (const [index, { afterSeconds, workSeconds }] of arrivals.entries()) {
              await one.world.clock.advance(afterSeconds * 1000);
              await one.send(`${index}:${workSeconds}`);
            }
            await one.minutes(240);
            const ends = one.journal("request").filter(({ step }) => step !== "accepted" && step !== "started");
            assert.deepEqual(
              ends.map(({ inferenceId }) => inferenceId).sort(),
              arrivals.map(({ workSeconds }, index) => `${index}:${workSeconds}`).sort(),
            );
            assert.deepEqual(new Set(ends.map(({ step }) => step)), new Set(["completed"]));
            assert.equal(containers.seen.length, arrivals.length);
            assert.ok(one.journal("instances").every(({ running }) => running <= max));
            assert.equal(one.endpoint.paid, 0);
            assert.equal((await one.drainNotices()).length, arrivals.length);
          } finally {
            await one.close();
          }
        },
      ),
      { numRuns: 12 },
    );
    at = await EndpointWorld.open();
  });

  it("leaves a policy that no longer tracks without alarms of its own, under the same ARN", async () => {
    at = await EndpointWorld.open({ max: 2 });
    const { applicationAutoScaling: scaling, cloudwatch } = at.world;
    const on = {
      ServiceNamespace: "sagemaker" as const,
      ScalableDimension: "sagemaker:variant:DesiredInstanceCount" as const,
      ResourceId: resourceId,
      PolicyName: "backlog",
    };
    const asked = { ServiceNamespace: "sagemaker" as const, PolicyNames: ["backlog"] };
    const before = (await scaling.describeScalingPolicies(at.call, asked)).ScalingPolicies?.[0];
    assert.equal(before?.Alarms?.length, 2);
    await scaling.putScalingPolicy(at.call, {
      ...on,
      PolicyType: "StepScaling",
      StepScalingPolicyConfiguration: {
        AdjustmentType: "ChangeInCapacity",
        StepAdjustments: [{ MetricIntervalLowerBound: 0, ScalingAdjustment: 1 }],
      },
    });
    const after = (await scaling.describeScalingPolicies(at.call, asked)).ScalingPolicies?.[0];
    assert.deepEqual([after?.PolicyARN, after?.Alarms], [before?.PolicyARN, []]);
    const { MetricAlarms = [] } = await cloudwatch.describeAlarms(at.call, { AlarmNamePrefix: "TargetTracking-" });
    assert.deepEqual(MetricAlarms, []);
  });

  it("tells the same story for the same seed", async () => {
    const tell = async (): Promise<string> => {
      const one = await EndpointWorld.open({ max: 3, seed: 42 });
      await one.minutes(20);
      for (const name of ["a", "b", "c"]) await one.send(name);
      await one.minutes(60);
      const story = JSON.stringify(one.world.journal.entries);
      await one.close();
      return story;
    };
    assert.equal(await tell(), await tell());
    at = await EndpointWorld.open();
  });
});
