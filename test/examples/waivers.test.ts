import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { rules } from "../../policies/rules";
import { waiverFor } from "../../policies/waivers/match";
import { readWaivers } from "../../policies/waivers/read";

describe("the ready-made waiver for scale to zero", () => {
  const file = "examples/waivers/scale-to-zero.yaml";
  const waivers = readWaivers(
    readFileSync(join(__dirname, "../..", file), "utf8"),
    file,
    rules.map(({ name }) => name),
  );

  it("waives the rule that stands for SageMaker.4, and nothing else", () => {
    assert.deepEqual(
      waivers.map(({ rule }) => rule),
      ["variants-start-with-two-instances"],
    );
    const rule = rules.find(({ name }) => name === waivers[0]?.rule);
    assert.deepEqual(rule?.controls.find(({ source }) => source === "Security Hub")?.ids, ["SageMaker.4"]);
  });

  it("covers endpoint configurations of every stack, and no other resource", () => {
    const covered = (type: string) =>
      waiverFor(
        waivers,
        "variants-start-with-two-instances",
        { stack: "prod", urn: `urn:pulumi:prod::any::${type}::config` },
        "2026-11-25",
      ) !== undefined;
    assert.equal(covered("aws:sagemaker/endpointConfiguration:EndpointConfiguration"), true);
    assert.equal(covered("a:b:Parent$aws:sagemaker/endpointConfiguration:EndpointConfiguration"), true);
    assert.equal(covered("aws:sagemaker/endpoint:Endpoint"), false);
  });
});
