import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { recordProgram } from "../../check/record-program";
import { plausibleAws } from "../../check/stand-in";
import { type Problem, UsageError } from "../../contract/errors";
import { program as fleetProgram } from "../../stacks/program";
import { rootDir } from "../support/fleet-process";

type Program = () => Promise<Record<string, unknown>>;

const record = (program: Program, more: { timeoutSeconds?: number; overrides?: Record<string, string> } = {}) =>
  recordProgram({ rootDir, stack: "dev", program, stand: plausibleAws, ...more });

async function problemsOf(work: Promise<unknown>): Promise<readonly Problem[]> {
  return work.then(
    () => assert.fail("it was recorded"),
    (cause: unknown) => {
      if (!(cause instanceof UsageError)) throw cause;
      return cause.problems;
    },
  );
}

const topic = (): aws.sns.Topic => new aws.sns.Topic("told", { name: "told", region: "eu-west-1" });

describe("a recorded program", () => {
  it("is known by everything it registers and puts out", async () => {
    const { resources, outputs } = await record(async () => ({ arn: topic().arn }));
    assert.deepEqual(
      resources.filter(({ custom }) => custom).map(({ type, name, inputs }) => [type, name, inputs.name]),
      [["aws:sns/topic:Topic", "told", "told"]],
    );
    assert.deepEqual(outputs, { arn: "arn:aws:sns:eu-west-1:123456789012:told" });
  });

  it("that throws is told with its own words, and nothing is judged", async () => {
    const problems = await problemsOf(
      record(async () => {
        throw new Error("no model today");
      }),
    );
    assert.deepEqual(problems, [
      { code: "ASY-401", at: "stack dev", got: "no model today", expected: "a program that runs to its end" },
    ]);
  });

  it("that fails in a promise nobody awaits is told too", async () => {
    const [problem] = await problemsOf(
      record(async () => {
        topic();
        void Promise.reject(new Error("left alone"));
        await new Promise((later) => setImmediate(later));
        return {};
      }),
    );
    assert.equal(problem?.code, "ASY-401");
    assert.equal(problem?.got, "left alone");
  });

  it("that fails while it looks at an output is told too", async () => {
    const [problem] = await problemsOf(
      record(async () => ({
        never: topic().arn.apply(() => {
          throw new Error("bad arn");
        }),
      })),
    );
    assert.equal(problem?.code, "ASY-401");
    assert.equal(problem?.got, "bad arn");
  });

  it("that does not end is given up", async () => {
    const [problem] = await problemsOf(record(() => new Promise(() => {}), { timeoutSeconds: 0.05 }));
    assert.deepEqual(problem, {
      code: "ASY-402",
      at: "stack dev",
      got: "still running after 0.05 seconds",
      expected: "a program that ends",
    });
  });

  it("that registers nothing is no clean program", async () => {
    const [problem] = await problemsOf(record(async () => ({ quiet: true })));
    assert.equal(problem?.code, "ASY-403");
  });

  it("that has components and no resource is no clean program either", async () => {
    const [problem] = await problemsOf(
      record(async () => {
        new pulumi.ComponentResource("test:Hollow", "hollow");
        return {};
      }),
    );
    assert.equal(problem?.code, "ASY-403");
  });

  it("tells every wrong setting by its own code", async () => {
    const problems = await problemsOf(
      record(() => fleetProgram({ rootDir }), {
        overrides: { "async-fleet:requests": '{"timeToLiveSeconds": 59, "payloadBytes": 0}' },
      }),
    );
    assert.deepEqual(
      problems.map(({ code, at }) => [code, at]),
      [
        ["ASY-102", "async-fleet:requests.payloadBytes in stack dev"],
        ["ASY-102", "async-fleet:requests.timeToLiveSeconds in stack dev"],
      ],
    );
  });
});
