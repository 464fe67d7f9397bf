import assert from "node:assert/strict";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { Agent, request } from "node:http";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startWire, type Wire } from "../../../rehearsal/wire/server";
import { administrator, type Call } from "../../../rehearsal/world/call";
import { Clock } from "../../../rehearsal/world/clock";
import { World } from "../../../rehearsal/world/world";
import { FakeContainers } from "../../support/fake-containers";

const call: Call = { accountId: "123456789012", region: "eu-west-1", principal: administrator };
const authorization =
  "AWS4-HMAC-SHA256 Credential=a/20260101/eu-west-1/s3/aws4_request, SignedHeaders=host, Signature=0";
const head = (path: string, more: string) =>
  `PUT ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: ${authorization}\r\n${more}\r\n\r\n`;

describe("connections that behave badly", () => {
  let folder: string;
  let world: World;
  let wire: Wire;
  const faults: unknown[] = [];
  const stallMs = 200;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "connections-"));
    const clock = new Clock({ kind: "fast-forward", quietMs: 0 }, Date.UTC(2026, 0, 1));
    world = new World({ clock, folder, containers: new FakeContainers() });
    wire = await startWire(world, {
      onFault: (cause) => faults.push(cause),
      patience: { headersMs: stallMs, stallMs },
    });
    await world.s3.createBucket(call, { Bucket: "here" });
  });
  afterEach(async () => {
    await wire.close();
    await world.close();
    await rm(folder, { recursive: true });
    assert.deepEqual(faults, []);
  });

  /** A socket, and all that it is told until it is closed. */
  function open(): { socket: Socket; told: Promise<string> } {
    const socket = connect(wire.port, "127.0.0.1");
    let text = "";
    socket.on("data", (chunk) => {
      text += chunk;
    });
    socket.on("error", () => undefined);
    return { socket, told: new Promise((resolve) => socket.on("close", () => resolve(text))) };
  }
  const keys = async () =>
    ((await world.s3.listObjectsV2(call, { Bucket: "here" })).Contents ?? []).map(({ Key }) => Key);
  /** Whoever broke off is not waited for by his file's removal. Ends when none is left, or by mocha's own bound. */
  const cleaned = async () => {
    while ((await readdir(join(folder, "s3"))).length > 0) await new Promise((resolve) => setImmediate(resolve));
  };

  it("are closed when their headers never end", async () => {
    const { socket, told } = open();
    socket.write("GET / HTTP/1.1\r\nhost: 127.0.0.1\r\nx-slow: ");
    assert.match(await told, /^HTTP\/1\.1 408 /);
  });

  it("are told so and closed when their body never ends, and nothing of it is kept", async () => {
    const { socket, told } = open();
    socket.write(`${head("/here/never", "content-length: 1000")}some`);
    const answer = await told;
    assert.match(answer, /^HTTP\/1\.1 400 /);
    assert.match(answer, /<Code>RequestTimeout<\/Code>/);
    await cleaned();
    assert.deepEqual(await keys(), []);
  });

  it("that stand still do not hold the clock", async () => {
    await wire.close();
    wire = await startWire(world, { patience: { headersMs: 60_000, stallMs: 2000 } });
    const { socket } = open();
    socket.write(`${head("/here/still", "content-length: 1000")}some`);
    const startMs = world.clock.now();
    assert.equal(await world.clock.until(() => world.clock.now() >= startMs + 3_600_000, 7_200_000), true);
    assert.ok(socket.readyState === "open", "the connection was closed before the hour was over");
    socket.destroy();
  });

  it("are not cut off while bytes flow, however long it takes", async () => {
    const { socket, told } = open();
    const chunk = Buffer.alloc(4096, "x");
    const rounds = 15;
    socket.write(head("/here/slow", `connection: close\r\ncontent-length: ${rounds * chunk.length}`));
    await new Promise<void>((resolve) => {
      let sent = 0;
      const timer = setInterval(() => {
        socket.write(chunk);
        if (++sent < rounds) return;
        clearInterval(timer);
        resolve();
      }, stallMs / 5);
    });
    assert.match(await told, /^HTTP\/1\.1 200 /);
    assert.deepEqual(await keys(), ["slow"]);
  });

  it("that break off leave nothing of their body, framed or not", async () => {
    for (const [path, more, body] of [
      ["/here/cut", "content-length: 1000", "half of it"],
      [
        "/here/framed",
        "content-encoding: aws-chunked\r\nx-amz-decoded-content-length: 100\r\ncontent-length: 200",
        "64\r\nhalf",
      ],
    ] as const) {
      const { socket, told } = open();
      socket.write(`${head(path, more)}${body}`);
      await new Promise((resolve) => setImmediate(resolve));
      socket.destroy();
      await told;
    }
    await cleaned();
    assert.deepEqual(await keys(), []);
  });

  it("that send more than they said are told so and closed", async () => {
    const { socket, told } = open();
    socket.write(`${head("/here/more", "content-length: 4")}four and then some\r\n\r\n`);
    assert.match(await told, /HTTP\/1\.1 400 Bad Request/);
  });

  const put = (path: string, headers: Record<string, string>, body: string) =>
    new Promise<{ status: number; continued: boolean }>((resolve, reject) => {
      let continued = false;
      const sent = request(
        { host: "127.0.0.1", port: wire.port, method: "PUT", path, headers: { authorization, ...headers } },
        (answer) => {
          answer.resume();
          answer.on("end", () => resolve({ status: answer.statusCode ?? 0, continued }));
        },
      );
      sent.on("error", reject);
      sent.on("continue", () => {
        continued = true;
        sent.end(body);
      });
      if (headers.expect === undefined) sent.end(body);
      else sent.flushHeaders();
    });

  it("that ask first are told to go on, or are refused before they have sent anything", async () => {
    const expect = { expect: "100-continue", "content-length": "5" };
    assert.deepEqual(await put("/here/asked", expect, "hello"), { status: 200, continued: true });
    assert.deepEqual(await put("/nowhere/asked", expect, "hello"), { status: 404, continued: false });
    assert.deepEqual(await keys(), ["asked"]);
  });

  it("that announce more than S3 takes are refused unread", async () => {
    const large = { expect: "100-continue", "content-length": String(5 * 1024 ** 3 + 1) };
    assert.deepEqual(await put("/here/huge", large, ""), { status: 400, continued: false });
  });

  it("may be a thousand at once: each is served, and what they hold in memory is bounded", async () => {
    const body = "x".repeat(10_000);
    const agent = new Agent({ keepAlive: true, maxSockets: 1000 });
    const beforeBytes = process.memoryUsage().rss;
    const one = (index: number) =>
      new Promise<number>((resolve, reject) => {
        const headers = { authorization, "content-length": String(body.length) };
        const sent = request(
          { agent, host: "127.0.0.1", port: wire.port, method: "PUT", path: `/here/${index}`, headers },
          (answer) => {
            answer.resume();
            answer.on("end", () => resolve(answer.statusCode ?? 0));
          },
        );
        sent.on("error", reject);
        sent.end(body);
      });
    await wire.close();
    wire = await startWire(world);
    const statuses = await Promise.all(Array.from({ length: 1000 }, (_, index) => one(index)));
    agent.destroy();
    assert.deepEqual(new Set(statuses), new Set([200]));
    assert.equal((await world.s3.listObjectsV2(call, { Bucket: "here" })).KeyCount, 1000);
    const grown = (process.memoryUsage().rss - beforeBytes) / 2 ** 20;
    assert.ok(grown < 300, `${Math.round(grown)} MiB`);
  }).timeout(60_000);
});
