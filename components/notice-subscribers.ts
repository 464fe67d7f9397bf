import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { fillTemplate } from "../contract/requests";
import { protocolOf, type Subscriber } from "../contract/settings/notifications-schema";
import { arnFor, childOf, type RegionContext, regionalName } from "./context";
import { policyDocument, tlsOnly } from "./policy-document";

export interface NoticeSubscribersArgs {
  readonly context: RegionContext;
  readonly keyArn: pulumi.Input<string>;
  readonly topics: Readonly<Record<"success" | "error", aws.sns.Topic>>;
}

const deadLetterSeconds = 14 * 86_400;

/**
 * The subscribers of `notifications.subscribers` at the region's two topics.
 *
 * A function of this account and region is given the permission SNS needs to call it; for any other the deployment says
 * the command that gives it. A queue's own policy is its owner's to write. E-mail and https wait until their owner has
 * confirmed, once for each region and topic.
 *
 * Cost: SNS bills each delivery to e-mail and https; queues and functions bill for what they receive.
 */
export class NoticeSubscribers extends pulumi.ComponentResource {
  constructor(name: string, args: NoticeSubscribersArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("asyncinference:components:NoticeSubscribers", name, {}, opts);
    for (const subscriber of args.context.settings.notifications.subscribers) this.subscribe(name, args, subscriber);
    this.registerOutputs({});
  }

  private subscribe(name: string, args: NoticeSubscribersArgs, subscriber: Subscriber): void {
    const { context, topics } = args;
    const endpoint = fillTemplate(subscriber.to, context);
    const protocol = protocolOf(endpoint) ?? "sqs";
    const base = `${name}-${subscriber.name}`;
    const ready = protocol === "lambda" ? this.permit(base, args, subscriber, endpoint) : [];
    if (protocol === "sqs" || protocol === "lambda") this.warnOfOtherAccounts(context, subscriber, endpoint);
    const deadLetter = subscriber.deadLetter ? this.createDeadLetter(base, args, subscriber) : undefined;
    for (const outcome of outcomesOf(subscriber)) {
      new aws.sns.TopicSubscription(
        `${base}-${outcome}`,
        {
          region: context.region,
          topic: topics[outcome].arn,
          protocol,
          endpoint,
          ...(subscriber.filter === undefined
            ? {}
            : { filterPolicy: JSON.stringify(subscriber.filter), filterPolicyScope: "MessageBody" }),
          ...(subscriber.raw ? { rawMessageDelivery: true } : {}),
          ...(deadLetter === undefined
            ? {}
            : { redrivePolicy: JSON.stringify({ deadLetterTargetArn: deadLetter.arn }) }),
        },
        childOf(this, { dependsOn: [...ready, ...(deadLetter?.ready ?? [])] }),
      );
    }
  }

  private permit(
    name: string,
    { context }: NoticeSubscribersArgs,
    subscriber: Subscriber,
    functionArn: string,
  ): pulumi.Resource[] {
    const [, , , region, account, , functionName = "", qualifier] = functionArn.split(":");
    return outcomesOf(subscriber).flatMap((outcome) => {
      const topicArn = arnFor(context, "sns", regionalName(context, "snsTopic", outcome));
      if (account === context.accountId && region === context.region) {
        return [
          new aws.lambda.Permission(
            `${name}-${outcome}-permission`,
            {
              region: context.region,
              statementId: regionalName(context, "lambdaStatement", `${subscriber.name}-${outcome}`),
              action: "lambda:InvokeFunction",
              function: functionName,
              ...(qualifier === undefined ? {} : { qualifier }),
              principal: "sns.amazonaws.com",
              sourceArn: topicArn,
            },
            childOf(this),
          ),
        ];
      }
      void pulumi.log.warn(
        `The function of subscriber ${subscriber.name} is not in this account and region (${functionArn}), so its owner must let SNS call it: aws lambda add-permission --region ${region} --function-name ${functionArn} --statement-id ${regionalName(context, "lambdaStatement", `${subscriber.name}-${outcome}`)} --action lambda:InvokeFunction --principal sns.amazonaws.com --source-arn ${topicArn}`,
        this,
      );
      return [];
    });
  }

  private warnOfOtherAccounts(context: RegionContext, subscriber: Subscriber, endpoint: string): void {
    const account = endpoint.split(":")[4] ?? "";
    if (account === context.accountId) return;
    void pulumi.log.warn(
      `Subscriber ${subscriber.name} of ${context.region} belongs to account ${account}, which must confirm the subscription before it gets anything. It need not when it subscribes itself: name the account in notifications.accounts and leave it out of notifications.subscribers.`,
      this,
    );
  }

  private createDeadLetter(name: string, { context, keyArn }: NoticeSubscribersArgs, subscriber: Subscriber) {
    const queueName = regionalName(context, "sqsQueue", `${subscriber.name}-undelivered`);
    const arn = arnFor(context, "sqs", queueName);
    const queue = new aws.sqs.Queue(
      `${name}-dead-letter`,
      {
        region: context.region,
        name: queueName,
        kmsMasterKeyId: keyArn,
        messageRetentionSeconds: deadLetterSeconds,
        tags: context.tags,
      },
      childOf(this),
    );
    const topicArns = outcomesOf(subscriber).map((outcome) =>
      arnFor(context, "sns", regionalName(context, "snsTopic", outcome)),
    );
    const policy = new aws.sqs.QueuePolicy(
      `${name}-dead-letter-policy`,
      {
        region: context.region,
        queueUrl: queue.url,
        policy: policyDocument(
          {
            Sid: "FromTheTopics",
            Effect: "Allow",
            Principal: { Service: "sns.amazonaws.com" },
            Action: "sqs:SendMessage",
            Resource: arn,
            Condition: { ArnEquals: { "aws:SourceArn": topicArns } },
          },
          tlsOnly("sqs:*", arn),
        ),
      },
      childOf(this),
    );
    return { arn, ready: [queue, policy] };
  }
}

function outcomesOf({ outcome }: Subscriber): ReadonlyArray<"success" | "error"> {
  return outcome === "both" ? ["success", "error"] : [outcome];
}
