import { noticeTypes } from "../../../policies/notice-resources";
import { a, configuration, named, policy, realTime, topic } from "../../support/hand-written";
import { judgesStack } from "../../support/rule-rows";
import { unknown } from "../../support/verdict";

const refuses = policy({
  Effect: "Deny",
  Principal: "*",
  Action: "sns:Publish",
  Resource: "*",
  Condition: { Bool: { "aws:SecureTransport": "false" } },
});
const beside = (text: unknown) =>
  named("policy", a(noticeTypes.topicPolicy, { region: "eu-west-1", arn: unknown, policy: text }), { arn: ["ok"] });
const config = named("config", configuration());

judgesStack("topics-refuse-plain-http", [
  ["a policy beside the topic", [config, topic("ok"), beside(refuses)], "complies"],
  ["a policy in the topic", [config, topic("ok", { policy: refuses })], "complies"],
  [
    "a denial of several actions to several principals",
    [
      config,
      topic("ok", {
        policy: refuses
          .replace('"Principal":"*"', '"Principal":{"AWS":["123456789012","*"]}')
          .replace('"sns:Publish"', '["sns:Subscribe","sns:Publish"]'),
      }),
    ],
    "complies",
  ],
  [
    "a denial without any condition, which is another thing",
    [config, topic("ok", { policy: policy({ Effect: "Deny", Principal: "*", Action: "sns:Publish", Resource: "*" }) })],
    /no policy of the topic ok/,
  ],
  ["no policy", [config, topic("ok")], /no policy of the topic ok refuses sns:Publish without TLS/],
  ["another topic without one", [config, topic("ok"), beside(refuses), topic("bad")], /^no policy of the topic bad/],
  [
    "a denial for one principal only",
    [config, topic("ok", { policy: refuses.replace('"Principal":"*"', '"Principal":{"AWS":"123456789012"}') })],
    /no policy of the topic ok/,
  ],
  [
    "a denial that another condition narrows",
    [config, topic("ok", { policy: refuses.replace('"Bool"', '"StringEquals":{"aws:SourceVpc":"vpc-1"},"Bool"') })],
    /no policy of the topic ok/,
  ],
  [
    "an allowance in place of the denial",
    [config, topic("ok", { policy: refuses.replace("Deny", "Allow") })],
    /no policy/,
  ],
  ["a topic no endpoint names", [config, topic("alarms")], "not applicable"],
  ["no asynchronous endpoint", [named("config", realTime), topic("ok")], "not applicable"],
  ["an unknown policy", [config, topic("ok"), beside(unknown)], "unknown"],
  ["an unknown policy beside a topic without one", [config, topic("ok"), beside(unknown), topic("bad")], /topic bad/],
]);
