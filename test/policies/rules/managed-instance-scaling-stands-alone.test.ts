import { configurationWithVariant } from "../../support/hand-written";
import { realTimeStack, stackWith, wholeStack } from "../../support/hand-written-stack";
import { judgesStack } from "../../support/rule-rows";
import { unknown } from "../../support/verdict";

const managed = (managedInstanceScaling: object) =>
  stackWith("settings", configurationWithVariant({ managedInstanceScaling }).props);
const without = (name: string, stack: ReturnType<typeof managed>) => stack.filter((each) => each.name !== name);

judgesStack("managed-instance-scaling-stands-alone", [
  ["a scalable target alone", wholeStack, "complies"],
  ["both", managed({ status: "ENABLED" }), /^e in eu-west-1: managedInstanceScaling and a scalable target\.$/],
  ["both, with bounds and no status", managed({ minInstanceCount: 0, maxInstanceCount: 2 }), /and a scalable target/],
  ["one that is off", managed({ status: "DISABLED" }), "complies"],
  ["managed scaling alone", without("target", managed({ status: "ENABLED" })), "complies"],
  ["an unknown status", managed({ status: unknown }), "unknown"],
  ["a real-time endpoint", realTimeStack, "not applicable"],
  [
    "one variant of two",
    stackWith("settings", { productionVariants: [{}, { managedInstanceScaling: { status: "ENABLED" } }] }),
    /managedInstanceScaling and a scalable target/,
  ],
]);
