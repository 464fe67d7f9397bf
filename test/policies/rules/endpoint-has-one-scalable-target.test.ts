import { but } from "../../support/hand-written";
import { realTimeStack, stackWith, stackWithout, target, wholeStack } from "../../support/hand-written-stack";
import { judgesStack } from "../../support/rule-rows";
import { unknown } from "../../support/verdict";

const second = { ...target, name: "second" };
const ofUnknown = but(target, { resourceId: unknown });

judgesStack("endpoint-has-one-scalable-target", [
  ["one target", wholeStack, "complies"],
  ["no target", stackWithout("target"), /^e in eu-west-1: no scalable target\.$/],
  ["a target of another endpoint", stackWith("target", { resourceId: "endpoint/f/variant/primary" }), /no scalable/],
  ["a target in another region", stackWith("target", { region: "us-east-1" }), /no scalable target/],
  ["a table's target", stackWith("target", { serviceNamespace: "dynamodb" }), /no scalable target/],
  ["two targets", [...wholeStack, second], /2 scalable targets: target, second/],
  [
    "a target known by what its id comes from",
    [...stackWithout("target"), { ...ofUnknown, dependsOn: { resourceId: ["endpoint"] } }],
    "complies",
  ],
  ["a target that may be of any endpoint", [...stackWithout("target"), ofUnknown], "unknown"],
  [
    "a configuration known by what its name comes from",
    [
      ...stackWithout("target", "endpoint"),
      {
        ...but(wholeStack[2] ?? target, { endpointConfigName: unknown }),
        dependsOn: { endpointConfigName: ["settings"] },
      },
    ],
    /no scalable target/,
  ],
  ["a real-time endpoint without one", realTimeStack.filter(({ name }) => name !== "target"), "not applicable"],
]);
