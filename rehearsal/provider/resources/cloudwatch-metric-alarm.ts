import { nameLengthMax } from "../../../contract/limits";
import { type AwsCalls, unlessGone } from "../aws-calls";
import { fromAws, toAws } from "../aws-shapes";
import {
  choice,
  chosenByAws,
  decimal,
  fallback,
  flag,
  map,
  member,
  replaces,
  required,
  set,
  tags,
  text,
  type Values,
  whole,
} from "../property";
import { defineResource, type Tagging } from "../resource-type";

const operators = [
  "GreaterThanOrEqualToThreshold",
  "GreaterThanThreshold",
  "LessThanThreshold",
  "LessThanOrEqualToThreshold",
  "LessThanLowerOrGreaterThanUpperThreshold",
  "LessThanLowerThreshold",
  "GreaterThanUpperThreshold",
] as const;

const action = () => text({ pattern: /^arn:aws[a-z-]*:[a-z0-9-]+:/, patternMeans: "an ARN" });
const dimensions = () => map(text({ minLength: 1, maxLength: 1024 }));

/** What AWS takes and tells under the same names. */
const plain = {
  actionsEnabled: fallback(true, flag()),
  alarmActions: set(action(), { maxItems: 5 }),
  okActions: member("OKActions", set(action(), { maxItems: 5 })),
  insufficientDataActions: set(action(), { maxItems: 5 }),
  alarmDescription: text({ maxLength: 1024 }),
  comparisonOperator: required(choice(operators)),
  datapointsToAlarm: whole({ min: 1 }),
  evaluateLowSampleCountPercentiles: member(
    "EvaluateLowSampleCountPercentile",
    chosenByAws(choice(["evaluate", "ignore"])),
  ),
  evaluationPeriods: required(whole({ min: 1 })),
  extendedStatistic: text(),
  metricName: text({ minLength: 1, maxLength: 255 }),
  namespace: text({
    minLength: 1,
    maxLength: 255,
    pattern: /^[^:]/,
    patternMeans: "a name that does not begin with a colon",
  }),
  period: whole({ min: 10 }),
  statistic: choice(["Average", "Maximum", "Minimum", "SampleCount", "Sum"]),
  threshold: decimal(),
  treatMissingData: fallback("missing", choice(["breaching", "notBreaching", "ignore", "missing"])),
  unit: text(),
};

const inputs = {
  name: required(replaces(text({ minLength: 1, maxLength: nameLengthMax.cloudwatchAlarm }))),
  dimensions: dimensions(),
  ...plain,
  tags: tags(),
};
type Inputs = Values<typeof inputs>;
type Put = Parameters<AwsCalls["cloudwatch"]["putMetricAlarm"]>[0];

const tagging: Tagging = {
  async read({ aws }, { outputs }) {
    const { Tags = [] } = await aws.cloudwatch.listTagsForResource({ ResourceARN: String(outputs.arn) });
    return Object.fromEntries(Tags.map(({ Key = "", Value = "" }) => [Key, Value]));
  },
  async write({ aws }, { outputs }, put, removed) {
    const ResourceARN = String(outputs.arn);
    if (removed.length > 0) await aws.cloudwatch.untagResource({ ResourceARN, TagKeys: [...removed] });
    const Tags = Object.entries(put).map(([Key, Value]) => ({ Key, Value }));
    if (Tags.length > 0) await aws.cloudwatch.tagResource({ ResourceARN, Tags });
  },
};

/** An alarm on a metric. Its id is its name. Formulas over metrics and anomaly bands are not played. */
export const cloudwatchMetricAlarm = defineResource({
  token: "aws:cloudwatch/metricAlarm:MetricAlarm",
  regional: true,
  importForm: "<alarm name>",
  inputs,
  computed: ["arn"],
  autoname: { property: "name", maxLength: nameLengthMax.cloudwatchAlarm },
  tagging,
  check(given) {
    const failures = [];
    const statistics = [given.statistic, given.extendedStatistic].filter((each) => each !== undefined);
    if (given.metricName !== undefined && statistics.length !== 1) {
      failures.push({
        property: "statistic",
        reason: `ASY-562 got ${statistics.length === 0 ? "neither" : "both"}, expected statistic or extendedStatistic`,
      });
    }
    if (given.period !== undefined && typeof given.period === "number") {
      if (![10, 20, 30].includes(given.period) && given.period % 60 !== 0) {
        failures.push({
          property: "period",
          reason: `ASY-562 got ${given.period}, expected 10, 20, 30 or a multiple of 60 seconds`,
        });
      }
    }
    return failures;
  },
  async create({ aws, exists }, given) {
    await aws.cloudwatch.putMetricAlarm({
      ...putOf(given),
      ...(given.tags === undefined ? {} : { Tags: Object.entries(given.tags).map(([Key, Value]) => ({ Key, Value })) }),
    });
    exists(given.name);
    return given.name;
  },
  async read({ aws }, { id }) {
    const { MetricAlarms = [] } = await aws.cloudwatch.describeAlarms({
      AlarmNames: [id],
      AlarmTypes: ["MetricAlarm"],
    });
    const alarm = MetricAlarms.find(({ AlarmName }) => AlarmName === id);
    if (alarm === undefined) return undefined;
    return {
      name: alarm.AlarmName,
      arn: alarm.AlarmArn,
      ...fromAws(plain, alarm),
      ...(alarm.Dimensions === undefined ? {} : { dimensions: dimensionMap(alarm.Dimensions) }),
    };
  },
  async update({ aws }, _prior, given) {
    await aws.cloudwatch.putMetricAlarm(putOf(given));
  },
  async delete({ aws }, { id }) {
    await unlessGone(["ResourceNotFound", "ResourceNotFoundException"], () =>
      aws.cloudwatch.deleteAlarms({ AlarmNames: [id] }),
    );
  },
});

function putOf(given: Inputs): Put {
  return {
    AlarmName: given.name,
    ...toAws<Omit<Put, "AlarmName">>(plain, given),
    ...(given.dimensions === undefined ? {} : { Dimensions: dimensionList(given.dimensions) }),
  };
}

function dimensionList(dimensions: Readonly<Record<string, string>>): { Name: string; Value: string }[] {
  return Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
}

function dimensionMap(dimensions: ReadonlyArray<{ Name?: string; Value?: string }>): Record<string, string> {
  return Object.fromEntries(dimensions.map(({ Name = "", Value = "" }) => [Name, Value]));
}
