import { createHash } from "node:crypto";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { fillTemplate } from "../contract/requests";
import type { ScalingPlan } from "../contract/scaling";
import { arnFor, childOf, endpointName, type RegionContext, regionalName } from "./context";
import { alarmArgs, alarmArn, alarmName } from "./metric-alarm";
import { policyDocument, tlsOnly } from "./policy-document";
import { watched } from "./watched";

export interface EndpointWatchArgs {
  readonly context: RegionContext;
  readonly plan: ScalingPlan;
  readonly keyArn: pulumi.Input<string>;
}

/** An alarm with its name and ARN, which are known before it exists. */
export interface WatchAlarm {
  readonly name: string;
  readonly arn: string;
  readonly resource: pulumi.Resource;
}

/**
 * The alarms people should hear: requests growing old, failing or expiring, payloads or results that cannot be moved,
 * notices that cannot be sent, a backlog that no instance comes for, a model near its timeout, an endpoint long at its
 * most instances, disks and memory running full. They tell the topics of `alarms.notify`, and a topic of the region's own
 * where `alarms.emails` names people.
 *
 * Cost: one standard alarm each, every month, whether it goes off or not. A topic costs nothing but its messages.
 */
export class EndpointWatch extends pulumi.ComponentResource {
  /** The alarms by what they watch: an update of the endpoint may be told to heed some, so they come before it. */
  readonly alarms: ReadonlyMap<string, WatchAlarm>;
  /** The region's own topic for alarms; absent when no e-mail address asks for one. */
  readonly topicArn: string | undefined;

  constructor(name: string, args: EndpointWatchArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("asyncinference:components:EndpointWatch", name, {}, opts);
    const { context, plan } = args;
    const { alarms } = context.settings;
    const wanted = alarms === false ? [] : watched(context.settings, alarms, plan);
    const emails = alarms === false || wanted.length === 0 ? [] : alarms.emails;
    const topic = emails.length === 0 ? undefined : this.createTopic(name, args, emails);
    this.topicArn = topic?.arn;
    const given = alarms === false ? [] : alarms.notify.map((each) => fillTemplate(each, context));
    const actions = topic === undefined ? given : [...given, topic.arn];
    const made = new Map<string, WatchAlarm>();
    for (const { role, says, alarm } of wanted) {
      const resource = new aws.cloudwatch.MetricAlarm(
        `${name}-${role}`,
        {
          ...alarmArgs(context, role, alarm),
          alarmDescription: `${endpointName(context)} in ${context.region}: ${says}`,
          alarmActions: actions,
          okActions: actions,
        },
        childOf(this, { dependsOn: topic?.ready ?? [] }),
      );
      made.set(role, { name: alarmName(context, role), arn: alarmArn(context, role), resource });
    }
    this.alarms = made;
    this.registerOutputs({});
  }

  /** CloudWatch has no identity policies: the topic lets its alarms of this account and region in, and nobody else. */
  private createTopic(name: string, { context, keyArn }: EndpointWatchArgs, emails: readonly string[]) {
    const topicName = regionalName(context, "snsTopic", "alarms");
    const arn = arnFor(context, "sns", topicName);
    const topic = new aws.sns.Topic(
      `${name}-topic`,
      { region: context.region, name: topicName, kmsMasterKeyId: keyArn, tags: context.tags },
      childOf(this),
    );
    const policy = new aws.sns.TopicPolicy(
      `${name}-topic-policy`,
      {
        region: context.region,
        arn: topic.arn,
        policy: policyDocument(
          {
            Sid: "AlarmsTell",
            Effect: "Allow",
            Principal: { Service: "cloudwatch.amazonaws.com" },
            Action: "sns:Publish",
            Resource: arn,
            Condition: {
              StringEquals: { "aws:SourceAccount": context.accountId },
              ArnLike: { "aws:SourceArn": arnFor(context, "cloudwatch", "alarm:*") },
            },
          },
          tlsOnly("sns:Publish", arn),
        ),
      },
      childOf(this),
    );
    for (const email of emails) {
      // An address cannot be part of a resource's name, and its place in the list may change.
      const digest = createHash("sha256").update(email).digest("hex").slice(0, 8);
      new aws.sns.TopicSubscription(
        `${name}-mail-${digest}`,
        { region: context.region, topic: topic.arn, protocol: "email", endpoint: email },
        childOf(this),
      );
    }
    return { arn, ready: [topic, policy] };
  }
}
