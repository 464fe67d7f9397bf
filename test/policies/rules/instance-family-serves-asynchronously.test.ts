import { configuration, configurationWithVariant, realTime } from "../../support/hand-written";
import { judges } from "../../support/rule-rows";
import { unknown } from "../../support/verdict";

judges("instance-family-serves-asynchronously", [
  ["a common family", configuration(), "complies"],
  ["the second generation", configurationWithVariant({ instanceType: "ml.inf2.xlarge" }), "complies"],
  ["Inf1", configurationWithVariant({ instanceType: "ml.inf1.xlarge" }), /^ml\.inf1\.xlarge does not serve/],
  ["Elastic Inference", configurationWithVariant({ acceleratorType: "ml.eia2.medium" }), /acceleratorType is ml\.eia2/],
  [
    "Elastic Inference on an unknown type",
    configurationWithVariant({ instanceType: unknown, acceleratorType: "ml.eia2.medium" }),
    /acceleratorType is/,
  ],
  ["an unknown type", configurationWithVariant({ instanceType: unknown }), "unknown"],
  ["a real-time endpoint", realTime, "not applicable"],
]);
