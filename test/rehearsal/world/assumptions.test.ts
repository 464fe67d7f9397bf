import assert from "node:assert/strict";
import fc from "fast-check";
import { UsageError } from "../../../contract/errors";
import type { ContainerSpec } from "../../../rehearsal/containers/container";
import { platformEnvironment } from "../../../rehearsal/containers/environment";
import { assumptions } from "../../../rehearsal/world/assumption-table";
import {
  type Assumed,
  type Assumption,
  type AssumptionName,
  assumedByDefault,
  expectedOf,
  readAssumptions,
} from "../../../rehearsal/world/assumptions";
import { type EndpointOptions, EndpointWorld, resourceId } from "../../support/endpoint-world";
import { FakeContainers } from "../../support/fake-containers";

const rows = Object.entries(assumptions) as Array<[AssumptionName, Assumption]>;

describe("the table of everything assumed", () => {
  it("plays its own values, and each of them is one it takes", () => {
    assert.deepEqual(readAssumptions({}), assumedByDefault);
    assert.deepEqual(readAssumptions({ ...assumedByDefault }), assumedByDefault);
  });

  it("has words and a reason for each row, and a choice between two at least", () => {
    const incomplete = rows.filter(
      ([, row]) =>
        row.what === "" ||
        row.reason === "" ||
        (row.kind === "number" ? row.unit === "" : Object.keys(row.choices).length < 2),
    );
    assert.deepEqual(incomplete, []);
  });

  it("takes numbers as texts, as a command line gives them, within their bounds and no others", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...rows.flatMap(([name, row]) => (row.kind === "number" ? [{ name, row }] : []))),
        fc.oneof(fc.integer({ min: -10, max: 10_000 }), fc.double({ noNaN: true }), fc.constant(Number.NaN)),
        ({ name, row }, value) => {
          const isRight =
            value >= row.min &&
            value <= (row.max ?? Number.MAX_SAFE_INTEGER) &&
            (Number.isInteger(value) || !row.isWhole);
          const given = { [name]: String(value) };
          if (isRight) assert.equal(readAssumptions(given)[name], Number(given[name]));
          else assert.throws(() => readAssumptions(given), UsageError);
        },
      ),
    );
  });

  it("tells every wrong name and value at once, with what would be right", () => {
    const given = { instanceStart: 5, instanceStartSeconds: "soon", queueOrder: "newestFirst", toString: "x" };
    assert.throws(
      () => readAssumptions(given, "--assume"),
      (cause) => {
        assert.ok(cause instanceof UsageError);
        assert.deepEqual(
          cause.problems.map(({ code, at, got }) => [code, at, got]),
          [
            ["ASY-541", "--assume instanceStart", "5"],
            ["ASY-542", "--assume instanceStartSeconds", "soon"],
            ["ASY-542", "--assume queueOrder", "newestFirst"],
            ["ASY-541", "--assume toString", "x"],
          ],
        );
        assert.equal(cause.problems[1]?.expected, "a whole number from 0 on");
        assert.equal(cause.problems[2]?.expected, "one of oldestFirst, shuffled");
        return true;
      },
    );
    assert.equal(expectedOf(assumptions.trackingLowShare), "a number from 0 to 1");
  });
});

describe("what is assumed otherwise", () => {
  let at: EndpointWorld;
  afterEach(() => at.close());

  const open = async (assumed: Partial<Assumed>, options: EndpointOptions = {}): Promise<void> => {
    at = await EndpointWorld.open({ ...options, assumptions: assumed });
  };
  const slow = () => new FakeContainers((payload) => ({ body: `echo ${payload}`, workSeconds: 600 }));
  const host = "/aws/sagemaker/Endpoints";
  const metric = async (
    MetricName: string,
    Dimensions: string[],
    Stat: string,
    Namespace = "AWS/SageMaker",
  ): Promise<number[]> => {
    const values: Record<string, string> = { EndpointName: "echo", VariantName: "primary" };
    const { MetricDataResults = [] } = await at.world.cloudwatch.getMetricData(at.call, {
      StartTime: new Date(at.world.clock.now() - 86_400_000),
      EndTime: new Date(at.world.clock.now() + 60_000),
      ScanBy: "TimestampAscending",
      MetricDataQueries: [
        {
          Id: "m",
          MetricStat: {
            Metric: {
              Namespace,
              MetricName,
              Dimensions: Dimensions.map((Name) => ({ Name, Value: values[Name] })),
            },
            Stat,
            Period: 60,
          },
        },
      ],
    });
    return MetricDataResults[0]?.Values ?? [];
  };
  const counted = async (name: string): Promise<number> =>
    (await metric(name, ["EndpointName", "VariantName"], "Sum")).reduce((sum, value) => sum + value, 0);
  const scaleTo = (count: number) =>
    at.world.sagemaker.updateEndpointWeightsAndCapacities(at.call, {
      EndpointName: "echo",
      DesiredWeightsAndCapacities: [{ VariantName: "primary", DesiredInstanceCount: count }],
    });

  it("lets an instance take as long as it is told to", async () => {
    await open({ instanceStartSeconds: 600 });
    assert.equal(at.endpoint.status, "Creating");
    await at.minutes(6);
    assert.equal(at.endpoint.status, "InService");
  });

  it("stops an instance within the time it is told", async () => {
    await open({ instanceStopSeconds: 300 });
    await scaleTo(0);
    await at.minutes(4);
    assert.equal(at.endpoint.status, "Updating");
    await at.minutes(2);
    assert.equal(at.endpoint.status, "InService");
  });

  it("works on as many requests at once as an instance is assumed to", async () => {
    for (const expected of [1, 3]) {
      await open({ concurrencyPerInstance: expected }, { containers: slow(), concurrency: "unset" });
      for (let index = 0; index < 4; index++) await at.send(`${index}`);
      await at.minutes(1);
      assert.equal(at.endpoint.inService[0]?.inFlight, expected);
      if (expected === 1) await at.close();
    }
  });

  it("works off a queue in another order when none is promised", async () => {
    const containers = new FakeContainers();
    await open({ queueOrder: "shuffled" }, { containers });
    await scaleTo(0);
    await at.minutes(2);
    const sent = Array.from({ length: 12 }, (_, index) => `${index}`);
    for (const payload of sent) await at.send(payload);
    await scaleTo(1);
    await at.minutes(6);
    assert.notDeepEqual(containers.seen, sent);
    assert.deepEqual([...containers.seen].sort(), [...sent].sort());
  });

  it("tries a failed invocation again, and tells of the last one only", async () => {
    let calls = 0;
    const containers = new FakeContainers(() => ({ status: ++calls < 3 ? 500 : 200, body: "x" }));
    await open({ invocationRetries: 2 }, { containers });
    await at.send("x");
    await at.minutes(1);
    assert.equal(calls, 3);
    assert.deepEqual(
      (await at.drainNotices()).map(({ invocationStatus }) => invocationStatus),
      ["Completed"],
    );
    assert.deepEqual([await counted("Invocation5XXErrors"), await counted("InvocationFailures")], [2, 0]);
  });

  it("counts an invocation that outlives its timeout as expired", async () => {
    await open({ invocationTimeout: "expired" }, { containers: slow() });
    await at.send("x", { timeout: 60 });
    await at.minutes(2);
    assert.deepEqual([await counted("ExpiredRequests"), await counted("InvocationFailures")], [1, 0]);
    assert.equal((await at.drainNotices())[0]?.invocationStatus, "Failed");
  });

  it("tells nobody of a request that expired in the queue, but counts it", async () => {
    await open({ expiredRequest: "silent" });
    await scaleTo(0);
    await at.minutes(2);
    const { FailureLocation = "" } = await at.send("x", { ttl: 60 });
    await at.minutes(3);
    assert.deepEqual(await at.drainNotices(), []);
    await assert.rejects(at.read(FailureLocation), { name: "NoSuchKey" });
    assert.equal(await counted("ExpiredRequests"), 1);
  });

  it("tells of what waited when its endpoint was deleted", async () => {
    await open({ deletedEndpoint: "failure" });
    await scaleTo(0);
    await at.minutes(2);
    const { FailureLocation = "" } = await at.send("x");
    await at.world.sagemaker.deleteEndpoint(at.call, { EndpointName: "echo" });
    await at.minutes(2);
    assert.equal(await at.read(FailureLocation), "Endpoint echo was deleted.");
    assert.equal((await at.drainNotices())[0]?.failureReason, "Endpoint echo was deleted.");
  });

  it("lets a busy instance end its work before scaling takes it away", async () => {
    await open({ busyInstance: "drained" }, { containers: slow() });
    const { OutputLocation = "" } = await at.send("x");
    await scaleTo(0);
    await at.minutes(5);
    assert.equal(at.endpoint.status, "Updating");
    await at.minutes(7);
    assert.equal(await at.read(OutputLocation), "echo x");
    assert.equal(at.endpoint.paid, 0);
  });

  it("cuts what the old instances of an update work on", async () => {
    await open({ leavingFleet: "cut" }, { containers: slow() });
    await at.world.sagemaker.createEndpointConfig(at.call, {
      ...(await at.world.sagemaker.describeEndpointConfig(at.call, { EndpointConfigName: "echo-1" })),
      EndpointConfigName: "echo-2",
    });
    await at.world.sagemaker.updateEndpoint(at.call, { EndpointName: "echo", EndpointConfigName: "echo-2" });
    await at.minutes(3);
    await at.send("x");
    await at.minutes(3);
    assert.equal((await at.drainNotices())[0]?.invocationStatus, "Failed");
  });

  it("tells where a failure lies, and no encoding, in the notices", async () => {
    await open(
      { failureNotice: "withLocations", includedEncoding: "absent" },
      { containers: new FakeContainers(() => ({ status: 400, body: "no" })), includes: ["ERROR_NOTIFICATION_TOPIC"] },
    );
    const { FailureLocation } = await at.send("x");
    await at.minutes(1);
    const [notice] = await at.drainNotices();
    assert.deepEqual(notice?.responseParameters, { failureLocation: FailureLocation });
    assert.deepEqual(notice?.responseBody, { content: Buffer.from("no").toString("base64") });
  });

  it("gives the failure object a name of its own beside a named result", async () => {
    await open({ failureName: "unique" });
    const named = await at.world.sagemakerRuntime.invokeEndpointAsync(at.call, {
      EndpointName: "echo",
      Body: Buffer.from("x"),
      Filename: "mine.txt",
    });
    assert.equal(named.OutputLocation, "s3://payloads/results/mine.txt");
    assert.match(named.FailureLocation ?? "", /^s3:\/\/payloads\/failures\/[0-9a-f-]{36}-error\.out$/);
  });

  it("uploads in parts from another size, and cuts an error body where it is told", async () => {
    await open(
      { uploadInPartsFromBytes: 1, errorBodyBytesMax: 3 },
      {
        containers: new FakeContainers((payload) => ({
          status: `${payload}` === "bad" ? 400 : 200,
          body: "0123456789",
        })),
      },
    );
    const good = await at.send("good");
    const bad = await at.send("bad");
    await at.minutes(1);
    const { ETag } = await at.world.s3.headObject(at.call, {
      Bucket: "payloads",
      Key: (good.OutputLocation ?? "").slice(14),
    });
    assert.match(ETag ?? "", /-1"$/);
    assert.equal(await at.read(bad.FailureLocation ?? ""), "012");
  });

  it("tells the backlog per instance without instances, where that is assumed", async () => {
    for (const [value, expected] of [
      ["missing", []],
      ["backlog", [2]],
    ] as const) {
      await open({ backlogPerInstanceAtZero: value });
      await scaleTo(0);
      await at.minutes(2);
      const before = (await metric("ApproximateBacklogSizePerInstance", ["EndpointName"], "Average")).length;
      await at.send("a");
      await at.send("b");
      await at.minutes(1);
      const told = (await metric("ApproximateBacklogSizePerInstance", ["EndpointName"], "Average")).slice(before);
      assert.deepEqual(told, expected);
      if (value === "missing") await at.close();
    }
  });

  it("spells the metric of processed invocations as it is told", async () => {
    await open({ processedMetric: "InvocationsProcesssed" });
    await at.send("x");
    await at.minutes(1);
    assert.deepEqual([await counted("InvocationsProcesssed"), await counted("InvocationsProcessed")], [1, 0]);
  });

  it("asks an instance's rights at its start only where that is assumed", async () => {
    for (const [value, status] of [
      ["everyStart", 0],
      ["configuration", 1],
    ] as const) {
      await open({ roleRights: value }, { image: "123456789012.dkr.ecr.eu-west-1.amazonaws.com/echo:1" });
      await scaleTo(0);
      await at.minutes(2);
      await at.allow(["s3:*", "sns:Publish"]);
      await scaleTo(1);
      await at.minutes(6);
      assert.equal(at.endpoint.inService.length, status);
      if (value === "everyStart") await at.close();
    }
  });

  it("writes a container's lines without looking for their stream", async () => {
    for (const [value, count] of [
      ["looksFirst", 0],
      ["makesFirst", 1],
    ] as const) {
      await open({ logAgent: value });
      await at.world.logs.createLogGroup(at.call, { logGroupName: "/aws/sagemaker/Endpoints/echo" });
      await at.allow(["s3:*", "sns:Publish", "logs:CreateLogStream", "logs:PutLogEvents"]);
      at.containers.say("a line");
      await at.minutes(1);
      const { logStreams = [] } = await at.world.logs.describeLogStreams(at.call, {
        logGroupName: "/aws/sagemaker/Endpoints/echo",
      });
      assert.equal(logStreams.length, count);
      if (value === "looksFirst") await at.close();
    }
  });

  it("tells of an instance that cannot be measured what it is told to", async () => {
    await open(
      { hostCpuBusyPercent: 90, hostCpuIdlePercent: 7, hostMemoryPercent: 33, hostDiskPercent: 44 },
      { containers: slow() },
    );
    await at.minutes(2);
    await at.send("x");
    await at.minutes(2);
    const told = async (name: string) => [
      ...new Set(await metric(name, ["EndpointName", "VariantName"], "Average", host)),
    ];
    assert.deepEqual(await told("CPUUtilization"), [7, 90]);
    assert.deepEqual(await told("MemoryUtilization"), [33]);
    assert.deepEqual(await told("DiskUtilization"), [44]);
  });

  it("replaces an instance after as many pings as it is told, of a busy one where that is assumed", async () => {
    for (const [value, replaced] of [
      ["notAsked", false],
      ["asked", true],
    ] as const) {
      const containers = slow();
      await open({ unhealthyAfterPings: 2, busyHealth: value }, { containers });
      const [first] = at.endpoint.inService;
      await at.send("x");
      containers.healthy = false;
      await at.minutes(1);
      assert.deepEqual(at.endpoint.inService, [first]);
      await at.minutes(2);
      assert.equal(at.endpoint.inService.includes(first as never), !replaced);
      if (!replaced) await at.close();
    }
  });

  it("names the region in a container's environment only where that is assumed", async () => {
    for (const [value, tells] of [
      ["region", true],
      ["none", false],
    ] as const) {
      await open({ platformVariables: value });
      const [spec] = at.containers.started;
      assert.equal("AWS_REGION" in platformEnvironment(spec as ContainerSpec), tells);
      if (tells) await at.close();
    }
  });

  it("writes a line of each request into the data-log, where that is assumed", async () => {
    for (const [value, lines] of [
      ["failures", 0],
      ["everything", 1],
    ] as const) {
      await open({ dataLog: value });
      await at.send("x");
      await at.minutes(1);
      const { events = [] } = await at.world.logs
        .filterLogEvents(at.call, { logGroupName: "/aws/sagemaker/Endpoints/echo", filterPattern: "[x]" })
        .catch(() => ({ events: [] }));
      assert.equal(events.length, lines);
      if (lines === 0) await at.close();
    }
  });

  it("makes a tracking policy's alarms with other numbers", async () => {
    await open({ trackingHighMinutes: 5, trackingLowMinutes: 20, trackingLowShare: 0.5 }, { max: 2 });
    const { ScalingPolicies = [] } = await at.world.applicationAutoScaling.describeScalingPolicies(at.call, {
      ServiceNamespace: "sagemaker",
      ResourceId: resourceId,
      PolicyNames: ["backlog"],
    });
    const AlarmNames = ScalingPolicies[0]?.Alarms?.map(({ AlarmName = "" }) => AlarmName);
    const { MetricAlarms = [] } = await at.world.cloudwatch.describeAlarms(at.call, { AlarmNames });
    assert.deepEqual(
      MetricAlarms.map(({ EvaluationPeriods, Threshold }) => [EvaluationPeriods, Threshold]),
      [
        [5, 2],
        [20, 1],
      ],
    );
  });

  it("looks at the rollback alarms of an update as often as it is told", async () => {
    for (const [seconds, status] of [
      [30, "RollingBack"],
      [600, "Updating"],
    ] as const) {
      await open({ rollbackAlarmSeconds: seconds });
      await at.allow(["s3:*", "sns:Publish", "cloudwatch:*"]);
      await at.world.cloudwatch.putMetricAlarm(at.call, {
        AlarmName: "errors",
        Namespace: "test",
        MetricName: "m",
        Statistic: "Sum",
        Period: 60,
        EvaluationPeriods: 1,
        Threshold: 0,
        ComparisonOperator: "GreaterThanThreshold",
        TreatMissingData: "ignore",
      });
      await at.world.sagemaker.createEndpointConfig(at.call, {
        ...(await at.world.sagemaker.describeEndpointConfig(at.call, { EndpointConfigName: "echo-1" })),
        EndpointConfigName: "echo-2",
      });
      await at.world.sagemaker.updateEndpoint(at.call, {
        EndpointName: "echo",
        EndpointConfigName: "echo-2",
        DeploymentConfig: {
          BlueGreenUpdatePolicy: {
            TrafficRoutingConfiguration: { Type: "ALL_AT_ONCE", WaitIntervalInSeconds: 0 },
            TerminationWaitInSeconds: 1200,
          },
          AutoRollbackConfiguration: { Alarms: [{ AlarmName: "errors" }] },
        },
      });
      await at.minutes(5);
      await at.world.cloudwatch.setAlarmState(at.call, { AlarmName: "errors", StateValue: "ALARM", StateReason: "" });
      const seen: string[] = [];
      const stop = at.world.journal.listen((entry) => {
        if (entry.kind === "endpoint") seen.push(entry.status);
      });
      await at.minutes(2);
      stop();
      assert.equal(seen[0] ?? at.endpoint.status, status);
      if (seconds === 30) await at.close();
    }
  });

  it("replicates an image within the time it is told", async () => {
    await open({ imageReplicationSeconds: 600 });
    const { ecr } = at.world;
    await ecr.putReplicationConfiguration(at.call, {
      replicationConfiguration: {
        rules: [{ destinations: [{ region: "eu-central-1", registryId: at.call.accountId }] }],
      },
    });
    await ecr.createRepository(at.call, { repositoryName: "team/model" });
    await ecr.putImage(at.call, { repositoryName: "team/model", imageTag: "1", imageManifest: "{}" });
    const there = { ...at.call, region: "eu-central-1" };
    const image = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/team/model:1";
    const seen: boolean[] = [];
    for (const minutes of [1, 10]) {
      await at.minutes(minutes);
      seen.push(ecr.canPull(there, image));
    }
    assert.deepEqual(seen, [false, true]);
  });

  it("lets an alarm look back as far as it is told", async () => {
    for (const [periods, expected] of [
      [2, "INSUFFICIENT_DATA"],
      [5, "ALARM"],
    ] as const) {
      await open({ alarmExtraPeriods: periods });
      await at.world.cloudwatch.putMetricAlarm(at.call, {
        AlarmName: "sparse",
        Namespace: "test",
        MetricName: "m",
        Statistic: "Sum",
        Period: 60,
        EvaluationPeriods: 1,
        Threshold: 0,
        ComparisonOperator: "GreaterThanThreshold",
      });
      await at.world.cloudwatch.putMetricData(at.call, {
        Namespace: "test",
        MetricData: [{ MetricName: "m", Value: 1 }],
      });
      await at.minutes(5);
      const { MetricAlarms = [] } = await at.world.cloudwatch.describeAlarms(at.call, { AlarmNames: ["sparse"] });
      assert.equal(MetricAlarms[0]?.StateValue, expected);
      if (periods === 2) await at.close();
    }
  });

  it("has other pages and quotas", async () => {
    await open({ modelsPerPage: 1, alarmsPerPage: 1, endpointQuota: 7 }, { max: 2 });
    await at.world.sagemaker.createModel(at.call, {
      ModelName: "other",
      PrimaryContainer: { Image: "registry.example/echo:1" },
    });
    const models = await at.world.sagemaker.listModels(at.call, {});
    const alarms = await at.world.cloudwatch.describeAlarms(at.call, {});
    const quotas = await at.world.serviceQuotas.listServiceQuotas(at.call, { ServiceCode: "sagemaker" });
    assert.deepEqual([models.Models?.length, alarms.MetricAlarms?.length, quotas.Quotas?.[0]?.Value], [1, 1, 7]);
  });
});
