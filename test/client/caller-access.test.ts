import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { join, resolve } from "node:path";
import {
  AttachRolePolicyCommand,
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  IAMClient,
} from "@aws-sdk/client-iam";
import { ListObjectsV2Command, PutObjectCommand } from "@aws-sdk/client-s3";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { EnginelessStack } from "../../cli/rehearse/engineless-stack";
import { collectText } from "../../client/collect";
import { type Connection, type ConnectionOptions, connect } from "../../client/connection";
import { submit } from "../../client/submit";
import { waitForAll } from "../../client/wait";
import type { Manifest, RegionManifest } from "../../contract/manifest";
import { type Rehearsal, startRehearsal } from "../../rehearsal/rehearsal";
import { program } from "../../stacks/program";
import { imageFolder, imageUri } from "../fixtures/image-folders";

const rootDir = resolve(__dirname, "../..");
const anybody = { accessKeyId: "rehearsal", secretAccessKey: "rehearsal" };

/** The deployed program's own policy for callers, used by AWS's own clients and this project's. */
describe("a caller with the callers' policy and nothing else", () => {
  let rehearsal: Rehearsal;
  let manifest: RegionManifest;
  const open: Connection[] = [];
  before(async function () {
    this.timeout(60_000);
    rehearsal = await startRehearsal({
      imageFolders: [imageFolder("echoes"), join(rootDir, "examples/digits")],
      clock: { kind: "fast-forward", quietMs: 0 },
    });
    const stack = new EnginelessStack({
      world: rehearsal.world,
      stack: "dev",
      rootDir,
      program: () => program({ rootDir }),
      overrides: { "async-fleet:model": JSON.stringify({ image: imageUri("echoes") }) },
    });
    const { outputs } = await stack.up();
    manifest = (outputs.manifest as Manifest).regions["eu-west-1"] as RegionManifest;
  });
  after(async () => {
    for (const connection of open) connection.close();
    await rehearsal.close();
  });

  const aws = (credentials: NonNullable<ConnectionOptions["credentials"]>) => ({
    region: "eu-west-1",
    endpoint: rehearsal.url,
    credentials,
  });
  const connected = (credentials: NonNullable<ConnectionOptions["credentials"]>): Connection => {
    const connection = connect(manifest, { endpoint: rehearsal.url, credentials });
    open.push(connection);
    return connection;
  };

  async function asUser(): Promise<Connection> {
    const iam = new IAMClient(aws(anybody));
    await iam.send(new CreateUserCommand({ UserName: "caller" }));
    await iam.send(new AttachUserPolicyCommand({ UserName: "caller", PolicyArn: manifest.callerPolicyArn }));
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: "caller" }));
    return connected({
      accessKeyId: AccessKey?.AccessKeyId ?? "",
      secretAccessKey: AccessKey?.SecretAccessKey ?? "",
    });
  }

  async function asRole(): Promise<Connection> {
    const iam = new IAMClient(aws(anybody));
    const { Role } = await iam.send(
      new CreateRoleCommand({
        RoleName: "callers",
        AssumeRolePolicyDocument: JSON.stringify({
          Version: "2012-10-17",
          Statement: [
            { Effect: "Allow", Principal: { AWS: "arn:aws:iam::123456789012:root" }, Action: "sts:AssumeRole" },
          ],
        }),
      }),
    );
    await iam.send(new AttachRolePolicyCommand({ RoleName: "callers", PolicyArn: manifest.callerPolicyArn }));
    const { Credentials } = await new STSClient(aws(anybody)).send(
      new AssumeRoleCommand({ RoleArn: Role?.Arn, RoleSessionName: "batch" }),
    );
    return connected({
      accessKeyId: Credentials?.AccessKeyId ?? "",
      secretAccessKey: Credentials?.SecretAccessKey ?? "",
      sessionToken: Credentials?.SessionToken ?? "",
    });
  }

  for (const [name, opened] of [
    ["a user with a key", asUser],
    ["a session of a role", asRole],
  ] as const) {
    it(`sends, waits and collects as ${name}, inline and through S3`, async function () {
      this.timeout(60_000);
      const connection = await opened();
      const large = randomBytes(100_000).toString("hex");
      const submissions = [
        await submit(connection, { bytes: Buffer.from("small") }, { contentType: "text/plain" }),
        await submit(connection, { bytes: Buffer.from(large) }, { contentType: "text/plain" }),
      ];
      assert.deepEqual(
        submissions.map(({ inputLocation }) => inputLocation === undefined),
        [true, false],
      );
      const endings = await waitForAll(connection, submissions);
      assert.deepEqual(
        endings.map(({ outcome, toldBy }) => [outcome, toldBy]),
        [
          ["completed", "notice"],
          ["completed", "notice"],
        ],
      );
      assert.equal(await collectText(connection, endings[0]?.location ?? ""), "echo small");
      assert.equal(await collectText(connection, endings[1]?.location ?? ""), `echo ${large}`);
    });
  }

  it("may not look around in the bucket, nor write where results lie", async () => {
    const iam = new IAMClient(aws(anybody));
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: "caller" }));
    const { s3 } = connected({
      accessKeyId: AccessKey?.AccessKeyId ?? "",
      secretAccessKey: AccessKey?.SecretAccessKey ?? "",
    });
    const Bucket = new URL(manifest.outputPrefix).hostname;
    await assert.rejects(s3.send(new ListObjectsV2Command({ Bucket })), { name: "AccessDenied" });
    await assert.rejects(s3.send(new PutObjectCommand({ Bucket, Key: "results/forged", Body: "a" })), {
      name: "AccessDenied",
    });
  });
});
