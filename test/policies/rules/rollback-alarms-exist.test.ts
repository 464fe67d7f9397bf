import { but } from "../../support/hand-written";
import { endpoint, realTimeStack, stackWith, stackWithout, wholeStack } from "../../support/hand-written-stack";
import { judgesStack } from "../../support/rule-rows";
import { unknown } from "../../support/verdict";

const rollingBack = (...names: unknown[]) => ({
  deploymentConfig: { autoRollbackConfiguration: { alarms: names.map((alarmName) => ({ alarmName })) } },
});
const stack = (...names: unknown[]) => stackWith("endpoint", rollingBack(...names));
const depending = (...names: unknown[]) => [
  ...stackWithout("endpoint", "age"),
  { ...but(endpoint, rollingBack(...names)), dependsOn: { deploymentConfig: ["age"] } },
];
const age = (change: object) => stackWith("age", change).filter(({ name }) => name === "age");

judgesStack("rollback-alarms-exist", [
  ["alarms of the stack", stack("age", "failures"), "complies"],
  [
    "an alarm that is not in the stack",
    stack("age", "agee"),
    /^e in eu-west-1: its rollback alarm agee is not in the stack\.$/,
  ],
  [
    "an alarm in another region",
    [...stack("age").filter(({ name }) => name !== "age"), ...age({ region: "us-east-1" })],
    /its rollback alarm age is in us-east-1/,
  ],
  ["no alarm", stack(), /0 rollback alarms, where AWS takes 1 to 10/],
  ["eleven", stack(...Array.from({ length: 11 }, () => "age")), /11 rollback alarms/],
  ["an alarm without a name", stack(undefined), /a rollback alarm without a name/],
  ["a name that dependencies tell", [...depending(unknown), ...age({ name: unknown })], "complies"],
  [
    "a name that dependencies tell, of another region",
    [...depending(unknown), ...age({ name: unknown, region: "us-east-1" })],
    /its rollback alarm age is in us-east-1/,
  ],
  ["an unknown name beside one that is not there", stack(unknown, "agee"), /agee is not in the stack/],
  ["an unknown name", stack(unknown), "unknown"],
  ["an endpoint that does not roll back", wholeStack, "not applicable"],
  ["a real-time endpoint", realTimeStack, "not applicable"],
  ["ten", stack(...Array.from({ length: 10 }, () => "age")), "complies"],
  ["an alarm of that name in both regions", [...stack("age"), ...age({ region: "us-east-1" })], "complies"],
]);
