import { types } from "../../../policies/async-resources";
import { judges } from "../../support/rule-rows";
import { unknown } from "../../support/verdict";

const target = (change: object) => ({
  type: types.target,
  props: { serviceNamespace: "sagemaker", minCapacity: 0, maxCapacity: 2, ...change },
});
const action = (scalableTargetAction: object) => ({
  type: types.scheduledAction,
  props: { serviceNamespace: "sagemaker", scalableTargetAction },
});

judges("scaling-bounds-are-in-order", [
  ["from none to two", target({}), "complies"],
  ["at most one", target({ maxCapacity: 1 }), "complies"],
  ["an unknown minimum beside no maximum, scheduled", action({ minCapacity: unknown }), "complies"],
  ["a fixed number", target({ minCapacity: 2 }), "complies"],
  ["a minimum above the maximum", target({ minCapacity: 3 }), /^minCapacity 3 is above maxCapacity 2\.$/],
  ["a maximum of none", target({ maxCapacity: 0 }), /^maxCapacity is 0/],
  ["no maximum", target({ maxCapacity: undefined }), /^maxCapacity is missing/],
  [
    "an unknown minimum beside a maximum of none",
    target({ minCapacity: unknown, maxCapacity: 0 }),
    /^maxCapacity is 0/,
  ],
  ["an unknown maximum", target({ maxCapacity: unknown }), "unknown"],
  ["a scheduled action that lifts the minimum alone", action({ minCapacity: 1 }), "complies"],
  ["a scheduled minimum above its maximum", action({ minCapacity: 3, maxCapacity: 2 }), /^minCapacity 3 is above/],
  ["a scheduled maximum of none", action({ maxCapacity: 0 }), /^maxCapacity is 0/],
  ["a table's capacity", target({ serviceNamespace: "dynamodb", maxCapacity: 0 }), "not applicable"],
]);
