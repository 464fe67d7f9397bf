import assert from "node:assert/strict";
import { AwsError } from "../../../rehearsal/world/aws-error";
import type { MathValue, Series } from "../../../rehearsal/world/cloudwatch/math-values";
import { evaluateQueries } from "../../../rehearsal/world/cloudwatch/metric-math";
import { EndpointWorld } from "../../support/endpoint-world";

const _ = undefined;

/** `expression` over metrics that all have as many periods. */
function computed(expression: string, metrics: Readonly<Record<string, Series>>): MathValue | undefined {
  const count = Object.values(metrics)[0]?.length ?? 4;
  const queries = Object.entries(metrics).map(([id, values]) => ({ id, values }));
  const grid = { startMs: Date.UTC(2026, 0, 4, 23, 58), stepMs: 60_000, count };
  return evaluateQueries([...queries, { id: "e", expression }], grid).get("e");
}

/** The user guide's own examples come first (CloudWatch, using-metric-math); the others follow its sentences. */
const ifs = { m1: [1, 1, 0, 0, _], m2: [30, _, 0, 0, 30], m3: [0, 0, 20, _, 20] };
const sparse = { m1: [30, 20, 0, 0], m2: [20, _, 20, _] };
const rows: Array<[string, Readonly<Record<string, Series>>, Series | readonly Series[] | number]> = [
  ["IF(m1, m2, m3)", ifs, [30, 0, 20, _, _]],
  ["IF(m1, 5, m3)", ifs, [5, 5, 20, _, _]],
  ["IF(m1, m2, 5)", ifs, [30, 0, 5, 5, _]],
  ["m1 < m2", sparse, [0, 0, 1, 0]],
  ["m1 >= 30", sparse, [1, 0, 0, 0]],
  ["m1 > 15 AND m2 > 15", sparse, [1, 0, 0, 0]],
  ["m1 > 15 && m2 > 15", sparse, [1, 0, 0, 0]],
  ["m1 > 25 OR m2 > 15", sparse, [1, 0, 1, 0]],
  ["IF(m1 > 25, 1)", sparse, [1, _, _, _]],
  ["IF(0, m1, m2)", sparse, [20, _, 20, _]],
  ["IF(0, m1)", sparse, [_, _, _, _]],
  ["m1 + m2", sparse, [50, 20, 20, 0]],
  ["m1 - 2 * m2", sparse, [-10, 20, -40, 0]],
  ["m1 / m2", sparse, [1.5, _, 0, _]],
  ["-m1 ^ 2", { m1: [3] }, [9]],
  ["2 ^ 3 ^ 2 + m1", { m1: [0] }, [512]],
  ["100 * m1", { m1: [1, _] }, [100, _]],
  ["FILL(m2, 0)", sparse, [20, 0, 20, 0]],
  ["FILL(m2, m1)", sparse, [20, 20, 20, 0]],
  ["FILL(m2, REPEAT)", sparse, [20, 20, 20, 20]],
  ["FILL(m1, LINEAR)", { m1: [_, 10, _, 30, _] }, [_, 10, 20, 30, _]],
  ["SUM([m1, m2])", sparse, [50, 20, 20, 0]],
  ["AVG([m1, m2])", sparse, [25, 10, 10, 0]],
  ["MAX([m1, m2])", sparse, [30, 20, 20, 0]],
  ["MIN(METRICS())", sparse, [20, 0, 0, 0]],
  ["SUM(METRICS('2'))", sparse, [20, _, 20, _]],
  ["STDDEV([m1, m2])", { m1: [1], m2: [3] }, [1]],
  ["m1 - AVG(m1)", { m1: [1, 3, _] }, [-1, 1, _]],
  ["m1 / METRIC_COUNT(METRICS())", sparse, [15, 10, 0, 0]],
  ["m1 / PERIOD(m1)", { m1: [60, 120] }, [1, 2]],
  ["DIFF(m1)", { m1: [1, _, 4, 6] }, [_, _, 3, 2]],
  ["RATE(m1)", { m1: [0, _, 120] }, [_, _, 1]],
  ["DIFF_TIME(m1)", { m1: [0, _, 120] }, [_, _, 120]],
  ["RUNNING_SUM(m1)", { m1: [1, _, 2] }, [1, _, 3]],
  ["ABS(CEIL(m1))", { m1: [-1.5] }, [1]],
  ["FLOOR(LOG10(m1))", { m1: [1000.5, 0] }, [3, _]],
  ["LOG(m1)", { m1: [1, 0] }, [0, _]],
  ["DATAPOINT_COUNT([m1, m2])", sparse, [2, 1, 2, 1]],
  ["FIRST([m1, m2])", sparse, [30, 20, 0, 0]],
  ["LAST([m1, m2])", sparse, [20, _, 20, _]],
  ["METRIC_COUNT(REMOVE_EMPTY([m1, m2]))", { m1: [_], m2: [1] }, 1],
  ["TIME_SERIES(MAX(m1))", { m1: [1, 2] }, [2, 2]],
  [
    "METRICS() / 10",
    sparse,
    [
      [3, 2, 0, 0],
      [2, _, 2, _],
    ],
  ],
  ["MINUTE(m1) + 100 * HOUR(m1)", { m1: [_, _, _] }, [2358, 2359, 0]],
  ["DAY(m1) + 10 * DATE(m1) + 1000 * MONTH(m1)", { m1: [_, _, _] }, [1047, 1047, 1051]],
  ["YEAR(m1)", { m1: [_] }, [2026]],
  ["EPOCH(m1)", { m1: [_] }, [Date.UTC(2026, 0, 4, 23, 58) / 1000]],
];

function shown(value: MathValue | undefined): unknown {
  if (value?.kind === "series") return value.values;
  if (value?.kind === "list") return value.all;
  return value?.kind === "scalar" ? value.value : value;
}

describe("metric math", () => {
  for (const [expression, metrics, expected] of rows) {
    it(`computes ${expression}`, () => assert.deepEqual(shown(computed(expression, metrics)), expected));
  }

  const refused: Array<[string, RegExp]> = [
    ["m1 +", /cannot be read/],
    ["m1; m2", /cannot be read: it is not one expression/],
    ["m1.m2", /cannot be read/],
    ["m9 * 2", /m9, which is no id of the request/],
    ["sum(m1)", /sum is no function of metric math/],
    ["SEARCH('a', 'Sum')", /SEARCH is not played by this rehearsal. It plays ABS, /],
    ["ANOMALY_DETECTION_BAND(m1)", /is not played by this rehearsal/],
    ["e + 1", /e is computed from itself/],
    ["FILL(m1)", /FILL without two arguments/],
    ["[m1, m2] + [m1, m2, m1]", /different lengths/],
    ["m1 % 2", /cannot be read/],
  ];
  for (const [expression, message] of refused) {
    it(`refuses ${expression}`, () => {
      assert.throws(
        () => computed(expression, { m1: [1], m2: [2] }),
        (cause) => cause instanceof AwsError && cause.code === "ValidationError" && message.test(cause.message),
      );
    });
  }
});

describe("an alarm on metric math", () => {
  let at: EndpointWorld;
  afterEach(() => at.close());

  const metric = (Id: string, MetricName: string) => ({
    Id,
    ReturnData: false,
    MetricStat: {
      Metric: { Namespace: "test", MetricName, Dimensions: [] },
      Stat: "Sum",
      Period: 60,
    },
  });
  const share = {
    AlarmName: "share",
    EvaluationPeriods: 2,
    Threshold: 10,
    ComparisonOperator: "GreaterThanThreshold" as const,
    Metrics: [
      metric("failed", "Failed"),
      metric("done", "Done"),
      { Id: "share", Expression: "100 * failed / (failed + done)", Label: "Failed, percent" },
    ],
  };
  const put = async (failed: number, done: number): Promise<void> => {
    await at.world.cloudwatch.putMetricData(at.call, {
      Namespace: "test",
      MetricData: [
        { MetricName: "Failed", Value: failed },
        { MetricName: "Done", Value: done },
      ],
    });
    await at.minutes(1);
  };
  const alarm = async () =>
    (await at.world.cloudwatch.describeAlarms(at.call, { AlarmNames: ["share"] })).MetricAlarms?.[0];

  it("goes off when the expression breaches for as long as it says, and back", async () => {
    at = await EndpointWorld.open();
    await at.world.cloudwatch.putMetricAlarm(at.call, share);
    await put(0, 10);
    assert.equal((await alarm())?.StateValue, "OK");
    await put(2, 8);
    assert.equal((await alarm())?.StateValue, "OK");
    await put(5, 5);
    assert.equal((await alarm())?.StateValue, "ALARM");
    assert.match((await alarm())?.StateReason ?? "", /2 out of the last 2 datapoints \[20, 50\] were greater than/);
    await put(0, 5);
    assert.equal((await alarm())?.StateValue, "OK");
  });

  it("tells its topic the queries it watches, and from which state it came", async () => {
    at = await EndpointWorld.open();
    const { TopicArn = "" } = await at.world.sns.createTopic(at.call, { Name: "alarms" });
    await at.world.sns.subscribe(at.call, {
      TopicArn,
      Protocol: "sqs",
      Endpoint: "arn:aws:sqs:eu-west-1:123456789012:notices",
    });
    await at.world.sqs.setQueueAttributes(at.call, { QueueUrl: at.queueUrl, Attributes: { Policy: openPolicy } });
    await at.world.cloudwatch.putMetricAlarm(at.call, { ...share, EvaluationPeriods: 1, AlarmActions: [TopicArn] });
    await put(5, 5);
    const { Messages = [] } = await at.world.sqs.receiveMessage(at.call, {
      QueueUrl: at.queueUrl,
      MaxNumberOfMessages: 10,
    });
    const told = Messages.map(({ Body }) => JSON.parse(JSON.parse(Body ?? "").Message)).filter(
      (each) => "AlarmName" in each,
    );
    assert.equal(told.length, 1);
    assert.deepEqual(Object.keys(told[0]), [
      "AlarmName",
      "AlarmDescription",
      "AWSAccountId",
      "AlarmConfigurationUpdatedTimestamp",
      "NewStateValue",
      "NewStateReason",
      "StateChangeTime",
      "Region",
      "AlarmArn",
      "OldStateValue",
      "OKActions",
      "AlarmActions",
      "InsufficientDataActions",
      "Trigger",
    ]);
    assert.deepEqual([told[0].OldStateValue, told[0].NewStateValue], ["INSUFFICIENT_DATA", "ALARM"]);
    assert.deepEqual(told[0].Trigger.Metrics, JSON.parse(JSON.stringify(share.Metrics)));
    assert.equal("MetricName" in told[0].Trigger, false);
  });

  const refused: Array<[string, object, RegExp]> = [
    [
      "an expression it could never compute",
      { Metrics: [metric("m", "M"), { Id: "e", Expression: "SEARCH('x')" }] },
      /SEARCH is not played/,
    ],
    [
      "an expression that gives a number",
      { Metrics: [metric("m", "M"), { Id: "e", Expression: "SUM(m)" }] },
      /gives a number/,
    ],
    [
      "two series at once",
      { Metrics: [metric("m", "M"), { Id: "e", Expression: "m" }, { Id: "f", Expression: "m" }] },
      /Exactly one element/,
    ],
    [
      "a metric of its own beside the list",
      { ...share, MetricName: "M", Namespace: "test" },
      /cannot be specified together with MetricName, Namespace/,
    ],
    [
      "metrics of different periods",
      {
        Metrics: [
          metric("m", "M"),
          { ...metric("n", "N"), MetricStat: { ...metric("n", "N").MetricStat, Period: 300 } },
          { Id: "e", Expression: "m+n" },
        ],
      },
      /metrics of one period/,
    ],
    [
      "an id twice",
      { Metrics: [metric("m", "M"), metric("m", "N"), { Id: "e", Expression: "m" }] },
      /"m" is there twice/,
    ],
    [
      "an id that begins with a capital",
      { Metrics: [{ ...metric("M", "M"), ReturnData: true }] },
      /must begin with a lower-case letter/,
    ],
    ["a query that is neither metric nor expression", { Metrics: [{ Id: "e" }] }, /either MetricStat or Expression/],
  ];
  for (const [what, members, message] of refused) {
    it(`is refused with ${what}`, async () => {
      at = await EndpointWorld.open();
      await assert.rejects(
        at.world.cloudwatch.putMetricAlarm(at.call, { ...share, ...members }),
        (cause) => cause instanceof AwsError && cause.code === "ValidationError" && message.test(cause.message),
      );
    });
  }

  it("is computed the same by GetMetricData, page by page", async () => {
    at = await EndpointWorld.open();
    const StartTime = new Date(at.world.clock.now());
    for (const failed of [1, 2, 3]) await put(failed, 10 - failed);
    const ask = (NextToken?: string) =>
      at.world.cloudwatch.getMetricData(at.call, {
        StartTime,
        EndTime: new Date(at.world.clock.now()),
        ScanBy: "TimestampAscending",
        MetricDataQueries: share.Metrics,
        MaxDatapoints: 2,
        NextToken,
      });
    const first = await ask();
    const second = await ask(first.NextToken);
    assert.deepEqual(
      [first, second].map(({ MetricDataResults = [] }) =>
        MetricDataResults.map(({ Id, Values, StatusCode }) => [Id, Values, StatusCode]),
      ),
      [[["share", [10, 20], "PartialData"]], [["share", [30], "Complete"]]],
    );
    assert.equal(second.NextToken, undefined);
  });

  it("moves a target that tracks an expression", async () => {
    at = await EndpointWorld.open({ max: 3 });
    const { PolicyARN, Alarms = [] } = await at.world.applicationAutoScaling.putScalingPolicy(at.call, {
      ServiceNamespace: "sagemaker",
      ScalableDimension: "sagemaker:variant:DesiredInstanceCount",
      ResourceId: "endpoint/echo/variant/primary",
      PolicyName: "share",
      PolicyType: "TargetTrackingScaling",
      TargetTrackingScalingPolicyConfiguration: {
        TargetValue: 4,
        DisableScaleIn: true,
        CustomizedMetricSpecification: {
          Metrics: [
            {
              Id: "m",
              MetricStat: { Metric: { Namespace: "test", MetricName: "Load", Dimensions: [] }, Stat: "Sum" },
              ReturnData: false,
            },
            { Id: "e", Expression: "FILL(m, 0) / 2", ReturnData: true },
          ],
        },
      },
    });
    assert.equal(Alarms.length, 2);
    const before = at.endpoint.desired;
    for (let minute = 0; minute < 3; minute++) {
      await at.world.cloudwatch.putMetricData(at.call, {
        Namespace: "test",
        MetricData: [{ MetricName: "Load", Value: 20 }],
      });
      await at.minutes(1);
    }
    assert.deepEqual([before, at.endpoint.desired], [1, 3]);
    assert.match(at.journal("scaling").at(-1)?.cause ?? "", /triggered policy share$/);
    assert.ok(PolicyARN?.endsWith("policyName/share"));
  });
});

const openPolicy = JSON.stringify({
  Version: "2012-10-17",
  Statement: [
    {
      Effect: "Allow",
      Principal: { Service: "sns.amazonaws.com" },
      Action: "sqs:SendMessage",
      Resource: "arn:aws:sqs:eu-west-1:123456789012:notices",
    },
  ],
});
