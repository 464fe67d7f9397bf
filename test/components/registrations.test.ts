import assert from "node:assert/strict";
import type { Recording } from "../../check/record-program";
import { metrics } from "../../contract/metrics";
import { supportedRegions } from "../../contract/regions";
import { recorded } from "../support/recorded";

/** Types AWS keeps for the whole account, which therefore take no region. */
const global = new Set(["aws:iam/policy:Policy", "aws:iam/role:Role", "aws:iam/rolePolicy:RolePolicy"]);

describe("what stack prod registers", () => {
  let prod: Recording;
  before(async function () {
    this.timeout(60_000);
    prod = await recorded("prod");
  });

  it("is in every supported region and in no other", () => {
    const endpoints = prod.resources.filter(({ type }) => type === "aws:sagemaker/endpoint:Endpoint");
    assert.deepEqual(endpoints.map(({ inputs }) => inputs.region).sort(), [...supportedRegions].sort());
  });

  it("carries its own region on everything regional, from one provider", () => {
    for (const { type, name, inputs } of prod.resources) {
      if (!type.startsWith("aws:")) continue;
      if (global.has(type)) assert.equal(inputs.region, undefined, name);
      // The one regional resource that belongs to no region lies in the stack's own.
      else if (name === "fleet-dashboard") assert.equal(inputs.region, "us-east-1");
      else
        assert.ok(
          typeof inputs.region === "string" && name.includes(`fleet-${inputs.region}`),
          `${type} ${name} says ${inputs.region}`,
        );
    }
    assert.deepEqual(
      prod.resources.filter(({ type }) => type.startsWith("pulumi:providers:")),
      [],
    );
  });

  it("names nothing of another region in a region's resources", () => {
    for (const { name, inputs } of prod.resources) {
      const own = inputs.region;
      if (typeof own !== "string") continue;
      const named = [...JSON.stringify(inputs).matchAll(/arn:aws:[a-z0-9-]+:([a-z]{2}-[a-z]+-\d):/g)].map(
        ([, region]) => region,
      );
      assert.deepEqual(
        named.filter((region) => region !== own),
        [],
        name,
      );
    }
  });

  it("is the same set of resources in each region", () => {
    const kinds = (region: string): string[] =>
      prod.resources
        .filter(({ inputs, name }) => inputs.region === region && name !== "fleet-dashboard")
        .map(({ type, name }) => `${type} ${name.replace(region, "R")}`)
        .sort();
    const expected = kinds("eu-west-1");
    assert.equal(expected.length, 40);
    for (const region of supportedRegions) assert.deepEqual(kinds(region), expected, region);
  });

  it("alarms and scales only on metrics with the dimensions they are published with", () => {
    const alarms = prod.resources.filter(({ type }) => type === "aws:cloudwatch/metricAlarm:MetricAlarm");
    assert.equal(alarms.length, 13 * supportedRegions.length);
    for (const { inputs, name } of alarms) {
      const metric = metrics[inputs.metricName as keyof typeof metrics];
      assert.ok(metric, name);
      assert.deepEqual(Object.keys(inputs.dimensions as object), [...metric.dimensions], name);
      assert.equal(inputs.namespace, metric.namespace);
    }
  });
});
