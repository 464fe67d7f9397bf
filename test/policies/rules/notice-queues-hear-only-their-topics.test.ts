import { configuration, named, policy, queue, subscription, successArn, topic } from "../../support/hand-written";
import { judgesStack } from "../../support/rule-rows";
import { unknown } from "../../support/verdict";

const heard = [named("config", configuration()), topic("ok"), subscription()];
const from = (principal: unknown, condition?: object) =>
  policy({ Effect: "Allow", Principal: principal, Action: "sqs:SendMessage", Resource: "*", Condition: condition });

judgesStack("notice-queues-hear-only-their-topics", [
  [
    "the topic by its ARN",
    [
      ...heard,
      queue({ policy: from({ Service: "sns.amazonaws.com" }, { ArnEquals: { "aws:SourceArn": successArn } }) }),
    ],
    "complies",
  ],
  [
    "a role of the account",
    [...heard, queue({ policy: from({ AWS: "arn:aws:iam::123456789012:role/r" }) })],
    "complies",
  ],
  ["no policy", [...heard, queue()], "complies"],
  [
    "every topic there is",
    [...heard, queue({ policy: from({ Service: "sns.amazonaws.com" }) })],
    /lets Service:sns\.amazonaws\.com send without naming the topics/,
  ],
  [
    "every topic of an account",
    [
      ...heard,
      queue({
        policy: from({ Service: "sns.amazonaws.com" }, { StringEquals: { "aws:SourceAccount": "123456789012" } }),
      }),
    ],
    /without naming the topics/,
  ],
  ["everybody", [...heard, queue({ policy: from("*") })], /lets \* send/],
  [
    "everybody, through the topic",
    [...heard, queue({ policy: from("*", { ArnLike: { "aws:SourceArn": successArn } }) })],
    "complies",
  ],
  ["an unknown policy", [...heard, queue({ policy: unknown })], "unknown"],

  [
    "a queue behind no topic of an endpoint",
    [named("config", configuration()), topic("ok"), queue()],
    "not applicable",
  ],
]);
