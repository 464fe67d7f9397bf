import { Readable } from "node:stream";
import { AwsError } from "../../rehearsal/world/aws-error";
import { as, type Call } from "../../rehearsal/world/call";
import type { DeployedWorld } from "./deployed-world";
import type { Model } from "./fake-containers";

/** One right of a policy: an action on a resource, with the conditions it stands under. */
export interface Right {
  readonly action: string;
  readonly resource: string;
  readonly statement: Readonly<Record<string, unknown>>;
}

interface Document {
  readonly Statement: ReadonlyArray<{
    readonly Effect: string;
    readonly Action: string | readonly string[];
    readonly Resource?: string | readonly string[];
  }>;
}

/** Every pair of action and resource a policy document allows. */
export function rightsIn(document: string): Right[] {
  return (JSON.parse(document) as Document).Statement.filter(({ Effect }) => Effect === "Allow").flatMap((statement) =>
    [statement.Action]
      .flat()
      .flatMap((action) =>
        [statement.Resource ?? "*"].flat().map((resource) => ({ action, resource, statement: { ...statement } })),
      ),
  );
}

/** The document that grants these rights and no other. */
export function granting(rights: readonly Right[]): string {
  const Statement = rights.map(({ action, resource, statement }) => {
    const { Sid: _sid, ...rest } = statement;
    return { ...rest, Action: action, Resource: resource };
  });
  return JSON.stringify({ Version: "2012-10-17", Statement });
}

/**
 * The whole use of a deployed region, as its caller and its service have it, told by what went wrong in it. Nothing went
 * wrong: an empty list. Each step that fails says so once; what cannot be tried after it is left out.
 */
export class AccessStory {
  private told = 0;

  constructor(
    private readonly at: DeployedWorld,
    private readonly userArn: string,
  ) {}

  async play(): Promise<string[]> {
    const wrong: string[] = [];
    const { at } = this;
    const step = async (name: string, run: () => Promise<unknown>): Promise<boolean> => {
      try {
        await run();
        return true;
      } catch (cause) {
        wrong.push(`${name}: ${this.said(cause)}`);
        return false;
      }
    };
    await at.world.sqs.purgeQueue(at.call, { QueueUrl: at.manifest.noticeQueueUrl });
    const begunMs = at.world.clock.now();
    if (await step("start", () => this.restart())) {
      await step("logs", () => this.readLogs(begunMs));
      await step("host metrics", () => this.readHostMetrics(begunMs));
      await step("abandon an upload", () => this.abandonUpload());
      await step("find an upload", () => this.findUpload());
      await step("keep a record", () => this.keepRecord());
      if (await step("put", () => this.put("inputs/good", "good"))) {
        await step("result", () => this.ask("inputs/good", "completed"));
      }
      await this.put("inputs/bad", "bad", at.call);
      await step("failure", () => this.ask("inputs/bad", "failed"));
      await step("missing input", () => this.askForMissing());
      await this.put("inputs/breaks-off", "breaks off", at.call);
      await step("broken result", () => this.askForBroken());
    }
    return wrong;
  }

  private get caller(): Call {
    return as(this.at.call, { kind: "user", userArn: this.userArn });
  }

  private get bucket(): string {
    return new URL(this.at.manifest.inputPrefix).hostname;
  }

  /** A new instance starts beside the old one, as in every update. */
  private async restart(): Promise<void> {
    const { at } = this;
    const { EndpointConfigName } = await at.world.sagemaker.describeEndpoint(at.call, {
      EndpointName: at.manifest.endpointName,
    });
    await at.until(() => at.endpoint.status === "InService", 3600);
    await at.world.sagemaker.updateEndpoint(at.call, { EndpointName: at.manifest.endpointName, EndpointConfigName });
    await at.until(() => at.endpoint.status === "InService", 3600);
    if (at.endpoint.failureReason !== undefined) throw new Error(at.endpoint.failureReason);
  }

  private async readLogs(begunMs: number): Promise<void> {
    const { at } = this;
    await at.until(() => true, 1);
    const { events = [] } = await at.world.logs.filterLogEvents(at.call, {
      logGroupName: `/aws/sagemaker/Endpoints/${at.manifest.endpointName}`,
      startTime: begunMs,
    });
    if (events.length === 0) throw new Error("the container's lines are lost");
  }

  private async readHostMetrics(begunMs: number): Promise<void> {
    const { at } = this;
    await at.world.clock.sleep(120_000);
    const { Datapoints = [] } = await at.world.cloudwatch.getMetricStatistics(at.call, {
      Namespace: "/aws/sagemaker/Endpoints",
      MetricName: "CPUUtilization",
      Dimensions: [
        { Name: "EndpointName", Value: at.manifest.endpointName },
        { Name: "VariantName", Value: at.manifest.variantName },
      ],
      StartTime: new Date(begunMs),
      EndTime: new Date(at.world.clock.now()),
      Period: 60,
      Statistics: ["Average"],
    });
    if (Datapoints.length === 0) throw new Error("the instances' own metrics are lost");
  }

  /** As the SDK's upload does it: in parts, under the region's key. */
  private async put(Key: string, payload: string, caller: Call = this.caller): Promise<void> {
    const { s3 } = this.at.world;
    const object = { Bucket: this.bucket, Key };
    const { UploadId } = await s3.createMultipartUpload(caller, {
      ...object,
      ServerSideEncryption: "aws:kms",
      SSEKMSKeyId: this.at.manifest.kmsKeyArn,
    });
    const upload = { ...object, UploadId };
    try {
      const { ETag } = await s3.uploadPart(caller, {
        ...upload,
        PartNumber: 1,
        Body: Readable.from([payload]) as never,
      });
      await s3.completeMultipartUpload(caller, { ...upload, MultipartUpload: { Parts: [{ PartNumber: 1, ETag }] } });
    } catch (cause) {
      await s3.abortMultipartUpload(this.at.call, upload);
      throw cause;
    }
  }

  private async abandonUpload(): Promise<void> {
    const { s3 } = this.at.world;
    const object = { Bucket: this.bucket, Key: "inputs/abandoned" };
    const { UploadId } = await s3.createMultipartUpload(this.at.call, object);
    try {
      await s3.abortMultipartUpload(this.caller, { ...object, UploadId });
    } catch (cause) {
      await s3.abortMultipartUpload(this.at.call, { ...object, UploadId });
      throw cause;
    }
  }

  /** As an upload is gone on with: found by its key, with the parts that have arrived. */
  private async findUpload(): Promise<void> {
    const { s3 } = this.at.world;
    const object = { Bucket: this.bucket, Key: "inputs/broke-off" };
    const { UploadId } = await s3.createMultipartUpload(this.at.call, object);
    try {
      const { Uploads = [] } = await s3.listMultipartUploads(this.caller, { Bucket: this.bucket, Prefix: object.Key });
      if (Uploads.length !== 1) throw new Error(`${Uploads.length} uploads`);
      await s3.listParts(this.caller, { ...object, UploadId });
    } finally {
      await s3.abortMultipartUpload(this.at.call, { ...object, UploadId });
    }
  }

  /** As a request with a key is remembered. The record is written by the account, for who may write is told by another step. */
  private async keepRecord(): Promise<void> {
    await this.put("inputs/requests/key.json", "{}", this.at.call);
    await this.read(`s3://${this.bucket}/inputs/requests/key.json`);
  }

  private async ask(key: string, outcome: "completed" | "failed"): Promise<void> {
    const inferenceId = await this.end(key);
    const record = this.at.endpoint.queue.records.get(inferenceId);
    if (record?.outcome !== outcome) throw new Error(`${record?.outcome}: ${record?.reason}`);
    if (record.location === undefined) throw new Error("the failure is written nowhere");
    await this.hear(inferenceId);
    await this.read(record.location);
  }

  private async askForMissing(): Promise<void> {
    const inferenceId = await this.end("inputs/none");
    const { reason = "" } = this.at.endpoint.queue.records.get(inferenceId) ?? {};
    if (!reason.includes("NoSuchKey")) throw new Error(reason);
  }

  private async askForBroken(): Promise<void> {
    const { at } = this;
    await this.end("inputs/breaks-off");
    const { Uploads = [] } = await at.world.s3.listMultipartUploads(at.call, { Bucket: this.bucket });
    for (const { Key, UploadId } of Uploads)
      await at.world.s3.abortMultipartUpload(at.call, { Bucket: this.bucket, Key, UploadId });
    if (Uploads.length > 0) throw new Error("parts of it stay in the bucket");
  }

  private async end(key: string): Promise<string> {
    const { at } = this;
    const InferenceId = `story-${++this.told}`;
    await at.world.sagemakerRuntime.invokeEndpointAsync(this.caller, {
      EndpointName: at.manifest.endpointName,
      InputLocation: `s3://${this.bucket}/${key}`,
      InferenceId,
    });
    await at.until(() => at.endpoint.queue.records.get(InferenceId)?.outcome !== undefined, 3600);
    return InferenceId;
  }

  private async hear(inferenceId: string): Promise<void> {
    const { sqs } = this.at.world;
    const QueueUrl = this.at.manifest.noticeQueueUrl;
    for (;;) {
      const { Messages = [] } = await sqs.receiveMessage(this.caller, {
        QueueUrl,
        MaxNumberOfMessages: 10,
        WaitTimeSeconds: 5,
      });
      if (Messages.length === 0) throw new Error("no notice came");
      // As a notice is left for its own caller, or kept for longer.
      await sqs.changeMessageVisibilityBatch(this.caller, {
        QueueUrl,
        Entries: Messages.map(({ ReceiptHandle }, index) => ({
          Id: String(index),
          ReceiptHandle,
          VisibilityTimeout: 60,
        })),
      });
      await sqs.deleteMessageBatch(this.caller, {
        QueueUrl,
        Entries: Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle })),
      });
      if (Messages.some(({ Body }) => Body?.includes(inferenceId))) return;
    }
  }

  private async read(location: string): Promise<void> {
    const { hostname, pathname } = new URL(location);
    const { Body } = await this.at.world.s3.getObject(this.caller, { Bucket: hostname, Key: pathname.slice(1) });
    for await (const _chunk of Body as Readable);
  }

  /** What was said, without what differs from run to run. */
  private said(cause: unknown): string {
    const text = cause instanceof AwsError ? `${cause.code}: ${cause.message}` : (cause as Error).message;
    return text
      .replaceAll(this.at.manifest.kmsKeyArn, "KEY")
      .replaceAll(this.bucket, "BUCKET")
      .replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, "UUID")
      .replaceAll(/[0-9a-f]{16}/g, "DIGEST")
      .replaceAll(/i-[0-9a-f]{17}/g, "INSTANCE");
  }
}

/** What the story's container does with each of its payloads. */
export const storyModel: Model = (payload) => {
  if (String(payload) === "bad") return { status: 500, body: "broken" };
  if (String(payload) === "breaks off") return { body: "the beginning", announcedBytes: 9 * 1024 * 1024 };
  return { body: "fine" };
};

/** What went wrong, in a few words: the step, and what it was refused or found. */
export function inShort(wrong: readonly string[]): string[] {
  return wrong.map((each) => {
    const [step = ""] = each.split(":");
    const [, refused] = /not authorized to perform: (\S+) on/.exec(each) ?? [];
    const [, pulling] = /does not have (\S+) permission for the image/.exec(each) ?? [];
    const [, topic] = /permissions for topic \S+-(\w+)\.$/.exec(each) ?? [];
    if (refused !== undefined) return `${step}: refused ${refused}`;
    if (pulling !== undefined) return `${step}: refused ecr:${pulling}`;
    if (topic !== undefined) return `${step}: the role may not tell of a ${topic}`;
    if (each.includes("Could not access model data")) return `${step}: the model's data cannot be read`;
    return each;
  });
}
