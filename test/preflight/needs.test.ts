import assert from "node:assert/strict";
import { needsOf, type RegionNeeds } from "../../preflight/needs";
import type { RegisteredResource } from "../../preflight/registered-resource";
import { recorded } from "../support/recorded";

const accountId = "123456789012";

function resource(
  type: string,
  inputs: Record<string, unknown>,
  outputs: Record<string, unknown> = {},
): RegisteredResource {
  return { type, name: "it", custom: true, inputs: { region: "eu-west-1", ...inputs }, outputs };
}

describe("what stack dev needs of an account", () => {
  let needs: RegionNeeds[];
  before(async function () {
    this.timeout(60_000);
    needs = needsOf((await recorded("dev")).resources, accountId);
  });

  it("is asked for once for the account and once for its region", () => {
    assert.deepEqual(
      needs.map(({ region }) => region),
      ["account", "eu-west-1"],
    );
  });

  it("is its instances, its image, and nothing that the deployment brings itself", () => {
    const [, region] = needs;
    assert.deepEqual(region?.instances, [{ instanceType: "ml.m5.large", atStart: 1, max: 2 }]);
    assert.deepEqual(region?.images, ["123456789012.dkr.ecr.eu-west-1.amazonaws.com/async-fleet-examples/digits:1"]);
    assert.deepEqual(
      [region?.modelData, region?.subnetIds, region?.securityGroupIds, region?.keyArns],
      [[], [], [], []],
    );
  });

  it("holds rights for every type of resource there is, on ARNs of its account and region", () => {
    for (const { region, rights } of needs) {
      for (const { type, actions, arns } of rights) {
        assert.notEqual(actions.length, 0, `${type}: name its actions in preflight/deploy-rights.ts`);
        for (const arn of arns) {
          assert.match(
            arn,
            /^(\*|arn:aws:(s3:::|iam::123456789012:|cloudwatch::123456789012:|[a-z0-9-]+:eu-west-1:123456789012:)\S+)$/,
          );
          if (region === "account") assert.match(arn, /^arn:aws:(iam|cloudwatch)::/);
          assert.doesNotMatch(arn, /undefined/);
        }
      }
    }
  });
});

describe("what a program needs of an account", () => {
  it("counts a type's instances over all its endpoints, up to what scaling and schedules may go to", () => {
    const endpoint = (name: string, instanceType: string): RegisteredResource[] => [
      resource(
        "aws:sagemaker/endpointConfiguration:EndpointConfiguration",
        { productionVariants: [{ variantName: "primary", instanceType, initialInstanceCount: 1 }] },
        { name: `${name}-config` },
      ),
      resource("aws:sagemaker/endpoint:Endpoint", { name, endpointConfigName: `${name}-config` }),
      resource("aws:appautoscaling/target:Target", { resourceId: `endpoint/${name}/variant/primary`, maxCapacity: 3 }),
    ];
    const schedule = resource("aws:appautoscaling/scheduledAction:ScheduledAction", {
      resourceId: "endpoint/b/variant/primary",
      scalableTargetAction: { minCapacity: 1, maxCapacity: 8 },
    });
    const [needs] = needsOf([...endpoint("a", "ml.m5.large"), ...endpoint("b", "ml.m5.large"), schedule], accountId);
    assert.deepEqual(needs?.instances, [{ instanceType: "ml.m5.large", atStart: 2, max: 11 }]);
  });

  it("names model data, VPC and key that others keep, and leaves out what it makes itself", () => {
    const [own, given] = ["arn:aws:kms:eu-west-1:123456789012:key/own", "arn:aws:kms:eu-west-1:123456789012:key/given"];
    const [needs] = needsOf(
      [
        resource("aws:kms/key:Key", {}, { arn: own }),
        resource("aws:s3/bucket:Bucket", { bucket: "own" }),
        resource("aws:sns/topic:Topic", { name: "a", kmsMasterKeyId: own }),
        resource("aws:sns/topic:Topic", { name: "b", kmsMasterKeyId: given }),
        resource("aws:sagemaker/model:Model", {
          primaryContainer: { image: "i:1", modelDataUrl: "s3://given/model.tar.gz" },
          containers: [{ image: "i:1", modelDataSource: { s3DataSources: [{ s3Uri: "s3://own/model/" }] } }],
          vpcConfig: { subnets: ["subnet-0a"], securityGroupIds: ["sg-0a"] },
        }),
      ],
      accountId,
    );
    assert.deepEqual(
      [needs?.keyArns, needs?.modelData, needs?.images, needs?.subnetIds, needs?.securityGroupIds],
      [[given], ["s3://given/model.tar.gz"], ["i:1"], ["subnet-0a"], ["sg-0a"]],
    );
  });

  it("marks a resource type whose rights it does not know", () => {
    const [needs] = needsOf([resource("aws:dynamodb/table:Table", { name: "a" })], accountId);
    assert.deepEqual(needs?.rights, [{ type: "aws:dynamodb/table:Table", actions: [], arns: [] }]);
  });
});
