import assert from "node:assert/strict";
import { regionInfo, regions, supportedRegions } from "../../contract/regions";
import facts from "./regions-facts.json";

describe("the region table", () => {
  it("says of each region what the recorded facts say", () => {
    assert.deepEqual(
      regions.map(({ evidence: _, ...rest }) => rest),
      facts,
    );
  });

  it("deploys to 31 of 34: all but Osaka, Milan and Cape Town", () => {
    assert.equal(regions.length, 34);
    assert.equal(supportedRegions.length, 31);
    assert.deepEqual(
      regions.filter(({ code }) => !supportedRegions.includes(code)).map(({ code }) => code),
      ["eu-south-1", "af-south-1", "ap-northeast-3"],
    );
    assert.equal(regions.filter(({ code, optIn }) => optIn && supportedRegions.includes(code)).length, 15);
  });

  it("tells each region's evidence, and marks those AWS has not listed as unverified", () => {
    for (const region of regions)
      assert.equal(region.evidence.includes("unverified"), !region.listedForAsync, region.code);
  });

  it("knows no region outside the table", () => {
    assert.equal(regionInfo("eu-west-1")?.name, "Europe (Ireland)");
    assert.equal(regionInfo("cn-north-1"), undefined);
  });
});
