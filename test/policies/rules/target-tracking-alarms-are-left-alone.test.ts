import { alarm, tracking } from "../../support/hand-written-stack";
import { judges } from "../../support/rule-rows";
import { unknown } from "../../support/verdict";

const named = (name: string) => alarm(name, "ApproximateBacklogSizePerInstance");

judges("target-tracking-alarms-are-left-alone", [
  ["a name of its own", named("backlog"), "complies"],
  [
    "a name of target tracking",
    named("TargetTracking-endpoint/e/variant/primary-AlarmHigh-1"),
    /^TargetTracking-endpoint.* is an alarm of target tracking\.$/,
  ],
  ["an unknown name", named(unknown), "unknown"],
  ["a policy", tracking(), "not applicable"],
]);
