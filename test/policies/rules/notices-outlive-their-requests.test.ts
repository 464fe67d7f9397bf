import { configuration, named, queue, subscription, topic } from "../../support/hand-written";
import { judgesStack } from "../../support/rule-rows";
import { unknown } from "../../support/verdict";

const heard = [named("config", configuration()), topic("ok"), subscription()];

judgesStack("notices-outlive-their-requests", [
  ["SQS's four days", [...heard, queue()], "complies"],
  ["to the second", [...heard, queue({ messageRetentionSeconds: 22_500 })], "complies"],
  [
    "a second less",
    [...heard, queue({ messageRetentionSeconds: 22_499 })],
    /keeps messages 22499 seconds, a request may take 22500/,
  ],
  [
    "no declared limits",
    [named("config", configuration({ tags: {} })), topic("ok"), subscription(), queue({ messageRetentionSeconds: 60 })],
    "complies",
  ],
  ["an unknown retention", [...heard, queue({ messageRetentionSeconds: unknown })], "unknown"],

  [
    "a queue behind no topic of an endpoint",
    [named("config", configuration()), topic("ok"), queue()],
    "not applicable",
  ],
]);
