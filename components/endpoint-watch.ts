import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { fillTemplate } from "../contract/requests";
import { childOf, endpointName, type RegionContext, regionalName } from "./context";
import { type AlarmOn, alarmArgs } from "./metric-alarm";

export interface EndpointWatchArgs {
  readonly context: RegionContext;
}

const fiveMinutes = 300;

/**
 * The alarms people should hear: requests growing old, failing or expiring, payloads or results that cannot be moved,
 * notices that cannot be sent, and a backlog that no instance comes for. They tell the topics of `alarms.notify`.
 * Cost: one standard alarm each.
 */
export class EndpointWatch extends pulumi.ComponentResource {
  /** The alarms by what they watch: an update of the endpoint may be told to heed some, so they come before it. */
  readonly alarms: ReadonlyMap<string, { readonly name: string; readonly resource: pulumi.Resource }>;

  constructor(name: string, args: EndpointWatchArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("asyncinference:components:EndpointWatch", name, {}, opts);
    const { context } = args;
    const { alarms } = context.settings;
    const made = new Map<string, { name: string; resource: pulumi.Resource }>();
    if (alarms !== false) {
      const actions = alarms.notify.map((topic) => fillTemplate(topic, context));
      for (const { role, says, alarm } of watched(context, alarms)) {
        const alarmName = regionalName(context, "cloudwatchAlarm", role);
        const resource = new aws.cloudwatch.MetricAlarm(
          `${name}-${role}`,
          {
            name: alarmName,
            ...alarmArgs(context, alarm),
            alarmDescription: `${endpointName(context)} in ${context.region}: ${says}`,
            alarmActions: actions,
            okActions: actions,
          },
          childOf(this),
        );
        made.set(role, { name: alarmName, resource });
      }
    }
    this.alarms = made;
    this.registerOutputs({});
  }
}

interface Watched {
  readonly role: string;
  readonly says: string;
  readonly alarm: AlarmOn;
}

function watched(
  context: RegionContext,
  alarms: { readonly oldestRequestShare: number; readonly withoutCapacityMinutes: number },
): Watched[] {
  const { timeToLiveSeconds } = context.settings.requests;
  const anyIn5Minutes = (metric: AlarmOn["metric"]): AlarmOn => ({
    metric,
    statistic: "Sum",
    comparison: "GreaterThanOrEqualToThreshold",
    threshold: 1,
    periods: 1,
    periodSeconds: fiveMinutes,
  });
  return [
    {
      role: "oldest-request",
      says: `the oldest request has used ${Math.round(alarms.oldestRequestShare * 100)} % of its time to live`,
      alarm: {
        metric: "ApproximateAgeOfOldestRequest",
        statistic: "Maximum",
        comparison: "GreaterThanOrEqualToThreshold",
        threshold: Math.round(timeToLiveSeconds * alarms.oldestRequestShare),
        periods: 1,
      },
    },
    {
      role: "without-capacity",
      says: `requests have waited ${alarms.withoutCapacityMinutes} minutes without an instance`,
      alarm: {
        metric: "HasBacklogWithoutCapacity",
        statistic: "Average",
        comparison: "GreaterThanOrEqualToThreshold",
        threshold: 1,
        periods: alarms.withoutCapacityMinutes,
      },
    },
    { role: "failures", says: "requests failed", alarm: anyIn5Minutes("InvocationFailures") },
    { role: "expired", says: "requests expired in the queue", alarm: anyIn5Minutes("ExpiredRequests") },
    { role: "download-failures", says: "payloads could not be read", alarm: anyIn5Minutes("RequestDownloadFailures") },
    { role: "upload-failures", says: "results could not be written", alarm: anyIn5Minutes("ResponseUploadFailures") },
    { role: "notification-failures", says: "notices could not be sent", alarm: anyIn5Minutes("NotificationFailures") },
  ];
}
