import { model, modelWithEnvironment } from "../../support/hand-written";
import { judges } from "../../support/rule-rows";
import { unknown } from "../../support/verdict";

judges("container-timeout-covers-the-invocation", [
  ["no known variable", model(), "not applicable"],
  ["the same time", modelWithEnvironment({ TS_DEFAULT_RESPONSE_TIMEOUT: "900" }), "complies"],
  ["a second less", modelWithEnvironment({ SAGEMAKER_MODEL_SERVER_TIMEOUT: "899" }), /below the declared 900/],
  ["an unknown time", modelWithEnvironment({ TS_DEFAULT_RESPONSE_TIMEOUT: unknown }), "unknown"],
]);
