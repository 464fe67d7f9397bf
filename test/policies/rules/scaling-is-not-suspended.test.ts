import { types } from "../../../policies/async-resources";
import { judges } from "../../support/rule-rows";
import { unknown } from "../../support/verdict";

const suspended = (suspendedState: unknown, change: object = {}) => ({
  type: types.target,
  props: { serviceNamespace: "sagemaker", minCapacity: 0, suspendedState, ...change },
});

judges("scaling-is-not-suspended", [
  ["no suspension", suspended(undefined), "complies"],
  ["one said to be off", suspended({ dynamicScalingOutSuspended: false }), "complies"],
  ["scheduled scaling alone", suspended({ scheduledScalingSuspended: true }), "complies"],
  ["growing, at zero", suspended({ dynamicScalingOutSuspended: true }), /never wakes/],
  ["growing, with instances", suspended({ dynamicScalingOutSuspended: true }, { minCapacity: 1 }), /never grows/],
  ["shrinking", suspended({ dynamicScalingInSuspended: true }), /never taken away/],
  [
    "an unknown beside shrinking",
    suspended({ dynamicScalingOutSuspended: unknown, dynamicScalingInSuspended: true }),
    /never taken away/,
  ],
  ["an unknown suspension", suspended({ dynamicScalingInSuspended: unknown }), "unknown"],
  ["another service's", suspended({ dynamicScalingInSuspended: true }, { serviceNamespace: "ecs" }), "not applicable"],
]);
