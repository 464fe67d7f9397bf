import { configuration, configurationWithOutput, realTime } from "../../support/hand-written";
import { judges } from "../../support/rule-rows";
import { unknown } from "../../support/verdict";

judges("results-use-a-customer-key", [
  ["a key of its own", configurationWithOutput({ kmsKeyId: "arn:aws:kms:eu-west-1:123456789012:key/k" }), "complies"],
  ["no key", configuration(), /^outputConfig\.kmsKeyId is missing/],
  ["the AWS managed key", configurationWithOutput({ kmsKeyId: "alias/aws/s3" }), /AWS managed key/],
  [
    "the AWS managed key by its ARN",
    configurationWithOutput({ kmsKeyId: "arn:aws:kms:eu-west-1:123456789012:alias/aws/s3" }),
    /AWS managed key/,
  ],
  ["a real-time endpoint", realTime, "not applicable"],
  ["an unknown key, which is a key", configurationWithOutput({ kmsKeyId: unknown }), "complies"],
  ["an unknown outputConfig", configuration({ asyncInferenceConfig: { outputConfig: unknown } }), "unknown"],
]);
