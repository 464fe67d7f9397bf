import { configuration, named, subscription, successArn, topic } from "../../support/hand-written";
import { judgesStack } from "../../support/rule-rows";

const config = named("config", configuration());

judgesStack("topics-are-heard", [
  ["a queue on each", [config, topic("ok"), topic("bad"), subscription(), subscription({}, "bad")], "complies"],
  [
    "a subscription whose ARN is known",
    [config, topic("ok"), { ...subscription({ topic: successArn }), dependsOn: {} }],
    "complies",
  ],
  ["a queue on one of two", [config, topic("ok"), topic("bad"), subscription()], /^nobody listens to the topic bad\.$/],
  [
    "a topic of the same name elsewhere",
    [config, topic("ok"), { ...subscription({ topic: successArn.replace("eu-west-1", "us-east-1") }), dependsOn: {} }],
    /topic ok/,
  ],
  ["a topic that is not in the stack", [config], "not applicable"],
]);
