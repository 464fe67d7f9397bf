import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import axe from "axe-core";
import type { Browser, Page } from "puppeteer-core";
import { startWire, type Wire } from "../../rehearsal/wire/server";
import { EndpointWorld } from "../support/endpoint-world";
import { FakeContainers } from "../support/fake-containers";
import { browserPath, openBrowser } from "./open-browser";
import { says, texts } from "./read-page";

/** What of the browser's own world the functions below use that run in it; nothing of it is there in Node. */
declare const document: {
  readonly activeElement: { readonly textContent: string } | null;
  readonly documentElement: { readonly scrollWidth: number };
  readonly body: { innerHTML: string; append(frame: Frame): void };
  createElement(name: "iframe"): Frame;
};
interface Frame {
  src: string;
  onload: () => void;
  readonly contentDocument: { readonly body: { readonly textContent: string } } | null;
}
declare const location: { href: string };
declare const innerWidth: number;
declare function getComputedStyle(element: object): { readonly backgroundColor: string };
declare class EventSource {
  constructor(url: string);
  readonly readyState: number;
  onopen: () => void;
  onerror: () => void;
}

describe("the status page in a browser", () => {
  let browser: Browser;
  let at: EndpointWorld;
  let wire: Wire;
  let page: Page;
  /** What the browser complained of: errors, refused scripts, failed loads. */
  let complaints: string[];
  let asked: string[];

  before(async () => {
    browser = await openBrowser();
  });
  after(() => browser.close());

  beforeEach(async () => {
    const containers = new FakeContainers((payload) =>
      `${payload}` === "bad" ? { status: 400, body: "no" } : { body: "yes", workSeconds: 20 },
    );
    at = await EndpointWorld.open({ max: 2, containers });
    wire = await startWire(at.world);
    page = await browser.newPage();
    complaints = [];
    asked = [];
    page.on("console", (message) => complaints.push(message.text()));
    page.on("pageerror", (cause) => complaints.push(String(cause)));
    page.on("request", (request) => asked.push(request.url()));
  });
  afterEach(async () => {
    await page.close();
    await wire.close();
    await at.close();
  });

  const open = async (): Promise<void> => {
    await page.goto(`${wire.url}/`);
    await says(page, "#connection", /live/);
    await says(page, "#summary", /\.$/);
  };
  const tile = (region: string): string => `.tile[data-region="${region}"]`;

  it("says how to begin where nothing is deployed, with every region and nothing in it", async () => {
    await at.world.sagemaker.deleteEndpoint(at.call, { EndpointName: "echo" });
    await at.minutes(5);
    await open();
    assert.equal(await page.$eval("#summary", (found) => found.textContent), "Ready, and nothing is deployed yet.");
    assert.equal(await page.$eval("#beginning", (found) => found.checkVisibility()), true);
    assert.match((await texts(page, "#ways code"))[1] ?? "", new RegExp(`^AWS_ENDPOINT_URL=${wire.url} `));
    assert.equal((await page.$$(".tile")).length, 31);
    assert.deepEqual([...new Set(await texts(page, ".tile .doing"))], ["no endpoint"]);
    assert.deepEqual(complaints, []);
    assert.deepEqual(
      asked.filter((url) => !url.startsWith(`${wire.url}/`)),
      [],
    );
  });

  it("follows an endpoint live from sleep through waking to work and sleep, without a reload", async () => {
    await at.minutes(15);
    await open();
    const eu = tile("eu-west-1");
    await says(page, eu, /asleep/);
    await says(page, "#summary", /^All well in 1 region: no instance runs, nothing is queued\.$/);
    await at.send("good");
    await at.send("bad");
    await says(page, eu, /asleep, 2 queued/);
    await at.minutes(2);
    await says(page, eu, /waking, 2 queued/);
    await says(page, "#endpoint-rows", /waking.*Updating.*0 of 1.*of 0 to 2/);
    await at.minutes(4);
    await says(page, eu, /awake, 1 instance/);
    await says(page, "#request-rows", /good.*completed.*20 s/);
    assert.deepEqual((await texts(page, "#request-rows td:nth-child(4)")).sort(), ["completed", "failed"]);
    await says(page, "#virtual-time", /^2026-01-01 00:26:00 UTC$/);
    await at.minutes(12);
    await says(page, eu, /asleep$/);
    assert.deepEqual(complaints, []);
    assert.equal(asked.filter((url) => url === `${wire.url}/_rehearsal/`).length, 1);
  });

  it("draws instances and backlog as steps, each scaling with its cause", async () => {
    await at.minutes(15);
    await at.send("good");
    await at.minutes(7);
    await open();
    await page.waitForSelector(".scale-mark title");
    assert.match(
      (await texts(page, ".scale-mark title")).at(-1) ?? "",
      /^00:21:00 0 → 1 instances: monitor alarm wake in state ALARM triggered policy wake$/,
    );
    const steps = await page.$eval(".line-in-service", (found) => found.getAttribute("d") ?? "");
    assert.match(steps, /^M[\d.]+ [\d.]+(?:H[\d.]+V[\d.]+)+$/);
    const label = await page.$eval("#chart svg", (found) => found.getAttribute("aria-label"));
    assert.equal(
      label,
      "echo over virtual time: 1 instance in service now, 1 at most; 0 requests queued or running now, 1 at most; scaled 2 times.",
    );
    await page.click("#chart summary");
    assert.deepEqual(await texts(page, "#scaling-rows td:nth-child(2)"), ["0 → 1", "1 → 0"]);
  });

  it("shows what the world says as text, whatever it says", async () => {
    const evil = '<img src=x onerror="window.hacked = 1"><script>window.hacked = 1</script>';
    await at.minutes(1);
    await at.send("good", { id: "one" });
    at.world.journal.add(at.world.clock.now(), at.call, {
      kind: "log",
      endpointName: "echo",
      instanceId: "i-1",
      line: evil,
    });
    await open();
    await page.waitForSelector("#filter-kind option[value=log]");
    await page.select("#filter-kind", "log");
    await says(page, "#event-rows", /onerror/);
    assert.deepEqual(await texts(page, "#event-rows td:nth-child(4)"), [`echo i-1: ${evil}`]);
    assert.equal(await page.evaluate(() => "hacked" in globalThis), false);
    assert.equal(await page.$("#event-rows img, #event-rows script"), null);
    // And were there HTML in it after all, the browser itself would refuse it.
    const refused = await page.evaluate((text) => {
      try {
        document.body.innerHTML = text;
        return "taken";
      } catch (cause) {
        return (cause as Error).name;
      }
    }, evil);
    assert.equal(refused, "TypeError");
  });

  it("filters its events by kind and by text", async () => {
    await at.send("good", { id: "findme" });
    await at.send("good", { id: "other" });
    await open();
    await page.waitForSelector("#filter-kind option[value=request]");
    await page.select("#filter-kind", "request");
    await page.type("#filter-text", "FINDME acc");
    await says(page, "#event-rows", /^00:05:00|findme accepted$/);
    assert.deepEqual(await texts(page, "#event-rows td:nth-child(4)"), ["echo: findme accepted"]);
    await page.type("#filter-text", "nothing like it");
    await says(page, "#event-rows", /No event that fits/);
  });

  it("is used by keyboard alone", async () => {
    await open();
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement?.textContent), "Skip to the endpoints");
    await page.focus(tile("eu-west-2"));
    await page.keyboard.press("Enter");
    await says(page, "#endpoints-title", /Endpoints in eu-west-2/);
    await says(page, "#endpoint-rows", /No endpoint is in this region/);
    const pressed = () =>
      page.$$eval(".tile[aria-pressed=true]", (found) => found.map((each) => each.getAttribute("data-region")));
    assert.deepEqual(await pressed(), ["eu-west-2"]);
    // Drawn anew, it has kept the focus.
    await page.keyboard.press("Space");
    await says(page, "#endpoints-title", /^Endpoints$/);
    assert.deepEqual(await pressed(), []);
    await page.focus("#endpoint-rows button");
    await page.keyboard.press("Enter");
    await says(page, "#chart-title", /echo over time/);
  });

  it("asks for nothing while it is paused, and then goes on where it was", async () => {
    await at.send("good", { id: "before" });
    await open();
    await says(page, "#event-rows", /before accepted/);
    await page.click("#pause");
    await says(page, "#connection", /paused/);
    const before = asked.length;
    await at.send("good", { id: "meanwhile" });
    // Longer than the page waits for anything that it asks for soon.
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 600)));
    assert.deepEqual(asked.slice(before), []);
    assert.doesNotMatch((await texts(page, "#event-rows")).join(), /meanwhile/);
    await page.click("#pause");
    await says(page, "#event-rows", /meanwhile accepted/);
    const stream = asked.slice(before).find((url) => url.includes("events?after=")) ?? "";
    assert.ok(Number(new URL(stream).searchParams.get("after")) > 0, stream);
  });

  it("says when nobody answers, and finds the next rehearsal by itself", async () => {
    await open();
    const { port } = wire;
    await wire.close();
    await says(page, "#connection", /no answer/);
    await at.send("good", { id: "after" });
    wire = await startWire(at.world, { port });
    await says(page, "#connection", /live/);
    await says(page, "#event-rows", /after accepted/);
  });

  it("has no fault that axe knows of: light, dark and narrow, with problems and without", async () => {
    await at.world.cloudwatch.putMetricAlarm(at.call, {
      AlarmName: "failures",
      Namespace: "AWS/SageMaker",
      MetricName: "ApproximateBacklogSize",
      Dimensions: [{ Name: "EndpointName", Value: "echo" }],
      Statistic: "Maximum",
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 1,
      ComparisonOperator: "GreaterThanOrEqualToThreshold",
    });
    await at.send("bad");
    await at.send("good");
    await at.minutes(1);
    await open();
    await says(page, "#problems", /failures is in ALARM/);
    await page.waitForSelector("#chart svg");
    assert.equal(await page.title(), "(1) Rehearsal");
    for (const [scheme, width] of [
      ["light", 1440],
      ["dark", 1440],
      ["light", 360],
    ] as const) {
      await page.setViewport({ width, height: 900 });
      await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
      await page.evaluate(axe.source);
      const faults = await page.evaluate(async () => {
        const { violations } = await (globalThis as unknown as { axe: typeof axe }).axe.run();
        return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(" ")).join(", ")}`);
      });
      assert.deepEqual(faults, [], `${scheme} ${width}`);
      const room = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
      assert.equal(room[0], room[1], `${scheme} ${width}: ${room}`);
    }
  });

  it("shows itself light and dark as the reader's system is", async () => {
    await open();
    const ground = async (value: string): Promise<string> => {
      await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value }]);
      return page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    };
    assert.deepEqual([await ground("light"), await ground("dark")], ["rgb(246, 245, 242)", "rgb(15, 19, 23)"]);
  });

  describe("beside a page of another origin", () => {
    let other: Server;
    beforeEach(async () => {
      other = createServer((_, response) => {
        response.setHeader("Content-Type", "text/html");
        response.end("<!doctype html><title>other</title>");
      });
      await new Promise<void>((listening) => void other.listen(0, "127.0.0.1", listening));
    });
    afterEach(() => {
      other.close();
    });

    it("gives nothing away: not to a request, not to a stream, not in a frame", async () => {
      await page.goto(`http://127.0.0.1:${(other.address() as AddressInfo).port}/`);
      const taken = await page.evaluate(async (url) => {
        const tried = async (options: RequestInit): Promise<string> => {
          try {
            return `${(await fetch(`${url}/_rehearsal/state.json`, options)).type}`;
          } catch (cause) {
            return (cause as Error).name;
          }
        };
        const streamed = await new Promise((resolve) => {
          const stream = new EventSource(`${url}/_rehearsal/events`);
          stream.onopen = () => resolve("open");
          stream.onerror = () => resolve(stream.readyState === 2 ? "refused" : "trying");
        });
        const framed = await new Promise((resolve) => {
          const frame = document.createElement("iframe");
          frame.onload = () => {
            try {
              resolve(frame.contentDocument?.body.textContent ?? "nothing to see");
            } catch (cause) {
              resolve((cause as Error).name);
            }
          };
          frame.src = `${url}/_rehearsal/`;
          document.body.append(frame);
        });
        return { plain: await tried({}), opaque: await tried({ mode: "no-cors" }), streamed, framed };
      }, wire.url);
      assert.deepEqual(taken, {
        plain: "TypeError",
        opaque: "TypeError",
        streamed: "refused",
        framed: "nothing to see",
      });
    });

    it("is not opened by a link of that page", async () => {
      await page.goto(`http://127.0.0.1:${(other.address() as AddressInfo).port}/`);
      const [answer] = await Promise.all([
        page.waitForNavigation(),
        page.evaluate((url) => {
          location.href = `${url}/_rehearsal/`;
        }, wire.url),
      ]);
      assert.equal(answer?.status(), 403);
      assert.equal(await page.$("#map"), null);
    });
  });
});

describe("which browser is tried", () => {
  const places = ["/usr/bin/chrome", "/usr/bin/chromium"];

  it("is the one CHROME_PATH names, else the first in its usual places", () => {
    assert.equal(
      browserPath("/my/chrome", places, () => true),
      "/my/chrome",
    );
    assert.equal(
      browserPath(undefined, places, (path) => path.endsWith("chromium")),
      "/usr/bin/chromium",
    );
  });

  it("is told in a sentence where there is none", () => {
    assert.throws(() => browserPath("", places, () => false), {
      message:
        "No Chrome or Chromium is in its usual places (/usr/bin/chrome, /usr/bin/chromium). Install one, or set CHROME_PATH to its program.",
    });
    assert.throws(() => browserPath("/my/chrome", places, () => false), {
      message: "CHROME_PATH names /my/chrome, where there is nothing. Set it to the program of a Chrome or Chromium.",
    });
  });
});
