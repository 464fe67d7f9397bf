import { types } from "../../../policies/async-resources";
import { a } from "../../support/hand-written";
import { judges } from "../../support/rule-rows";
import { unknown } from "../../support/verdict";

const target = (change: object) => a(types.target, { serviceNamespace: "sagemaker", maxCapacity: 5, ...change });

judges("trials-scale-to-zero", [
  ["a minimum of zero", target({ minCapacity: 0 }), "complies"],
  ["a minimum of one", target({ minCapacity: 1 }), /^minCapacity is 1: an instance is paid for/],
  ["a production stack", target({ minCapacity: 1 }), "not applicable", { production: ["te*"] }],
  ["another service", target({ serviceNamespace: "dynamodb", minCapacity: 5 }), "not applicable"],
  ["an unknown minimum", target({ minCapacity: unknown }), "unknown"],
]);
