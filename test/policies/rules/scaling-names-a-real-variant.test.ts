import { types } from "../../../policies/async-resources";
import { but, configuration, named } from "../../support/hand-written";
import { judgesStack } from "../../support/rule-rows";
import { unknown } from "../../support/verdict";

const target = named("target", {
  type: types.target,
  props: { region: "eu-west-1", serviceNamespace: "sagemaker", resourceId: "endpoint/e/variant/primary" },
});
const endpoint = named("endpoint", { type: types.endpoint, props: { region: "eu-west-1", name: "e" } });
const settings = named("configuration", configuration());

judgesStack("scaling-names-a-real-variant", [
  ["names that are there", [target, endpoint, settings], "complies"],
  ["an endpoint that is not", [target, settings], /^endpoint\/e\/variant\/primary names no endpoint of this stack/],
  [
    "a variant that is not",
    [but(target, { resourceId: "endpoint/e/variant/other" }), endpoint, settings],
    /^endpoint\/e\/variant\/other names a variant no configuration in eu-west-1 has\.$/,
  ],
  ["no target", [endpoint], "not applicable"],
  ["an unknown resource id", [but(target, { resourceId: unknown }), endpoint], "unknown"],
]);
