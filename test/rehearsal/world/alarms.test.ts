import assert from "node:assert/strict";
import { assumedByDefault } from "../../../rehearsal/world/assumptions";
import { type AlarmState, judge } from "../../../rehearsal/world/cloudwatch/alarm";
import { dashboardFaults, dashboardRefusal } from "../../../rehearsal/world/cloudwatch/dashboard-body";
import { MetricStore } from "../../../rehearsal/world/cloudwatch/metric-store";

const nowMs = Date.UTC(2026, 0, 1, 12);

/** `X` breaches, `0` does not, `-` is missing; oldest first, the last is the newest minute. */
function stateAfter(points: string, treat: string, periods: number, needed: number): string {
  const store = new MetricStore();
  const identity = { namespace: "test", name: "m", dimensions: [] };
  [...points].reverse().forEach((point, age) => {
    if (point === "-") return;
    const value = point === "X" ? 10 : 0;
    store.add(identity, nowMs - (age + 1) * 60_000, { sum: value, count: 1, min: value, max: value });
  });
  const alarm = {
    input: {
      Namespace: "test",
      MetricName: "m",
      Dimensions: [],
      Statistic: "Average",
      Period: 60,
      EvaluationPeriods: periods,
      DatapointsToAlarm: needed,
      Threshold: 5,
      ComparisonOperator: "GreaterThanThreshold",
      TreatMissingData: treat,
    },
    state: "as it was",
    reason: "",
  } as unknown as AlarmState;
  return judge(alarm, store, nowMs, assumedByDefault.alarmExtraPeriods).state;
}

/** CloudWatch's own examples (monitoring guide, alarms-and-missing-data), for three of three and for two of three. */
const treats = ["missing", "ignore", "breaching", "notBreaching"];
const rows: Array<[string, number, number, string[]]> = [
  ["0-X-X", 3, 3, ["OK", "OK", "OK", "OK"]],
  ["----0", 3, 3, ["OK", "OK", "OK", "OK"]],
  ["-----", 3, 3, ["INSUFFICIENT_DATA", "as it was", "ALARM", "OK"]],
  ["0XX-X", 3, 3, ["ALARM", "ALARM", "ALARM", "ALARM"]],
  ["--X--", 3, 3, ["ALARM", "as it was", "ALARM", "OK"]],
  ["0-X-X", 3, 2, ["ALARM", "ALARM", "ALARM", "ALARM"]],
  ["00X0X", 3, 2, ["ALARM", "ALARM", "ALARM", "ALARM"]],
  ["0-X--", 3, 2, ["OK", "OK", "ALARM", "OK"]],
  ["----0", 3, 2, ["OK", "OK", "ALARM", "OK"]],
];

describe("an alarm with missing data", () => {
  for (const [points, periods, needed, expected] of rows) {
    it(`judges ${points} by ${needed} of ${periods} as CloudWatch's examples say`, () => {
      assert.deepEqual(
        treats.map((treat) => stateAfter(points, treat, periods, needed)),
        expected,
      );
    });
  }

  it("does not go off early when its metric has only begun: ten idle minutes are ten", () => {
    assert.equal(stateAfter("----------XX", "missing", 10, 10), "as it was");
    assert.equal(stateAfter("--XXXXXXXXXX", "missing", 10, 10), "ALARM");
  });
});

describe("the body of a dashboard", () => {
  const metric = (properties: object) => JSON.stringify({ widgets: [{ type: "metric", properties }] });
  const messages = (body: string): string[] =>
    dashboardFaults(body).map(({ dataPath, message }) => `${dataPath} ${message}`);

  it("is taken when it is as CloudWatch wants it", () => {
    assert.deepEqual(
      messages(
        JSON.stringify({
          widgets: [
            { type: "text", x: 0, y: 0, width: 24, height: 2, properties: { markdown: "# all" } },
            { type: "metric", properties: { region: "eu-west-1", metrics: [["AWS/SageMaker", "m", { stat: "Sum" }]] } },
            { type: "alarm", properties: { title: "a", alarms: [] } },
          ],
        }),
      ),
      [],
    );
  });

  const refused: Array<[string, string, string[]]> = [
    ["no JSON", "{", [" The field DashboardBody must be a valid JSON object"]],
    ["no widgets", "{}", [" Should have required property 'widgets'"]],
    ["widgets that are no list", '{"widgets":{}}', ["/widgets Should be array"]],
    [
      "a metric widget without metrics",
      metric({ region: "eu-west-1" }),
      [
        "/widgets/0/properties Should have required property 'metrics'",
        "/widgets/0/properties The metric widget should have specified a region and a data source or an alarm annotation",
        "/widgets/0/properties Should have required property 'annotations'",
      ],
    ],
    [
      "a metric widget without a region",
      metric({ metrics: [["AWS/SageMaker", "m"]] }),
      [
        "/widgets/0/properties The metric widget should have specified a region and a data source or an alarm annotation",
      ],
    ],
    [
      "a metric that is no list",
      metric({ region: "eu-west-1", metrics: ["m"] }),
      [
        "/widgets/0/properties/metrics/0 Should be array",
        '/widgets/0/properties/metrics/0 Field "metrics" has to be an array of array of strings, with an optional metricRenderer object as last element',
      ],
    ],
    [
      "a widget beyond the grid, of a type that is none",
      JSON.stringify({ widgets: [{ type: "graf", x: 24, width: 0, properties: {} }] }),
      [
        "/widgets/0/type Should be equal to one of the allowed values",
        "/widgets/0/x Should be <= 23",
        "/widgets/0/width Should be >= 1",
      ],
    ],
    [
      "more widgets than it may have",
      JSON.stringify({ widgets: Array.from({ length: 501 }, () => ({ type: "text", properties: { markdown: "" } })) }),
      ["/widgets Should NOT have more than 500 items"],
    ],
  ];
  for (const [what, body, expected] of refused) {
    it(`is refused with ${what}`, () => assert.deepEqual(messages(body), expected));
  }

  it("is refused in one message, with every fault and its place", () => {
    assert.equal(
      dashboardRefusal(dashboardFaults("{}")),
      'The dashboard body is invalid, there are 1 validation errors:\n[\n  {\n    "dataPath": "",\n    "message": "Should have required property \'widgets\'"\n  }\n]',
    );
  });
});
