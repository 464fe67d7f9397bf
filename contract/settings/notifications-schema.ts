import { z } from "zod";
import { name, text, whole, yesOrNo } from "./kinds";

/** Whom a topic can tell, by the form of the address. */
export type SubscriberProtocol = "sqs" | "lambda" | "https" | "email";

const forms: Readonly<Record<SubscriberProtocol, RegExp>> = {
  sqs: /^arn:aws:sqs:[a-z0-9{}-]+:(?:\d{12}|\{account\}):[A-Za-z0-9_-]{1,80}$/,
  lambda:
    /^arn:aws:lambda:[a-z0-9{}-]+:(?:\d{12}|\{account\}):function:[A-Za-z0-9-_]{1,64}(?::[A-Za-z0-9-_$]{1,128})?$/,
  https: /^https:\/\/[A-Za-z0-9.-]+(?::\d+)?(?:\/\S*)?$/,
  email: /^[^\s@:/]+@[^\s@:/]+\.[^\s@:/]+$/,
};
const addressForm =
  "the ARN of an SQS queue or a Lambda function (it may hold {region} and {account}), an https URL, or an e-mail address";

/** The protocol of a subscriber's address, or undefined when it is none that is taken. Plain http is not. */
export function protocolOf(address: string): SubscriberProtocol | undefined {
  return (Object.keys(forms) as SubscriberProtocol[]).find((protocol) => forms[protocol].test(address));
}

const subscriber = z.strictObject({
  name: name().meta({ description: "Whom it is; part of the resource's name." }),
  to: z
    .string({ error: addressForm })
    .refine((address) => protocolOf(address) !== undefined, { error: addressForm })
    .meta({
      description:
        "Where notices go. E-mail and https must be confirmed by their owner, in each region and for each topic.",
    }),
  outcome: z
    .enum(["success", "error", "both"], { error: "success, error or both" })
    .default("both")
    .meta({ description: "Which notices." }),
  filter: z
    .record(z.string(), z.unknown(), {
      error: "an SNS filter policy on the notice's body, e.g. { invocationStatus: [Failed] }",
    })
    .optional()
    .meta({ description: "An SNS filter policy on the notice's body: only what passes it is sent." }),
  raw: yesOrNo().default(false).meta({ description: "The notice itself, without SNS's envelope (queues and https)." }),
  deadLetter: yesOrNo()
    .default(false)
    .meta({ description: "A queue of its own that keeps what could not be delivered, for fourteen days." }),
});

export type Subscriber = z.output<typeof subscriber>;

export const notificationsSchema = z.strictObject({
  includeResponseIn: z
    .array(z.enum(["success", "error"], { error: "success or error" }), { error: "a list of success, error" })
    .default([])
    .meta({
      description: "Put responses of up to 128 KB into these notices. They then lie in SNS and in every subscriber.",
    }),
  retentionDays: whole({ min: 1, max: 14 })
    .default(4)
    .meta({ description: "How long the notice queue keeps a notice that nobody has received." }),
  subscribers: z
    .array(subscriber, { error: "a list of { name, to, outcome, filter, raw, deadLetter }" })
    .default([])
    .meta({ description: "Who else hears of results, beside the queue of callers who wait." }),
  accounts: z
    .array(text("an account id of twelve digits", /^\d{12}$/), { error: "a list of account ids" })
    .default([])
    .meta({ description: "Other accounts that may subscribe their own queues and functions to the topics." }),
});
