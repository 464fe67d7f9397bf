import { configuration, configurationWithVariant, realTime } from "../../support/hand-written";
import { judges } from "../../support/rule-rows";
import { unknown } from "../../support/verdict";

judges("volumes-use-a-customer-key", [
  ["a key of its own", configuration({ kmsKeyArn: "arn:aws:kms:eu-west-1:123456789012:key/k" }), "complies"],
  ["no key", configuration(), /^kmsKeyArn is missing/],
  ["the AWS managed key", configuration({ kmsKeyArn: "alias/aws/ebs" }), /AWS managed key/],
  ["local drives without a key", configurationWithVariant({ instanceType: "ml.g5.xlarge" }), "complies"],
  [
    "local drives with a key",
    configuration({ kmsKeyArn: unknown, productionVariants: [{ instanceType: "ml.g4dn.xlarge" }] }),
    /AWS refuses for ml\.g4dn\.xlarge/,
  ],
  ["a real-time endpoint", realTime, "not applicable"],
  ["an unknown key, which is a key", configuration({ kmsKeyArn: unknown }), "complies"],
  ["an unknown instance type", configurationWithVariant({ instanceType: unknown }), "unknown"],
]);
