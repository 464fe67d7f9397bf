import { types } from "../../../policies/async-resources";
import { named } from "../../support/hand-written";
import { endpoint, realTimeStack, stackWith, stackWithout, wholeStack } from "../../support/hand-written-stack";
import { judgesStack } from "../../support/rule-rows";
import { unknown } from "../../support/verdict";

const silent = stackWith("age", { alarmActions: [] });
const composite = (alarmRule: string) =>
  named("composite", { type: types.compositeAlarm, props: { region: "eu-west-1", alarmRule } });
const rollback = { autoRollbackConfiguration: { alarms: [{ alarmName: "age" }] } };

judgesStack("alarms-tell-somebody", [
  ["an action each", wholeStack, "complies"],
  ["no action", silent, /^e in eu-west-1: nobody is told by age\.$/],
  ["actions left out", stackWith("age", { alarmActions: undefined }), /nobody is told by age/],
  ["actions switched off", stackWith("age", { actionsEnabled: false }), /nobody is told by age/],
  ["a composite alarm of it", [...silent, composite('ALARM("age") OR ALARM("b")')], "complies"],
  ["a composite alarm of others", [...silent, composite('ALARM("b")')], /nobody is told by age/],
  [
    "an update it rolls back",
    silent.map((each) =>
      each.name === "endpoint" ? { ...each, props: { ...each.props, deploymentConfig: rollback } } : each,
    ),
    "complies",
  ],
  ["actions that are unknown", stackWith("age", { alarmActions: unknown }), "complies"],
  ["a composite alarm of something unknown", [...silent, composite(unknown)], "unknown"],
  [
    "no alarm",
    stackWithout(...wholeStack.map(({ name }) => name).filter((name) => name !== "endpoint" && name !== "settings")),
    "not applicable",
  ],
  ["a real-time endpoint", realTimeStack, "not applicable"],
  ["actions said to be on", stackWith("age", { actionsEnabled: true }), "complies"],
  [
    "a silent alarm on this endpoint and another",
    [
      ...wholeStack,
      named("math", {
        type: types.alarm,
        props: {
          region: "eu-west-1",
          metricQueries: ["e", "f"].map((name) => ({ id: name, metric: { dimensions: { EndpointName: name } } })),
        },
      }),
    ],
    /nobody is told by math/,
  ],
  [
    "an update it rolls back beside an endpoint that rolls none back",
    [
      ...silent.map((each) =>
        each.name === "endpoint" ? { ...each, props: { ...each.props, deploymentConfig: rollback } } : each,
      ),
      { ...endpoint, name: "second", props: { region: "eu-west-1", name: "f" } },
    ],
    "complies",
  ],
]);
