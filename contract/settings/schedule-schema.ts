import { z } from "zod";
import { isCron, isTimeZone } from "../schedule";
import { name, whole } from "./kinds";

const cronForm =
  "six cron fields (minutes, hours, day of month, month, day of week, year; one of the two days ?) such as 0 8 ? * MON-FRI *";
const atForm = "a local time such as 2026-12-24T18:00:00";
const zoneForm = "a name of the time zone database such as Europe/Dublin";

/** Bounds that change by the clock, e.g. an instance that is always there in office hours. */
export const scheduleSchema = z
  .array(
    z.strictObject({
      name: name().meta({ description: "What it is for; part of the resource's name." }),
      cron: z
        .string({ error: cronForm })
        .refine(isCron, { error: cronForm })
        .optional()
        .meta({ description: "When, again and again." }),
      at: z
        .string({ error: atForm })
        .refine((text) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(text) && !Number.isNaN(Date.parse(`${text}Z`)), {
          error: atForm,
        })
        .optional()
        .meta({ description: "When, once." }),
      timezone: z
        .string({ error: zoneForm })
        .refine(isTimeZone, { error: zoneForm })
        .default("UTC")
        .meta({ description: "Whose clock; summer time is followed." }),
      min: whole({ min: 0, max: 1000 }).optional().meta({ description: "Fewest instances from then on." }),
      max: whole({ min: 1, max: 1000 }).optional().meta({ description: "Most instances from then on." }),
    }),
    { error: "a list of { name, cron or at, timezone, min, max }" },
  )
  .default([])
  .meta({
    description:
      "Bounds that change by the clock: office hours with an instance always there, nights without. Each entry sets min, max or both from its time on; instances kept by a minimum are paid whether they work or not.",
  });
