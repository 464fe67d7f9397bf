import { nameLengthMax } from "../../../contract/limits";
import { type AwsCalls, unlessGone } from "../aws-calls";
import { fromAws, toAws } from "../aws-shapes";
import {
  choice,
  chosenByAws,
  decimal,
  fallback,
  flag,
  list,
  object,
  type Properties,
  replaces,
  required,
  set,
  text,
  type Values,
  whole,
} from "../property";
import { isRecord } from "../property-values";
import { defineResource, type StepContext } from "../resource-type";
import { autoscalingGone, importedScaled, scaled } from "./appautoscaling-target";

/** A number that the provider takes as text, so that an absent bound differs from zero. */
const bound = () => text({ pattern: /^-?\d+(\.\d+)?$/, patternMeans: "a number written as text" });

const step = {
  adjustmentType: choice(["ChangeInCapacity", "PercentChangeInCapacity", "ExactCapacity"]),
  cooldown: whole({ min: 0 }),
  metricAggregationType: chosenByAws(choice(["Average", "Minimum", "Maximum"])),
  minAdjustmentMagnitude: whole({ min: 0 }),
  stepAdjustments: set(
    object({
      metricIntervalLowerBound: bound(),
      metricIntervalUpperBound: bound(),
      scalingAdjustment: required(whole()),
    }),
  ),
};

const dimensions = () => set(object({ name: required(text()), value: required(text()) }));

const tracking = {
  targetValue: required(decimal()),
  disableScaleIn: fallback(false, flag()),
  scaleInCooldown: whole({ min: 0 }),
  scaleOutCooldown: whole({ min: 0 }),
  customizedMetricSpecification: object({
    metricName: text(),
    namespace: text(),
    statistic: choice(["Average", "Minimum", "Maximum", "SampleCount", "Sum"]),
    unit: text(),
    dimensions: dimensions(),
    metrics: list(
      object({
        id: required(text()),
        expression: text(),
        label: text(),
        returnData: fallback(true, flag()),
        metricStat: object({
          metric: required(
            object({ metricName: required(text()), namespace: required(text()), dimensions: dimensions() }),
          ),
          stat: required(text()),
          unit: text(),
        }),
      }),
    ),
  }),
  predefinedMetricSpecification: object({ predefinedMetricType: required(text()), resourceLabel: text() }),
};

const inputs = {
  ...scaled(),
  name: required(replaces(text({ minLength: 1, maxLength: nameLengthMax.scalingPolicy - 1 }))),
  policyType: fallback("StepScaling", choice(["StepScaling", "TargetTrackingScaling"])),
  stepScalingPolicyConfiguration: object(step),
  targetTrackingScalingPolicyConfiguration: object(tracking),
};
type Inputs = Values<typeof inputs>;
type Put = Parameters<AwsCalls["applicationAutoScaling"]["putScalingPolicy"]>[0];

/** A rule that scales. Its id is its name. Predictive scaling is not played: endpoint variants have none. */
export const appautoscalingPolicy = defineResource({
  token: "aws:appautoscaling/policy:Policy",
  regional: true,
  importForm: "sagemaker/endpoint/<endpoint>/variant/<variant>/sagemaker:variant:DesiredInstanceCount/<policy name>",
  inputs,
  computed: ["alarmArns", "arn"],
  autoname: { property: "name", maxLength: nameLengthMax.scalingPolicy - 1 },
  imported(id) {
    const named = importedScaled(id);
    if (named === undefined || named.rest === "") return undefined;
    const { rest: name, ...three } = named;
    return { id: name, inputs: { ...three, name } };
  },
  check(given) {
    const [wanted, other] =
      given.policyType === "TargetTrackingScaling"
        ? (["targetTrackingScalingPolicyConfiguration", "stepScalingPolicyConfiguration"] as const)
        : (["stepScalingPolicyConfiguration", "targetTrackingScalingPolicyConfiguration"] as const);
    const failures = [];
    if (given[wanted] === undefined) {
      failures.push({ property: wanted, reason: `ASY-562 a value is required by policyType ${given.policyType}` });
    }
    if (given[other] !== undefined) {
      failures.push({
        property: other,
        reason: `ASY-562 got a value, expected none with policyType ${given.policyType}`,
      });
    }
    return failures;
  },
  async create({ aws, exists }, given) {
    await aws.applicationAutoScaling.putScalingPolicy(putOf(given));
    exists(given.name);
    return given.name;
  },
  async read(context, { id, inputs: known }) {
    const policy = await find(context, id, known);
    if (policy === undefined) return undefined;
    return {
      arn: policy.PolicyARN,
      alarmArns: (policy.Alarms ?? []).map(({ AlarmARN }) => AlarmARN),
      name: policy.PolicyName,
      policyType: policy.PolicyType,
      serviceNamespace: policy.ServiceNamespace,
      resourceId: policy.ResourceId,
      scalableDimension: policy.ScalableDimension,
      ...(policy.StepScalingPolicyConfiguration === undefined
        ? {}
        : { stepScalingPolicyConfiguration: stepsFrom(policy.StepScalingPolicyConfiguration) }),
      ...(policy.TargetTrackingScalingPolicyConfiguration === undefined
        ? {}
        : {
            targetTrackingScalingPolicyConfiguration: fromAws(
              tracking,
              policy.TargetTrackingScalingPolicyConfiguration,
            ),
          }),
    };
  },
  async update({ aws }, _prior, given) {
    await aws.applicationAutoScaling.putScalingPolicy(putOf(given));
  },
  async delete({ aws }, { id, inputs: given }) {
    await unlessGone(autoscalingGone, () =>
      aws.applicationAutoScaling.deleteScalingPolicy({
        PolicyName: id,
        ServiceNamespace: given.serviceNamespace,
        ResourceId: given.resourceId,
        ScalableDimension: given.scalableDimension,
      }),
    );
  },
});

async function find({ aws }: StepContext, name: string, known: Properties) {
  const { ScalingPolicies = [] } = await aws.applicationAutoScaling.describeScalingPolicies({
    ServiceNamespace: "sagemaker",
    PolicyNames: [name],
    ResourceId: String(known.resourceId),
    ScalableDimension: "sagemaker:variant:DesiredInstanceCount",
  });
  return ScalingPolicies.find(({ PolicyName }) => PolicyName === name);
}

function putOf(given: Inputs): Put {
  const steps = given.stepScalingPolicyConfiguration;
  const track = given.targetTrackingScalingPolicyConfiguration;
  return {
    PolicyName: given.name,
    PolicyType: given.policyType,
    ServiceNamespace: given.serviceNamespace,
    ResourceId: given.resourceId,
    ScalableDimension: given.scalableDimension,
    ...(steps === undefined
      ? {}
      : {
          StepScalingPolicyConfiguration: toAws<NonNullable<Put["StepScalingPolicyConfiguration"]>>(step, {
            ...steps,
            stepAdjustments: steps.stepAdjustments?.map((each) => eachBound(each, Number)),
          }),
        }),
    ...(track === undefined
      ? {}
      : {
          TargetTrackingScalingPolicyConfiguration: toAws<NonNullable<Put["TargetTrackingScalingPolicyConfiguration"]>>(
            tracking,
            track,
          ),
        }),
  };
}

function stepsFrom(told: object): Properties {
  const known = fromAws(step, told);
  const adjustments = Array.isArray(known.stepAdjustments) ? known.stepAdjustments : [];
  return {
    ...known,
    stepAdjustments: adjustments.map((each: unknown) => (isRecord(each) ? eachBound(each, String) : each)),
  };
}

function eachBound(adjustment: Properties, convert: (bound: unknown) => unknown): Properties {
  return Object.fromEntries(
    Object.entries(adjustment).map(([name, value]) => [
      name,
      name.startsWith("metricInterval") && value !== undefined ? convert(value) : value,
    ]),
  );
}
