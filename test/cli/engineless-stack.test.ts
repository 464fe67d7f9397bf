import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import { EnginelessStack } from "../../cli/rehearse/engineless-stack";
import { UsageError } from "../../contract/errors";
import { type Rehearsal, startRehearsal } from "../../rehearsal/rehearsal";
import { inventory } from "../../rehearsal/world/inventory";
import { rootDir } from "../support/fleet-process";

describe("a stack without an engine", () => {
  let rehearsal: Rehearsal;
  beforeEach(async () => {
    rehearsal = await startRehearsal({ imageFolders: [] });
  });
  afterEach(() => rehearsal.close());

  const stackOf = (program: () => Promise<Record<string, unknown>>): EnginelessStack =>
    new EnginelessStack({ world: rehearsal.world, stack: "dev", rootDir, program });
  const left = async (): Promise<string[]> => (await inventory(rehearsal.world, ["eu-west-1"])).map(({ kind }) => kind);

  it("makes what the program registers, and destroys it in the opposite order", async () => {
    const stack = stackOf(async () => {
      const queue = new aws.sqs.Queue("waiting", { name: "waiting", region: "eu-west-1" });
      const topic = new aws.sns.Topic("told", { name: "told", region: "eu-west-1" });
      return { url: queue.url, arn: topic.arn };
    });
    const { outputs, resources } = await stack.up();
    assert.equal(resources, 2);
    assert.equal(outputs.arn, "arn:aws:sns:eu-west-1:123456789012:told");
    assert.deepEqual((await left()).sort(), ["queue", "topic"]);
    assert.equal(await stack.destroy(), 2);
    assert.deepEqual(await left(), []);
  });

  it("passes on what AWS answers to a wrong order", async () => {
    const stack = stackOf(async () => {
      new aws.sns.TopicSubscription("lost", {
        region: "eu-west-1",
        topic: "arn:aws:sns:eu-west-1:123456789012:none",
        protocol: "sqs",
        endpoint: "arn:aws:sqs:eu-west-1:123456789012:none",
      });
      return {};
    });
    await assert.rejects(stack.up(), (cause) => {
      assert.ok(cause instanceof UsageError, String(cause));
      assert.equal(cause.problems[0]?.code, "ASY-401");
      assert.match(cause.problems[0]?.got ?? "", /Topic does not exist/);
      return true;
    });
  });

  it("tells what AWS would refuse, by resource and property", async () => {
    const stack = stackOf(async () => {
      new aws.sqs.Queue("slow", { name: "slow", region: "eu-west-1", visibilityTimeoutSeconds: 50_000 });
      return {};
    });
    await assert.rejects(stack.up(), (cause) => {
      assert.ok(cause instanceof UsageError, String(cause));
      assert.deepEqual(
        cause.problems.map(({ code, at }) => [code, at]),
        [["ASY-401", "slow.visibilityTimeoutSeconds"]],
      );
      return true;
    });
    assert.deepEqual(await left(), []);
  });
});
