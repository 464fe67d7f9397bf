import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startWire, type Wire } from "../../../rehearsal/wire/server";
import { Clock } from "../../../rehearsal/world/clock";
import { World } from "../../../rehearsal/world/world";
import { FakeContainers } from "../../support/fake-containers";
import { rootDir } from "../../support/fleet-process";

interface Reply {
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: string;
}

/** A request as it stands, with whatever Host and other headers. */
function ask(wire: Wire, path: string, headers: Record<string, string> = {}, method = "GET"): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const sent = request({ port: wire.port, host: "127.0.0.1", path, method, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk) => chunks.push(chunk));
      response.on("end", () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks).toString(),
        }),
      );
    });
    sent.on("error", reject);
    sent.end();
  });
}

/** Reads an event stream until `enough` of it is there, then goes. */
function listen(wire: Wire, path: string, enough: RegExp, headers: Record<string, string> = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const sent = request({ port: wire.port, host: "127.0.0.1", path, headers }, (response) => {
      let text = "";
      response.on("data", (chunk) => {
        text += chunk;
        if (!enough.test(text)) return;
        sent.destroy();
        resolve(text);
      });
    });
    sent.on("error", (cause) => reject(cause));
    sent.end();
  });
}

const assets = join(rootDir, "rehearsal/page/assets");
const files = readdirSync(assets);
const where = { accountId: "123456789012", region: "eu-west-1" };

describe("the status page", () => {
  let folder: string;
  let world: World;
  let wire: Wire;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "status-page-"));
    const clock = new Clock({ kind: "manual" }, Date.UTC(2026, 0, 1));
    world = new World({ clock, folder, containers: new FakeContainers() });
    wire = await startWire(world);
  });

  afterEach(async () => {
    await wire.close();
    await world.close();
    await rm(folder, { recursive: true });
  });

  it("is served as the files it consists of, all of them and nothing else", async () => {
    const types: Record<string, string> = {
      html: "text/html; charset=utf-8",
      css: "text/css; charset=utf-8",
      mjs: "text/javascript; charset=utf-8",
      svg: "image/svg+xml",
    };
    for (const name of files) {
      const path = name === "index.html" ? "" : name;
      const { status, headers, body } = await ask(wire, `/_rehearsal/${path}`);
      assert.equal(status, 200, name);
      assert.equal(headers["content-type"], types[name.split(".").at(-1) ?? ""], name);
      assert.equal(body, readFileSync(join(assets, name), "utf8"), name);
    }
    for (const path of ["../server.ts", "%2e%2e/server.ts", "assets/page.mjs", "index.html", "toString", "state"]) {
      const { status, headers } = await ask(wire, `/_rehearsal/${path}`);
      assert.equal(status, path.startsWith("..") || path.startsWith("%2e") ? 302 : 404, path);
      assert.equal(headers["content-type"], status === 404 ? "text/plain; charset=utf-8" : undefined, path);
    }
  });

  it("lets the browser load nothing from elsewhere and run nothing but its own files", async () => {
    for (const path of ["", "page.mjs", "state.json", "none"]) {
      const { headers } = await ask(wire, `/_rehearsal/${path}`);
      assert.equal(
        headers["content-security-policy"],
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
      );
      assert.equal(headers["x-content-type-options"], "nosniff");
      assert.equal(headers["cross-origin-resource-policy"], "same-origin");
      assert.equal(headers["cache-control"], "no-store");
      assert.equal(headers["access-control-allow-origin"], undefined);
    }
    for (const name of files) {
      const text = readFileSync(join(assets, name), "utf8").replaceAll("http://www.w3.org/2000/svg", "");
      assert.doesNotMatch(text, /https?:\/\/|innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(/, name);
      assert.doesNotMatch(text, /\sstyle=|\son\w+="/, name);
    }
  });

  it("answers no page of another origin, no foreign host, and nothing that would change something", async () => {
    for (const path of ["", "state.json", "events", "history.json"]) {
      const at = `/_rehearsal/${path}`;
      const foreign: ReadonlyArray<Record<string, string>> = [
        { Origin: "https://example.com" },
        { Origin: "null" },
        { Origin: `http://localhost:${wire.port}` },
        { "Sec-Fetch-Site": "cross-site" },
        { "Sec-Fetch-Site": "same-site" },
      ];
      for (const headers of foreign) {
        const { status, body } = await ask(wire, at, headers);
        assert.equal(status, 403, `${path} ${JSON.stringify(headers)}`);
        assert.equal(body, "A rehearsal answers no page of another origin: it is no web server.\n");
      }
      const { status, body } = await ask(wire, at, { Host: "rebound.example.com" });
      assert.equal(status, 400);
      assert.match(body, /never passes a request on to rebound\.example\.com/);
      const posted = await ask(wire, at, {}, "POST");
      assert.deepEqual([posted.status, posted.headers.allow], [405, "GET, HEAD"]);
    }
    const own = { Origin: wire.url, "Sec-Fetch-Site": "same-origin" };
    assert.equal((await ask(wire, "/_rehearsal/state.json", own)).status, 200);
  });

  it("is where a browser is sent that opens the address, while who waits for it is told that it is ready", async () => {
    const opened = await ask(wire, "/", { Accept: "text/html,application/xhtml+xml" });
    assert.deepEqual([opened.status, opened.headers.location], [302, "/_rehearsal/"]);
    const bare = await ask(wire, "/_rehearsal");
    assert.deepEqual([bare.status, bare.headers.location], [302, "/_rehearsal/"]);
    for (const headers of [{}, { Accept: "*/*" }]) {
      const ready = await ask(wire, "/", headers as Record<string, string>);
      assert.deepEqual([ready.status, ready.body], [200, "AWS is played here.\n"]);
    }
  });

  it("leaves a bucket's objects alone, whatever their keys are", async () => {
    const call = { ...where, principal: { kind: "administrator" as const } };
    await world.s3.createBucket(call, { Bucket: "mine" });
    const hosted = await ask(wire, "/_rehearsal/state.json", { Host: `mine.localhost:${wire.port}` });
    assert.match(hosted.body, /AccessDenied/);
    const aws = await ask(wire, "/_rehearsal/state.json", { Host: "mine.s3.eu-west-1.amazonaws.com" });
    assert.match(aws.body, /AccessDenied/);
    const authorization =
      "AWS4-HMAC-SHA256 Credential=rehearsal/20260101/eu-west-1/s3/aws4_request, SignedHeaders=host, Signature=00";
    const signed = await ask(wire, "/_rehearsal/state.json", { Authorization: authorization });
    assert.match(signed.body, /NoSuchBucket|InvalidBucketName/);
    await assert.rejects(world.s3.createBucket(call, { Bucket: "_rehearsal" }), { code: "InvalidBucketName" });
  });

  it("has answers to HEAD without a body", async () => {
    for (const path of ["", "state.json", "events"]) {
      const { status, body } = await ask(wire, `/_rehearsal/${path}`, {}, "HEAD");
      assert.deepEqual([status, body], [200, ""], path);
    }
  });

  it("streams events, and goes on with the next where a connection broke off", async () => {
    const add = (line: string): void =>
      world.journal.add(world.clock.now(), where, { kind: "log", endpointName: "echo", instanceId: "i", line });
    add("one");
    add("two");
    const before = await listen(wire, "/_rehearsal/events?after=0", /"two"/);
    const [, id = ""] = /id: (\w+-1)\n/.exec(before) ?? [];
    assert.match(before, new RegExp(`^event: hello\\ndata: \\{"format":1,"run":"${id.split("-")[0]}"`));
    const after = await listen(wire, "/_rehearsal/events", /"two"/, { "Last-Event-ID": id });
    assert.doesNotMatch(after, /"one"/);
    assert.ok(
      after.includes(
        `id: ${id.split("-")[0]}-2\ndata: {"number":2,"time":"2026-01-01T00:00:00.000Z","account":"123456789012","region":"eu-west-1","kind":"log","endpointName":"echo","instanceId":"i","line":"two"}\n\n`,
      ),
      after,
    );
  });

  it("cannot be split by what a container says: a line break is never one of the stream's", async () => {
    const line = "a\n\nevent: clock\ndata: {}\r\n</script><script>alert(1)</script>";
    world.journal.add(0, where, { kind: "log", endpointName: "echo", instanceId: "i", line });
    const text = await listen(wire, "/_rehearsal/events?after=0", /alert/);
    const data = /^id: .*\ndata: (.*)$/m.exec(text)?.[1] ?? "";
    assert.equal(JSON.parse(data).line, line);
  });

  it("has at most 32 readers of events at once, and room again when one goes", async () => {
    const open = Array.from({ length: 32 }, () => {
      const gone = new AbortController();
      return { gone, answer: fetch(`${wire.url}/_rehearsal/events`, { signal: gone.signal }) };
    });
    const answers = await Promise.all(open.map(({ answer }) => answer));
    assert.ok(answers.every(({ status }) => status === 200));
    const refused = await ask(wire, "/_rehearsal/events");
    assert.deepEqual([refused.status, refused.body], [503, "At most 32 may read the events at once.\n"]);
    for (const { gone } of open) gone.abort();
    for (let status = 503; status === 503; ) ({ status } = await ask(wire, "/_rehearsal/events", {}, "HEAD"));
    await listen(wire, "/_rehearsal/events", /hello/);
  });

  it("never holds the clock: time passes while somebody reads", async () => {
    let text = "";
    const reading = listen(wire, "/_rehearsal/events?after=0", /done/).then((all) => {
      text = all;
    });
    assert.equal((await ask(wire, "/_rehearsal/state.json")).status, 200);
    await world.clock.advance(60 * 60_000);
    world.journal.add(world.clock.now(), where, { kind: "log", endpointName: "echo", instanceId: "i", line: "done" });
    await reading;
    assert.match(text, /"time":"2026-01-01T01:00:00\.000Z"/);
  });
});

describe("a rehearsal's status page", () => {
  it("is not loaded before somebody looks, so that a start costs nothing more", () => {
    const script = `
      require("./rehearsal/rehearsal").startRehearsal({ imageFolders: [] }).then(async (rehearsal) => {
        const loaded = () => Object.keys(require.cache).filter((path) => path.includes("/rehearsal/page/")).length;
        const before = loaded();
        await fetch(rehearsal.pageUrl);
        console.log(before, loaded() > before, rehearsal.pageUrl.startsWith(rehearsal.url + "/_"));
        await rehearsal.close();
      });`;
    const { stdout, stderr } = spawnSync(process.execPath, ["-r", "./bin/typescript", "-e", script], {
      cwd: rootDir,
      encoding: "utf8",
    });
    assert.equal(stdout, "1 true true\n", stderr);
  }).timeout(30_000);

  it("never asks the clock to move: nobody's look makes an hour pass", async () => {
    const folder = await mkdtemp(join(tmpdir(), "status-page-"));
    const clock = new Clock({ kind: "fast-forward", quietMs: 0 }, Date.UTC(2026, 0, 1));
    const world = new World({ clock, folder, containers: new FakeContainers() });
    const wire = await startWire(world);
    try {
      const gone = new AbortController();
      await fetch(`${wire.url}/_rehearsal/events`, { signal: gone.signal });
      // Each of these is time enough for a clock that may jump to go on by a minute or more.
      for (let look = 0; look < 50; look++) await ask(wire, "/_rehearsal/state.json");
      gone.abort();
      assert.ok(clock.now() - Date.UTC(2026, 0, 1) < 60_000, new Date(clock.now()).toISOString());
    } finally {
      await wire.close();
      await world.close();
      await rm(folder, { recursive: true });
    }
  });
});
