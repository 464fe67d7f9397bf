import type * as sdk from "@aws-sdk/client-sns";

/** What SNS knows of a message as it delivers it. */
export interface Outgoing {
  readonly id: string;
  readonly topicArn: string;
  readonly region: string;
  readonly publishedMs: number;
  readonly input: sdk.PublishCommandInput;
}

/** A notification in SNS's JSON form (developer guide, http-notification-json). Its signature is not a real one. */
export function notification(message: Outgoing, subscriptionArn: string): string {
  const { input, id, region } = message;
  return JSON.stringify({
    Type: "Notification",
    MessageId: id,
    TopicArn: message.topicArn,
    ...(input.Subject === undefined ? {} : { Subject: input.Subject }),
    Message: input.Message,
    ...signed(id, region, message.publishedMs),
    UnsubscribeURL: `https://sns.${region}.amazonaws.com/?Action=Unsubscribe&SubscriptionArn=${subscriptionArn}`,
    ...(input.MessageAttributes === undefined
      ? {}
      : {
          MessageAttributes: Object.fromEntries(
            Object.entries(input.MessageAttributes).map(([name, { DataType, StringValue }]) => [
              name,
              { Type: DataType, Value: StringValue },
            ]),
          ),
        }),
  });
}

/** What a subscriber confirms with (developer guide, http-subscription-confirmation-json). */
export function confirmation(about: {
  readonly id: string;
  readonly token: string;
  readonly topicArn: string;
  readonly region: string;
  readonly nowMs: number;
  readonly subscribeUrl: string;
}): string {
  return JSON.stringify({
    Type: "SubscriptionConfirmation",
    MessageId: about.id,
    Token: about.token,
    TopicArn: about.topicArn,
    Message: `You have chosen to subscribe to the topic ${about.topicArn}.\nTo confirm the subscription, visit the SubscribeURL included in this message.`,
    SubscribeURL: about.subscribeUrl,
    ...signed(about.id, about.region, about.nowMs),
  });
}

function signed(id: string, region: string, atMs: number) {
  return {
    Timestamp: new Date(atMs).toISOString(),
    SignatureVersion: "1",
    Signature: Buffer.from(`rehearsal:${id}`).toString("base64"),
    SigningCertURL: `https://sns.${region}.amazonaws.com/SimpleNotificationService-rehearsal.pem`,
  };
}
