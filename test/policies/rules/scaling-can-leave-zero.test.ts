import { types } from "../../../policies/async-resources";
import { but } from "../../support/hand-written";
import { judgesStack } from "../../support/rule-rows";
import { type StackResource, unknown } from "../../support/verdict";

const target: StackResource = {
  type: types.target,
  name: "target",
  props: {
    region: "eu-west-1",
    serviceNamespace: "sagemaker",
    minCapacity: 0,
    resourceId: "endpoint/e/variant/primary",
  },
};
const step: StackResource = {
  type: types.scalingPolicy,
  name: "step",
  props: {
    region: "eu-west-1",
    resourceId: "endpoint/e/variant/primary",
    arn: unknown,
    stepScalingPolicyConfiguration: { stepAdjustments: [{ scalingAdjustment: 1 }] },
  },
};
const alarm: StackResource = {
  type: types.alarm,
  name: "alarm",
  props: {
    region: "eu-west-1",
    namespace: "AWS/SageMaker",
    metricName: "HasBacklogWithoutCapacity",
    dimensions: { EndpointName: "e" },
    alarmActions: [unknown],
  },
  dependsOn: { alarmActions: ["step"] },
};
const watching: StackResource = {
  ...alarm,
  name: "watching",
  props: { ...alarm.props, alarmActions: [] },
  dependsOn: {},
};

judgesStack("scaling-can-leave-zero", [
  ["a wake pair whose ARN is unknown", [target, step, watching, alarm], "complies"],
  [
    "a wake pair whose ARN is known",
    [target, but(step, { arn: "arn:p" }), { ...but(alarm, { alarmActions: ["arn:p"] }), dependsOn: {} }],
    "complies",
  ],
  ["no alarm", [target, step], /no alarm on HasBacklogWithoutCapacity with EndpointName e/],
  ["no step policy", [target, alarm], /no step scaling policy adds instances/],
  [
    "a step that only takes away",
    [target, but(step, { stepScalingPolicyConfiguration: { stepAdjustments: [{ scalingAdjustment: -1 }] } }), alarm],
    /no step scaling policy/,
  ],
  [
    "an alarm of another endpoint",
    [target, step, but(alarm, { dimensions: { EndpointName: "other" } })],
    /no alarm on/,
  ],
  [
    "an alarm with a dimension too many",
    [target, step, but(alarm, { dimensions: { EndpointName: "e", VariantName: "v" } })],
    /it would have no data/,
  ],
  ["an alarm in another region", [target, step, but(alarm, { region: "us-east-1" })], /no alarm on/],
  ["an alarm that fires nothing", [target, step, watching], /does not fire the step policy/],
  [
    "an unknown minimum before a target that cannot wake",
    [but({ ...target, name: "first" }, { minCapacity: unknown }), target, step],
    /no alarm on HasBacklogWithoutCapacity/,
  ],
  ["an unknown minimum", [but(target, { minCapacity: unknown }), step, alarm], "unknown"],
  [
    "a policy of an unknown target beside a wake pair",
    [target, but({ ...step, name: "unclear" }, { resourceId: unknown }), step, alarm],
    "complies",
  ],
  ["a minimum of one", [but(target, { minCapacity: 1 })], "not applicable"],
  ["no target", [step], "not applicable"],
  [
    "a step out beside a step in",
    [
      target,
      but(step, {
        stepScalingPolicyConfiguration: { stepAdjustments: [{ scalingAdjustment: -1 }, { scalingAdjustment: 1 }] },
      }),
      alarm,
    ],
    "complies",
  ],
  [
    "a step that adds none",
    [target, but(step, { stepScalingPolicyConfiguration: { stepAdjustments: [{ scalingAdjustment: 0 }] } }), alarm],
    /no step scaling policy adds instances/,
  ],
  ["two step policies, one fired", [target, { ...step, name: "spare" }, step, alarm], "complies"],
]);
