import { configuration, realTime } from "../../support/hand-written";
import { judges } from "../../support/rule-rows";
import { unknown } from "../../support/verdict";

const variants = [{ variantName: "a" }, { variantName: "b" }];

judges("one-variant-and-no-capture", [
  ["one variant", configuration(), "complies"],
  ["two variants", configuration({ productionVariants: variants }), /2 production variants/],
  ["data capture", configuration({ dataCaptureConfig: { initialSamplingPercentage: 1 } }), /dataCaptureConfig is set/],
  [
    "a shadow variant",
    configuration({ shadowProductionVariants: [{ variantName: "shadow" }] }),
    /shadowProductionVariants are set/,
  ],
  ["a real-time endpoint", realTime, "not applicable"],
  ["unknown variants", configuration({ productionVariants: unknown }), "unknown"],
]);
