import { configuration, configurationDeclaring, realTime } from "../../support/hand-written";
import { judges } from "../../support/rule-rows";
import { unknown } from "../../support/verdict";

const seconds = "async-fleet:invocation-timeout-seconds";

judges("invocation-timeout-is-declared", [
  ["a declared timeout", configuration(), "complies"],
  ["a second over an hour", configurationDeclaring(seconds, "3601"), /from 1 to 3600/],
  ["no declaration", configurationDeclaring(seconds, undefined), /is missing/],
  ["a real-time endpoint", realTime, "not applicable"],
  ["an unknown tag", configurationDeclaring(seconds, unknown), "unknown"],
]);
