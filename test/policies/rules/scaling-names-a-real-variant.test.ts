import { but, configurationWithVariant } from "../../support/hand-written";
import { settings, stackWith, stackWithout, target, wholeStack } from "../../support/hand-written-stack";
import { judgesStack } from "../../support/rule-rows";
import { unknown } from "../../support/verdict";

const onUnknown = but({ ...target, name: "unclear" }, { resourceId: unknown });
const otherSettings = but(
  { ...settings, name: "other" },
  { ...configurationWithVariant({ variantName: "b" }).props, name: "d" },
);

judgesStack("scaling-names-a-real-variant", [
  ["names that are there", wholeStack, "complies"],
  [
    "an endpoint that is not",
    stackWith("target", { resourceId: "endpoint/f/variant/primary" }),
    /^endpoint\/f\/variant\/primary names no endpoint of this stack in eu-west-1\.$/,
  ],
  [
    "an endpoint of another region",
    stackWith("target", { region: "us-east-1" }),
    /names no endpoint of this stack in us-east-1/,
  ],
  [
    "a variant that is not",
    stackWith("target", { resourceId: "endpoint/e/variant/b" }),
    /^endpoint\/e\/variant\/b names a variant that settings does not have\.$/,
  ],
  [
    "a variant of another endpoint's configuration",
    [...stackWith("target", { resourceId: "endpoint/e/variant/b" }), otherSettings],
    /names a variant that settings does not have/,
  ],
  ["a configuration outside the stack", stackWithout("settings"), "complies"],
  ["a table's target", stackWith("target", { serviceNamespace: "dynamodb" }), "not applicable"],
  ["endpoints outside the stack", stackWithout("endpoint"), "not applicable"],
  ["an unknown resource id", stackWith("target", { resourceId: unknown }), "unknown"],
  [
    "an unknown resource id before a variant that is not",
    [onUnknown, ...stackWith("target", { resourceId: "endpoint/e/variant/b" })],
    /names a variant/,
  ],
  [
    "one variant of two",
    stackWith("settings", { productionVariants: [{ variantName: "a" }, { variantName: "primary" }] }),
    "complies",
  ],
]);
