import { readFileSync } from "node:fs";
import { join } from "node:path";
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { CreateBucketCommand, GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import {
  CreateEndpointCommand,
  CreateEndpointConfigCommand,
  CreateModelCommand,
  SageMakerClient,
  waitUntilEndpointInService,
} from "@aws-sdk/client-sagemaker";
import { InvokeEndpointAsyncCommand, SageMakerRuntimeClient } from "@aws-sdk/client-sagemaker-runtime";
import { CreateTopicCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import { CreateQueueCommand, DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { FleetProcess, rootDir } from "./fleet-process";

const bucket = "payloads";
const accountId = "123456789012";
const queueArn = `arn:aws:sqs:eu-west-1:${accountId}:notices`;
const topicArn = (name: string): string => `arn:aws:sns:eu-west-1:${accountId}:${name}`;

/** A request as a container was given it. */
export interface Given {
  readonly id: string;
  readonly run: number;
  /** Wall-clock milliseconds. */
  readonly at: number;
}

/** `fleet serve --state` as a process that can be killed and started again, and a caller of it over the wire. */
export class KeptServer {
  private process: FleetProcess | undefined;
  private port = 0;
  private clients: ReturnType<typeof clientsOf> | undefined;

  constructor(
    private readonly folder: string,
    private readonly before: string = "",
  ) {}

  async start(): Promise<void> {
    const log = join(this.folder, "container.log");
    const container = `node ${join(rootDir, "test/fixtures/state/logging-echo.js")} ${log}`;
    const args = ["serve", "--port", "0", "--state", join(this.folder, "state"), "--container", `echo=${container}`];
    this.process = await FleetProcess.start(args, {}, undefined, this.before);
    const [, port = ""] = await this.process.said(/AWS is played at http:\/\/127\.0\.0\.1:(\d+)/);
    this.port = Number(port);
    this.clients = clientsOf(this.port);
  }

  get isAlive(): boolean {
    return this.process?.groupLives === true;
  }

  /** Kills it as the system would that has no memory left. */
  async kill(): Promise<void> {
    this.process?.signal("SIGKILL");
    await this.process?.finished();
    this.close();
  }

  /** Ends it as a person does. @returns what it printed */
  async stop(): Promise<string> {
    this.process?.signal("SIGINT");
    const ended = await this.process?.finished();
    this.close();
    return `${ended?.stdout}${ended?.stderr}`;
  }

  /** What containers were given until now, of all processes. */
  given(): Given[] {
    const lines = readFileSync(join(this.folder, "container.log"), "utf8").trim().split("\n");
    return lines.filter((line) => line !== "").map((line) => JSON.parse(line) as Given);
  }

  /** An endpoint `echo` whose notices go to a queue. */
  async prepare(concurrency = 2): Promise<void> {
    const { iam, s3, sns, sqs, sagemaker } = this.to;
    const all = statement({ Action: "*", Resource: "*" });
    const trust = statement({ Principal: { Service: "sagemaker.amazonaws.com" }, Action: "sts:AssumeRole" });
    await iam.send(new CreateRoleCommand({ RoleName: "echo", AssumeRolePolicyDocument: trust }));
    await iam.send(new PutRolePolicyCommand({ RoleName: "echo", PolicyName: "all", PolicyDocument: all }));
    await s3.send(new CreateBucketCommand({ Bucket: bucket }));
    const Policy = statement({
      Principal: { Service: "sns.amazonaws.com" },
      Action: "sqs:SendMessage",
      Resource: queueArn,
      Condition: { ArnEquals: { "aws:SourceArn": [topicArn("success"), topicArn("error")] } },
    });
    await sqs.send(new CreateQueueCommand({ QueueName: "notices", Attributes: { Policy } }));
    for (const Name of ["success", "error"]) {
      const { TopicArn } = await sns.send(new CreateTopicCommand({ Name }));
      await sns.send(new SubscribeCommand({ TopicArn, Protocol: "sqs", Endpoint: queueArn }));
    }
    const ExecutionRoleArn = `arn:aws:iam::${accountId}:role/echo`;
    const Image = `${accountId}.dkr.ecr.eu-west-1.amazonaws.com/echo:1`;
    await sagemaker.send(new CreateModelCommand({ ModelName: "echo", ExecutionRoleArn, PrimaryContainer: { Image } }));
    await sagemaker.send(
      new CreateEndpointConfigCommand({
        EndpointConfigName: "echo",
        ProductionVariants: [
          { VariantName: "primary", ModelName: "echo", InstanceType: "ml.m5.large", InitialInstanceCount: 1 },
        ],
        AsyncInferenceConfig: {
          ClientConfig: { MaxConcurrentInvocationsPerInstance: concurrency },
          OutputConfig: {
            S3OutputPath: `s3://${bucket}/results/`,
            NotificationConfig: { SuccessTopic: topicArn("success"), ErrorTopic: topicArn("error") },
          },
        },
      }),
    );
    await sagemaker.send(new CreateEndpointCommand({ EndpointName: "echo", EndpointConfigName: "echo" }));
    await waitUntilEndpointInService({ client: sagemaker, maxWaitTime: 60, minDelay: 1 }, { EndpointName: "echo" });
  }

  /** Submits a payload, which is its own id unless it is given. @returns where its result will be */
  async submit(id: string, payload = id): Promise<string> {
    const answer = await this.to.runtime.send(
      new InvokeEndpointAsyncCommand({
        EndpointName: "echo",
        InferenceId: id,
        Body: payload,
        ContentType: "text/plain",
      }),
    );
    return answer.OutputLocation ?? "";
  }

  /** Notices there are now, or within a few seconds of the world's time. */
  async receive(): Promise<Array<{ readonly id: string; readonly message: string; readonly receipt: string }>> {
    const { Messages = [] } = await this.to.sqs.send(
      new ReceiveMessageCommand({ QueueUrl: this.queueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 5 }),
    );
    return Messages.map(({ Body, MessageId: message = "", ReceiptHandle: receipt = "" }) => {
      const { inferenceId } = JSON.parse(JSON.parse(Body ?? "").Message) as { inferenceId?: string };
      return { id: inferenceId ?? "test", message, receipt };
    });
  }

  async forget(ReceiptHandle: string): Promise<void> {
    await this.to.sqs.send(new DeleteMessageCommand({ QueueUrl: this.queueUrl, ReceiptHandle }));
  }

  async read(location: string): Promise<string | undefined> {
    const [, Key = ""] = /^s3:\/\/[^/]+\/(.*)$/.exec(location) ?? [];
    const { Body } = await this.to.s3.send(new GetObjectCommand({ Bucket: bucket, Key }));
    return Body?.transformToString();
  }

  get to(): ReturnType<typeof clientsOf> {
    if (this.clients === undefined) throw new Error("the server was not started");
    return this.clients;
  }

  private get queueUrl(): string {
    return `http://127.0.0.1:${this.port}/${accountId}/notices`;
  }

  private close(): void {
    for (const client of Object.values(this.clients ?? {})) client.destroy();
  }
}

function clientsOf(port: number) {
  const settings = {
    region: "eu-west-1",
    endpoint: `http://127.0.0.1:${port}`,
    credentials: { accessKeyId: "rehearsal", secretAccessKey: "rehearsal" },
    // What was not answered must be seen as such.
    maxAttempts: 1,
  };
  return {
    iam: new IAMClient(settings),
    s3: new S3Client({ ...settings, forcePathStyle: true }),
    sns: new SNSClient(settings),
    sqs: new SQSClient(settings),
    sagemaker: new SageMakerClient(settings),
    runtime: new SageMakerRuntimeClient(settings),
  };
}

function statement(more: object): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", ...more }] });
}
