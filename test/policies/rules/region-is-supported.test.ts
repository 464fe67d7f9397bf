import { configuration, realTime } from "../../support/hand-written";
import { judges } from "../../support/rule-rows";
import { unknown } from "../../support/verdict";

judges("region-is-supported", [
  ["Ireland", configuration(), "complies"],
  ["Milan", configuration({ region: "eu-south-1" }), /eu-south-1 is excluded by default/],
  [
    "Milan with a reason",
    configuration({ region: "eu-south-1" }),
    "complies",
    { allowed: { "eu-south-1": "tried on 2026-11-01" } },
  ],
  ["no commercial region", configuration({ region: "cn-north-1" }), /not a commercial region/],
  ["no region", configuration({ region: undefined }), /region is missing/],
  ["a real-time endpoint", realTime, "not applicable"],
  ["an unknown region", configuration({ region: unknown }), "unknown"],
]);
