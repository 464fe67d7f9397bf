import { configuration, configurationDeclaring, realTime } from "../../support/hand-written";
import { judges } from "../../support/rule-rows";
import { unknown } from "../../support/verdict";

const bytes = "async-fleet:max-payload-bytes";

judges("payload-limit-is-declared", [
  ["a declared gigabyte", configuration(), "complies"],
  ["a byte more", configurationDeclaring(bytes, "1000000001"), /not a whole number from 1 to 1000000000/],
  ["no bytes", configurationDeclaring(bytes, "0"), /not a whole number from 1 to 1000000000/],
  ["no declaration", configurationDeclaring(bytes, undefined), /async-fleet:max-payload-bytes is missing/],
  ["no tags", configuration({ tags: undefined }), /async-fleet:max-payload-bytes is missing/],
  ["a real-time endpoint", realTime, "not applicable"],
  ["an unknown tag", configurationDeclaring(bytes, unknown), "unknown"],
]);
