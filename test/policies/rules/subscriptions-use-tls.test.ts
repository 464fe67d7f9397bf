import { subscription, topic } from "../../support/hand-written";
import { judges } from "../../support/rule-rows";
import { unknown } from "../../support/verdict";

judges("subscriptions-use-tls", [
  ["a queue", subscription(), "complies"],
  ["https", subscription({ protocol: "https" }), "complies"],
  ["http", subscription({ protocol: "http" }), /^protocol is http/],
  ["a topic", topic("ok"), "not applicable"],
  ["an unknown protocol", subscription({ protocol: unknown }), "unknown"],
]);
