import assert from "node:assert/strict";
import { parseFaults } from "../../../../rehearsal/world/faults/parse";
import type { FaultInput } from "../../../../rehearsal/world/faults/schema";
import { EndpointWorld, resourceId } from "../../../support/endpoint-world";
import { FakeContainers } from "../../../support/fake-containers";

describe("faults in a world", () => {
  let at: EndpointWorld;
  afterEach(() => at.close());

  const order = (faults: FaultInput[], seed = 1): void => at.world.faults.set(parseFaults({ faults, seed }, "test"));

  /** The ids of the success notices that arrived, in order. */
  const arrived = async (): Promise<unknown[]> => (await at.drainNotices()).map(({ inferenceId }) => inferenceId);

  async function sendAll(ids: readonly string[]): Promise<void> {
    for (const id of ids) await at.send(id);
    await at.minutes(1);
  }

  it("lose the notices they are ordered to lose, and no other", async () => {
    at = await EndpointWorld.open();
    order([{ what: "lost-notice", where: { topics: ["success"] }, every: 2 }]);
    await sendAll(["a", "b", "c", "d"]);
    assert.deepEqual(await arrived(), ["a", "c"]);
    assert.deepEqual(
      at.journal("delivery").map(({ outcome, reason }) => [outcome, reason]),
      [
        ["lost", "a fault that was ordered"],
        ["lost", "a fault that was ordered"],
      ],
    );
  });

  it("double notices, and bring them late", async () => {
    at = await EndpointWorld.open();
    order([
      { what: "doubled-notice", first: 1, copies: 3 },
      { what: "late-notice", first: 1, seconds: 600 },
    ]);
    await sendAll(["a", "b"]);
    assert.deepEqual(await arrived(), ["b"]);
    await at.minutes(10);
    assert.deepEqual(await arrived(), ["a", "a", "a"]);
  });

  it("fit only their region and their time, counted from when they were given", async () => {
    at = await EndpointWorld.open();
    order([
      { what: "lost-notice", where: { regions: ["us-*"] } },
      { what: "lost-notice", fromSeconds: 60, toSeconds: 120 },
    ]);
    await sendAll(["a"]);
    await sendAll(["b"]);
    await sendAll(["c"]);
    assert.deepEqual(await arrived(), ["a", "c"]);
    assert.deepEqual(at.world.faults.tallies(), [
      { what: "lost-notice", occasions: 0, struck: 0 },
      { what: "lost-notice", occasions: 1, struck: 1 },
    ]);
  });

  it("meet the same calls in the same way, whatever happens beside them", async () => {
    at = await EndpointWorld.open();
    const calls = Array.from({ length: 60 }, (_, index) => ["s3:GetObject", "s3:PutObject"][index % 2] ?? "");
    const fates = (beside: boolean): unknown[] => {
      order([{ what: "throttling", where: { operations: ["s3:*"] }, share: 0.3 }], 9);
      return calls.map((operation) => {
        if (beside) at.world.faults.call("eu-west-1", "sqs:ReceiveMessage");
        return at.world.faults.call("eu-west-1", operation).blow?.kind;
      });
    };
    const alone = fates(false);
    assert.deepEqual(fates(true), alone);
    assert.deepEqual(new Set(alone), new Set(["throttling", undefined]));
    // Another fault in the list draws for itself.
    order(
      [
        { what: "throttling", where: { operations: ["s3:*"] }, share: 0.3 },
        { what: "server-error", share: 0.5 },
      ],
      9,
    );
    const both = calls.map((operation) => at.world.faults.call("eu-west-1", operation).blow?.kind);
    assert.deepEqual(
      both.map((kind) => (kind === "throttling" ? kind : undefined)),
      alone,
    );
  });

  it("keep a minute's metrics back, or let them come late with the minute they are of", async () => {
    at = await EndpointWorld.open();
    const backlogs = async (): Promise<Array<number | undefined>> => {
      const { MetricDataResults = [] } = await at.world.cloudwatch.getMetricData(at.call, {
        StartTime: new Date(beganMs),
        EndTime: new Date(at.world.clock.now() + 60_000),
        MetricDataQueries: ["ApproximateBacklogSize", "HasBacklogWithoutCapacity"].map((MetricName, index) => ({
          Id: `m${index}`,
          MetricStat: {
            Metric: { Namespace: "AWS/SageMaker", MetricName, Dimensions: [{ Name: "EndpointName", Value: "echo" }] },
            Period: 60,
            Stat: "Maximum",
          },
        })),
      });
      return MetricDataResults.map(({ Values }) => Values?.length);
    };
    const beganMs = at.world.clock.now();
    order([
      { what: "missing-metrics", where: { metrics: ["HasBacklogWithoutCapacity"] } },
      { what: "late-metrics", seconds: 300, where: { metrics: ["Approximate*"] } },
    ]);
    await at.minutes(4);
    assert.deepEqual(await backlogs(), [0, 0]);
    await at.minutes(5);
    assert.deepEqual(await backlogs(), [4, 0]);
  });

  it("lose an instance with the request that it works on, and another comes in its place", async () => {
    at = await EndpointWorld.open();
    const [before] = at.endpoint.inService;
    order([{ what: "instance-loss", first: 1 }]);
    await sendAll(["a", "b"]);
    assert.deepEqual(
      (await at.drainNotices()).map(({ inferenceId, invocationStatus, failureReason }) => [
        inferenceId,
        invocationStatus,
        failureReason,
      ]),
      [["a", "Failed", "Connection reset by peer for the echo endpoint. Please retry."]],
    );
    assert.deepEqual([at.endpoint.inService.length, at.endpoint.status], [0, "InService"]);
    await at.minutes(5);
    assert.deepEqual(await arrived(), ["b"]);
    assert.equal(at.endpoint.inService.length, 1);
    assert.notEqual(at.endpoint.inService[0]?.id, before?.id);
  });

  it("give the request of a lost instance to the next one where that is assumed", async () => {
    at = await EndpointWorld.open({ assumptions: { lostInstance: "again" } });
    order([{ what: "instance-loss", first: 1 }]);
    await sendAll(["a", "b"]);
    assert.deepEqual(await arrived(), []);
    await at.minutes(5);
    assert.deepEqual(await arrived(), ["a", "b"]);
    assert.deepEqual(
      at.journal("request").map(({ inferenceId, step }) => [inferenceId, step]),
      [
        ["a", "accepted"],
        ["a", "started"],
        ["b", "accepted"],
        ["a", "started"],
        ["a", "completed"],
        ["b", "started"],
        ["b", "completed"],
      ],
    );
  });

  it("lose an instance in the middle of its work, of all its requests", async () => {
    at = await EndpointWorld.open({
      concurrency: 2,
      containers: new FakeContainers(() => ({ body: "done", workSeconds: 100 })),
    });
    order([{ what: "instance-loss", first: 1, afterSeconds: 30 }]);
    await sendAll(["a", "b"]);
    assert.deepEqual(
      (await at.drainNotices()).map(({ inferenceId, invocationStatus }) => [inferenceId, invocationStatus]),
      [
        ["a", "Failed"],
        ["b", "Failed"],
      ],
    );
  });

  describe("of capacity", () => {
    const create = async (EndpointName: string) => {
      await at.world.sagemaker.createEndpoint(at.call, { EndpointName, EndpointConfigName: "echo-1" });
    };
    const update = (EndpointConfigName: string) =>
      at.world.sagemaker.updateEndpoint(at.call, { EndpointName: "echo", EndpointConfigName });
    const described = async (EndpointName: string) => at.world.sagemaker.describeEndpoint(at.call, { EndpointName });

    it("fail a new endpoint after the time SageMaker looks, in its words", async () => {
      at = await EndpointWorld.open();
      order([{ what: "capacity-shortage", where: { instanceTypes: ["ml.m5.*"] }, givesUpSeconds: 900 }]);
      await create("second");
      await at.minutes(14);
      assert.equal((await described("second")).EndpointStatus, "Creating");
      await at.minutes(2);
      const { EndpointStatus, FailureReason } = await described("second");
      assert.equal(EndpointStatus, "Failed");
      assert.match(
        FailureReason ?? "",
        /^Unable to provision requested ML compute capacity due to InsufficientInstanceCapacity error\./,
      );
      assert.equal((await described("echo")).EndpointStatus, "InService");
    });

    it("let an endpoint come up late when there is capacity again, and nobody pays for the wait", async () => {
      at = await EndpointWorld.open();
      order([{ what: "capacity-shortage", toSeconds: 600 }]);
      await create("second");
      await at.minutes(16);
      const second = at.world.sagemaker.endpoint(at.call, "second");
      assert.equal(second.status, "InService");
      assert.equal(second.instanceSeconds, 360);
    });

    it("bring as many instances as there are, and say of the others why they did not come", async () => {
      at = await EndpointWorld.open();
      order([{ what: "capacity-shortage", instancesMax: 2, givesUpSeconds: 600 }]);
      await at.world.sagemaker.updateEndpointWeightsAndCapacities(at.call, {
        EndpointName: "echo",
        DesiredWeightsAndCapacities: [{ VariantName: "primary", DesiredInstanceCount: 3 }],
      });
      await at.minutes(5);
      assert.deepEqual([at.endpoint.inService.length, at.endpoint.status], [2, "Updating"]);
      await at.minutes(6);
      assert.deepEqual([at.endpoint.status, at.endpoint.desired], ["InService", 2]);
      assert.match(at.endpoint.failureReason ?? "", /InsufficientInstanceCapacity/);
    });

    it("tell of it in the scaling activity that asked", async () => {
      at = await EndpointWorld.open({ max: 2 });
      order([{ what: "capacity-shortage", instancesMax: 1, givesUpSeconds: 120 }]);
      await at.world.applicationAutoScaling.registerScalableTarget(at.call, {
        ServiceNamespace: "sagemaker",
        ScalableDimension: "sagemaker:variant:DesiredInstanceCount",
        ResourceId: resourceId,
        MinCapacity: 2,
        MaxCapacity: 2,
      });
      await at.minutes(1);
      const activity = async () => {
        const { ScalingActivities = [] } = await at.world.applicationAutoScaling.describeScalingActivities(at.call, {
          ServiceNamespace: "sagemaker",
          ResourceId: resourceId,
        });
        const { StatusCode, StatusMessage } = ScalingActivities.at(-1) ?? {};
        return [StatusCode, StatusMessage?.slice(0, 106)];
      };
      assert.deepEqual(await activity(), [
        "Successful",
        "Successfully set desired instance count to 2. Change successfully fulfilled by sagemaker.",
      ]);
      await at.minutes(4);
      assert.deepEqual(await activity(), [
        "Failed",
        "Failed to set desired instance count to 2: Unable to provision requested ML compute capacity due to Insuff",
      ]);
    });

    it("refuse what is above a quota when it is asked for, and tell the quota", async () => {
      at = await EndpointWorld.open();
      order([{ what: "instance-quota", where: { instanceTypes: ["ml.m5.large"] }, instancesMax: 2 }]);
      const more = at.world.sagemaker.updateEndpointWeightsAndCapacities(at.call, {
        EndpointName: "echo",
        DesiredWeightsAndCapacities: [{ VariantName: "primary", DesiredInstanceCount: 3 }],
      });
      await assert.rejects(more, (cause: Error) => {
        assert.equal(cause.name, "ResourceLimitExceeded");
        assert.match(
          cause.message,
          /^The account-level service limit 'ml\.m5\.large for endpoint usage' is 2 Instances, with current utilization of 1 Instances and a request delta of 2 Instances\./,
        );
        return true;
      });
      await create("second");
      await at.minutes(5);
      await assert.rejects(create("third"), { name: "ResourceLimitExceeded" });
      const told: Array<number | undefined> = [];
      let NextToken: string | undefined;
      do {
        const page = await at.world.serviceQuotas.listServiceQuotas(at.call, { ServiceCode: "sagemaker", NextToken });
        for (const { QuotaName, Value } of page.Quotas ?? []) {
          if (QuotaName === "ml.m5.large for endpoint usage") told.push(Value);
        }
        ({ NextToken } = page);
      } while (NextToken !== undefined);
      assert.deepEqual(told, [2]);
    });

    it("hold an update to a quota by what it wants more, or by both fleets where that is assumed", async () => {
      at = await EndpointWorld.open();
      order([{ what: "instance-quota", instancesMax: 1 }]);
      await update("echo-1");
      await at.close();
      at = await EndpointWorld.open({ assumptions: { updateQuota: "both" } });
      order([{ what: "instance-quota", instancesMax: 1 }]);
      await assert.rejects(update("echo-1"), { name: "ResourceLimitExceeded" });
    });
  });
});
