import { types } from "../../../policies/async-resources";
import { named } from "../../support/hand-written";
import { realTimeStack, stackWith, wholeStack } from "../../support/hand-written-stack";
import { judgesStack } from "../../support/rule-rows";
import { type StackResource, unknown } from "../../support/verdict";

const action = (name: string, scalableTargetAction: object): StackResource =>
  named(name, {
    type: types.scheduledAction,
    props: {
      region: "eu-west-1",
      serviceNamespace: "sagemaker",
      resourceId: "endpoint/e/variant/primary",
      scalableTargetAction,
    },
  });
const morning = action("morning", { minCapacity: 1, maxCapacity: 4 });
const evening = action("evening", { minCapacity: 0, maxCapacity: 4 });

judgesStack("scheduled-floors-are-lowered-again", [
  ["lifted in the morning, lowered in the evening", [...wholeStack, morning, evening], "complies"],
  [
    "lifted and never lowered",
    [...wholeStack, morning],
    /^e in eu-west-1: morning lifts the minimum above 0, and no action brings it back\.$/,
  ],
  ["lowered, but not as far", [...wholeStack, morning, action("noon", { minCapacity: 1 })], /no action brings it back/],
  ["lowered by maximum alone", [...wholeStack, morning, action("noon", { maxCapacity: 1 })], /no action brings it/],
  ["an unknown minimum", [...wholeStack, action("morning", { minCapacity: unknown })], "unknown"],
  ["no action", wholeStack, "not applicable"],
  ["a real-time endpoint", [...realTimeStack, morning], "not applicable"],
  ["a maximum alone", [...wholeStack, action("noon", { maxCapacity: 1 })], "complies"],
  ["a target without a minimum", [...stackWith("target", { minCapacity: undefined }), morning], /above 0/],
]);
