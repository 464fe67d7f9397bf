import assert from "node:assert/strict";
import { type Deployment, deployment, engine, engineTimeoutMs } from "./support";

const call = { accountId: "123456789012", region: "eu-west-1", principal: { kind: "administrator" } } as const;

describe("another instance type in one up, while a scalable target is registered", () => {
  let at: Deployment;
  before(async function () {
    this.timeout(engineTimeoutMs);
    await engine();
    at = await deployment();
    await at.stack.up();
  });
  after(() => at.close());

  it("takes scaling away first and registers it again after", async () => {
    await at.stack.changeSettings((config) => {
      config["async-fleet:endpoint"] = { instanceType: "ml.m5.xlarge" };
    });
    const { steps } = await at.stack.up();
    console.log(steps.filter(({ op }) => op !== "same").map(({ op, urn }) => `${op} ${urn.split("::").at(-1)}`));
  });
});
