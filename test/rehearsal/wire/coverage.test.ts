import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { coverage } from "../../../rehearsal/wire/coverage";
import { Clock } from "../../../rehearsal/world/clock";
import { World } from "../../../rehearsal/world/world";
import { FakeContainers } from "../../support/fake-containers";

describe("the coverage", () => {
  it("has every operation of every service once, played or not", async () => {
    const folder = await mkdtemp(join(tmpdir(), "coverage-"));
    const clock = new Clock({ kind: "manual" }, Date.UTC(2026, 0, 1));
    const world = new World({ clock, folder, containers: new FakeContainers() });
    try {
      const services = coverage(world);
      const runtime = services.find(({ service }) => service === "sagemakerRuntime");
      assert.deepEqual(runtime?.played, ["InvokeEndpoint", "InvokeEndpointAsync"]);
      assert.ok(runtime?.notPlayed.includes("InvokeEndpointWithResponseStream"));
      const sagemaker = services.find(({ service }) => service === "sagemaker");
      assert.ok(sagemaker?.played.includes("CreateEndpoint"));
      assert.ok(sagemaker?.notPlayed.includes("CreateTrainingJob"));
      for (const { played, notPlayed } of services)
        assert.equal(new Set([...played, ...notPlayed]).size, played.length + notPlayed.length);
    } finally {
      await world.close();
      await rm(folder, { recursive: true });
    }
  });
});
