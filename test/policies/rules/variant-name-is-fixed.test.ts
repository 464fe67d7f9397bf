import { configuration, configurationWithVariant, realTime } from "../../support/hand-written";
import { judges } from "../../support/rule-rows";
import { unknown } from "../../support/verdict";

judges("variant-name-is-fixed", [
  ["a name", configuration(), "complies"],
  [
    "no name",
    configurationWithVariant({ variantName: undefined }),
    /^productionVariants\[0\]\.variantName is missing\.$/,
  ],
  ["an empty name", configurationWithVariant({ variantName: "" }), /variantName is missing/],
  ["an unknown name", configurationWithVariant({ variantName: unknown }), "unknown"],
  [
    "an unknown name beside none",
    configuration({ productionVariants: [{ variantName: unknown }, {}] }),
    /\[1\]\.variantName is missing/,
  ],
  ["a real-time endpoint", realTime, "not applicable"],
]);
