import { model, modelWithEnvironment } from "../../support/hand-written";
import { judges } from "../../support/rule-rows";
import { unknown } from "../../support/verdict";

judges("container-accepts-the-declared-payload", [
  ["a container it does not know", model(), "not applicable"],
  ["a server raised to the limit", modelWithEnvironment({ TS_MAX_REQUEST_SIZE: "1000000000" }), "complies"],
  [
    "a server a byte short",
    modelWithEnvironment({ TS_MAX_REQUEST_SIZE: "999999999" }),
    /less than the declared 1000000000/,
  ],
  [
    "a known image with its default",
    modelWithEnvironment({}, "763104351884.dkr.ecr.eu-west-1.amazonaws.com/pytorch-inference:2.1"),
    /TS_MAX_REQUEST_SIZE is missing/,
  ],
  ["an unknown size", modelWithEnvironment({ MMS_MAX_REQUEST_SIZE: unknown }), "unknown"],
]);
