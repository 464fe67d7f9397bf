import { noticeTypes } from "../../../policies/notice-resources";
import { a, configuration, named, policy, queue, subscription, topic } from "../../support/hand-written";
import { judgesStack } from "../../support/rule-rows";
import { unknown } from "../../support/verdict";

const heard = [named("config", configuration()), topic("ok"), subscription()];
const refuses = policy({
  Effect: "Deny",
  Principal: "*",
  Action: "sqs:*",
  Resource: "*",
  Condition: { Bool: { "aws:SecureTransport": "false" } },
});

judgesStack("notice-queues-refuse-plain-http", [
  ["a policy of the queue", [...heard, queue({ policy: refuses })], "complies"],
  [
    "a policy beside it",
    [
      ...heard,
      queue(),
      named("policy", a(noticeTypes.queuePolicy, { queueUrl: unknown, policy: refuses }), { queueUrl: ["queue"] }),
    ],
    "complies",
  ],
  ["no policy", [...heard, queue()], /^no policy of the queue queue refuses calls without TLS/],
  [
    "a denial of sending only",
    [...heard, queue({ policy: refuses.replace("sqs:*", "sqs:SendMessage") })],
    /refuses calls without TLS/,
  ],
  ["an unknown policy", [...heard, queue({ policy: unknown })], "unknown"],

  [
    "a queue behind no topic of an endpoint",
    [named("config", configuration()), topic("ok"), queue()],
    "not applicable",
  ],
]);
