import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { coverage } from "../../../rehearsal/wire/coverage";
import {
  members,
  modelOf,
  type Operation,
  requiredMembers,
  type ServiceKey,
  type Shape,
  trait,
} from "../../../rehearsal/wire/schemas";
import { startWire, type Wire } from "../../../rehearsal/wire/server";
import { Clock } from "../../../rehearsal/world/clock";
import { World } from "../../../rehearsal/world/world";
import { FakeContainers } from "../../support/fake-containers";

const packages: Readonly<Record<ServiceKey, [name: string, client: string]>> = {
  s3: ["@aws-sdk/client-s3", "S3Client"],
  sqs: ["@aws-sdk/client-sqs", "SQSClient"],
  sns: ["@aws-sdk/client-sns", "SNSClient"],
  sagemaker: ["@aws-sdk/client-sagemaker", "SageMakerClient"],
  sagemakerRuntime: ["@aws-sdk/client-sagemaker-runtime", "SageMakerRuntimeClient"],
  cloudwatch: ["@aws-sdk/client-cloudwatch", "CloudWatchClient"],
  applicationAutoScaling: ["@aws-sdk/client-application-auto-scaling", "ApplicationAutoScalingClient"],
  iam: ["@aws-sdk/client-iam", "IAMClient"],
  kms: ["@aws-sdk/client-kms", "KMSClient"],
  sts: ["@aws-sdk/client-sts", "STSClient"],
  logs: ["@aws-sdk/client-cloudwatch-logs", "CloudWatchLogsClient"],
  ec2: ["@aws-sdk/client-ec2", "EC2Client"],
  ecr: ["@aws-sdk/client-ecr", "ECRClient"],
  serviceQuotas: ["@aws-sdk/client-service-quotas", "ServiceQuotasClient"],
};

/** What a service says of a missing member of an input's first level, written down apart from the code. */
const said: Readonly<Record<ServiceKey, (name: string) => [code: string, message: RegExp]>> = {
  s3: () => ["(MissingRequestBodyError|InvalidRequest)", /^(Request Body is empty|Missing required header .*)$/],
  sqs: (name) => ["MissingParameter", new RegExp(`^The request must contain the parameter ${name}\\.$`)],
  sns: coral("ValidationError"),
  sagemaker: coral("ValidationException"),
  sagemakerRuntime: coral("ValidationError"),
  cloudwatch: (name) => ["MissingRequiredParameterException", new RegExp(`^The parameter ${name} is required\\.$`)],
  applicationAutoScaling: coral("ValidationException"),
  iam: coral("ValidationError"),
  kms: coral("ValidationException"),
  sts: coral("ValidationError"),
  logs: coral("InvalidParameterException"),
  ec2: (name) => ["MissingParameter", new RegExp(`parameter ${name}$`)],
  ecr: (name) => [
    "InvalidParameterException",
    new RegExp(`^Invalid parameter at '${small(name)}' failed to satisfy constraint: 'must not be null'$`),
  ],
  serviceQuotas: coral("ValidationException"),
};

function coral(code: string) {
  return (name: string): [string, RegExp] => [
    code,
    new RegExp(
      `^1 validation error detected: Value null at '${small(name)}' failed to satisfy constraint: Member must not be null$`,
    ),
  ];
}

/** What tells S3's operations apart: without it the request is another one. */
const telling = ["UploadId", "PartNumber", "CopySource"];

const small = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1);

/** The least that a shape takes: every required member, at every depth. */
function least(shape: Shape): unknown {
  if (shape.isStructSchema()) {
    const required = requiredMembers(shape);
    return Object.fromEntries(
      members(shape)
        .filter(([name]) => required.includes(name))
        .map(([name, member]) => [name, least(member)]),
    );
  }
  if (shape.isListSchema()) return [least(shape.getValueSchema())];
  if (shape.isMapSchema()) return { key: least(shape.getValueSchema()) };
  if (shape.isTimestampSchema()) return new Date(0);
  if (shape.isBlobSchema()) return Buffer.from("x");
  if (shape.isNumericSchema()) return 1;
  return shape.isBooleanSchema() ? true : "x";
}

describe("an input that lacks what the service needs", () => {
  let folder: string;
  let world: World;
  let wire: Wire;
  const faults: string[] = [];

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "required-"));
    const clock = new Clock({ kind: "fast-forward" }, Date.UTC(2026, 0, 1));
    world = new World({ clock, folder, containers: new FakeContainers() });
    wire = await startWire(world, { onFault: (cause) => faults.push(String((cause as Error).stack)) });
  });
  after(async () => {
    await wire.close();
    await world.close();
    await rm(folder, { recursive: true });
  });

  for (const service of Object.keys(packages) as ServiceKey[]) {
    it(`is refused as ${service} refuses it, for each required member of each operation, and is no fault of the server`, async () => {
      const [packageName, clientName] = packages[service];
      const sdk = require(packageName);
      const client = new sdk[clientName]({
        region: "eu-west-1",
        endpoint: wire.url,
        forcePathStyle: true,
        useQueueUrlAsEndpoint: false,
        credentials: { accessKeyId: "rehearsal", secretAccessKey: "rehearsal" },
        maxAttempts: 1,
      });
      const send = async (operation: Operation, input: unknown): Promise<{ name: string; message: string }> => {
        try {
          await client.send(new sdk[`${operation.name}Command`](input));
        } catch (cause) {
          return cause as Error;
        }
        return { name: "none", message: "" };
      };
      const played = coverage(world).find((each) => each.service === service)?.played ?? [];
      assert.ok(played.length > 0);
      const wrong: string[] = [];
      for (const name of played) {
        const operation = modelOf(service).operations.get(name) as Operation;
        const whole = least(operation.input) as Record<string, unknown>;
        const accepted = await send(operation, whole);
        if (/InternalFailure|InternalError|NotImplemented/.test(accepted.name)) wrong.push(`${name}: ${accepted.name}`);
        const labels = members(operation.input).filter(([, member]) => trait<number>(member, "httpLabel") === 1);
        for (const member of requiredMembers(operation.input)) {
          // Without a part of its path a request is another one, and a client sends none.
          if (labels.some(([label]) => label === member) || telling.includes(member)) continue;
          const { [member]: _left, ...rest } = whole;
          const refusal = await send(operation, rest);
          const [code, message] = said[service](member);
          if (!new RegExp(`^${code}`).test(refusal.name) || !message.test(refusal.message))
            wrong.push(`${name} without ${member}: ${refusal.name}: ${refusal.message}`);
        }
      }
      assert.deepEqual(wrong, []);
      assert.deepEqual(faults, []);
    }).timeout(30_000);
  }
});
