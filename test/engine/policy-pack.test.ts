import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as aws from "@pulumi/aws";
import { parseWaived } from "../../policies/waivers/describe";
import { OperationFailed, RehearsalStack } from "../../rehearsal/engine/rehearsal-stack";
import { type Rehearsal, startRehearsal } from "../../rehearsal/rehearsal";
import { administrator } from "../../rehearsal/world/call";
import { engine, engineTimeoutMs, launcher } from "./support";

const region = "eu-west-1";
const accountId = "123456789012";
const bucketName = `rehearsed-payloads-${accountId}`;
const written = {
  Version: "2012-10-17",
  Statement: [
    {
      Sid: "Read",
      Effect: "Allow",
      Principal: { AWS: `arn:aws:iam::${accountId}:root` },
      Action: "s3:GetObject",
      Resource: `arn:aws:s3:::${bucketName}/*`,
    },
  ],
};
const tlsOnly = {
  Sid: "TlsOnly",
  Effect: "Deny",
  Principal: "*",
  Action: "s3:*",
  Resource: [`arn:aws:s3:::${bucketName}`, `arn:aws:s3:::${bucketName}/*`],
  Condition: { Bool: { "aws:SecureTransport": "false" } },
};

/** A bucket that is not closed to the public, with a policy that lets plain HTTP in: two findings of stack rules. */
async function program(): Promise<Record<string, never>> {
  const bucket = new aws.s3.Bucket("payloads", { region, bucket: bucketName });
  new aws.s3.BucketPolicy("payloads-policy", { region, bucket: bucket.id, policy: JSON.stringify(written) });
  return {};
}

const waivers = `waivers:
  - rule: buckets-refuse-plain-http
    region: ${region}
    reason: The rehearsal's own bucket, which nothing but the loopback interface reaches.
    owner: team-ml
    expires: 2999-12-31
  - rule: buckets-are-closed-to-the-public
    urn: "urn:pulumi:dev::*::payloads"
    reason: The rehearsal's own bucket, which holds nothing that anybody would miss.
    owner: team-ml
    expires: 2999-12-31
`;

describe("the policy pack on the real engine", () => {
  let rehearsal: Rehearsal;
  const folders: string[] = [];
  before(async function () {
    this.timeout(engineTimeoutMs);
    await engine();
    rehearsal = await startRehearsal({ imageFolders: [] });
  });
  after(async () => {
    await rehearsal.close();
    for (const folder of folders) await rm(folder, { recursive: true, force: true });
  });

  /** A project with this program, and what configures the pack for it. */
  const stack = async ({ setting, file }: { setting: object; file?: object }): Promise<RehearsalStack> => {
    const folder = await mkdtemp(join(tmpdir(), "engine-test-"));
    folders.push(folder);
    const rootDir = join(folder, "project");
    await mkdir(join(rootDir, "policies"), { recursive: true });
    await writeFile(join(rootDir, "Pulumi.yaml"), "name: judged\nruntime: nodejs\n");
    const config = { "aws:region": region, "async-fleet:policies": setting };
    await writeFile(join(rootDir, "Pulumi.dev.yaml"), JSON.stringify({ config }));
    await writeFile(join(rootDir, "policies/waivers.yaml"), waivers);
    const policyPackConfig = join(rootDir, "policy-config.json");
    if (file !== undefined) await writeFile(policyPackConfig, JSON.stringify(file));
    return RehearsalStack.open({
      engine: await engine(),
      providerPort: rehearsal.providerPort,
      stack: "dev",
      rootDir,
      folder,
      program,
      policyPack: launcher,
      ...(file === undefined ? {} : { policyPackConfig }),
    });
  };
  const policy = async (): Promise<unknown> => {
    const call = { accountId, region, principal: administrator };
    return JSON.parse((await rehearsal.world.s3.getBucketPolicy(call, { Bucket: bucketName })).Policy ?? "");
  };
  const refused = async (options: { setting: object; file?: object }): Promise<string> => {
    const opened = await stack(options);
    return opened.preview().then(
      () => assert.fail("it was judged"),
      (cause: unknown) => {
        assert.ok(cause instanceof OperationFailed, String(cause));
        return cause.message;
      },
    );
  };

  it("refuses a setting of the stack that names no rule, in our words and without a stack trace", async () => {
    const text = await refused({ setting: { rules: { "results-are-tolt": "advisory" } } });
    assert.match(text, /ASY-406 {2}async-fleet:policies\.rules\.results-are-tolt in stack dev/);
    assert.match(text, /did you mean results-are-told\?/);
    assert.doesNotMatch(text, /\.ts:\d+/);
  });

  it("refuses an engine's configuration file that names no rule, which the engine itself would pass on", async () => {
    assert.match(
      await refused({ setting: {}, file: { "results-are-tolt": "advisory" } }),
      /ASY-406 {2}results-are-tolt/,
    );
  });

  it("has the engine refuse a parameter of another type by the rule's schema", async () => {
    const file = { "time-to-live-covers-waking": { wakeSeconds: "soon" } };
    assert.match(await refused({ setting: {}, file }), /wakeSeconds: Invalid type. Expected: integer, given: string/);
  });

  it("lays the engine's configuration file over the stack's setting", async () => {
    const setting = { waivers: "policies/waivers.yaml", rules: { all: "disabled" } };
    const opened = await stack({ setting, file: { "topics-are-heard": "mandatory", "waivers-are-used": "advisory" } });
    const { violations } = await opened.preview();
    assert.deepEqual(
      violations.map((each) => [each.policy, each.level]),
      [
        ["waivers-are-used", "advisory"],
        ["waivers-are-used", "advisory"],
      ],
    );
  });

  it("deploys what waivers excuse and says so; mends nothing unless told to, and then what is deployed", async function () {
    this.timeout(60_000);
    const opened = await stack({ setting: {} });
    const { violations } = await opened.up();
    assert.deepEqual(
      violations.map(({ policy: rule, level, message }) => {
        const waived = parseWaived(message.split("\n").slice(1).join("\n"));
        return [rule, level, waived?.rule, waived?.owner, waived?.expires];
      }),
      [
        ["buckets-are-closed-to-the-public", "advisory", "buckets-are-closed-to-the-public", "team-ml", "2999-12-31"],
        ["buckets-refuse-plain-http", "advisory", "buckets-refuse-plain-http", "team-ml", "2999-12-31"],
      ],
    );
    assert.deepEqual(await policy(), written);

    await opened.changeSettings((config) => {
      config["async-fleet:policies"] = { rules: { "bucket-policies-refuse-plain-http": "remediate" } };
    });
    const mended = await opened.up();
    assert.deepEqual(await policy(), { ...written, Statement: [...written.Statement, tlsOnly] });
    assert.deepEqual(
      mended.violations.map(({ policy: rule, level }) => [rule, level]),
      [
        ["buckets-are-closed-to-the-public", "advisory"],
        ["waivers-are-used", "advisory"],
      ],
    );
    await opened.destroy();
  });
});
