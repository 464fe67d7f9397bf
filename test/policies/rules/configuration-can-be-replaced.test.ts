import { configuration, realTime } from "../../support/hand-written";
import { judges } from "../../support/rule-rows";
import { unknown } from "../../support/verdict";

judges("configuration-can-be-replaced", [
  ["no name", configuration(), "complies"],
  ["a name by Pulumi", configuration({ name: "under-test-abcdefa" }), "complies"],
  ["a name that ends in a digest", configuration({ name: "model-3fa9c1d" }), "complies"],
  ["a prefix", configuration({ namePrefix: "model-" }), "complies"],
  ["a fixed name", configuration({ name: "model" }), /^its name is fixed: model\.$/],
  ["a fixed name that ends in hexadecimal letters", configuration({ name: "facade" }), /its name is fixed/],
  ["deleted first", { ...configuration(), opts: { deleteBeforeReplace: true } }, /^deleteBeforeReplace is set\.$/],
  [
    "deleted first, with an unknown name",
    { ...configuration({ name: unknown }), opts: { deleteBeforeReplace: true } },
    /is set/,
  ],
  ["an unknown name", configuration({ name: unknown }), "unknown"],
  ["a real-time endpoint", realTime, "not applicable"],
  ["a fixed name that begins with the logical name", configuration({ name: "under-test-model" }), /its name is fixed/],
]);
