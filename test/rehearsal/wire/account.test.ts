import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  DescribeRegionsCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeVpcEndpointsCommand,
  DescribeVpcsCommand,
  EC2Client,
} from "@aws-sdk/client-ec2";
import { BatchGetImageCommand, DescribeImagesCommand, ECRClient } from "@aws-sdk/client-ecr";
import {
  CreateRoleCommand,
  IAMClient,
  PutRolePolicyCommand,
  SimulatePrincipalPolicyCommand,
} from "@aws-sdk/client-iam";
import { KMSClient, ListKeysCommand } from "@aws-sdk/client-kms";
import {
  GetServiceQuotaCommand,
  paginateListServiceQuotas,
  type ServiceQuota,
  ServiceQuotasClient,
} from "@aws-sdk/client-service-quotas";
import { ListTopicsCommand, SNSClient } from "@aws-sdk/client-sns";
import { startWire, type Wire } from "../../../rehearsal/wire/server";
import { Clock } from "../../../rehearsal/world/clock";
import { World } from "../../../rehearsal/world/world";
import { FakeContainers } from "../../support/fake-containers";

describe("an account before a deployment, over the wire", () => {
  let folder: string;
  let world: World;
  let wire: Wire;
  const at = (region = "eu-west-1") => ({
    region,
    endpoint: wire.url,
    credentials: { accessKeyId: "rehearsal", secretAccessKey: "rehearsal" },
    maxAttempts: 1,
  });
  const named = (name: string) => (cause: unknown) => (cause as Error).name === name;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "account-"));
    world = new World({ clock: new Clock({ kind: "fast-forward" }, 0), folder, containers: new FakeContainers() });
    wire = await startWire(world);
  });
  beforeEach(() => {
    world.account.conditions = {};
  });
  after(async () => {
    await wire.close();
    await world.close();
    await rm(folder, { recursive: true });
  });

  it("lists its regions, those it has not enabled only when all are asked for", async () => {
    world.account.conditions = { disabledRegions: ["me-south-1"] };
    const client = new EC2Client(at());
    const { Regions: all = [] } = await client.send(new DescribeRegionsCommand({ AllRegions: true }));
    const statusOf = (code: string) => all.find(({ RegionName }) => RegionName === code)?.OptInStatus;
    assert.deepEqual(["eu-west-1", "ca-west-1", "me-south-1"].map(statusOf), [
      "opt-in-not-required",
      "opted-in",
      "not-opted-in",
    ]);
    const { Regions: enabled = [] } = await client.send(new DescribeRegionsCommand({}));
    assert.equal(enabled.length, all.length - 1);
    const { Regions: two } = await client.send(new DescribeRegionsCommand({ RegionNames: ["eu-west-1", "us-east-1"] }));
    assert.deepEqual(
      two?.map(({ RegionName }) => RegionName),
      ["us-east-1", "eu-west-1"],
    );
    await assert.rejects(
      client.send(new DescribeRegionsCommand({ RegionNames: ["eu-west-9"] })),
      named("InvalidParameterValue"),
    );
  });

  it("has every subnet and security group but those said to be missing, and an endpoint for S3 unless it has none", async () => {
    const client = new EC2Client(at());
    const { Subnets } = await client.send(new DescribeSubnetsCommand({ SubnetIds: ["subnet-0a", "subnet-0b"] }));
    assert.deepEqual(
      Subnets?.map(({ SubnetId, State }) => [SubnetId, State]),
      [
        ["subnet-0a", "available"],
        ["subnet-0b", "available"],
      ],
    );
    const endpointsOf = async (service: string): Promise<number | undefined> =>
      (
        await client.send(
          new DescribeVpcEndpointsCommand({
            Filters: [
              { Name: "vpc-id", Values: [Subnets?.[0]?.VpcId ?? ""] },
              { Name: "service-name", Values: [`com.amazonaws.eu-west-1.${service}`] },
            ],
          }),
        )
      ).VpcEndpoints?.length;
    assert.deepEqual([await endpointsOf("s3"), await endpointsOf("sqs")], [1, 0]);
    world.account.conditions = { missingNetwork: ["subnet-0b", "sg-0b"], hasS3Endpoint: false };
    assert.equal(await endpointsOf("s3"), 0);
    await assert.rejects(
      client.send(new DescribeSubnetsCommand({ SubnetIds: ["subnet-0a", "subnet-0b"] })),
      /The subnet ID 'subnet-0b' does not exist/,
    );
    await assert.rejects(
      client.send(new DescribeSecurityGroupsCommand({ GroupIds: ["sg-0b"] })),
      named("InvalidGroup.NotFound"),
    );
  });

  it("answers an operation that is not played in EC2's own envelope", async () => {
    await assert.rejects(new EC2Client(at()).send(new DescribeVpcsCommand({})), named("NotImplemented"));
  });

  it("has quotas for endpoints by the names AWS gives them, in pages", async () => {
    world.account.conditions = { endpointQuotas: { "*": { "ml.g5.xlarge": 0 }, "eu-west-1": { "ml.m5.large": 7 } } };
    const quotasIn = async (region: string): Promise<Map<string, ServiceQuota>> => {
      const found = new Map<string, ServiceQuota>();
      const pages = paginateListServiceQuotas(
        { client: new ServiceQuotasClient(at(region)), pageSize: 50 },
        { ServiceCode: "sagemaker" },
      );
      for await (const { Quotas = [] } of pages) for (const quota of Quotas) found.set(quota.QuotaName ?? "", quota);
      return found;
    };
    const here = await quotasIn("eu-west-1");
    assert.deepEqual(
      ["ml.m5.large", "ml.g5.xlarge", "ml.m5.xlarge"].map((type) => here.get(`${type} for endpoint usage`)?.Value),
      [7, 0, 100],
    );
    assert.equal((await quotasIn("us-east-1")).get("ml.m5.large for endpoint usage")?.Value, 100);
    const client = new ServiceQuotasClient(at());
    const QuotaCode = here.get("ml.m5.large for endpoint usage")?.QuotaCode;
    const { Quota } = await client.send(new GetServiceQuotaCommand({ ServiceCode: "sagemaker", QuotaCode }));
    assert.equal(Quota?.Value, 7);
    await assert.rejects(
      client.send(new GetServiceQuotaCommand({ ServiceCode: "sagemaker", QuotaCode: "L-00000000" })),
      named("NoSuchResourceException"),
    );
  });

  it("has the images that can run here, but those said to be missing", async () => {
    const client = new ECRClient(at());
    const pull = (imageTag: string, repositoryName = "team/model") =>
      client.send(new BatchGetImageCommand({ repositoryName, imageIds: [{ imageTag }] }));
    assert.deepEqual(
      (await pull("1")).images?.map(({ imageId }) => imageId?.imageTag),
      ["1"],
    );
    world.account.conditions = { missingImages: { "eu-west-1": ["team/model:2"], "*": ["team/other"] } };
    assert.deepEqual(
      (await pull("2")).failures?.map(({ failureCode }) => failureCode),
      ["ImageNotFound"],
    );
    await assert.rejects(pull("1", "team/other"), named("RepositoryNotFoundException"));
    await assert.rejects(
      client.send(new DescribeImagesCommand({ repositoryName: "team/model", imageIds: [{ imageTag: "2" }] })),
      named("ImageNotFoundException"),
    );
  });

  it("simulates what a role's policies and the account's conditions say to actions", async () => {
    const client = new IAMClient(at("us-east-1"));
    const { Role } = await client.send(
      new CreateRoleCommand({
        RoleName: "deployer",
        AssumeRolePolicyDocument: '{"Version":"2012-10-17","Statement":[]}',
      }),
    );
    const inEurope = { StringEquals: { "aws:RequestedRegion": "eu-west-1" } };
    await client.send(
      new PutRolePolicyCommand({
        RoleName: "deployer",
        PolicyName: "deploy",
        PolicyDocument: JSON.stringify({
          Version: "2012-10-17",
          Statement: [
            { Effect: "Allow", Action: "sns:*", Resource: "*", Condition: inEurope },
            { Effect: "Deny", Action: "sns:DeleteTopic", Resource: "*" },
          ],
        }),
      }),
    );
    const decisions = async (source: string | undefined, region: string) =>
      (
        await client.send(
          new SimulatePrincipalPolicyCommand({
            PolicySourceArn: source,
            ActionNames: ["sns:CreateTopic", "sns:DeleteTopic", "sqs:CreateQueue"],
            ResourceArns: ["*"],
            ContextEntries: [
              { ContextKeyName: "aws:RequestedRegion", ContextKeyType: "string", ContextKeyValues: [region] },
            ],
          }),
        )
      ).EvaluationResults?.map(({ EvalDecision }) => EvalDecision);
    assert.deepEqual(await decisions(Role?.Arn, "eu-west-1"), ["allowed", "explicitDeny", "implicitDeny"]);
    assert.deepEqual(await decisions(Role?.Arn, "us-east-1"), ["implicitDeny", "explicitDeny", "implicitDeny"]);
    world.account.conditions = { deniedActions: ["sqs:*"] };
    assert.deepEqual(await decisions("arn:aws:iam::123456789012:user/administrator", "eu-west-1"), [
      "allowed",
      "allowed",
      "explicitDeny",
    ]);
    await assert.rejects(decisions("arn:aws:iam::123456789012:role/none", "eu-west-1"), named("NoSuchEntityException"));
    await assert.rejects(decisions("arn:aws:iam::123456789012:root", "eu-west-1"), named("InvalidInputException"));
  });

  it("refuses every caller in a region that it has not enabled, each protocol in its own words", async () => {
    world.account.conditions = { disabledRegions: ["me-south-1"] };
    const there = at("me-south-1");
    await assert.rejects(new EC2Client(there).send(new DescribeSubnetsCommand({})), named("AuthFailure"));
    await assert.rejects(new SNSClient(there).send(new ListTopicsCommand({})), named("InvalidClientTokenId"));
    await assert.rejects(new KMSClient(there).send(new ListKeysCommand({})), named("UnrecognizedClientException"));
  });

  it("throttles what it is told to", async () => {
    world.account.conditions = { throttledActions: ["ec2:*", "ecr:BatchGetImage"] };
    await assert.rejects(new EC2Client(at()).send(new DescribeSubnetsCommand({})), named("RequestLimitExceeded"));
    await assert.rejects(
      new ECRClient(at()).send(new BatchGetImageCommand({ repositoryName: "a", imageIds: [] })),
      named("ThrottlingException"),
    );
  });
});
