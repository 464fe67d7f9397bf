import { types } from "../../../policies/async-resources";
import { a, configuration, model } from "../../support/hand-written";
import { judges } from "../../support/rule-rows";
import { unknown } from "../../support/verdict";

judges("costs-can-be-attributed", [
  ["a tag", a(types.endpoint, { tags: { team: "vision" } }), "complies"],
  ["no tags", a(types.endpoint, {}), /^no tag says whose cost this is\.$/],
  ["declared limits only", configuration(), /^no tag says whose cost this is\.$/],
  ["the tag that is wanted", a(types.endpoint, { tags: { team: "vision" } }), "complies", { keys: ["team"] }],
  [
    "another tag",
    a(types.endpoint, { tags: { team: "vision" } }),
    /^tag cost-center is missing\.$/,
    { keys: ["team", "cost-center"] },
  ],
  ["a tag whose value is unknown, which is a tag", a(types.endpoint, { tags: { team: unknown } }), "complies"],
  ["a model", model(), "not applicable"],
  ["unknown tags", a(types.endpoint, { tags: unknown }), "unknown"],
]);
