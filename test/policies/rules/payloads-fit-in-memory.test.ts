import { a, configuration, configurationWithVariant, realTime } from "../../support/hand-written";
import { judges } from "../../support/rule-rows";
import { unknown } from "../../support/verdict";

const busy = (maxConcurrentInvocationsPerInstance: number, instanceType = "ml.m5.large") => {
  const { type, props } = configurationWithVariant({ instanceType });
  return a(type, { ...props, asyncInferenceConfig: { clientConfig: { maxConcurrentInvocationsPerInstance } } });
};

judges("payloads-fit-in-memory", [
  ["two gigabytes in eight", busy(2), "complies"],
  ["eight gigabytes in 8 GiB", busy(8), "complies"],
  ["nine gigabytes in 8 GiB", busy(9), /^9 payloads of 1000000000 bytes are more than the 8 GiB of ml\.m5\.large\.$/],
  ["five gigabytes twice in 8 GiB", busy(5), /5 payloads of 1000000000 bytes, 2 times each, are more/, { copies: 2 }],
  ["nine gigabytes in a larger type", busy(9, "ml.m5.xlarge"), "complies"],
  [
    "a type whose memory is configured",
    busy(2, "ml.own.large"),
    /more than the 1 GiB of ml\.own\.large/,
    { memoryGib: { "ml.own.large": 1 } },
  ],
  ["a type that is not known", busy(1000, "ml.own.large"), "not applicable"],
  ["concurrency left to SageMaker", configuration(), "not applicable"],
  ["a real-time endpoint", realTime, "not applicable"],
  ["an unknown instance type", busy(2, unknown), "unknown"],
]);
