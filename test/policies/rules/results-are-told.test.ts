import { configuration, configurationWithOutput, realTime } from "../../support/hand-written";
import { judges } from "../../support/rule-rows";
import { unknown } from "../../support/verdict";

const success = "arn:aws:sns:eu-west-1:123456789012:ok";
const error = "arn:aws:sns:eu-west-1:123456789012:bad";

judges("results-are-told", [
  ["two topics", configuration(), "complies"],
  ["no topics", configurationWithOutput({ notificationConfig: undefined }), /successTopic is missing/],
  [
    "one topic twice",
    configurationWithOutput({ notificationConfig: { successTopic: success, errorTopic: success } }),
    /are one topic/,
  ],
  [
    "a topic elsewhere",
    configuration({ region: "us-east-1" }),
    /successTopic is in eu-west-1, the endpoint in us-east-1/,
  ],
  [
    "an unknown topic",
    configurationWithOutput({ notificationConfig: { successTopic: unknown, errorTopic: error } }),
    "unknown",
  ],
  [
    "a topic elsewhere beside an unknown one",
    configurationWithOutput({
      notificationConfig: { successTopic: unknown, errorTopic: error.replace("eu-west-1", "us-east-1") },
    }),
    /errorTopic is in us-east-1/,
  ],
  ["a real-time endpoint", realTime, "not applicable"],
]);
