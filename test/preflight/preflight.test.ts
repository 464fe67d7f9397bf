import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UsageError } from "../../contract/errors";
import { type PreflightOptions, type PreflightReport, preflight } from "../../preflight/preflight";
import type { RegisteredResource } from "../../preflight/registered-resource";
import { checkNames } from "../../preflight/verdict";
import { startWire, type Wire } from "../../rehearsal/wire/server";
import type { AccountConditions } from "../../rehearsal/world/account";
import { administrator } from "../../rehearsal/world/call";
import { Clock } from "../../rehearsal/world/clock";
import { World } from "../../rehearsal/world/world";
import { FakeContainers } from "../support/fake-containers";

const accountId = "123456789012";
const keyArn = (region: string, id: string): string => `arn:aws:kms:${region}:${accountId}:key/${id}`;

/** What a fleet in a VPC with a given key and given model data registers in a region. */
function fleetIn(region: string, keyId: string, data = "s3://given/model.tar.gz"): RegisteredResource[] {
  const resource = (type: string, inputs: object, outputs: object = {}): RegisteredResource => ({
    type,
    name: `it-${region}`,
    custom: true,
    inputs: { region, ...inputs },
    outputs: { ...outputs },
  });
  return [
    resource("aws:sns/topic:Topic", { name: "a", kmsMasterKeyId: keyArn(region, keyId) }),
    resource("aws:sagemaker/model:Model", {
      primaryContainer: { image: `${accountId}.dkr.ecr.${region}.amazonaws.com/team/model:1`, modelDataUrl: data },
      vpcConfig: { subnets: ["subnet-0a", "subnet-0b"], securityGroupIds: ["sg-0a"] },
    }),
    resource(
      "aws:sagemaker/endpointConfiguration:EndpointConfiguration",
      { productionVariants: [{ variantName: "primary", instanceType: "ml.g5.xlarge", initialInstanceCount: 1 }] },
      { name: "config" },
    ),
    resource("aws:sagemaker/endpoint:Endpoint", { name: "it", endpointConfigName: "config" }),
    resource("aws:appautoscaling/target:Target", { resourceId: "endpoint/it/variant/primary", maxCapacity: 5 }),
  ];
}

describe("a preflight over the wire", () => {
  let folder: string;
  let world: World;
  let wire: Wire;
  let keyId: string;
  const call = { accountId, region: "eu-west-1", principal: administrator };

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "preflight-"));
    world = new World({ clock: new Clock({ kind: "fast-forward" }, 0), folder, containers: new FakeContainers() });
    wire = await startWire(world);
    keyId = (await world.kms.createKey(call, {})).KeyMetadata?.KeyId ?? "";
    await world.s3.createBucket(call, { Bucket: "given" });
    await world.s3.putObject(call, { Bucket: "given", Key: "model.tar.gz", Body: Buffer.from("m") as never });
  });
  beforeEach(() => {
    world.account.conditions = {};
  });
  after(async () => {
    await wire.close();
    await world.close();
    await rm(folder, { recursive: true });
  });

  const run = (more: Partial<PreflightOptions> = {}): Promise<PreflightReport> =>
    preflight({
      access: { endpoint: wire.url, credentials: { accessKeyId: "rehearsal", secretAccessKey: "rehearsal" } },
      signal: new AbortController().signal,
      register: async () => fleetIn("eu-west-1", keyId),
      attemptsMax: 1,
      ...more,
    });
  /** Each check's state, with its code where it has one. */
  const states = (report: PreflightReport): Record<string, string> =>
    Object.fromEntries(
      report.regions.flatMap(({ region, checks }) =>
        checkNames.map((name) => {
          const verdict = checks[name];
          return [
            `${region} ${name}`,
            "problem" in verdict ? `${verdict.state} ${verdict.problem.code}` : verdict.state,
          ];
        }),
      ),
    );
  const only = (changed: Record<string, string>): Record<string, string> =>
    Object.fromEntries(checkNames.map((name) => [`eu-west-1 ${name}`, changed[name] ?? "ok"]));

  it("finds everything well in an account in which nothing stands in the way", async () => {
    const told: string[] = [];
    const report = await run({ onProgress: (done, all, region) => told.push(`${done}/${all} ${region}`) });
    assert.deepEqual(states(report), only({}));
    assert.equal(report.accountId, accountId);
    assert.equal(report.caller, `arn:aws:iam::${accountId}:user/administrator`);
    assert.deepEqual(told, ["1/1 eu-west-1"]);
  });

  const rows: ReadonlyArray<readonly [string, AccountConditions, Record<string, string>]> = [
    ["a type that is not to be had", { endpointQuotas: { "*": { "ml.g5.xlarge": 0 } } }, { quota: "fail ASY-611" }],
    [
      "a quota below the maximum",
      { endpointQuotas: { "eu-west-1": { "ml.g5.xlarge": 4 } } },
      { quota: "warn ASY-613" },
    ],
    ["a missing repository", { missingImages: { "*": ["team/model"] } }, { image: "fail ASY-615" }],
    ["a missing tag", { missingImages: { "eu-west-1": ["team/model:1"] } }, { image: "fail ASY-615" }],
    ["a missing subnet", { missingNetwork: ["subnet-0b"] }, { network: "fail ASY-617" }],
    ["a missing security group", { missingNetwork: ["sg-0a"] }, { network: "fail ASY-617" }],
    ["a VPC without an endpoint for S3", { hasS3Endpoint: false }, { network: "warn ASY-618" }],
    ["a denied action", { deniedActions: ["sagemaker:CreateEndpoint"] }, { rights: "fail ASY-614" }],
    [
      "questions that are throttled",
      { throttledActions: ["ec2:*", "serviceQuotas:*", "ecr:*", "iam:*", "kms:*", "s3:*"] },
      Object.fromEntries(checkNames.map((name) => [name, "unknown"])),
    ],
  ];
  for (const [name, conditions, changed] of rows) {
    it(`tells of ${name}`, async () => {
      world.account.conditions = conditions;
      assert.deepEqual(states(await run()), only(changed));
    });
  }

  it("asks nothing more of a region that is not enabled, and goes on with the others", async () => {
    world.account.conditions = { disabledRegions: ["me-south-1"] };
    const register = async () => [...fleetIn("me-south-1", keyId), ...fleetIn("eu-west-1", keyId)];
    assert.deepEqual(states(await run({ register })), {
      ...only({}),
      ...Object.fromEntries(checkNames.map((name) => [`me-south-1 ${name}`, "unknown"])),
      "me-south-1 region": "fail ASY-610",
    });
  });

  it("says that credentials are refused where opt-in cannot be asked and the region is not enabled", async () => {
    world.account.conditions = { disabledRegions: ["me-south-1"], throttledActions: ["ec2:DescribeRegions"] };
    const { regions } = await run({ register: async () => fleetIn("me-south-1", keyId) });
    assert.deepEqual(regions[0]?.checks.quota, {
      state: "unknown",
      detail: "AWS refuses the credentials in this region, as it does where the account has not enabled it",
    });
  });

  it("tells of model data and keys that are not there or not to be used", async () => {
    const of = async (key: string, data: string): Promise<string[]> => {
      const found = states(await run({ register: async () => fleetIn("eu-west-1", key, data) }));
      return [found["eu-west-1 model"] ?? "", found["eu-west-1 key"] ?? ""];
    };
    assert.deepEqual(await of("none", "s3://given/other.tar.gz"), ["fail ASY-616", "fail ASY-619"]);
    assert.deepEqual(await of(keyId, "s3://nowhere/model.tar.gz"), ["fail ASY-616", "ok"]);
    assert.deepEqual(await of(keyId, "s3://given/empty/"), ["fail ASY-616", "ok"]);
    await world.kms.disableKey(call, { KeyId: keyId });
    try {
      assert.deepEqual(await of(keyId, "s3://given/"), ["ok", "fail ASY-619"]);
    } finally {
      await world.kms.enableKey(call, { KeyId: keyId });
    }
  });

  it("names what a program registers for the whole account beside its regions", async () => {
    const role = { type: "aws:iam/role:Role", name: "r", custom: true, inputs: { name: "r" }, outputs: {} };
    world.account.conditions = { deniedActions: ["iam:PassRole"] };
    const { regions } = await run({ register: async () => [...fleetIn("eu-west-1", keyId), role] });
    assert.deepEqual(
      regions.map(({ region, checks }) => [region, checks.rights.state, checks.quota.state]),
      [
        ["account", "fail", "none"],
        ["eu-west-1", "ok", "ok"],
      ],
    );
  });

  const coded = async (work: Promise<unknown>): Promise<string | undefined> => {
    const cause = await work.then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    assert.ok(cause instanceof UsageError, String(cause));
    return cause.problems[0]?.code;
  };

  it("ends with a code when there are no credentials, when they are refused, and when nobody answers", async () => {
    const credentials = { accessKeyId: "rehearsal", secretAccessKey: "rehearsal" };
    assert.equal(await coded(run({ access: { endpoint: "http://127.0.0.1:1", credentials } })), "ASY-622");
    world.account.conditions = { disabledRegions: ["us-east-1"] };
    assert.equal(await coded(run()), "ASY-621");
    const files = { AWS_CONFIG_FILE: join(folder, "none"), AWS_SHARED_CREDENTIALS_FILE: join(folder, "none") };
    const before = { ...process.env };
    Object.assign(process.env, files);
    try {
      assert.equal(await coded(run({ access: { endpoint: wire.url, profile: "nobody" } })), "ASY-620");
    } finally {
      for (const name of Object.keys(files)) delete process.env[name];
      Object.assign(process.env, before);
    }
  });

  it("stops when it is aborted", async () => {
    const aborted = AbortSignal.abort(new Error("enough"));
    await assert.rejects(run({ signal: aborted }), /enough/);
  });
});
