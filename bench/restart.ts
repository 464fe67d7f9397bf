/**
 * How long `fleet serve --state` takes to listen again with a hundred thousand requests in its journal, each accepted and
 * none ended, and what keeping costs while it serves. Prints JSON for run.ts.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { startRehearsal } from "../rehearsal/rehearsal";
import { administrator, type Call } from "../rehearsal/world/call";
import type { World } from "../rehearsal/world/world";
import { many, secondsOf, send } from "./requests";

const rootDir = join(__dirname, "..");
const accountId = "123456789012";
const bucket = "restarted";
const call: Call = { accountId, region: "eu-west-1", principal: administrator };

async function prepare({ s3, iam, sagemaker }: World, instances: number): Promise<void> {
  const statement = (more: object) =>
    JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", ...more }] });
  await s3.createBucket(call, { Bucket: bucket });
  const trust = statement({ Principal: { Service: "sagemaker.amazonaws.com" }, Action: "sts:AssumeRole" });
  const { Role } = await iam.createRole(call, { RoleName: "echo", AssumeRolePolicyDocument: trust });
  const rights = statement({ Action: "*", Resource: "*" });
  await iam.putRolePolicy(call, { RoleName: "echo", PolicyName: "all", PolicyDocument: rights });
  const Image = `${accountId}.dkr.ecr.eu-west-1.amazonaws.com/echo:1`;
  await sagemaker.createModel(call, {
    ModelName: "echo",
    ExecutionRoleArn: Role?.Arn,
    PrimaryContainer: { Image },
  });
  await sagemaker.createEndpointConfig(call, {
    EndpointConfigName: "echo",
    ProductionVariants: [
      { VariantName: "all", ModelName: "echo", InstanceType: "ml.m5.xlarge", InitialInstanceCount: 1 },
    ],
    AsyncInferenceConfig: {
      OutputConfig: { S3OutputPath: `s3://${bucket}/output/` },
      ClientConfig: { MaxConcurrentInvocationsPerInstance: 32 },
    },
  });
  await sagemaker.createEndpoint(call, { EndpointName: "echo", EndpointConfigName: "echo" });
  const inService = () => sagemaker.endpoint(call, "echo").status === "InService";
  while (!inService()) await new Promise((resolve) => setTimeout(resolve, 20));
  if (instances > 0) return;
  await sagemaker.updateEndpointWeightsAndCapacities(call, {
    EndpointName: "echo",
    DesiredWeightsAndCapacities: [{ VariantName: "all", DesiredInstanceCount: instances }],
  });
  while (!inService()) await new Promise((resolve) => setTimeout(resolve, 20));
}

/** A folder whose world has accepted so many requests, and no instance to work on them. */
async function accept(state: string, count: number): Promise<void> {
  const rehearsal = await startRehearsal({ imageFolders: [], echoesOthers: true, state });
  try {
    await prepare(rehearsal.world, 0);
    for (let index = 0; index < count; index++) {
      await rehearsal.world.sagemakerRuntime.invokeEndpointAsync(call, {
        EndpointName: "echo",
        Body: Buffer.from(`{"features":[${index},0.25,0.5,0.75],"more":"${"x".repeat(60)}"}`),
        ContentType: "application/json",
        RequestTTLSeconds: 21_600,
      });
      if (index % 5000 === 0) await rehearsal.state?.keeper.flushed();
    }
  } finally {
    await rehearsal.close();
  }
}

async function serve(args: readonly string[]): Promise<{ child: ChildProcess; port: number; seconds: number }> {
  const began = performance.now();
  const child = spawn(process.execPath, ["bin/fleet.js", "serve", "--port", "0", ...args], {
    cwd: rootDir,
    stdio: ["ignore", "pipe", "inherit"],
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const port = /127\.0\.0\.1:(\d+)/.exec(line)?.[1];
    if (port !== undefined) return { child, port: Number(port), seconds: (performance.now() - began) / 1000 };
  }
  throw new Error("fleet serve ended before it listened");
}

/** Small objects put and requests accepted a second, sixteen callers at a time. */
async function measureRates(state: string | undefined) {
  const rehearsal = await startRehearsal({
    imageFolders: [],
    echoesOthers: true,
    ...(state === undefined ? {} : { state }),
  });
  const port = Number(new URL(rehearsal.url).port);
  const count = 2000;
  try {
    await prepare(rehearsal.world, 1);
    const body = Buffer.from("1,2,3\n");
    const putSeconds = await secondsOf(() =>
      many(count, 16, (index) => send({ port, method: "PUT", path: `/${bucket}/small/${index}`, body })),
    );
    const { records } = rehearsal.world.sagemaker.endpoint(call, "echo").queue;
    const requestSeconds = await secondsOf(async () => {
      await many(count, 16, (index) =>
        send({
          port,
          method: "POST",
          path: "/endpoints/echo/async-invocations",
          service: "sagemaker",
          headers: { "x-amzn-sagemaker-inputlocation": `s3://${bucket}/small/${index}` },
        }),
      );
      while ([...records.values()].some(({ outcome }) => outcome === undefined))
        await new Promise((resolve) => setTimeout(resolve, 20));
    });
    return { putsPerSecond: count / putSeconds, requestsPerSecond: count / requestSeconds };
  } finally {
    await rehearsal.close();
  }
}

async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "restart-"));
  try {
    const state = join(folder, "state");
    await accept(state, 100_000);
    const { size } = await stat(join(state, "journal"));
    const { child, seconds, port } = await serve(["--state", state]);
    const answerSeconds = await secondsOf(() =>
      send({ port, method: "PUT", path: `/${bucket}/first`, body: Buffer.from("1") }),
    );
    child.kill("SIGKILL");
    await once(child, "close");
    // In pairs, the first of which warms up what both run.
    const rates = [];
    for (let pair = 0; pair < 3; pair++) {
      rates.push({
        forgetting: await measureRates(undefined),
        keeping: await measureRates(join(folder, `rates-${pair}`)),
      });
    }
    const [, ...warm] = rates;
    const best = (way: "forgetting" | "keeping") => ({
      putsPerSecond: Math.max(...warm.map((pair) => pair[way].putsPerSecond)),
      requestsPerSecond: Math.max(...warm.map((pair) => pair[way].requestsPerSecond)),
    });
    const [forgetting, keeping] = [best("forgetting"), best("keeping")];
    console.log(
      JSON.stringify({
        restartSeconds: seconds + answerSeconds,
        journalMegabytes: size / 2 ** 20,
        forgetting,
        keeping,
      }),
    );
  } finally {
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
