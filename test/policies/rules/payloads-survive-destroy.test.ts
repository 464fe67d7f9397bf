import { bucket, topic } from "../../support/hand-written";
import { judges } from "../../support/rule-rows";
import { unknown } from "../../support/verdict";

/** The rows' stack is named test. */
const production = { production: ["test"] };

judges("payloads-survive-destroy", [
  ["a bucket that is kept", bucket({ forceDestroy: false }), "complies", production],
  ["a bucket that says nothing", bucket(), "complies", production],
  ["a bucket that is emptied", bucket({ forceDestroy: true }), /^forceDestroy is true/, production],
  ["one of a family of stacks", bucket({ forceDestroy: true }), /^forceDestroy is true/, { production: ["te*"] }],
  ["a stack for trying", bucket({ forceDestroy: true }), "not applicable"],
  ["a topic", topic("ok"), "not applicable", production],
  ["an unknown forceDestroy", bucket({ forceDestroy: unknown }), "unknown", production],
]);
