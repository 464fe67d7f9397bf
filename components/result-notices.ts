import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { arnFor, childOf, type RegionContext, regionalName } from "./context";
import { NoticeSubscribers } from "./notice-subscribers";
import { policyDocument, type Statement, tlsOnly } from "./policy-document";

export interface ResultNoticesArgs {
  readonly context: RegionContext;
  readonly keyArn: pulumi.Input<string>;
}

/** Callers leave each other's notices in the queue, so a notice may be received many times before its owner comes. */
const receivesBeforeDeadLetter = 1000;
const secondsPerDay = 86_400;

/**
 * Where the endpoint tells of its results: a topic for successes, a topic for errors, and one queue that hears both for
 * callers who wait. A notice nobody takes ends in a dead-letter queue for fourteen days. Whoever else is to hear stands in
 * `notifications.subscribers`; other accounts in `notifications.accounts` may subscribe their own queues and functions.
 */
export class ResultNotices extends pulumi.ComponentResource {
  readonly successTopicArn: string;
  readonly errorTopicArn: string;
  readonly queueUrl: pulumi.Output<string>;
  readonly queueArn: string;
  /** The topics with their policies: the endpoint waits for them. */
  readonly ready: pulumi.Resource[];

  constructor(name: string, args: ResultNoticesArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("asyncinference:components:ResultNotices", name, {}, opts);
    const { context } = args;
    const success = this.createTopic(`${name}-success`, args, regionalName(context, "snsTopic", "success"));
    const error = this.createTopic(`${name}-error`, args, regionalName(context, "snsTopic", "error"));
    this.successTopicArn = success.arn;
    this.errorTopicArn = error.arn;

    const queueName = regionalName(context, "sqsQueue", "notices");
    this.queueArn = arnFor(context, "sqs", queueName);
    const queue = this.createQueue(name, args, queueName);
    const allowed = new aws.sqs.QueuePolicy(
      `${name}-queue-policy`,
      { region: context.region, queueUrl: queue.url, policy: this.queuePolicy() },
      childOf(this),
    );
    for (const [role, topic] of [["success", success] as const, ["error", error] as const]) {
      new aws.sns.TopicSubscription(
        `${name}-${role}-to-queue`,
        { region: context.region, topic: topic.resource.arn, protocol: "sqs", endpoint: queue.arn },
        childOf(this, { dependsOn: allowed }),
      );
    }
    if (context.settings.notifications.subscribers.length > 0) {
      new NoticeSubscribers(
        `${name}-subscribers`,
        { context, keyArn: args.keyArn, topics: { success: success.resource, error: error.resource } },
        { parent: this },
      );
    }
    if (context.settings.notifications.includeResponseIn.length > 0) {
      void pulumi.log.warn(
        `Responses of up to 128 KB are put into the ${context.settings.notifications.includeResponseIn.join(" and ")} notices of ${context.region}: what the model answers then lies in the notice queue for ${context.settings.notifications.retentionDays} days and with every subscriber, whose own retention and readers apply. Take it out of notifications.includeResponseIn if that is not wanted.`,
        this,
      );
    }
    this.queueUrl = queue.url;
    this.ready = [...success.ready, ...error.ready];
    this.registerOutputs({ queueUrl: this.queueUrl });
  }

  private createTopic(name: string, args: ResultNoticesArgs, topicName: string) {
    const { context } = args;
    const arn = arnFor(context, "sns", topicName);
    const resource = new aws.sns.Topic(
      name,
      { region: context.region, name: topicName, kmsMasterKeyId: args.keyArn, tags: context.tags },
      childOf(this),
    );
    const policy = new aws.sns.TopicPolicy(
      `${name}-policy`,
      {
        region: context.region,
        arn: resource.arn,
        policy: policyDocument(
          {
            Sid: "AccountDecides",
            Effect: "Allow",
            Principal: { AWS: `arn:aws:iam::${context.accountId}:root` },
            Action: [
              "sns:Publish",
              "sns:Subscribe",
              "sns:GetTopicAttributes",
              "sns:SetTopicAttributes",
              "sns:ListSubscriptionsByTopic",
            ],
            Resource: arn,
          },
          ...othersSubscribe(context.settings.notifications.accounts, arn),
          tlsOnly("sns:Publish", arn),
        ),
      },
      childOf(this),
    );
    return { arn, resource, ready: [resource, policy] as pulumi.Resource[] };
  }

  private createQueue(name: string, args: ResultNoticesArgs, queueName: string): aws.sqs.Queue {
    const { region, settings, tags } = args.context;
    const shared = { region, kmsMasterKeyId: args.keyArn, tags };
    const deadLetter = new aws.sqs.Queue(
      `${name}-dead-letter`,
      {
        ...shared,
        name: regionalName(args.context, "sqsQueue", "notices-dead-letter"),
        messageRetentionSeconds: 14 * secondsPerDay,
      },
      childOf(this),
    );
    return new aws.sqs.Queue(
      `${name}-queue`,
      {
        ...shared,
        name: queueName,
        messageRetentionSeconds: settings.notifications.retentionDays * secondsPerDay,
        receiveWaitTimeSeconds: 20,
        visibilityTimeoutSeconds: 30,
        redrivePolicy: deadLetter.arn.apply((deadLetterTargetArn) =>
          JSON.stringify({ deadLetterTargetArn, maxReceiveCount: receivesBeforeDeadLetter }),
        ),
      },
      childOf(this),
    );
  }

  private queuePolicy(): string {
    return policyDocument(
      {
        Sid: "FromTheTopics",
        Effect: "Allow",
        Principal: { Service: "sns.amazonaws.com" },
        Action: "sqs:SendMessage",
        Resource: this.queueArn,
        Condition: { ArnEquals: { "aws:SourceArn": [this.successTopicArn, this.errorTopicArn] } },
      },
      tlsOnly("sqs:*", this.queueArn),
    );
  }
}

/**
 * What lets other accounts in: to subscribe, and nothing else. They need no right to the key the topic is encrypted with,
 * because SNS decrypts a notice before it hands it to a subscriber.
 */
function othersSubscribe(accounts: readonly string[], topicArn: string): Statement[] {
  if (accounts.length === 0) return [];
  return [
    {
      Sid: "OtherAccountsSubscribe",
      Effect: "Allow",
      Principal: { AWS: accounts.map((account) => `arn:aws:iam::${account}:root`) },
      Action: "sns:Subscribe",
      Resource: topicArn,
      Condition: { StringEquals: { "sns:Protocol": ["sqs", "lambda"] } },
    },
  ];
}
