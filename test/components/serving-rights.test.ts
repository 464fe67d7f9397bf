import assert from "node:assert/strict";
import { DeployedAccess } from "../support/deployed-access";

const unreadable = ["start: the model's data cannot be read"];
const lost = ["logs: the container's lines are lost"];

/** Every right of the serving role of stack dev, and what goes wrong without it. */
const rights: Readonly<Record<string, readonly string[]>> = {
  "s3:GetObject inputs/*": ["result: refused s3:GetObject", "missing input: refused s3:GetObject"],
  "s3:GetObject model/*": unreadable,
  "s3:PutObject results/*": ["result: refused s3:PutObject"],
  "s3:AbortMultipartUpload results/*": ["broken result: parts of it stay in the bucket"],
  "s3:PutObject failures/*": ["failure: the failure is written nowhere"],
  "s3:ListBucket the bucket": unreadable,
  "sns:Publish success": ["start: the role may not tell of a success"],
  "sns:Publish error": ["start: the role may not tell of a error"],
  "kms:Decrypt": unreadable,
  "kms:GenerateDataKey": ["result: refused kms:GenerateDataKey", "failure: the failure is written nowhere"],
  "kms:CreateGrant": ["start: refused kms:CreateGrant"],
  "logs:CreateLogStream": lost,
  "logs:PutLogEvents": lost,
  "logs:DescribeLogStreams": lost,
  "cloudwatch:PutMetricData": ["host metrics: the instances' own metrics are lost"],
  "ecr:BatchCheckLayerAvailability": ["start: refused ecr:BatchCheckLayerAvailability"],
  "ecr:GetDownloadUrlForLayer": ["start: refused ecr:GetDownloadUrlForLayer"],
  "ecr:BatchGetImage": ["start: refused ecr:BatchGetImage"],
  "ecr:GetAuthorizationToken": ["start: refused ecr:GetAuthorizationToken"],
};

/** What a model in a VPC adds. */
const networkRights: Readonly<Record<string, readonly string[]>> = {
  "ec2:CreateNetworkInterface network-interface/*": ["start: refused ec2:CreateNetworkInterface"],
  "ec2:CreateNetworkInterface subnet/subnet-0a": ["start: refused ec2:CreateNetworkInterface"],
  "ec2:CreateNetworkInterface security-group/sg-0b": ["start: refused ec2:CreateNetworkInterface"],
  "ec2:CreateNetworkInterfacePermission network-interface/*": ["start: refused ec2:CreateNetworkInterfacePermission"],
  "ec2:DeleteNetworkInterface network-interface/*": ["start: refused ec2:DeleteNetworkInterface"],
  "ec2:DeleteNetworkInterfacePermission": ["start: refused ec2:DeleteNetworkInterfacePermission"],
  "ec2:DescribeDhcpOptions": ["start: refused ec2:DescribeDhcpOptions"],
  "ec2:DescribeNetworkInterfaces": ["start: refused ec2:DescribeNetworkInterfaces"],
  "ec2:DescribeSecurityGroups": ["start: refused ec2:DescribeSecurityGroups"],
  "ec2:DescribeSubnets": ["start: refused ec2:DescribeSubnets"],
  "ec2:DescribeVpcs": ["start: refused ec2:DescribeVpcs"],
};

/** That AWS asks for just these rights, and in these words, is what the rehearsal assumes; only AWS can show it. */
describe("the serving role", () => {
  let access: DeployedAccess;
  before(async function () {
    this.timeout(60_000);
    access = await DeployedAccess.open();
  });
  after(() => access.close());

  it("has every right the whole story needs", async () => {
    assert.deepEqual(await access.play(), []);
  });

  it("has these rights and no other", () => {
    assert.deepEqual([...access.named(access.servingDocument).keys()].sort(), Object.keys(rights).sort());
  });

  for (const [right, wrong] of Object.entries(rights)) {
    it(`needs ${right}`, async () => {
      assert.deepEqual(await access.withoutServing(right), wrong);
    });
  }

  it("needs s3:ListBucket for a model in one file, too: a missing input then reads as a denial", async () => {
    const { at, roleName } = access;
    const { world, call, manifest } = at;
    await world.iam.putRolePolicy(call, {
      RoleName: roleName,
      PolicyName: "serve",
      PolicyDocument: access.servingDocument.replace('"s3:ListBucket"', '"s3:ListBucketVersions"'),
    });
    try {
      await world.sagemakerRuntime.invokeEndpointAsync(call, {
        EndpointName: manifest.endpointName,
        InputLocation: `${manifest.inputPrefix}none`,
        InferenceId: "missing",
      });
      await at.until(() => at.endpoint.queue.records.get("missing")?.outcome !== undefined, 3600);
      const { reason } = at.endpoint.queue.records.get("missing") ?? {};
      const bucket = new URL(manifest.inputPrefix).hostname;
      assert.equal(
        reason,
        `Failed to download the request payload from s3://${bucket}/inputs/none: AccessDenied: User: arn:aws:sts::123456789012:assumed-role/${roleName}/SageMaker is not authorized to perform: s3:ListBucket on resource: arn:aws:s3:::${bucket} because no identity-based policy allows the s3:ListBucket action`,
      );
    } finally {
      await world.iam.putRolePolicy(call, {
        RoleName: roleName,
        PolicyName: "serve",
        PolicyDocument: access.servingDocument,
      });
    }
  });

  it("is taken by SageMaker for this region of this account only", async () => {
    const { world, call } = access.at;
    const { Role } = await world.iam.getRole(call, { RoleName: access.roleName });
    const taken = (region: string, accountId: string) =>
      world.iam.isAssumable(
        {
          accountId,
          region,
          principal: {
            kind: "service",
            service: "sagemaker.amazonaws.com",
            sourceArn: `arn:aws:sagemaker:${region}:${accountId}:*`,
          },
        },
        Role?.Arn ?? "",
      ).allowed;
    assert.deepEqual(
      [taken("eu-west-1", "123456789012"), taken("us-east-1", "123456789012"), taken("eu-west-1", "210987654321")],
      [true, false, false],
    );
  });
});

describe("the serving role of a model in a VPC", () => {
  let access: DeployedAccess;
  before(async function () {
    this.timeout(60_000);
    access = await DeployedAccess.open({
      "async-fleet:network": JSON.stringify({ subnetIds: ["subnet-0a"], securityGroupIds: ["sg-0b"] }),
    });
  });
  after(() => access.close());

  it("has these rights beside, and no other", async () => {
    assert.deepEqual(
      [...access.named(access.servingDocument).keys()].sort(),
      [...Object.keys(rights), ...Object.keys(networkRights)].sort(),
    );
    assert.deepEqual(await access.play(), []);
  });

  for (const [right, wrong] of Object.entries(networkRights)) {
    it(`needs ${right}`, async () => {
      assert.deepEqual(await access.withoutServing(right), wrong);
    });
  }
});

describe("the serving role of instances with a drive of their own", () => {
  it("is not granted what only volumes need", async function () {
    this.timeout(60_000);
    const access = await DeployedAccess.open({
      "async-fleet:endpoint": JSON.stringify({ instanceType: "ml.g5.xlarge" }),
    });
    try {
      const expected = Object.keys(rights).filter((right) => right !== "kms:CreateGrant");
      assert.deepEqual([...access.named(access.servingDocument).keys()].sort(), expected.sort());
      assert.deepEqual(await access.play(), []);
    } finally {
      await access.close();
    }
  });
});
