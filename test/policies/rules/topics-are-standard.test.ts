import { configuration, configurationWithOutput, errorArn, realTime, successArn } from "../../support/hand-written";
import { judges } from "../../support/rule-rows";
import { unknown } from "../../support/verdict";

judges("topics-are-standard", [
  ["standard topics", configuration(), "complies"],
  [
    "a FIFO topic",
    configurationWithOutput({ notificationConfig: { successTopic: `${successArn}.fifo` } }),
    /^successTopic is a FIFO topic/,
  ],
  [
    "a FIFO topic beside an unknown one",
    configurationWithOutput({ notificationConfig: { successTopic: unknown, errorTopic: `${errorArn}.fifo` } }),
    /^errorTopic is a FIFO topic/,
  ],
  ["a real-time endpoint", realTime, "not applicable"],
  ["unknown topics", configurationWithOutput({ notificationConfig: unknown }), "unknown"],
]);
