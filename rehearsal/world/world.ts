import type { ContainerRuntime } from "../containers/container";
import { Account, type AccountConditions } from "./account";
import { ApplicationAutoScaling } from "./application-auto-scaling/service";
import { type Assumed, readAssumptions } from "./assumptions";
import type { Clock } from "./clock";
import { CloudWatch } from "./cloudwatch/service";
import { Ec2 } from "./ec2/service";
import { Ecr } from "./ecr/service";
import { Faults } from "./faults/faults";
import { Iam } from "./iam/service";
import { Ids } from "./ids";
import { Journal } from "./journal";
import type { Keeper, Kept } from "./keeper";
import { Kms } from "./kms/service";
import { Lambda } from "./lambda/service";
import { Logs } from "./logs/service";
import { S3 } from "./s3/service";
import { SageMakerRuntime } from "./sagemaker/runtime-service";
import { SageMaker } from "./sagemaker/service";
import { ServiceQuotas } from "./service-quotas/service";
import { Sns } from "./sns/service";
import { Sqs } from "./sqs/service";
import { Sts } from "./sts/service";

export interface WorldOptions {
  readonly clock: Clock;
  /** An existing, empty folder for objects and model artefacts. The caller removes it. */
  readonly folder: string;
  readonly containers: ContainerRuntime;
  /** @default "123456789012" */
  readonly accountId?: string;
  /** What is true of the account before anything is deployed. @default - nothing stands in the way */
  readonly account?: AccountConditions;
  /** What is played although AWS does not document it. @default - the table's values */
  readonly assumptions?: Partial<Assumed>;
  /** @default - random ids */
  readonly ids?: Ids;
  /** Writes down what must outlive the process. @default - nothing does */
  readonly keeper?: Keeper;
  /**
   * Which loopback URL stands for an HTTPS subscriber, by the subscriber's URL. @default - none: what is for them is only
   * recorded
   */
  readonly listeners?: Readonly<Record<string, string>>;
}

const minuteMs = 60_000;

/**
 * AWS as far as this product touches it: every region of one account, in one process, under one clock.
 *
 * Operations are methods named as in AWS's API, `world.<service>.<operation>(call, input)`, with the AWS SDK's own
 * input and output types; the wire and the provider are two doors to the same methods. Services reach each other only
 * through these methods too.
 */
export class World {
  readonly clock: Clock;
  readonly folder: string;
  readonly accountId: string;
  readonly containers: ContainerRuntime;
  readonly assumed: Assumed;
  readonly ids: Ids;
  readonly journal = new Journal();
  readonly account: Account;
  readonly keeper: Keeper | undefined;
  readonly faults: Faults;

  readonly iam: Iam;
  readonly sts: Sts;
  readonly kms: Kms;
  readonly lambda: Lambda;
  readonly logs: Logs;
  readonly s3: S3;
  readonly sns: Sns;
  readonly sqs: Sqs;
  readonly cloudwatch: CloudWatch;
  readonly sagemaker: SageMaker;
  readonly sagemakerRuntime: SageMakerRuntime;
  readonly applicationAutoScaling: ApplicationAutoScaling;
  readonly ec2: Ec2;
  readonly ecr: Ecr;
  readonly serviceQuotas: ServiceQuotas;

  constructor(options: WorldOptions) {
    this.clock = options.clock;
    this.folder = options.folder;
    this.accountId = options.accountId ?? "123456789012";
    this.containers = options.containers;
    this.account = new Account(options.account);
    this.assumed = readAssumptions(options.assumptions ?? {});
    this.faults = new Faults(options.clock);
    this.ids = options.ids ?? new Ids();
    this.keeper = options.keeper;
    this.iam = new Iam(this);
    this.sts = new Sts(this);
    this.kms = new Kms(this);
    this.lambda = new Lambda(this);
    this.logs = new Logs(this);
    this.s3 = new S3(this);
    this.sns = new Sns(this, options.listeners ?? {});
    this.sqs = new Sqs(this);
    this.cloudwatch = new CloudWatch(this);
    this.sagemaker = new SageMaker(this);
    this.sagemakerRuntime = new SageMakerRuntime(this);
    this.applicationAutoScaling = new ApplicationAutoScaling(this);
    this.ec2 = new Ec2(this);
    this.ecr = new Ecr(this);
    this.serviceQuotas = new ServiceQuotas(this);
    this.scheduleMinute((Math.floor(this.clock.now() / minuteMs) + 1) * minuteMs);
  }

  /** Goes on with what an earlier process left: its settings and objects are there already. */
  resume(kept: Kept): void {
    this.sqs.revive(kept);
    this.sagemaker.resume(kept);
    this.sns.deliveries.resume(kept);
  }

  /** Ends the world: no timer fires any more, every container is gone. */
  async close(): Promise<void> {
    await this.sagemaker.close();
    await this.containers.close();
    this.clock.close();
    await this.sns.close();
  }

  /**
   * At each full minute: metrics of the minute that has passed, then alarms, then scheduled scaling. No minute is left
   * out: where the clock ran ahead of the work, the minutes follow each other at once.
   */
  private scheduleMinute(atMs: number): void {
    this.clock.at(atMs, async () => {
      this.scheduleMinute(atMs + minuteMs);
      await this.sagemaker.onMinute(atMs - minuteMs);
      await this.cloudwatch.onMinute(atMs);
      await this.applicationAutoScaling.onMinute(atMs);
    });
  }
}
