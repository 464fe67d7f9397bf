import { z } from "zod";

/** Each member's message is what is expected of it, and its description is what editors and docs/FAULTS.md go by. */
const seconds = (description: string, error = "seconds, from 0 up") =>
  z.number({ error }).nonnegative({ error }).meta({ description });
const moreSeconds = (description: string) => {
  const error = "seconds, above 0";
  return z.number({ error }).positive({ error }).meta({ description });
};
const whole = (min: number, description: string, error = `a whole number from ${min} up`) =>
  z.int({ error }).min(min, { error }).meta({ description });
const patterns = (description: string, expected: string) => {
  const error = `a list of ${expected}`;
  return z.array(z.string({ error }).min(1, { error }), { error }).min(1, { error }).optional().meta({ description });
};

const regions = patterns("Region codes, * for any letters. Absent: every region.", 'region codes, e.g. ["eu-west-1"]');
const endpoints = patterns(
  "Endpoint names, * for any letters. Absent: every endpoint.",
  'endpoint names, e.g. ["asr-*"]',
);
const instanceTypes = patterns(
  "Instance types, * for any letters. Absent: every type.",
  'instance types, e.g. ["ml.g5.xlarge"]',
);

const where = <Shape extends z.core.$ZodLooseShape>(shape: Shape) =>
  z
    .strictObject(shape, { error: "an object" })
    .default({} as never)
    .meta({ description: "Which occasions it fits. Absent: all." });

const calls = where({
  regions,
  operations: patterns(
    "Operations as service:Operation in the rehearsal's names of services, * for any letters. Absent: every operation.",
    'operations as service:Operation, e.g. ["s3:PutObject", "sagemakerRuntime:*"]',
  ),
});

const shareError = "a number above 0 and at most 1";
const when = {
  share: z
    .number({ error: shareError })
    .gt(0, { error: shareError })
    .max(1, { error: shareError })
    .optional()
    .meta({ description: "The share of fitting occasions that it strikes, drawn by the fault's own generator." }),
  every: whole(1, "Strikes each so-manieth fitting occasion.").optional(),
  first: whole(1, "Strikes the first so many fitting occasions.").optional(),
};

const during = {
  fromSeconds: seconds("Begins so many virtual seconds after the faults were given. Absent: at once.").optional(),
  toSeconds: moreSeconds("Ends so many virtual seconds after the faults were given. Absent: never.").optional(),
};

const fault = <What extends string, Shape extends z.core.$ZodLooseShape>(
  what: What,
  description: string,
  shape: Shape,
) => z.strictObject({ what: z.literal(what), ...shape, ...during }).meta({ description });

const moment = <const Moments extends readonly ["before", ...string[]]>(moments: Moments, description: string) =>
  z
    .enum(moments, { error: moments.join(", ") })
    .default("before" as never)
    .meta({ description });

export const faultSchemas = {
  latency: fault("latency", "Calls are answered late.", {
    where: calls,
    ...when,
    seconds: moreSeconds("How late, in virtual seconds."),
    jitterSeconds: seconds("At most so much later still, drawn.").default(0),
  }),
  throttling: fault("throttling", "Calls are refused as too many, with the service's own error.", {
    where: calls,
    ...when,
  }),
  "server-error": fault("server-error", "Calls are answered with a server's error.", {
    where: calls,
    ...when,
    status: z
      .union([z.literal(500), z.literal(503)], { error: "500 or 503" })
      .default(500)
      .meta({ description: "500 is an internal failure, 503 a service that is unavailable." }),
    moment: moment(["before", "after"], "Before the work, or after it is done."),
  }),
  "dropped-connection": fault("dropped-connection", "Connections end without an answer.", {
    where: calls,
    ...when,
    moment: moment(
      ["before", "after", "during"],
      "Before the work, after it is done, or in the middle of an answer that is streamed.",
    ),
  }),
  "region-gone": fault("region-gone", "A region answers no call.", {
    where: where({ regions }),
    answers: z
      .enum(["unavailable", "nothing"], { error: "unavailable, nothing" })
      .default("unavailable")
      .meta({ description: "503 to every call, or connections that end without an answer." }),
  }),
  "lost-notice": fault("lost-notice", "SNS loses messages on their way to a subscriber.", {
    where: where({ regions, topics: patterns("Topic names, * for any letters. Absent: every topic.", "topic names") }),
    ...when,
  }),
  "doubled-notice": fault("doubled-notice", "SNS delivers messages more than once.", {
    where: where({ regions, topics: patterns("Topic names, * for any letters. Absent: every topic.", "topic names") }),
    ...when,
    copies: whole(2, "How often it is delivered in all.").max(10, { error: "at most 10" }).default(2),
  }),
  "late-notice": fault("late-notice", "SNS delivers messages late.", {
    where: where({ regions, topics: patterns("Topic names, * for any letters. Absent: every topic.", "topic names") }),
    ...when,
    seconds: moreSeconds("How late, in virtual seconds."),
  }),
  "late-metrics": fault("late-metrics", "What an endpoint tells CloudWatch of a minute arrives late.", {
    where: where({ regions, endpoints, metrics: patterns("Metric names. Absent: every metric.", "metric names") }),
    ...when,
    seconds: moreSeconds("How late, in virtual seconds."),
  }),
  "missing-metrics": fault("missing-metrics", "What an endpoint tells CloudWatch of a minute never arrives.", {
    where: where({ regions, endpoints, metrics: patterns("Metric names. Absent: every metric.", "metric names") }),
    ...when,
  }),
  "instance-loss": fault("instance-loss", "An instance is lost while it works on a request.", {
    where: where({ regions, endpoints, instanceTypes }),
    ...when,
    afterSeconds: seconds("How long it has worked on the request by then, in virtual seconds.").default(0),
  }),
  "capacity-shortage": fault(
    "capacity-shortage",
    "AWS has no more instances of a type: those wished for do not come.",
    {
      where: where({ regions, instanceTypes }),
      instancesMax: whole(0, "How many of the type the account gets in a region, those it has included.").default(0),
      givesUpSeconds: moreSeconds(
        "How long SageMaker looks for an instance before it says so. Absent: the assumption capacityGivesUpSeconds.",
      ).optional(),
    },
  ),
  "instance-quota": fault("instance-quota", "The account's quota of instances of a type for endpoints.", {
    where: where({ regions, instanceTypes }),
    instancesMax: whole(0, "How many of the type the account's endpoints may have in a region."),
  }),
} as const;

export const faultSchema = z.discriminatedUnion(
  "what",
  [
    faultSchemas.latency,
    faultSchemas.throttling,
    faultSchemas["server-error"],
    faultSchemas["dropped-connection"],
    faultSchemas["region-gone"],
    faultSchemas["lost-notice"],
    faultSchemas["doubled-notice"],
    faultSchemas["late-notice"],
    faultSchemas["late-metrics"],
    faultSchemas["missing-metrics"],
    faultSchemas["instance-loss"],
    faultSchemas["capacity-shortage"],
    faultSchemas["instance-quota"],
  ],
  { error: `what is one of ${Object.keys(faultSchemas).join(", ")}` },
);

/** A whole file of faults. */
export const faultPlanSchema = z.strictObject(
  {
    seed: z
      .int({ error: "a whole number from 0 to 4294967295" })
      .min(0, { error: "a whole number from 0 to 4294967295" })
      .max(2 ** 32 - 1, { error: "a whole number from 0 to 4294967295" })
      .default(1)
      .meta({ description: "The same seed and the same calls meet the same faults." }),
    faults: z.array(faultSchema, { error: "a list of faults" }).meta({ description: "What goes wrong." }),
  },
  { error: "an object with faults and, if need be, a seed" },
);

export type Fault = z.output<typeof faultSchema>;
export type FaultPlan = z.output<typeof faultPlanSchema>;
/** As a person writes it: what has a default may be left out. */
export type FaultInput = z.input<typeof faultSchema>;
export type FaultPlanInput = z.input<typeof faultPlanSchema>;

/** The same schema for editors. */
export function faultsJsonSchema(): object {
  return z.toJSONSchema(faultPlanSchema, { io: "input" });
}
