import { configuration, configurationWithVariant, realTime } from "../../support/hand-written";
import { judges } from "../../support/rule-rows";
import { unknown } from "../../support/verdict";

judges("variants-start-with-two-instances", [
  ["two instances", configurationWithVariant({ initialInstanceCount: 2 }), "complies"],
  ["one instance", configurationWithVariant({}), /productionVariants\[0\]\.initialInstanceCount is 1: below 2/],
  ["no count", configuration({ productionVariants: [{ variantName: "a" }] }), /is missing/],
  ["a real-time endpoint", realTime, "not applicable"],
  ["an unknown count", configurationWithVariant({ initialInstanceCount: unknown }), "unknown"],
]);
