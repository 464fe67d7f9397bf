import { configuration, configurationDeclaring, realTime } from "../../support/hand-written";
import { judges } from "../../support/rule-rows";
import { unknown } from "../../support/verdict";

const live = "async-fleet:time-to-live-seconds";

judges("time-to-live-covers-waking", [
  ["six hours", configuration(), "complies"],
  ["waking and one invocation to the second", configurationDeclaring(live, "1320"), "complies"],
  ["a second less", configurationDeclaring(live, "1319"), /below waking \(420\) plus one invocation \(900\)/],
  [
    "a longer waking by configuration",
    configurationDeclaring(live, "1320"),
    /below waking \(421\)/,
    { wakeSeconds: 421 },
  ],
  ["59 seconds", configurationDeclaring(live, "59"), /from 60 to 21600/],
  ["a real-time endpoint", realTime, "not applicable"],
  ["an unknown tag", configurationDeclaring(live, unknown), "unknown"],
]);
