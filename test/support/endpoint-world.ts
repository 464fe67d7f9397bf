import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import type { AsyncInferenceNotificationConfig } from "@aws-sdk/client-sagemaker";
import { StateFolder } from "../../rehearsal/state/state-folder";
import type { Assumed } from "../../rehearsal/world/assumptions";
import { administrator, type Call } from "../../rehearsal/world/call";
import { Clock } from "../../rehearsal/world/clock";
import { Ids } from "../../rehearsal/world/ids";
import type { JournalEntry } from "../../rehearsal/world/journal";
import { World } from "../../rehearsal/world/world";
import { FakeContainers } from "./fake-containers";

export interface EndpointOptions {
  readonly containers?: FakeContainers;
  /** `unset` leaves it to SageMaker. @default 1 */
  readonly concurrency?: number | "unset";
  /** Registers a target 0…max with the wake pair and the idle pair. @default - no scaling */
  readonly max?: number;
  readonly seed?: number;
  /** What is assumed of AWS in another way than the table has it. @default - nothing */
  readonly assumptions?: Partial<Assumed>;
  /** Notices that include the response. @default - none */
  readonly includes?: NonNullable<AsyncInferenceNotificationConfig["IncludeInferenceResponseIn"]>;
  /** The model's image. @default - one that no registry of AWS has */
  readonly image?: string;
  /** Rights taken from the serving role, by action. @default - none */
  readonly without?: readonly string[];
  /** A folder that keeps the world: what it holds is there, and only what it does not hold is made. @default - none */
  readonly state?: string;
}

const role = "arn:aws:iam::123456789012:role/serving";
export const resourceId = "endpoint/echo/variant/primary";

/** A world with one asynchronous endpoint `echo`, on a manual clock, in the region every test uses. */
export class EndpointWorld {
  readonly call: Call = { accountId: "123456789012", region: "eu-west-1", principal: administrator };
  queueUrl = "";

  private constructor(
    readonly world: World,
    readonly containers: FakeContainers,
    private readonly folder: string,
    readonly state: StateFolder | undefined,
  ) {}

  static async open(options: EndpointOptions = {}): Promise<EndpointWorld> {
    const state = options.state === undefined ? undefined : await StateFolder.open(options.state);
    const folder = state?.files ?? (await mkdtemp(join(tmpdir(), "endpoint-world-")));
    const containers = options.containers ?? new FakeContainers();
    const clock = new Clock({ kind: "manual" }, state?.lastMs ?? Date.UTC(2026, 0, 1));
    const ids = options.seed === undefined && state !== undefined ? new Ids() : Ids.seeded(options.seed ?? 1);
    const world = new World({
      clock,
      folder,
      containers,
      ids,
      ...(options.assumptions === undefined ? {} : { assumptions: options.assumptions }),
      ...(state === undefined ? {} : { keeper: state.keeper }),
    });
    const at = new EndpointWorld(world, containers, folder, state);
    await state?.restore(world).catch(async (cause: unknown) => {
      await at.kill();
      throw cause;
    });
    if (state?.lastMs === undefined) await at.prepare(options);
    else at.queueUrl = (await world.sqs.getQueueUrl(at.call, { QueueName: "notices" })).QueueUrl ?? "";
    return at;
  }

  get endpoint() {
    return this.world.sagemaker.endpoint(this.call, "echo");
  }

  /** Sends a payload inline. */
  async send(payload: string, more: { ttl?: number; timeout?: number; id?: string } = {}) {
    return this.world.sagemakerRuntime.invokeEndpointAsync(this.call, {
      EndpointName: "echo",
      Body: Buffer.from(payload),
      ContentType: "text/plain",
      InferenceId: more.id ?? payload,
      RequestTTLSeconds: more.ttl,
      InvocationTimeoutSeconds: more.timeout,
    });
  }

  async read(location: string): Promise<string> {
    const { hostname, pathname } = new URL(location);
    const { Body } = await this.world.s3.getObject(this.call, { Bucket: hostname, Key: pathname.slice(1) });
    const chunks: Buffer[] = [];
    for await (const chunk of Body as Readable) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks).toString();
  }

  /** Every notice in the queue now, oldest first, test notifications left out. */
  async drainNotices(): Promise<Array<Record<string, unknown>>> {
    const found: Array<Record<string, unknown>> = [];
    for (;;) {
      const { Messages = [] } = await this.world.sqs.receiveMessage(this.call, {
        QueueUrl: this.queueUrl,
        MaxNumberOfMessages: 10,
      });
      if (Messages.length === 0) return found;
      for (const { Body, ReceiptHandle } of Messages) {
        const document = JSON.parse(JSON.parse(Body ?? "").Message) as Record<string, unknown>;
        if (document.eventName === "InferenceResult") found.push(document);
        await this.world.sqs.deleteMessage(this.call, { QueueUrl: this.queueUrl, ReceiptHandle });
      }
    }
  }

  journal<Kind extends JournalEntry["kind"]>(kind: Kind): Array<Extract<JournalEntry, { kind: Kind }>> {
    return this.world.journal.entries.filter(
      (entry): entry is Extract<JournalEntry, { kind: Kind }> => entry.kind === kind,
    );
  }

  /** Lets virtual time pass, in minutes. */
  async minutes(count: number): Promise<void> {
    await this.world.clock.advance(count * 60_000);
  }

  /** Ends as a killed process does: nothing more is written, not even what was about to be. */
  async kill(): Promise<void> {
    this.state?.abandon();
    await this.state?.freeze();
    await this.world.close();
    await this.state?.close();
  }

  async close(): Promise<void> {
    await this.state?.freeze();
    await this.world.close();
    if (this.state === undefined) await rm(this.folder, { recursive: true, force: true });
    else await this.state.close();
  }

  /** Gives the serving role these actions and no others. */
  async allow(actions: readonly string[]): Promise<void> {
    await this.world.iam.putRolePolicy(this.call, {
      RoleName: "serving",
      PolicyName: "serve",
      PolicyDocument: JSON.stringify({
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Action: actions, Resource: "*" }],
      }),
    });
  }

  private async prepare(options: EndpointOptions): Promise<void> {
    const { world, call } = this;
    await world.s3.createBucket(call, { Bucket: "payloads" });
    const topics = await Promise.all(["success", "error"].map((Name) => world.sns.createTopic(call, { Name })));
    const [success, error] = topics.map(({ TopicArn }) => TopicArn ?? "");
    const { QueueUrl } = await world.sqs.createQueue(call, {
      QueueName: "notices",
      Attributes: {
        Policy: JSON.stringify({
          Version: "2012-10-17",
          Statement: [
            {
              Effect: "Allow",
              Principal: { Service: "sns.amazonaws.com" },
              Action: "sqs:SendMessage",
              Resource: "arn:aws:sqs:eu-west-1:123456789012:notices",
              Condition: { ArnEquals: { "aws:SourceArn": [success, error] } },
            },
          ],
        }),
      },
    });
    this.queueUrl = QueueUrl ?? "";
    for (const TopicArn of [success, error]) {
      await world.sns.subscribe(call, {
        TopicArn,
        Protocol: "sqs",
        Endpoint: "arn:aws:sqs:eu-west-1:123456789012:notices",
      });
    }
    await world.iam.createRole(call, {
      RoleName: "serving",
      AssumeRolePolicyDocument: JSON.stringify({
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Principal: { Service: "sagemaker.amazonaws.com" }, Action: "sts:AssumeRole" }],
      }),
    });
    const actions = [
      "s3:GetObject",
      "s3:PutObject",
      "s3:ListBucket",
      "sns:Publish",
      "logs:*",
      "cloudwatch:PutMetricData",
    ].filter((action) => !options.without?.includes(action));
    await this.allow([...actions, ...(options.image === undefined ? [] : ["ecr:*"])]);
    await world.sagemaker.createModel(call, {
      ModelName: "echo",
      ExecutionRoleArn: role,
      PrimaryContainer: { Image: options.image ?? "registry.example/echo:1" },
    });
    await world.sagemaker.createEndpointConfig(call, {
      EndpointConfigName: "echo-1",
      ProductionVariants: [
        { VariantName: "primary", ModelName: "echo", InstanceType: "ml.m5.large", InitialInstanceCount: 1 },
      ],
      AsyncInferenceConfig: {
        ...(options.concurrency === "unset"
          ? {}
          : { ClientConfig: { MaxConcurrentInvocationsPerInstance: options.concurrency ?? 1 } }),
        OutputConfig: {
          S3OutputPath: "s3://payloads/results/",
          S3FailurePath: "s3://payloads/failures/",
          NotificationConfig: {
            SuccessTopic: success,
            ErrorTopic: error,
            ...(options.includes === undefined ? {} : { IncludeInferenceResponseIn: options.includes }),
          },
        },
      },
    });
    await world.sagemaker.createEndpoint(call, { EndpointName: "echo", EndpointConfigName: "echo-1" });
    await this.minutes(5);
    if (options.max !== undefined) await this.scaleTo(options.max);
  }

  private async scaleTo(max: number): Promise<void> {
    const { world, call } = this;
    const on = {
      ServiceNamespace: "sagemaker" as const,
      ScalableDimension: "sagemaker:variant:DesiredInstanceCount" as const,
      ResourceId: resourceId,
    };
    await world.applicationAutoScaling.registerScalableTarget(call, { ...on, MinCapacity: 0, MaxCapacity: max });
    const wake = await world.applicationAutoScaling.putScalingPolicy(call, {
      ...on,
      PolicyName: "wake",
      PolicyType: "StepScaling",
      StepScalingPolicyConfiguration: {
        AdjustmentType: "ChangeInCapacity",
        Cooldown: 300,
        StepAdjustments: [{ MetricIntervalLowerBound: 0, ScalingAdjustment: 1 }],
      },
    });
    const idle = await world.applicationAutoScaling.putScalingPolicy(call, {
      ...on,
      PolicyName: "idle",
      PolicyType: "StepScaling",
      StepScalingPolicyConfiguration: {
        AdjustmentType: "ExactCapacity",
        Cooldown: 300,
        StepAdjustments: [{ MetricIntervalUpperBound: 0, ScalingAdjustment: 0 }],
      },
    });
    await world.applicationAutoScaling.putScalingPolicy(call, {
      ...on,
      PolicyName: "backlog",
      PolicyType: "TargetTrackingScaling",
      TargetTrackingScalingPolicyConfiguration: {
        TargetValue: 2,
        DisableScaleIn: true,
        ScaleOutCooldown: 60,
        CustomizedMetricSpecification: {
          Namespace: "AWS/SageMaker",
          MetricName: "ApproximateBacklogSizePerInstance",
          Dimensions: [{ Name: "EndpointName", Value: "echo" }],
          Statistic: "Average",
        },
      },
    });
    const alarm = { Namespace: "AWS/SageMaker", Dimensions: [{ Name: "EndpointName", Value: "echo" }], Period: 60 };
    await world.cloudwatch.putMetricAlarm(call, {
      ...alarm,
      AlarmName: "wake",
      MetricName: "HasBacklogWithoutCapacity",
      Statistic: "Average",
      EvaluationPeriods: 1,
      Threshold: 1,
      ComparisonOperator: "GreaterThanOrEqualToThreshold",
      AlarmActions: [wake.PolicyARN ?? ""],
    });
    await world.cloudwatch.putMetricAlarm(call, {
      ...alarm,
      AlarmName: "idle",
      MetricName: "ApproximateBacklogSize",
      Statistic: "Maximum",
      EvaluationPeriods: 10,
      Threshold: 1,
      ComparisonOperator: "LessThanThreshold",
      AlarmActions: [idle.PolicyARN ?? ""],
    });
  }
}
