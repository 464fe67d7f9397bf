import { types } from "../../../policies/async-resources";
import {
  a,
  configuration,
  configurationDeclaring,
  configurationWithVariant,
  realTime,
} from "../../support/hand-written";
import { judges } from "../../support/rule-rows";
import { unknown } from "../../support/verdict";

const slow = (modelDataDownloadTimeoutInSeconds: number, startup: number, timeToLive: string) =>
  a(types.endpointConfiguration, {
    ...configurationDeclaring("async-fleet:time-to-live-seconds", timeToLive).props,
    productionVariants: [{ modelDataDownloadTimeoutInSeconds, containerStartupHealthCheckTimeoutInSeconds: startup }],
  });

judges("time-to-live-covers-a-slow-start", [
  ["six hours for two of start", slow(3600, 3600, "21600"), "complies"],
  ["to the second", slow(600, 300, "1800"), "complies"],
  [
    "a second less",
    slow(600, 300, "1799"),
    /^the time to live of 1799 seconds is below a start of 900 plus one invocation of 900\.$/,
  ],
  [
    "a start-up timeout alone",
    configurationWithVariant({ containerStartupHealthCheckTimeoutInSeconds: 3600 }),
    "complies",
  ],
  ["timeouts left to SageMaker", configuration(), "not applicable"],
  ["a real-time endpoint", realTime, "not applicable"],
  ["an unknown timeout", configurationWithVariant({ modelDataDownloadTimeoutInSeconds: unknown }), "unknown"],
]);
