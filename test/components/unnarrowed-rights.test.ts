import assert from "node:assert/strict";
import { unnarrowedRights } from "../../components/unnarrowed-rights";
import { rightsIn } from "../support/access-story";
import { recorded } from "../support/recorded";

const network = { subnetIds: ["subnet-0a"], securityGroupIds: ["sg-0b"] };

describe("rights on the resource *", () => {
  it("are those of the table and no other, each bound by its condition", async function () {
    this.timeout(60_000);
    const { resources } = await recorded("dev", { network });
    const granted = resources
      .filter(({ type }) => type === "aws:iam/rolePolicy:RolePolicy" || type === "aws:iam/policy:Policy")
      .flatMap(({ inputs }) => rightsIn(String(inputs.policy)))
      .filter(({ resource }) => resource === "*")
      .map(({ action, statement }) => [
        action,
        ...Object.values((statement.Condition ?? {}) as object).flatMap((keys) => Object.keys(keys as object)),
      ]);
    assert.deepEqual(granted.sort(), unnarrowedRights.map(({ action, boundBy }) => [action, boundBy]).sort());
  });

  it("stand nowhere in the policies of buckets, topics and queues", async function () {
    this.timeout(60_000);
    const { resources } = await recorded("dev");
    const documents = resources.filter(({ type }) =>
      [
        "aws:s3/bucketPolicy:BucketPolicy",
        "aws:sns/topicPolicy:TopicPolicy",
        "aws:sqs/queuePolicy:QueuePolicy",
      ].includes(type),
    );
    assert.equal(documents.length, 4);
    for (const { inputs, name } of documents) {
      const { Statement } = JSON.parse(String(inputs.policy)) as { Statement: Array<{ Resource: unknown }> };
      for (const { Resource } of Statement) assert.notEqual(Resource, "*", name);
    }
  });

  it("say a reason each, and where it can be settled", () => {
    for (const { reason, action } of unnarrowedRights) assert.match(reason, /service authorization reference/, action);
  });
});
