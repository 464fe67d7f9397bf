import { configurationDeclaring } from "../../support/hand-written";
import { realTimeStack, stackWith, stackWithout, tracking, wholeStack } from "../../support/hand-written-stack";
import { judgesStack } from "../../support/rule-rows";
import { unknown } from "../../support/verdict";

const following = (change: object) => [...stackWithout("tracking"), tracking(change)];
const declaring = (seconds: string) => {
  const { tags } = configurationDeclaring("async-fleet:invocation-timeout-seconds", seconds).props as { tags: object };
  return stackWith("settings", { tags });
};
const idleBelow = (change: object) => stackWith("idle-alarm", change);

judgesStack("scale-in-spares-running-requests", [
  ["a cooldown as long as an invocation", wholeStack, "complies"],
  [
    "a second less",
    following({ scaleInCooldown: 899 }),
    /^e in eu-west-1: tracking may take an instance every 899 seconds while an invocation may take 900\.$/,
  ],
  ["AWS's own cooldown", following({ scaleInCooldown: undefined }), /every 300 seconds/],
  ["no scaling in", following({ scaleInCooldown: 0, disableScaleIn: true }), "complies"],
  ["a longer invocation", declaring("901"), /every 900 seconds while an invocation may take 901/],
  ["no declaration", stackWith("settings", { tags: {} }), "complies"],
  ["a longer invocation by parameter", wholeStack, /an invocation may take 901/, { longestSeconds: 901 }],
  ["a shorter one by parameter", following({ scaleInCooldown: 600 }), "complies", { longestSeconds: 600 }],
  ["a step in while one request is left", idleBelow({ threshold: 2 }), /idle may take an instance every 300/],
  ["a step in at one request", idleBelow({ comparisonOperator: "LessThanOrEqualToThreshold" }), /idle may take/],
  ["a step in on a metric of queued work alone", idleBelow({ metricName: "CPUUtilization" }), /idle may take/],
  ["an unknown cooldown", following({ scaleInCooldown: unknown }), "unknown"],
  [
    "an unknown cooldown beside a step in too early",
    [
      ...following({ scaleInCooldown: unknown }).map((each) =>
        each.name === "idle-alarm" ? { ...each, props: { ...each.props, threshold: 2 } } : each,
      ),
    ],
    /idle may take/,
  ],
  ["no policy", stackWithout("tracking", "wake", "idle"), "not applicable"],
  ["a real-time endpoint", realTimeStack, "not applicable"],
]);
