import assert from "node:assert/strict";
import { resolve } from "node:path";
import type * as pulumi from "@pulumi/pulumi";
import { type Recording, recordProgram } from "../../check/record-program";
import { plausibleAws } from "../../check/stand-in";
import type { Manifest } from "../../contract/manifest";
import { withSources } from "../support/library-sources";

const rootDir = resolve(__dirname, "../../examples/library");

describe("another program that uses the library", () => {
  let recording: Recording;
  before(async function () {
    this.timeout(60_000);
    recording = await recordProgram({
      rootDir,
      stack: "dev",
      stand: plausibleAws,
      program: () =>
        withSources(() => {
          const program = require("../../examples/library/index") as () => Promise<
            Record<string, pulumi.Output<unknown>>
          >;
          return program();
        }),
    });
  });

  it("has the fleet under its own name, with its own settings", () => {
    const { project, stack, regions } = recording.outputs.manifest as Manifest;
    assert.deepEqual([project, stack, Object.keys(regions)], ["scoring", "dev", ["us-east-1", "eu-west-1"]]);
    assert.equal(regions["eu-west-1"]?.endpointName, "scoring-dev");
    assert.deepEqual([regions["eu-west-1"]?.scaling.maxInstances, regions["us-east-1"]?.scaling.maxInstances], [3, 1]);
  });

  it("adds to each region what is its own, from the fleet's typed outputs", () => {
    const added = recording.resources.filter(({ name }) => name.startsWith("ledger-"));
    assert.deepEqual(
      added.map(({ type, name, inputs }) => [type.split(":").at(-1), name, inputs.region]).sort(),
      ["eu-west-1", "us-east-1"]
        .flatMap((region) => [
          ["Queue", `ledger-${region}`, region],
          ["QueuePolicy", `ledger-${region}-policy`, region],
          ["TopicSubscription", `ledger-${region}-results`, region],
        ])
        .sort(),
    );
    const subscription = added.find(({ name }) => name === "ledger-eu-west-1-results");
    assert.equal(subscription?.inputs.topic, "arn:aws:sns:eu-west-1:123456789012:scoring-dev-success");
  });
});
