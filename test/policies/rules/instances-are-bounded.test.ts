import { types } from "../../../policies/async-resources";
import { a, configuration, configurationWithVariant, realTime } from "../../support/hand-written";
import { judges } from "../../support/rule-rows";
import { unknown } from "../../support/verdict";

const target = (change: object) => a(types.target, { serviceNamespace: "sagemaker", minCapacity: 0, ...change });

judges("instances-are-bounded", [
  ["the bound", target({ maxCapacity: 20 }), "complies"],
  ["one more", target({ maxCapacity: 21 }), /^maxCapacity is 21, above 20\.$/],
  ["one more than configured", target({ maxCapacity: 4 }), /above 3/, { maxInstances: 3 }],
  [
    "a schedule that lifts the minimum",
    a("aws:appautoscaling/scheduledAction:ScheduledAction", {
      serviceNamespace: "sagemaker",
      scalableTargetAction: { minCapacity: 30, maxCapacity: unknown },
    }),
    /^minCapacity is 30, above 20\.$/,
  ],
  ["a variant that starts high", configurationWithVariant({ initialInstanceCount: 21 }), /^initialInstanceCount is 21/],
  ["a variant that starts at one", configuration(), "complies"],
  ["a real-time endpoint", realTime, "not applicable"],
  ["another service", target({ serviceNamespace: "ecs", maxCapacity: 500 }), "not applicable"],
  ["an unknown maximum", target({ maxCapacity: unknown }), "unknown"],
]);
