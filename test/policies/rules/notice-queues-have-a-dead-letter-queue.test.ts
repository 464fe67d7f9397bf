import { noticeTypes } from "../../../policies/notice-resources";
import { a, configuration, named, queue, subscription, topic } from "../../support/hand-written";
import { judgesStack } from "../../support/rule-rows";
import { unknown } from "../../support/verdict";

const heard = [named("config", configuration()), topic("ok"), subscription()];
const redrive = JSON.stringify({ deadLetterTargetArn: "arn:aws:sqs:eu-west-1:123456789012:dead", maxReceiveCount: 5 });

judgesStack("notice-queues-have-a-dead-letter-queue", [
  ["a dead-letter queue", [...heard, queue({ redrivePolicy: redrive })], "complies"],
  [
    "one said beside the queue",
    [
      ...heard,
      queue(),
      named("redrive", a(noticeTypes.redrivePolicy, { queueUrl: unknown, redrivePolicy: redrive }), {
        queueUrl: ["queue"],
      }),
    ],
    "complies",
  ],
  [
    "a queue that another protocol's address is made of",
    [named("config", configuration()), topic("ok"), subscription({ protocol: "https" }), queue()],
    "not applicable",
  ],
  ["none", [...heard, queue()], /^the queue queue has no redrivePolicy/],
  ["an empty policy", [...heard, queue({ redrivePolicy: "{}" })], /has no redrivePolicy/],
  ["a policy unknown at preview, which is one", [...heard, queue({ redrivePolicy: unknown })], "complies"],

  [
    "a queue behind no topic of an endpoint",
    [named("config", configuration()), topic("ok"), queue()],
    "not applicable",
  ],
]);
