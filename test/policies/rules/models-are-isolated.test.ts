import { configuration, model } from "../../support/hand-written";
import { judges } from "../../support/rule-rows";
import { unknown } from "../../support/verdict";

judges("models-are-isolated", [
  ["isolation", model({ enableNetworkIsolation: true }), "complies"],
  ["nothing said", model(), /^enableNetworkIsolation is not true/],
  ["no isolation", model({ enableNetworkIsolation: false }), /^enableNetworkIsolation is not true/],
  ["an endpoint configuration", configuration(), "not applicable"],
  ["an unknown isolation", model({ enableNetworkIsolation: unknown }), "unknown"],
]);
