import {
  alarm,
  realTimeStack,
  stackWith,
  stackWithEach,
  stackWithout,
  wholeStack,
} from "../../support/hand-written-stack";
import { judgesStack } from "../../support/rule-rows";
import { unknown } from "../../support/verdict";

const waiting = (threshold: number) =>
  alarm("waiting", "TimeInBacklog", { threshold, dimensions: { EndpointName: "e", VariantName: "primary" } });
const declared = (seconds: string) => ({ tags: { "async-fleet:time-to-live-seconds": seconds } });

judgesStack("alarm-thresholds-can-be-reached", [
  ["ages and backlogs that happen", wholeStack, "complies"],
  ["a second below the time to live", stackWith("age", { threshold: 21_599 }), "complies"],
  [
    "the time to live itself",
    stackWith("age", { threshold: 21_600 }),
    /^e in eu-west-1: age has the threshold 21600, and ApproximateAgeOfOldestRequest is at most 21600\.$/,
  ],
  [
    "above a shorter time to live",
    stackWith("settings", declared("3600")),
    /age has the threshold 3600, and .* at most 3600/,
  ],
  ["no declaration", stackWith("settings", { tags: {} }), "complies"],
  ["milliseconds", [...wholeStack, waiting(21_599_000)], "complies"],
  [
    "more milliseconds than a request lives",
    [...wholeStack, waiting(21_600_000)],
    /waiting has the threshold 21600000/,
  ],
  [
    "a backlog without capacity above 1",
    stackWith("wake-alarm", { threshold: 2 }),
    /wake-alarm has the threshold 2, and HasBacklogWithoutCapacity is at most 1/,
  ],
  [
    "greater than 1 where 1 is the most",
    stackWith("wake-alarm", { comparisonOperator: "GreaterThanThreshold" }),
    /wake-alarm has the threshold 1/,
  ],
  [
    "greater than nothing",
    stackWith("wake-alarm", { comparisonOperator: "GreaterThanThreshold", threshold: 0 }),
    "complies",
  ],
  [
    "an alarm that all is well",
    stackWith("age", { comparisonOperator: "LessThanThreshold", threshold: 99_999 }),
    "complies",
  ],
  ["an unknown threshold", stackWith("age", { threshold: unknown }), "unknown"],
  [
    "an unknown threshold before one out of reach",
    stackWithEach({ "wake-alarm": { threshold: unknown }, age: { threshold: 21_600 } }),
    /age has the threshold 21600/,
  ],
  [
    "a declaration that is no number",
    stackWithEach({ settings: declared("long"), age: { threshold: 21_600 } }),
    /age has the threshold 21600/,
  ],
  ["no such alarm", stackWithout("age", "wake-alarm", "without-capacity"), "not applicable"],
  ["a real-time endpoint", realTimeStack, "not applicable"],
]);
