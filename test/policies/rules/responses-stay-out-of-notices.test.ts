import { configuration, configurationWithOutput, realTime } from "../../support/hand-written";
import { judges } from "../../support/rule-rows";
import { unknown } from "../../support/verdict";

const including = (...topics: readonly string[]) =>
  configurationWithOutput({ notificationConfig: { includeInferenceResponseIns: topics } });

judges("responses-stay-out-of-notices", [
  ["nothing included", configuration(), "complies"],
  ["an empty list", including(), "complies"],
  ["the response in successes", including("SUCCESS_NOTIFICATION_TOPIC"), /has SUCCESS_NOTIFICATION_TOPIC/],
  [
    "the same with a reason",
    including("SUCCESS_NOTIFICATION_TOPIC"),
    "complies",
    { allowed: { SUCCESS_NOTIFICATION_TOPIC: "scores only, no personal data" } },
  ],
  [
    "a reason for the other topic",
    including("ERROR_NOTIFICATION_TOPIC"),
    /has ERROR_NOTIFICATION_TOPIC/,
    { allowed: { SUCCESS_NOTIFICATION_TOPIC: "scores only, no personal data" } },
  ],
  [
    "a poor reason",
    including("ERROR_NOTIFICATION_TOPIC"),
    /has ERROR_NOTIFICATION_TOPIC/,
    { allowed: { ERROR_NOTIFICATION_TOPIC: "ok" } },
  ],
  ["a real-time endpoint", realTime, "not applicable"],
  [
    "an unknown list",
    configurationWithOutput({ notificationConfig: { includeInferenceResponseIns: unknown } }),
    "unknown",
  ],
]);
