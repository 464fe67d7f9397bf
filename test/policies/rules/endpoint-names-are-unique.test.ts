import { but } from "../../support/hand-written";
import { endpoint } from "../../support/hand-written-stack";
import { judgesStack } from "../../support/rule-rows";
import { unknown } from "../../support/verdict";

const second = (change: object) => but({ ...endpoint, name: "second" }, change);

judgesStack("endpoint-names-are-unique", [
  ["two names", [endpoint, second({ name: "f" })], "complies"],
  ["one name in two regions", [endpoint, second({ region: "us-east-1" })], "complies"],
  ["one name in one region", [endpoint, second({})], /^second and endpoint are both named e\.$/],
  ["names that differ in capitals", [endpoint, second({ name: "E" })], /are both named E/],
  [
    "an unknown name beside two alike",
    [endpoint, but({ ...endpoint, name: "third" }, { name: unknown }), second({})],
    /second and endpoint/,
  ],
  ["an unknown name", [endpoint, second({ name: unknown })], "unknown"],
  ["one endpoint", [endpoint], "not applicable"],
]);
