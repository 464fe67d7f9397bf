import { z } from "zod";
import { alarmActionsMax } from "../limits";
import { shareOrOff, text, wholeOrOff } from "./kinds";

const minutes = { min: 1, max: 1440 };
const counts = { min: 1, max: 1_000_000 };
const percent = { min: 1, max: 100 };
const inFiveMinutes = (what: string) =>
  wholeOrOff(counts)
    .default(1)
    .meta({ description: `Alarm on so many ${what} within five minutes.` });

const watch = z.strictObject({
  oldestRequestShare: shareOrOff()
    .default(0.5)
    .meta({ description: "Alarm when the oldest request has used this share of its time to live." }),
  withoutCapacityMinutes: wholeOrOff(minutes)
    .default(20)
    .meta({ description: "Alarm when requests have waited so long without an instance." }),
  failures: inFiveMinutes("failed invocations"),
  expired: inFiveMinutes("requests that expired in the queue"),
  downloadFailures: inFiveMinutes("payloads that could not be read"),
  uploadFailures: inFiveMinutes("results that could not be written"),
  notificationFailures: inFiveMinutes("notices that could not be sent"),
  modelLatencyShare: shareOrOff()
    .default(0.8)
    .meta({ description: "Alarm when the model took this share of the invocation timeout for one request." }),
  atMaxMinutes: wholeOrOff(minutes)
    .default(60)
    .meta({ description: "Alarm when the endpoint has been at its most instances for so long." }),
  diskPercent: wholeOrOff(percent).default(85).meta({ description: "Alarm when an instance's disk is so full." }),
  memoryPercent: wholeOrOff(percent).default(90).meta({ description: "Alarm when an instance's memory is so full." }),
  notify: z
    .array(
      text(
        "the ARN of an SNS topic; it may hold {region} and {account}",
        /^arn:aws:sns:[a-z0-9{}-]+:[0-9a-z{}]+:[A-Za-z0-9_-]+$/,
      ),
      { error: "a list of SNS topic ARNs" },
    )
    .max(alarmActionsMax, { error: `at most ${alarmActionsMax} topics` })
    .default([])
    .meta({ description: "Topics of your own that the alarms tell." }),
  emails: z
    .array(text("an e-mail address", /^[^\s@:/]+@[^\s@:/]+\.[^\s@:/]+$/), { error: "a list of e-mail addresses" })
    .default([])
    .meta({
      description:
        "Whom the alarms write to, through a topic made in each region. Each confirms by mail, in each region.",
    }),
});

export const alarmsSchema = z
  .union([z.literal(false), watch], { error: "false, or an object of thresholds, notify and emails" })
  .meta({ description: "Alarms on what callers would feel, and whom they tell; each can be switched off with false." });
