import { bucket, topic } from "../../support/hand-written";
import { judges } from "../../support/rule-rows";
import { unknown } from "../../support/verdict";

judges("topics-use-a-customer-key", [
  ["a key of its own", topic("ok", { kmsMasterKeyId: "arn:aws:kms:eu-west-1:123456789012:key/k" }), "complies"],
  ["an alias of its own", topic("ok", { kmsMasterKeyId: "alias/mine" }), "complies"],
  ["no key", topic("ok"), /kmsMasterKeyId is missing/],
  ["the AWS managed key", topic("ok", { kmsMasterKeyId: "alias/aws/sns" }), /AWS managed key/],
  ["a bucket", bucket(), "not applicable"],
  ["a key unknown at preview, which is a key", topic("ok", { kmsMasterKeyId: unknown }), "complies"],
]);
