import assert from "node:assert/strict";
import type { RecordedResource } from "../../check/record-program";
import { lifecycleRules } from "../../components/lifecycle-rules";
import { DeployedAccess } from "../support/deployed-access";
import { recorded } from "../support/recorded";

const retentionDays = { inputs: 7, results: 14, failures: 21 };
const kept = { retentionDays, forceDestroy: false, protect: false, retainOnDelete: false };
const only = (resources: readonly RecordedResource[], type: string) =>
  resources.filter((each) => each.type === type).map(({ inputs }) => inputs);

/** That S3 itself takes these rules, and expires what they say, only AWS can show. */
describe("the payload store", () => {
  it("deletes each kind at its own age, and unfinished uploads after a day", () => {
    assert.deepEqual(lifecycleRules({ ...kept, versioning: false }), [
      { id: "inputs", status: "Enabled", filter: { prefix: "inputs/" }, expiration: { days: 7 } },
      { id: "results", status: "Enabled", filter: { prefix: "results/" }, expiration: { days: 14 } },
      { id: "failures", status: "Enabled", filter: { prefix: "failures/" }, expiration: { days: 21 } },
      {
        id: "unfinished-uploads",
        status: "Enabled",
        filter: { prefix: "" },
        abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
      },
    ]);
  });

  it("deletes hidden versions of everything where versions are kept", () => {
    assert.deepEqual(lifecycleRules({ ...kept, versioning: { noncurrentDays: 3 } })[4], {
      id: "hidden-versions",
      status: "Enabled",
      filter: { prefix: "" },
      noncurrentVersionExpiration: { noncurrentDays: 3 },
      expiration: { expiredObjectDeleteMarker: true },
    });
  });

  it("keeps versions only where the settings say so, and never locks objects", async function () {
    this.timeout(60_000);
    const type = "aws:s3/bucketVersioning:BucketVersioning";
    const plain = await recorded("dev");
    assert.deepEqual(only(plain.resources, type), []);
    const versioned = await recorded("dev", { storage: { versioning: { noncurrentDays: 3 } } });
    assert.deepEqual(
      only(versioned.resources, type).map(({ region, versioningConfiguration }) => [region, versioningConfiguration]),
      [["eu-west-1", { status: "Enabled" }]],
    );
    for (const { resources } of [plain, versioned]) {
      assert.deepEqual(
        resources.filter((each) => each.type.includes("ObjectLock") || each.inputs.objectLockEnabled !== undefined),
        [],
      );
    }
  });

  it("encrypts with the region's key and a bucket key, belongs to the account, and is closed to the public", async function () {
    this.timeout(60_000);
    const { resources } = await recorded("dev");
    const [encryption] = only(
      resources,
      "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    );
    const key = resources.find((each) => each.type === "aws:kms/key:Key")?.outputs.arn;
    assert.deepEqual(encryption?.rules, [
      { applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: key }, bucketKeyEnabled: true },
    ]);
    const [ownership] = only(resources, "aws:s3/bucketOwnershipControls:BucketOwnershipControls");
    assert.deepEqual(ownership?.rule, { objectOwnership: "BucketOwnerEnforced" });
    const [access] = only(resources, "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock");
    const { region: _region, bucket: _bucket, ...closed } = access ?? {};
    assert.deepEqual(closed, {
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
  });

  it("takes a given key in place of its own", async function () {
    this.timeout(60_000);
    const keyArn = "arn:aws:kms:{region}:{account}:key/0f0e";
    const { resources } = await recorded("dev", { storage: { keyArn } });
    assert.deepEqual(only(resources, "aws:kms/key:Key"), []);
    assert.deepEqual(only(resources, "aws:kms/alias:Alias"), []);
    const [policy] = only(resources, "aws:s3/bucketPolicy:BucketPolicy");
    assert.ok(String(policy?.policy).includes("arn:aws:kms:eu-west-1:123456789012:key/0f0e"));
  });
});

describe("the payload store's refusals", () => {
  let access: DeployedAccess;
  before(async function () {
    this.timeout(60_000);
    access = await DeployedAccess.open();
  });
  after(() => access.close());

  const put = (more: object) => {
    const { world, call, manifest } = access.at;
    const Bucket = new URL(manifest.inputPrefix).hostname;
    return world.s3.putObject(call, { Bucket, Key: "inputs/any", Body: Buffer.from("any") as never, ...more });
  };
  const denied = { code: "AccessDenied", message: /with an explicit deny in a resource-based policy$/ };

  it("take a put that names no encryption, under the region's key", async () => {
    const { ServerSideEncryption, SSEKMSKeyId, BucketKeyEnabled } = await put({});
    assert.deepEqual(
      [ServerSideEncryption, SSEKMSKeyId, BucketKeyEnabled],
      ["aws:kms", access.at.manifest.kmsKeyArn, true],
    );
  });

  it("take a put that names the region's key", async () => {
    const { SSEKMSKeyId } = await put({
      ServerSideEncryption: "aws:kms",
      SSEKMSKeyId: access.at.manifest.kmsKeyArn,
    });
    assert.equal(SSEKMSKeyId, access.at.manifest.kmsKeyArn);
  });

  const refused: Array<[string, object]> = [
    ["another algorithm", { ServerSideEncryption: "AES256" }],
    ["double encryption", { ServerSideEncryption: "aws:kms:dsse" }],
    ["KMS without a key, which S3 would take its own for", { ServerSideEncryption: "aws:kms" }],
    ["another key", { ServerSideEncryption: "aws:kms", SSEKMSKeyId: "arn:aws:kms:eu-west-1:123456789012:key/other" }],
    ["a key the caller brings", { SSECustomerAlgorithm: "AES256" }],
  ];
  for (const [name, more] of refused) {
    it(`refuse ${name}, to the administrator, too`, () => assert.rejects(put(more), denied));
  }

  it("refuse whoever comes without TLS, or with TLS before 1.2", async () => {
    const { world, call, manifest } = access.at;
    const Bucket = new URL(manifest.inputPrefix).hostname;
    const { Policy: resourcePolicy } = await world.s3.getBucketPolicy(call, { Bucket });
    const judged = (context: Record<string, string>) =>
      world.iam.isAllowed(call, {
        action: "s3:GetObject",
        resource: `arn:aws:s3:::${Bucket}/results/any`,
        resourcePolicy,
        context,
      }).allowed;
    assert.deepEqual(
      [
        judged({ "aws:SecureTransport": "false" }),
        judged({ "s3:TlsVersion": "1.1" }),
        judged({ "s3:TlsVersion": "1.2" }),
      ],
      [false, false, true],
    );
  });
});
