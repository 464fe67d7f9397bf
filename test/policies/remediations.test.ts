import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { types } from "../../policies/async-resources";
import { configuration } from "../support/hand-written";
import { type Asked, PackClient, packFolder } from "../support/pack-client";
import { unknown } from "../support/verdict";

const bucket = "arn:aws:s3:::payloads";
const tlsOnly = {
  Sid: "TlsOnly",
  Effect: "Deny",
  Principal: "*",
  Action: "s3:*",
  Resource: [bucket, `${bucket}/*`],
  Condition: { Bool: { "aws:SecureTransport": "false" } },
};
const read = { Effect: "Allow", Principal: { AWS: "123456789012" }, Action: "s3:GetObject", Resource: `${bucket}/*` };
const policyOf = (...Statement: object[]): string => JSON.stringify({ Version: "2012-10-17", Statement });
const bucketPolicy = (props: object): Asked => ({ type: "aws:s3/bucketPolicy:BucketPolicy", name: "p", props });
const topic = (props: object, providerRegion?: string): Asked => ({
  type: "aws:sns/topic:Topic",
  name: "t",
  props,
  ...(providerRegion === undefined ? {} : { providerRegion }),
});
const endpoint = (tags?: object): Asked => ({
  type: types.endpoint,
  name: "e",
  props: { region: "eu-west-1", ...(tags === undefined ? {} : { tags }) },
});

describe("a rule told to remediate", function () {
  this.timeout(60_000);
  let served: PackClient;
  let project: string;
  before(async () => {
    project = await mkdtemp(join(tmpdir(), "judged-project-"));
    await writeFile(join(project, "Pulumi.yaml"), "name: test\nruntime: nodejs\n");
    served = await PackClient.start(packFolder, project);
  });
  after(async () => {
    served.close();
    await rm(project, { recursive: true, force: true });
  });
  const mended = async (asked: Asked, rule: string, more: object = {}) => {
    await served.configureStack({
      "async-fleet:policies": { rules: { [rule]: { enforcementLevel: "remediate", ...more } } },
    });
    return (await served.remediate(asked))[rule];
  };

  it("changes nothing by default, in no preset", async () => {
    for (const preset of ["essential", "recommended", "strict"]) {
      await served.configureStack({ "async-fleet:policies": { preset } });
      for (const asked of [bucketPolicy({ policy: policyOf(read) }), topic({}, "eu-west-1"), endpoint()])
        assert.deepEqual(await served.remediate(asked), {}, preset);
    }
  });

  const region = "every-resource-names-its-region";
  it("names the region of the provider, or of the resource's own ARNs when they agree", async () => {
    assert.deepEqual(await mended(topic({ name: "t" }, "eu-west-1"), region), { name: "t", region: "eu-west-1" });
    const keyed = { kmsMasterKeyId: "arn:aws:kms:us-east-1:123456789012:key/k" };
    assert.deepEqual(await mended(topic(keyed, "eu-west-1"), region), { ...keyed, region: "us-east-1" });
  });

  it("leaves the region to a person when ARNs disagree or nothing says it, and one that stands there as it is", async () => {
    const [one, other] = ["us-east-1", "eu-west-1"].map((each) => `arn:aws:kms:${each}:123456789012:key/k`);
    assert.equal(await mended(topic({ one, other }, "eu-west-1"), region), undefined);
    assert.equal(await mended(topic({}), region), undefined);
    assert.equal(await mended(topic({ region: "eu-west-2" }, "eu-west-1"), region), undefined);
    const role = { type: "aws:iam/role:Role", name: "r", props: {}, providerRegion: "eu-west-1" };
    assert.equal(await mended(role, region), undefined);
  });

  const costs = "costs-can-be-attributed";
  it("adds the tags that follow from the resource, and no others", async () => {
    const owner = {
      "async-fleet:project": "test",
      "async-fleet:stack": "dev",
      "async-fleet:region": "eu-west-1",
    };
    assert.deepEqual(await mended(endpoint(), costs), { region: "eu-west-1", tags: owner });
    const limits = { "async-fleet:max-payload-bytes": "1" };
    assert.deepEqual(await mended(endpoint(limits), costs), { region: "eu-west-1", tags: { ...limits, ...owner } });
    assert.equal(await mended(endpoint({ team: "ml" }), costs), undefined);
    const keys = { keys: ["team", "async-fleet:stack"] };
    assert.deepEqual(await mended(endpoint({ team: "ml" }), costs, keys), {
      region: "eu-west-1",
      tags: { team: "ml", "async-fleet:stack": "dev" },
    });
    assert.equal(await mended(endpoint({ x: "y" }), costs, { keys: ["team"] }), undefined);
    assert.equal(await mended(topic({}), costs), undefined);
  });

  it("keeps values unknown at preview as they are", async () => {
    assert.deepEqual(await mended(endpoint({ "async-fleet:max-payload-bytes": unknown }), costs), {
      region: "eu-west-1",
      tags: {
        "async-fleet:max-payload-bytes": unknown,
        "async-fleet:project": "test",
        "async-fleet:stack": "dev",
        "async-fleet:region": "eu-west-1",
      },
    });
    assert.equal(await mended(bucketPolicy({ policy: unknown }), "bucket-policies-refuse-plain-http"), undefined);
  });

  const tls = "bucket-policies-refuse-plain-http";
  it("adds a refusal of plain HTTP to a bucket's policy, in the policy's own form", async () => {
    assert.deepEqual(await mended(bucketPolicy({ policy: policyOf(read) }), tls), { policy: policyOf(read, tlsOnly) });
    const document = { Version: "2012-10-17", Statement: read };
    assert.deepEqual(await mended(bucketPolicy({ policy: document }), tls), {
      policy: { ...document, Statement: [read, tlsOnly] },
    });
    const anywhere = { ...read, Resource: "*" };
    assert.deepEqual(await mended(bucketPolicy({ bucket: "payloads", policy: policyOf(anywhere) }), tls), {
      bucket: "payloads",
      policy: policyOf(anywhere, tlsOnly),
    });
  });

  it("leaves a policy that refuses plain HTTP, one that is none, and one of a bucket nobody names", async () => {
    assert.equal(await mended(bucketPolicy({ policy: policyOf(read, tlsOnly) }), tls), undefined);
    assert.equal(await mended(bucketPolicy({ policy: "no policy" }), tls), undefined);
    assert.equal(await mended(bucketPolicy({ policy: policyOf({ ...read, Resource: "*" }) }), tls), undefined);
    assert.equal(await mended({ ...configuration(), name: "c" }, tls), undefined);
  });

  it("fails what it could not mend", async () => {
    await served.configureStack({ "async-fleet:policies": { rules: { [region]: "remediate" } } });
    const said = (await served.analyze(topic({}))).filter(({ policy }) => policy === region);
    assert.deepEqual(
      said.map(({ level }) => level),
      ["mandatory"],
    );
  });

  it("mends when only the engine's configuration says so, and not when only the stack's does", async () => {
    const found = topic({ name: "t" }, "eu-west-1");
    await served.configureStack({});
    await served.configure({ [region]: { level: "remediate" } });
    assert.deepEqual(await served.remediate(found), { [region]: { name: "t", region: "eu-west-1" } });
    await served.configureStack({ "async-fleet:policies": { rules: { [region]: "remediate" } } });
    await served.configure({ [region]: { level: "advisory" } });
    assert.deepEqual(await served.remediate(found), {});
  });
});
