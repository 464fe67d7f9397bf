import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { RegionManifest } from "../contract/manifest";
import { expectedWakeSeconds, scalingPlan } from "../contract/scaling";
import type { RegionSettings } from "../contract/settings";
import { AsyncEndpoint } from "./async-endpoint";
import { BacklogScaling } from "./backlog-scaling";
import { CallerAccess } from "./caller-access";
import { childOf, endpointName, type RegionContext, variantName } from "./context";
import { createDashboard } from "./dashboard";
import { regionDashboardBody, type Seen } from "./dashboard-widgets";
import { EndpointWatch } from "./endpoint-watch";
import { imageOf } from "./image";
import { givenModel, type LocalModel, localPath, ModelUpload, type PlacedModel } from "./model-data";
import { PayloadStore } from "./payload-store";
import { RegionKey } from "./region-key";
import { ResultNotices } from "./result-notices";
import type { AskServed } from "./served-configuration";
import { ServingRole } from "./serving-role";

export interface AsyncRegionArgs {
  /** First part of every name. */
  readonly project: string;
  /** Second part of every name. */
  readonly stack: string;
  /** e.g. `eu-west-1` */
  readonly region: string;
  /** The account deployed to, from `aws.getCallerIdentity`. Plain text, so that names and ARNs are known at preview. */
  readonly accountId: string;
  /** This region's settings, from `parseSettings`. */
  readonly settings: RegionSettings;
  /** The model's files, when `settings.model.data` is a local path. @default - the model lies in S3 or in the image */
  readonly localModel?: LocalModel;
  /** AWS's own image in this region, from `lookUp`. @default - the settings ask for none */
  readonly prebuiltImage?: string;
  /** Asks SageMaker what an endpoint serves, after each update. @default - the AWS SDK, as the provider is configured */
  readonly askServed?: AskServed;
  /** Added to project, stack and region on everything that takes tags. @default - none */
  readonly tags?: Readonly<Record<string, string>>;
}

/**
 * Everything one region needs to serve asynchronous inference: key, bucket, topics and queue, role, endpoint, scaling
 * and alarms. Every regional resource carries the region; the role is global and carries it in its name.
 */
export class AsyncRegion extends pulumi.ComponentResource {
  /** What callers need to know of this region. */
  readonly manifest: pulumi.Output<RegionManifest>;
  /** What a dashboard over several regions shows of this one; absent where the settings want no dashboard. */
  readonly seen: Seen | undefined;

  /** @throws UsageError ASY-202, ASY-212, ASY-217 when no image or no data is named for the region */
  constructor(name: string, args: AsyncRegionArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("asyncinference:components:AsyncRegion", name, {}, opts);
    const context: RegionContext = {
      project: args.project,
      stack: args.stack,
      region: args.region,
      accountId: args.accountId,
      settings: args.settings,
      tags: {
        ...args.tags,
        "async-fleet:project": args.project,
        "async-fleet:stack": args.stack,
        "async-fleet:region": args.region,
      },
    };
    const image = imageOf(context, args.prebuiltImage);
    const plan = scalingPlan(context.settings.scaling);
    const child = { parent: this };

    const key = new RegionKey(`${name}-key`, context, child);
    const store = new PayloadStore(`${name}-store`, { context, keyArn: key.arn }, child);
    const notices = new ResultNotices(`${name}-notices`, { context, keyArn: key.arn }, child);
    const model = this.placeModel(name, context, args.localModel, store, key);
    const role = new ServingRole(
      `${name}-role`,
      {
        context,
        bucketArn: store.bucketArn,
        keyArn: key.arn,
        topicArns: [notices.successTopicArn, notices.errorTopicArn],
        image,
        ...(model !== undefined && args.localModel === undefined ? { modelDataUri: model.uri } : {}),
      },
      child,
    );
    const watch = new EndpointWatch(`${name}-watch`, { context, plan, keyArn: key.arn }, child);
    const logs = this.createLogGroup(name, context, key);
    const endpoint = new AsyncEndpoint(
      name,
      {
        context,
        image,
        ...(model === undefined ? {} : { model }),
        store,
        role,
        notices,
        alarms: watch.alarms,
        keyArn: key.arn,
        ...(args.askServed === undefined ? {} : { askServed: args.askServed }),
      },
      { ...child, dependsOn: logs },
    );
    new BacklogScaling(
      `${name}-scaling`,
      { context, plan, endpoint: endpoint.endpoint, scaledType: endpoint.scaledType },
      child,
    );
    const seen = {
      region: context.region,
      endpointName: endpoint.endpointName,
      variantName,
      settings: context.settings,
      plan,
      alarmArns: [...watch.alarms.values()].map(({ arn }) => arn),
    };
    const dashboardName = this.createDashboard(name, context, seen);
    this.seen = context.settings.dashboard ? seen : undefined;

    const callers = new CallerAccess(
      `${name}-callers`,
      {
        context,
        endpointArn: endpoint.endpointArn,
        bucketArn: store.bucketArn,
        queueArn: notices.queueArn,
        keyArn: key.arn,
      },
      child,
    );

    const known = pulumi.all([key.arn, notices.queueUrl, callers.policyArn, endpoint.served]);
    this.manifest = known.apply(([kmsKeyArn, noticeQueueUrl, callerPolicyArn]) => ({
      region: context.region,
      endpointName: endpoint.endpointName,
      endpointArn: endpoint.endpointArn,
      variantName,
      inputPrefix: store.inputPrefix,
      outputPrefix: store.outputPrefix,
      failurePrefix: store.failurePrefix,
      kmsKeyArn,
      successTopicArn: notices.successTopicArn,
      errorTopicArn: notices.errorTopicArn,
      noticeQueueUrl,
      noticeQueueArn: notices.queueArn,
      ...(dashboardName === undefined ? {} : { dashboardName }),
      ...(watch.topicArn === undefined ? {} : { alarmTopicArn: watch.topicArn }),
      callerPolicyArn,
      requests: context.settings.requests,
      scaling: {
        minInstances: plan.minInstances,
        maxInstances: plan.maxInstances,
        expectedWakeSeconds: expectedWakeSeconds(plan),
      },
    }));
    this.registerOutputs({ manifest: this.manifest });
  }

  private placeModel(
    name: string,
    context: RegionContext,
    local: LocalModel | undefined,
    store: PayloadStore,
    key: RegionKey,
  ): PlacedModel | undefined {
    const { data } = context.settings.model;
    if (data === undefined) return undefined;
    if (localPath(data) === undefined || local === undefined) return givenModel(data, context);
    return new ModelUpload(
      `${name}-model-files`,
      { context, model: local, bucketName: store.bucketName, keyArn: key.arn, after: store.ready },
      { parent: this },
    );
  }

  private createDashboard(name: string, context: RegionContext, seen: Seen): string | undefined {
    if (!context.settings.dashboard) return undefined;
    const { project, stack, region } = context;
    const body = regionDashboardBody(seen);
    return createDashboard(`${name}-dashboard`, { project, stack, region, of: region, body }, this);
  }

  /** Made here and not by SageMaker, so that it is encrypted, forgets in time and goes with the stack. */
  private createLogGroup(name: string, context: RegionContext, key: RegionKey): pulumi.Resource {
    return new aws.cloudwatch.LogGroup(
      `${name}-logs`,
      {
        region: context.region,
        name: `/aws/sagemaker/Endpoints/${endpointName(context)}`,
        retentionInDays: context.settings.containerLogs.retentionDays,
        kmsKeyId: key.arn,
        tags: context.tags,
      },
      childOf(this),
    );
  }
}
