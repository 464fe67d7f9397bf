/**
 * A gigabyte into and out of `fleet serve`, against a plain Node file server in the same run, and through an
 * asynchronous request; then many small ones. Prints JSON for run.ts.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createReadStream, readFileSync } from "node:fs";
import { mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { HeadObjectCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import {
  CreateEndpointCommand,
  CreateEndpointConfigCommand,
  CreateModelCommand,
  SageMakerClient,
  waitUntilEndpointInService,
} from "@aws-sdk/client-sagemaker";
import { framed, framedHeaders, many, secondsOf, send } from "./requests";

const gigabyte = 2 ** 30;
const rootDir = join(__dirname, "..");
const bucket = "gigabyte";

interface Served {
  readonly child: ChildProcess;
  readonly port: number;
  readonly startSeconds: number;
}

async function serve(args: readonly string[]): Promise<Served> {
  const began = performance.now();
  const child = spawn(process.execPath, args, { cwd: rootDir, stdio: ["ignore", "pipe", "ignore"] });
  for await (const line of createInterface({ input: child.stdout })) {
    const port = /127\.0\.0\.1:(\d+)/.exec(line)?.[1];
    if (port !== undefined) return { child, port: Number(port), startSeconds: (performance.now() - began) / 1000 };
  }
  throw new Error(`${args.join(" ")} ended before it listened`);
}

/** Highest resident memory of a process, as the kernel keeps it. */
function peakMegabytes({ child }: Served): number {
  return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"))?.[1]) / 1024;
}

async function writeSource(file: string): Promise<void> {
  const handle = await open(file, "w");
  const block = Buffer.alloc(2 ** 20, "0123456789abcdef");
  for (let index = 0; index < 1024; index++) await handle.write(block);
  await handle.close();
}

/** An endpoint whose image nobody gave a command for: it echoes. */
async function createEndpoint(port: number): Promise<void> {
  const settings = {
    region: "eu-west-1",
    endpoint: `http://127.0.0.1:${port}`,
    credentials: { accessKeyId: "rehearsal", secretAccessKey: "rehearsal" },
  };
  const statement = (more: object) =>
    JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", ...more }] });
  const iam = new IAMClient(settings);
  const trust = statement({ Principal: { Service: "sagemaker.amazonaws.com" }, Action: "sts:AssumeRole" });
  const { Role } = await iam.send(new CreateRoleCommand({ RoleName: "echo", AssumeRolePolicyDocument: trust }));
  const rights = statement({ Action: "*", Resource: "*" });
  await iam.send(new PutRolePolicyCommand({ RoleName: "echo", PolicyName: "all", PolicyDocument: rights }));
  const sagemaker = new SageMakerClient(settings);
  await sagemaker.send(
    new CreateModelCommand({
      ModelName: "echo",
      ExecutionRoleArn: Role?.Arn,
      PrimaryContainer: { Image: "999999999999.dkr.ecr.eu-west-1.amazonaws.com/echo:1" },
    }),
  );
  await sagemaker.send(
    new CreateEndpointConfigCommand({
      EndpointConfigName: "echo",
      ProductionVariants: [
        { VariantName: "AllTraffic", ModelName: "echo", InstanceType: "ml.m5.xlarge", InitialInstanceCount: 1 },
      ],
      AsyncInferenceConfig: {
        OutputConfig: { S3OutputPath: `s3://${bucket}/output/` },
        ClientConfig: { MaxConcurrentInvocationsPerInstance: 32 },
      },
    }),
  );
  await sagemaker.send(new CreateEndpointCommand({ EndpointName: "echo", EndpointConfigName: "echo" }));
  await waitUntilEndpointInService({ client: sagemaker, maxWaitTime: 60, minDelay: 1 }, { EndpointName: "echo" });
}

function invoke(port: number, key: string, outputExtension: string) {
  return send({
    port,
    method: "POST",
    path: "/endpoints/echo/async-invocations",
    service: "sagemaker",
    headers: {
      "x-amzn-sagemaker-inputlocation": `s3://${bucket}/${key}`,
      "x-amzn-sagemaker-s3outputpathextension": outputExtension,
      "x-amzn-sagemaker-content-type": "text/plain",
    },
  });
}

async function until(found: () => Promise<boolean>): Promise<void> {
  while (!(await found())) await new Promise((resolve) => setTimeout(resolve, 50));
}

async function measure(file: string, plain: Served, fleet: Served) {
  const { port } = fleet;
  const path = `/${bucket}/source`;
  const s3 = new S3Client({
    region: "eu-west-1",
    endpoint: `http://127.0.0.1:${port}`,
    forcePathStyle: true,
    credentials: { accessKeyId: "rehearsal", secretAccessKey: "rehearsal" },
  });
  const source = () => createReadStream(file, { highWaterMark: 2 ** 20 });
  const length = { "content-length": String(gigabyte) };
  const best = async (work: () => Promise<unknown>) => Math.min(await secondsOf(work), await secondsOf(work));
  await send({ port, method: "PUT", path: `/${bucket}` });
  // The page cache is warm before anything is measured.
  await send({ port: plain.port, method: "PUT", path: "/", body: source(), headers: length });
  const plainUp = await best(() =>
    send({ port: plain.port, method: "PUT", path: "/", body: source(), headers: length }),
  );
  const up = await best(() => send({ port, method: "PUT", path, body: source(), headers: length }));
  const plainFramed = await best(() => send({ port: plain.port, method: "PUT", path: "/", body: framed(file) }));
  const upFramed = await best(() =>
    send({ port, method: "PUT", path, body: framed(file), headers: framedHeaders(gigabyte) }),
  );
  await send({ port: plain.port, method: "PUT", path: "/", body: source(), headers: length });
  const plainDown = await best(() => send({ port: plain.port, method: "GET", path: "/" }));
  const down = await best(() => send({ port, method: "GET", path }));

  await createEndpoint(port);
  const keys = async (Prefix: string, StartAfter?: string) =>
    (await s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix, StartAfter }))).Contents ?? [];
  const throughSeconds = await secondsOf(async () => {
    await invoke(port, "source", "large");
    await until(async () => (await keys("output/large")).length === 1);
  });
  const [output] = await keys("output/large");
  const head = await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: output?.Key }));
  if (head.ContentLength !== gigabyte) throw new Error(`the echo is ${head.ContentLength} bytes long`);
  const gigabytePeak = peakMegabytes(fleet);

  const small = Buffer.from("1,2,3\n");
  const objects = 4000;
  const putSeconds = await secondsOf(() =>
    many(objects, 16, (index) => send({ port, method: "PUT", path: `/${bucket}/small/${index}`, body: small })),
  );
  const getSeconds = await secondsOf(() =>
    many(objects, 16, (index) => send({ port, method: "GET", path: `/${bucket}/small/${index}` })),
  );
  const requests = 3000;
  const requestSeconds = await secondsOf(async () => {
    await many(requests, 16, (index) => invoke(port, `small/${index}`, "tiny"));
    let count = 0;
    let last: string | undefined;
    await until(async () => {
      count = 0;
      last = undefined;
      for (let page = await keys("output/tiny"); page.length > 0; page = await keys("output/tiny", last)) {
        count += page.length;
        last = page.at(-1)?.Key;
      }
      return count === requests;
    });
  });
  return {
    startSeconds: fleet.startSeconds,
    upRatio: up / plainUp,
    upFramedRatio: upFramed / plainFramed,
    downRatio: down / plainDown,
    throughSeconds,
    peakMegabytes: gigabytePeak,
    putsPerSecond: objects / putSeconds,
    getsPerSecond: objects / getSeconds,
    requestsPerSecond: requests / requestSeconds,
    seconds: { plainUp, up, plainFramed, upFramed, plainDown, down },
  };
}

async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "gigabyte-"));
  const file = join(folder, "source");
  await writeSource(file);
  const plain = await serve(["bench/plain-server.js", join(folder, "plain")]);
  const fleet = await serve(["bin/fleet.js", "serve", "--port", "0"]);
  try {
    console.log(JSON.stringify(await measure(file, plain, fleet)));
  } finally {
    plain.child.kill();
    fleet.child.kill("SIGINT");
    await once(fleet.child, "close");
    await rm(folder, { recursive: true });
  }
}

main().then(
  () => process.exit(0),
  (cause: unknown) => {
    console.error(cause);
    process.exit(1);
  },
);
