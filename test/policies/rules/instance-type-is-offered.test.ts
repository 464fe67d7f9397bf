import { configuration, configurationWithVariant, realTime } from "../../support/hand-written";
import { judges } from "../../support/rule-rows";
import { unknown } from "../../support/verdict";

const offered = { offered: { "eu-west-1": ["ml.m5.large"] } };

judges("instance-type-is-offered", [
  ["a type of the list", configuration(), "complies", offered],
  [
    "a type that is not",
    configurationWithVariant({ instanceType: "ml.g5.xlarge" }),
    /^ml\.g5\.xlarge is not listed for eu-west-1\.$/,
    offered,
  ],
  ["an unknown type", configurationWithVariant({ instanceType: unknown }), "unknown", offered],
  ["a region without a list", configuration({ region: "us-east-1" }), "not applicable", offered],
  ["no lists", configurationWithVariant({ instanceType: "ml.g5.xlarge" }), "not applicable"],
  ["a real-time endpoint", realTime, "not applicable", offered],
  [
    "an unknown type before one that is not listed",
    configuration({ productionVariants: [{ instanceType: unknown }, { instanceType: "ml.g5.xlarge" }] }),
    /ml\.g5\.xlarge is not listed/,
    offered,
  ],
]);
