import assert from "node:assert/strict";
import type { Browser, Page } from "puppeteer-core";
import { supportedRegions } from "../../contract/regions";
import { startWire, type Wire } from "../../rehearsal/wire/server";
import { administrator } from "../../rehearsal/world/call";
import { DeployedWorld } from "../support/deployed-world";
import { openBrowser } from "./open-browser";
import { says, texts } from "./read-page";

describe("the status page of a fleet in every supported region", () => {
  let browser: Browser;
  let fleet: DeployedWorld;
  let wire: Wire;
  let page: Page;

  before(async () => {
    browser = await openBrowser();
    fleet = await DeployedWorld.open({
      model: (payload) => (`${payload}` === "bad" ? { status: 400, body: "no" } : { body: "yes" }),
      overrides: { "async-fleet:regions": JSON.stringify("supported") },
    });
    wire = await startWire(fleet.world);
    page = await browser.newPage();
  });
  after(async () => {
    await wire.close();
    await fleet.close();
    await browser.close();
  });

  const endpoints = () => fleet.world.sagemaker.endpoints();
  const send = async (region: string, body: string): Promise<void> => {
    await fleet.world.sagemakerRuntime.invokeEndpointAsync(
      { accountId: "123456789012", region, principal: administrator },
      { EndpointName: fleet.manifest.endpointName, Body: Buffer.from(body), ContentType: "text/plain" },
    );
  };

  it("shows all 31 asleep, then which are awake, then where something is wrong, that one first", async () => {
    await fleet.until(() => endpoints().every(({ endpoint }) => endpoint.paid === 0), 3600);
    await page.goto(wire.url);
    await says(page, "#summary", /^All well in 31 regions: no instance runs, nothing is queued\.$/);
    assert.deepEqual((await texts(page, ".tile .code")).sort(), [...supportedRegions].sort());
    assert.deepEqual([...new Set(await texts(page, ".tile .doing"))], ["asleep"]);
    assert.equal((await texts(page, "#endpoint-rows tr")).length, 31);

    for (const region of ["us-east-1", "sa-east-1", "me-central-1"]) await send(region, "good");
    await send("ap-southeast-7", "bad");
    const isTold = () =>
      fleet.world.cloudwatch
        .alarms()
        .some(({ alarm }) => /-failures$/.test(alarm.input.AlarmName ?? "") && alarm.state === "ALARM");
    await fleet.until(isTold, 1200);
    await says(page, "#problems", /ap-southeast-7.*failures is in ALARM/);
    await says(page, "#summary", /^1 problem in 1 region; 4 instances run, nothing is queued\.$/);
    const awake = await page.$$eval(".tile[data-activity=awake]", (tiles) =>
      tiles.map((tile) => tile.getAttribute("data-region")),
    );
    assert.deepEqual(awake.sort(), ["ap-southeast-7", "me-central-1", "sa-east-1", "us-east-1"]);
    assert.match((await texts(page, "#endpoint-rows tr"))[0] ?? "", /^ap-southeast-7/);

    await page.click("#problems button");
    await says(page, "#endpoints-title", /^Endpoints in ap-southeast-7$/);
    await says(page, "#chart-facts", /^ap-southeast-7/);
    assert.deepEqual(await texts(page, "#alarm-rows td:nth-child(3)"), ["people"]);
  });

  it("stays live in a flood of events, and says that some were left out", async () => {
    await page.click("#all-regions");
    const { world, call } = fleet;
    for (let line = 1; line <= 20_000; line++)
      world.journal.add(world.clock.now(), call, {
        kind: "log",
        endpointName: fleet.manifest.endpointName,
        instanceId: "i-1",
        line: `line ${line}`,
      });
    await page.waitForSelector("#filter-kind option[value=missed]");
    await page.select("#filter-kind", "log");
    await says(page, "#event-rows", /line 20000/);
    await says(page, "#connection", /live/);
    assert.equal((await texts(page, "#event-rows tr")).length, 150);
  });
});
