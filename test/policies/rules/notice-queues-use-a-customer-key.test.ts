import { configuration, named, queue, subscription, topic } from "../../support/hand-written";
import { judgesStack } from "../../support/rule-rows";
import { unknown } from "../../support/verdict";

const heard = [named("config", configuration()), topic("ok"), subscription()];

judgesStack("notice-queues-use-a-customer-key", [
  ["a key of its own", [...heard, queue({ kmsMasterKeyId: "arn:aws:kms:eu-west-1:123456789012:key/k" })], "complies"],
  ["no key", [...heard, queue()], /^the queue queue names no customer key/],
  ["the AWS managed key", [...heard, queue({ kmsMasterKeyId: "alias/aws/sqs" })], /names no customer key/],
  [
    "SQS's own encryption, which is no key of yours",
    [...heard, queue({ sqsManagedSseEnabled: true })],
    /names no customer key/,
  ],
  ["a key unknown at preview, which is a key", [...heard, queue({ kmsMasterKeyId: unknown })], "complies"],

  [
    "a queue behind no topic of an endpoint",
    [named("config", configuration()), topic("ok"), queue()],
    "not applicable",
  ],
]);
