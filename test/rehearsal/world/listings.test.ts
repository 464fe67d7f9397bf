import assert from "node:assert/strict";
import fc from "fast-check";
import { AwsError } from "../../../rehearsal/world/aws-error";
import { everyPage, pageOf } from "../../../rehearsal/world/paging";
import { EndpointWorld, resourceId } from "../../support/endpoint-world";

interface Listing {
  readonly what: string;
  /** Makes the thing of a number. */
  readonly make: (at: EndpointWorld, index: number) => Promise<unknown>;
  /** One page, at most three long where a number can be asked for. */
  readonly page: (
    at: EndpointWorld,
    token: string | undefined,
  ) => Promise<{ names: string[]; next: string | undefined }>;
  /** AWS's error for a token that is none. */
  readonly invalidToken: string;
  /** How many the world has before any is made. @default 0 */
  readonly before?: number;
  /** How many make a second page, where no number can be asked for. @default 7 */
  readonly count?: number;
}

const three = 3;
const on = {
  ServiceNamespace: "sagemaker" as const,
  ScalableDimension: "sagemaker:variant:DesiredInstanceCount" as const,
  ResourceId: resourceId,
};
const trust = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: "sagemaker.amazonaws.com" }, Action: "sts:AssumeRole" }],
});
const policy = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "s3:GetObject", Resource: "*" }],
});
const variants = [
  { VariantName: "primary", ModelName: "echo", InstanceType: "ml.m5.large" as const, InitialInstanceCount: 1 },
];

const listings: Listing[] = [
  {
    what: "ListModels",
    before: 1,
    make: (at, index) =>
      at.world.sagemaker.createModel(at.call, {
        ModelName: `m-${index}`,
        PrimaryContainer: { Image: "registry.example/echo:1" },
      }),
    page: async (at, NextToken) => {
      const { Models = [], NextToken: next } = await at.world.sagemaker.listModels(at.call, {
        NextToken,
        MaxResults: three,
      });
      return { names: Models.map(({ ModelName = "" }) => ModelName), next };
    },
    invalidToken: "ValidationException",
  },
  {
    what: "ListEndpointConfigs",
    before: 1,
    make: (at, index) =>
      at.world.sagemaker.createEndpointConfig(at.call, {
        EndpointConfigName: `c-${index}`,
        ProductionVariants: variants,
      }),
    page: async (at, NextToken) => {
      const page = await at.world.sagemaker.listEndpointConfigs(at.call, { NextToken, MaxResults: three });
      return {
        names: (page.EndpointConfigs ?? []).map(({ EndpointConfigName = "" }) => EndpointConfigName),
        next: page.NextToken,
      };
    },
    invalidToken: "ValidationException",
  },
  {
    what: "ListEndpoints",
    before: 1,
    make: (at, index) =>
      at.world.sagemaker.createEndpoint(at.call, { EndpointName: `e-${index}`, EndpointConfigName: "echo-1" }),
    page: async (at, NextToken) => {
      const page = await at.world.sagemaker.listEndpoints(at.call, { NextToken, MaxResults: three });
      return { names: (page.Endpoints ?? []).map(({ EndpointName = "" }) => EndpointName), next: page.NextToken };
    },
    invalidToken: "ValidationException",
  },
  {
    what: "ListTags of SageMaker",
    make: (at, index) =>
      at.world.sagemaker.addTags(at.call, { ResourceArn: at.endpoint.arn, Tags: [{ Key: `t-${index}`, Value: "" }] }),
    page: async (at, NextToken) => {
      const page = await at.world.sagemaker.listTags(at.call, {
        ResourceArn: at.endpoint.arn,
        NextToken,
        MaxResults: three,
      });
      return { names: (page.Tags ?? []).map(({ Key = "" }) => Key), next: page.NextToken };
    },
    invalidToken: "ValidationException",
  },
  {
    what: "DescribeAlarms",
    before: 4,
    make: (at, index) => at.world.cloudwatch.putMetricAlarm(at.call, alarm(`a-${index}`)),
    page: async (at, NextToken) => {
      const page = await at.world.cloudwatch.describeAlarms(at.call, { NextToken, MaxRecords: three });
      return { names: (page.MetricAlarms ?? []).map(({ AlarmName = "" }) => AlarmName), next: page.NextToken };
    },
    invalidToken: "InvalidNextToken",
  },
  {
    what: "DescribeAlarmHistory",
    before: 1,
    make: async (at, index) => {
      if (index === 0) await at.world.cloudwatch.putMetricAlarm(at.call, alarm("told"));
      const StateValue = index % 2 === 0 ? ("ALARM" as const) : ("OK" as const);
      await at.world.cloudwatch.setAlarmState(at.call, { AlarmName: "told", StateValue, StateReason: `${index}` });
    },
    page: async (at, NextToken) => {
      const page = await at.world.cloudwatch.describeAlarmHistory(at.call, {
        AlarmName: "told",
        NextToken,
        MaxRecords: three,
      });
      const names = (page.AlarmHistoryItems ?? []).map(
        ({ HistorySummary = "" }, index) => `${NextToken} ${index} ${HistorySummary}`,
      );
      return { names, next: page.NextToken };
    },
    invalidToken: "InvalidNextToken",
  },
  {
    what: "ListMetrics",
    count: 501,
    make: (at, index) =>
      at.world.cloudwatch.putMetricData(at.call, {
        Namespace: "many",
        MetricData: [{ MetricName: `m-${index}`, Value: 1 }],
      }),
    page: async (at, NextToken) => {
      const page = await at.world.cloudwatch.listMetrics(at.call, { Namespace: "many", NextToken });
      return { names: (page.Metrics ?? []).map(({ MetricName = "" }) => MetricName), next: page.NextToken };
    },
    invalidToken: "InvalidParameterValue",
  },
  {
    what: "DescribeScalingPolicies",
    before: 3,
    make: (at, index) =>
      at.world.applicationAutoScaling.putScalingPolicy(at.call, {
        ...on,
        PolicyName: `p-${index}`,
        PolicyType: "StepScaling",
        StepScalingPolicyConfiguration: {
          AdjustmentType: "ChangeInCapacity",
          StepAdjustments: [{ MetricIntervalLowerBound: 0, ScalingAdjustment: 1 }],
        },
      }),
    page: async (at, NextToken) => {
      const page = await at.world.applicationAutoScaling.describeScalingPolicies(at.call, {
        ServiceNamespace: "sagemaker",
        NextToken,
        MaxResults: three,
      });
      return { names: (page.ScalingPolicies ?? []).map(({ PolicyName = "" }) => PolicyName), next: page.NextToken };
    },
    invalidToken: "InvalidNextTokenException",
  },
  {
    what: "DescribeScheduledActions",
    make: (at, index) =>
      at.world.applicationAutoScaling.putScheduledAction(at.call, {
        ...on,
        ScheduledActionName: `s-${index}`,
        Schedule: "cron(0 8 * * ? *)",
        ScalableTargetAction: { MinCapacity: 0 },
      }),
    page: async (at, NextToken) => {
      const page = await at.world.applicationAutoScaling.describeScheduledActions(at.call, {
        ServiceNamespace: "sagemaker",
        NextToken,
        MaxResults: three,
      });
      return {
        names: (page.ScheduledActions ?? []).map(({ ScheduledActionName = "" }) => ScheduledActionName),
        next: page.NextToken,
      };
    },
    invalidToken: "InvalidNextTokenException",
  },
  {
    what: "ListTopics",
    before: 2,
    count: 100,
    make: (at, index) => at.world.sns.createTopic(at.call, { Name: `t-${index}` }),
    page: async (at, NextToken) => {
      const page = await at.world.sns.listTopics(at.call, { NextToken });
      return { names: (page.Topics ?? []).map(({ TopicArn = "" }) => TopicArn), next: page.NextToken };
    },
    invalidToken: "InvalidParameter",
  },
  {
    what: "ListQueues",
    before: 1,
    make: (at, index) => at.world.sqs.createQueue(at.call, { QueueName: `q-${index}` }),
    page: async (at, NextToken) => {
      const page = await at.world.sqs.listQueues(at.call, { NextToken, MaxResults: three });
      return { names: page.QueueUrls ?? [], next: page.NextToken };
    },
    invalidToken: "InvalidParameterValue",
  },
  {
    what: "DescribeLogGroups",
    make: (at, index) => at.world.logs.createLogGroup(at.call, { logGroupName: `g-${index}` }),
    page: async (at, nextToken) => {
      const page = await at.world.logs.describeLogGroups(at.call, { nextToken, limit: three });
      return { names: (page.logGroups ?? []).map(({ logGroupName = "" }) => logGroupName), next: page.nextToken };
    },
    invalidToken: "InvalidParameterException",
  },
  {
    what: "DescribeLogStreams",
    make: async (at, index) => {
      if (index === 0) await at.world.logs.createLogGroup(at.call, { logGroupName: "group" });
      await at.world.logs.createLogStream(at.call, { logGroupName: "group", logStreamName: `s-${index}` });
    },
    page: async (at, nextToken) => {
      const page = await at.world.logs.describeLogStreams(at.call, { logGroupName: "group", nextToken, limit: three });
      return { names: (page.logStreams ?? []).map(({ logStreamName = "" }) => logStreamName), next: page.nextToken };
    },
    invalidToken: "InvalidParameterException",
  },
  {
    what: "FilterLogEvents",
    make: async (at, index) => {
      if (index === 0) await at.world.logs.createLogGroup(at.call, { logGroupName: "group" });
      if (index === 0) await at.world.logs.createLogStream(at.call, { logGroupName: "group", logStreamName: "s" });
      await at.world.logs.putLogEvents(at.call, {
        logGroupName: "group",
        logStreamName: "s",
        logEvents: [{ timestamp: index, message: `line ${index}` }],
      });
    },
    page: async (at, nextToken) => {
      const page = await at.world.logs.filterLogEvents(at.call, { logGroupName: "group", nextToken, limit: three });
      return { names: (page.events ?? []).map(({ message = "" }) => message), next: page.nextToken };
    },
    invalidToken: "InvalidParameterException",
  },
  {
    what: "ListAliases",
    make: async (at, index) => {
      const { KeyMetadata } = await at.world.kms.createKey(at.call, {});
      await at.world.kms.createAlias(at.call, { AliasName: `alias/k-${index}`, TargetKeyId: KeyMetadata?.KeyId });
    },
    page: async (at, Marker) => {
      const page = await at.world.kms.listAliases(at.call, { Marker, Limit: three });
      assert.equal(page.Truncated, page.NextMarker !== undefined);
      return { names: (page.Aliases ?? []).map(({ AliasName = "" }) => AliasName), next: page.NextMarker };
    },
    invalidToken: "InvalidMarkerException",
  },
  {
    what: "ListRoles",
    before: 1,
    make: (at, index) => at.world.iam.createRole(at.call, { RoleName: `r-${index}`, AssumeRolePolicyDocument: trust }),
    page: async (at, Marker) => {
      const page = await at.world.iam.listRoles(at.call, { Marker, MaxItems: three });
      assert.equal(page.IsTruncated, page.Marker !== undefined);
      return { names: (page.Roles ?? []).map(({ RoleName = "" }) => RoleName), next: page.Marker };
    },
    invalidToken: "ValidationError",
  },
  {
    what: "ListPolicies",
    make: (at, index) => at.world.iam.createPolicy(at.call, { PolicyName: `p-${index}`, PolicyDocument: policy }),
    page: async (at, Marker) => {
      const page = await at.world.iam.listPolicies(at.call, { Marker, MaxItems: three });
      return { names: (page.Policies ?? []).map(({ PolicyName = "" }) => PolicyName), next: page.Marker };
    },
    invalidToken: "ValidationError",
  },
  {
    what: "ListUsers",
    make: (at, index) => at.world.iam.createUser(at.call, { UserName: `u-${index}` }),
    page: async (at, Marker) => {
      const page = await at.world.iam.listUsers(at.call, { Marker, MaxItems: three });
      return { names: (page.Users ?? []).map(({ UserName = "" }) => UserName), next: page.Marker };
    },
    invalidToken: "ValidationError",
  },
  {
    what: "DescribeRepositories",
    make: (at, index) => at.world.ecr.createRepository(at.call, { repositoryName: `r-${index}` }),
    page: async (at, nextToken) => {
      const page = await at.world.ecr.describeRepositories(at.call, { nextToken, maxResults: three });
      return {
        names: (page.repositories ?? []).map(({ repositoryName = "" }) => repositoryName),
        next: page.nextToken,
      };
    },
    invalidToken: "InvalidParameterException",
  },
];

function alarm(AlarmName: string) {
  return {
    AlarmName,
    Namespace: "test",
    MetricName: "m",
    Statistic: "Sum" as const,
    Period: 60,
    EvaluationPeriods: 1,
    Threshold: 1,
    ComparisonOperator: "GreaterThanThreshold" as const,
  };
}

describe("a listing", () => {
  let at: EndpointWorld;
  afterEach(() => at?.close());

  for (const { what, make, page, invalidToken, before = 0, count = 7 } of listings) {
    it(`of ${what} tells everything once, page by page, and refuses a token it did not give`, async () => {
      at = await EndpointWorld.open({ max: 2 });
      for (let index = 0; index < count; index++) await make(at, index);
      let pages = 0;
      const names = await everyPage(async (token) => {
        pages++;
        const { names: items, next } = await page(at, token);
        return { items, next };
      });
      assert.deepEqual([names.length, new Set(names).size], [count + before, count + before]);
      assert.equal(pages, count > 100 || what === "ListTopics" ? 2 : Math.ceil((count + before) / three));
      for (const token of ["nonsense", Buffer.from("[]").toString("base64url")]) {
        await assert.rejects(page(at, token), (cause) => cause instanceof AwsError && cause.code === invalidToken);
      }
    });
  }

  it("goes on behind the last one told when others come and go between two pages", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 0, max: 99 }), { minLength: 1 }),
        fc.uniqueArray(fc.integer({ min: 0, max: 99 })),
        fc.integer({ min: 1, max: 9 }),
        (all, gone, size) => {
          const sorted = [...all].sort((left, right) => left - right);
          const asked = { size, token: undefined, invalidToken: "x" };
          const first = pageOf(sorted, String, asked);
          const last = first.items.at(-1) ?? 0;
          // The last one told stays, so that its place is known.
          const left = sorted.filter((one) => one === last || !gone.includes(one));
          if (first.next === undefined) return;
          const second = pageOf(left, String, { ...asked, token: first.next });
          assert.deepEqual(second.items, left.filter((one) => one > last).slice(0, size));
        },
      ),
    );
  });
});

describe("SageMaker's listings", () => {
  let at: EndpointWorld;
  beforeEach(async () => {
    at = await EndpointWorld.open();
    for (const EndpointName of ["beta", "alpha", "echo-2"]) {
      await at.world.sagemaker.createEndpoint(at.call, { EndpointName, EndpointConfigName: "echo-1" });
      await at.minutes(1);
    }
  });
  afterEach(() => at.close());

  const rows: Array<[string, object, string[]]> = [
    ["the newest first", {}, ["echo-2", "alpha", "beta", "echo"]],
    ["the oldest first", { SortOrder: "Ascending" }, ["echo", "beta", "alpha", "echo-2"]],
    ["by name", { SortBy: "Name", SortOrder: "Ascending" }, ["alpha", "beta", "echo", "echo-2"]],
    ["by status", { SortBy: "Status", SortOrder: "Ascending" }, ["alpha", "beta", "echo-2", "echo"]],
    ["whose name contains a text", { NameContains: "ech" }, ["echo-2", "echo"]],
    ["of one status", { StatusEquals: "InService" }, ["echo"]],
    ["created at or after a time", { CreationTimeAfter: new Date(Date.UTC(2026, 0, 1, 0, 6)) }, ["echo-2", "alpha"]],
    ["created before a time", { CreationTimeBefore: new Date(Date.UTC(2026, 0, 1, 0, 6)) }, ["beta", "echo"]],
    ["modified before a time", { LastModifiedTimeBefore: new Date(Date.UTC(2026, 0, 1, 0, 5)) }, ["echo"]],
  ];
  for (const [what, asked, expected] of rows) {
    it(`tell endpoints ${what}`, async () => {
      const { Endpoints = [] } = await at.world.sagemaker.listEndpoints(at.call, asked);
      assert.deepEqual(
        Endpoints.map(({ EndpointName }) => EndpointName),
        expected,
      );
    });
  }

  it("tell ten where no number is asked for", async () => {
    for (let index = 0; index < 10; index++)
      await at.world.sagemaker.createModel(at.call, { ModelName: `m-${index}`, PrimaryContainer: { Image: "x" } });
    assert.equal((await at.world.sagemaker.listModels(at.call, {})).Models?.length, 10);
  });
});

describe("CloudWatch's listings", () => {
  let at: EndpointWorld;
  beforeEach(async () => {
    at = await EndpointWorld.open();
  });
  afterEach(() => at.close());

  it("tell alarms by state, by prefix, by type and by action", async () => {
    const { cloudwatch } = at.world;
    const topic = (name: string): string => `arn:aws:sns:eu-west-1:123456789012:${name}`;
    await cloudwatch.putMetricAlarm(at.call, { ...alarm("b-1"), OKActions: [topic("one")] });
    await cloudwatch.putMetricAlarm(at.call, { ...alarm("a-1"), AlarmActions: [topic("two")] });
    await cloudwatch.setAlarmState(at.call, { AlarmName: "a-1", StateValue: "ALARM", StateReason: "" });
    const names = async (asked: object) =>
      (await cloudwatch.describeAlarms(at.call, asked)).MetricAlarms?.map(({ AlarmName }) => AlarmName);
    assert.deepEqual(await names({}), ["a-1", "b-1"]);
    assert.deepEqual(await names({ StateValue: "ALARM" }), ["a-1"]);
    assert.deepEqual(await names({ AlarmNamePrefix: "b" }), ["b-1"]);
    assert.deepEqual(await names({ AlarmTypes: ["CompositeAlarm"] }), []);
    assert.deepEqual(await names({ ActionPrefix: topic("o") }), ["b-1"]);
    await assert.rejects(names({ AlarmNames: ["a-1"], AlarmNamePrefix: "a" }), /cannot be specified together/);
  });

  it("tell the alarms of a metric with exactly its dimensions", async () => {
    const { cloudwatch } = at.world;
    const Dimensions = [{ Name: "EndpointName", Value: "echo" }];
    await cloudwatch.putMetricAlarm(at.call, alarm("plain"));
    await cloudwatch.putMetricAlarm(at.call, { ...alarm("of-echo"), Dimensions });
    const names = async (asked: object) =>
      (
        await cloudwatch.describeAlarmsForMetric(at.call, { Namespace: "test", MetricName: "m", ...asked })
      ).MetricAlarms?.map(({ AlarmName }) => AlarmName);
    assert.deepEqual(await names({}), ["plain"]);
    assert.deepEqual(await names({ Dimensions }), ["of-echo"]);
    assert.deepEqual(await names({ Dimensions, Period: 300 }), []);
  });

  it("tell a history by type and time, the newest first", async () => {
    const { cloudwatch } = at.world;
    await cloudwatch.putMetricAlarm(at.call, alarm("told"));
    await at.minutes(2);
    await cloudwatch.setAlarmState(at.call, { AlarmName: "told", StateValue: "OK", StateReason: "" });
    const summaries = async (asked: object) =>
      (await cloudwatch.describeAlarmHistory(at.call, { AlarmName: "told", ...asked })).AlarmHistoryItems?.map(
        ({ HistoryItemType, HistorySummary }) => `${HistoryItemType}: ${HistorySummary}`,
      );
    const made = 'ConfigurationUpdate: Alarm "told" created';
    const moved = "StateUpdate: Alarm updated from INSUFFICIENT_DATA to OK";
    assert.deepEqual(await summaries({}), [moved, made]);
    assert.deepEqual(await summaries({ ScanBy: "TimestampAscending" }), [made, moved]);
    assert.deepEqual(await summaries({ HistoryItemType: "StateUpdate" }), [moved]);
    assert.deepEqual(await summaries({ EndDate: new Date(at.world.clock.now() - 60_000) }), [made]);
  });

  it("tell metrics by dimension, and only what was told lately when asked", async () => {
    const { cloudwatch } = at.world;
    const put = (MetricName: string, Value: string) =>
      cloudwatch.putMetricData(at.call, {
        Namespace: "test",
        MetricData: [{ MetricName, Value: 1, Dimensions: [{ Name: "EndpointName", Value }] }],
      });
    await put("old", "echo");
    await at.minutes(200);
    await put("new", "other");
    const names = async (asked: object) =>
      (await cloudwatch.listMetrics(at.call, { Namespace: "test", ...asked })).Metrics?.map(
        ({ MetricName }) => MetricName,
      );
    assert.deepEqual(await names({}), ["old", "new"]);
    assert.deepEqual(await names({ RecentlyActive: "PT3H" }), ["new"]);
    assert.deepEqual(await names({ Dimensions: [{ Name: "EndpointName", Value: "echo" }] }), ["old"]);
    assert.deepEqual(await names({ Dimensions: [{ Name: "EndpointName" }] }), ["old", "new"]);
    assert.deepEqual(await names({ Dimensions: [{ Name: "VariantName" }] }), []);
  });

  it("refuse more datapoints than one answer of GetMetricStatistics holds", async () => {
    const EndTime = new Date(at.world.clock.now());
    const asked = { Namespace: "test", MetricName: "m", Statistics: ["Sum" as const], EndTime };
    const StartTime = new Date(EndTime.getTime() - 1441 * 60_000);
    await assert.rejects(
      at.world.cloudwatch.getMetricStatistics(at.call, { ...asked, StartTime, Period: 60 }),
      (cause) => cause instanceof AwsError && cause.code === "InvalidParameterCombination",
    );
    assert.deepEqual(
      (await at.world.cloudwatch.getMetricStatistics(at.call, { ...asked, StartTime, Period: 300 })).Datapoints,
      [],
    );
  });
});

describe("a log stream", () => {
  it("is read from the end or the head, and on to both sides until nothing is left", async () => {
    const at = await EndpointWorld.open();
    const stream = { logGroupName: "group", logStreamName: "s" };
    await at.world.logs.createLogGroup(at.call, { logGroupName: "group" });
    await at.world.logs.createLogStream(at.call, stream);
    const logEvents = [0, 1, 2, 3, 4].map((timestamp) => ({ timestamp, message: String(timestamp) }));
    await at.world.logs.putLogEvents(at.call, { ...stream, logEvents });
    const read = async (asked: object) => {
      const page = await at.world.logs.getLogEvents(at.call, { ...stream, limit: 2, ...asked });
      return { lines: page.events?.map(({ message }) => message).join(""), page };
    };
    const newest = await read({});
    const older = await read({ nextToken: newest.page.nextBackwardToken });
    const oldest = await read({ nextToken: older.page.nextBackwardToken });
    assert.deepEqual([newest.lines, older.lines, oldest.lines], ["34", "12", "0"]);
    assert.equal(
      (await read({ nextToken: oldest.page.nextBackwardToken })).page.nextBackwardToken,
      oldest.page.nextBackwardToken,
    );
    const head = await read({ startFromHead: true });
    const next = await read({ startFromHead: true, nextToken: head.page.nextForwardToken });
    assert.deepEqual([head.lines, next.lines], ["01", "23"]);
    assert.equal((await read({ nextToken: newest.page.nextForwardToken })).lines, "");
    await assert.rejects(read({ nextToken: "x" }), /nextToken is invalid/);
    await at.close();
  });
});
