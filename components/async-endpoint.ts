import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { limitTags } from "../contract/manifest";
import { arnFor, childOf, endpointName, type RegionContext, variantName } from "./context";
import { deploymentConfig } from "./deployment-config";
import type { EndpointWatch } from "./endpoint-watch";
import { hasLocalStorage } from "./local-storage";
import type { PlacedModel } from "./model-data";
import type { PayloadStore } from "./payload-store";
import type { ResultNotices } from "./result-notices";
import { type AskServed, confirmServed } from "./served-configuration";
import type { ServingRole } from "./serving-role";

export interface AsyncEndpointArgs {
  readonly context: RegionContext;
  readonly image: string;
  /** @default - the image holds its model */
  readonly model?: PlacedModel;
  readonly store: PayloadStore;
  readonly role: ServingRole;
  readonly notices: ResultNotices;
  /** This region's alarms by what they watch, of which an update heeds those that the settings name. */
  readonly alarms: EndpointWatch["alarms"];
  readonly keyArn: pulumi.Input<string>;
  /** @default - the AWS SDK */
  readonly askServed?: AskServed;
}

/**
 * The model, its endpoint configuration and the endpoint.
 *
 * The endpoint's name is fixed, because callers and scaling know it; model and configuration are named by Pulumi, so
 * that a change makes the new ones first, moves the endpoint, and only then deletes the old: a configuration in use
 * must not be deleted. Each new configuration starts with `endpoint.initialInstances` (one; SageMaker refuses zero), so
 * every change costs so many instances until the fleet is idle again.
 */
export class AsyncEndpoint extends pulumi.ComponentResource {
  readonly endpointName: string;
  readonly endpointArn: string;
  /** What scaling waits for. */
  readonly endpoint: pulumi.Resource;
  /** What scaling is bound to: it goes before the instance type changes and comes back after. */
  readonly scaledType: pulumi.Resource;
  /** The configuration's name, once SageMaker is known to serve it. Whoever tells the endpoint's name waits for it. */
  readonly served: pulumi.Output<string>;

  constructor(name: string, args: AsyncEndpointArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("asyncinference:components:AsyncEndpoint", name, {}, opts);
    this.endpointName = endpointName(args.context);
    this.endpointArn = arnFor(args.context, "sagemaker", `endpoint/${this.endpointName.toLowerCase()}`);
    const tags = { ...args.context.tags, ...declaredLimits(args.context) };
    const model = this.createModel(name, args, tags);
    const configuration = this.createConfiguration(name, args, model, tags);
    this.scaledType = this.createScaledType(name, args);
    const endpoint = this.createEndpoint(name, args, configuration, tags);
    this.endpoint = endpoint;
    const { region } = args.context;
    const at = { region, stack: args.context.stack, endpointName: this.endpointName };
    this.served = confirmServed(endpoint, at, configuration.name, args.askServed);
    this.registerOutputs({ endpointName: this.endpointName });
  }

  private createModel(name: string, args: AsyncEndpointArgs, tags: Record<string, string>): aws.sagemaker.Model {
    const { context, image, model, role } = args;
    const { environment, networkIsolation } = context.settings.model;
    return new aws.sagemaker.Model(
      `${name}-model`,
      {
        region: context.region,
        executionRoleArn: role.arn,
        enableNetworkIsolation: networkIsolation,
        primaryContainer: {
          image,
          environment,
          ...(model === undefined ? {} : modelSource(model.uri)),
        },
        ...(context.settings.network === undefined
          ? {}
          : {
              vpcConfig: {
                subnets: context.settings.network.subnetIds,
                securityGroupIds: context.settings.network.securityGroupIds,
              },
            }),
        tags,
      },
      childOf(this, { dependsOn: [...role.ready, ...(model?.ready ?? [])] }),
    );
  }

  private createConfiguration(
    name: string,
    args: AsyncEndpointArgs,
    model: aws.sagemaker.Model,
    tags: Record<string, string>,
  ): aws.sagemaker.EndpointConfiguration {
    const { context, notices, store } = args;
    const { endpoint, notifications } = context.settings;
    const localStorage = hasLocalStorage(endpoint.instanceType);
    return new aws.sagemaker.EndpointConfiguration(
      `${name}-config`,
      {
        region: context.region,
        ...(localStorage ? {} : { kmsKeyArn: args.keyArn }),
        productionVariants: [
          {
            variantName,
            modelName: model.name,
            instanceType: endpoint.instanceType,
            initialInstanceCount: endpoint.initialInstances,
            initialVariantWeight: 1,
            ...(localStorage || endpoint.volumeGb === undefined ? {} : { volumeSizeInGb: endpoint.volumeGb }),
            ...(endpoint.startupTimeoutSeconds === undefined
              ? {}
              : { containerStartupHealthCheckTimeoutInSeconds: endpoint.startupTimeoutSeconds }),
            ...(endpoint.downloadTimeoutSeconds === undefined
              ? {}
              : { modelDataDownloadTimeoutInSeconds: endpoint.downloadTimeoutSeconds }),
          },
        ],
        asyncInferenceConfig: {
          ...(endpoint.concurrencyPerInstance === undefined
            ? {}
            : { clientConfig: { maxConcurrentInvocationsPerInstance: endpoint.concurrencyPerInstance } }),
          outputConfig: {
            s3OutputPath: store.outputPrefix,
            s3FailurePath: store.failurePrefix,
            kmsKeyId: args.keyArn,
            notificationConfig: {
              successTopic: notices.successTopicArn,
              errorTopic: notices.errorTopicArn,
              ...(notifications.includeResponseIn.length === 0
                ? {}
                : {
                    includeInferenceResponseIns: notifications.includeResponseIn.map((which) =>
                      which === "success" ? "SUCCESS_NOTIFICATION_TOPIC" : "ERROR_NOTIFICATION_TOPIC",
                    ),
                  }),
            },
          },
        },
        tags,
      },
      childOf(this, { dependsOn: [...notices.ready, ...store.ready] }),
    );
  }

  private createEndpoint(
    name: string,
    args: AsyncEndpointArgs,
    configuration: aws.sagemaker.EndpointConfiguration,
    tags: Record<string, string>,
  ): aws.sagemaker.Endpoint {
    const { alarms, context } = args;
    const deployment = deploymentConfig(context, new Map([...alarms].map(([role, alarm]) => [role, alarm.name])));
    const heeded = context.settings.endpoint.deployment?.rollbackAlarms ?? [];
    return new aws.sagemaker.Endpoint(
      name,
      {
        region: context.region,
        name: this.endpointName,
        endpointConfigName: configuration.name,
        ...(deployment === undefined ? {} : { deploymentConfig: deployment }),
        tags,
      },
      childOf(this, {
        dependsOn: [
          this.scaledType,
          ...args.role.ready,
          ...args.notices.ready,
          ...heeded.flatMap((role) => alarms.get(role)?.resource ?? []),
        ],
      }),
    );
  }

  /**
   * The instance type, kept in the stack's state alone. SageMaker refuses to change the type of a variant that is
   * registered for scaling. Another type replaces this, old one first, and with it everything that is named through it:
   * so the engine takes scaling away, then updates the endpoint, which waits for this, then registers scaling anew.
   */
  private createScaledType(name: string, { context }: AsyncEndpointArgs): pulumi.Resource {
    return new pulumi.Stash(
      `${name}-scaled-type`,
      { input: context.settings.endpoint.instanceType },
      childOf(this, { replaceOnChanges: ["input"], deleteBeforeReplace: true }),
    );
  }
}

/** Files under a prefix, or one `.tar.gz`: both through the newer member, so that the form is said and not guessed. */
function modelSource(uri: string): Pick<aws.types.input.sagemaker.ModelPrimaryContainer, "modelDataSource"> {
  const files = uri.endsWith("/");
  return {
    modelDataSource: {
      s3DataSources: [
        { s3Uri: uri, s3DataType: files ? "S3Prefix" : "S3Object", compressionType: files ? "None" : "Gzip" },
      ],
    },
  };
}

/** The limits callers are told, on the resources themselves: policies, clients and people read the same numbers. */
function declaredLimits(context: RegionContext): Record<string, string> {
  const { payloadBytes, invocationTimeoutSeconds, timeToLiveSeconds } = context.settings.requests;
  return {
    [limitTags.payloadBytes]: String(payloadBytes),
    [limitTags.invocationTimeoutSeconds]: String(invocationTimeoutSeconds),
    [limitTags.timeToLiveSeconds]: String(timeToLiveSeconds),
  };
}
