import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { KeptServer } from "../../support/kept-server";

describe("fleet serve --state, killed", () => {
  let folder: string;
  let server: KeptServer;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "killed-"));
    server = new KeptServer(folder);
    await server.start();
    await server.prepare();
  });
  afterEach(async () => {
    await server.kill();
    await rm(folder, { recursive: true, force: true });
  });

  it("loses no accepted request and answers none twice, whenever it is killed", async () => {
    const accepted = new Map<string, string>();
    const seen = new Map<string, { readonly messages: Set<string>; readonly at: number }>();
    let next = 0;
    const submitUntilKilled = async (): Promise<void> => {
      for (;;) {
        const id = `request ${next++}`;
        accepted.set(id, await server.submit(id));
      }
    };
    const consume = async (): Promise<void> => {
      for (const { id, message, receipt } of await server.receive()) {
        const known = seen.get(id) ?? { messages: new Set(), at: Date.now() };
        known.messages.add(message);
        seen.set(id, known);
        await server.forget(receipt);
      }
    };
    const consumeUntilKilled = async (): Promise<void> => {
      for (;;) await consume();
    };
    for (let round = 0; round < 4; round++) {
      const callers = [submitUntilKilled(), consumeUntilKilled()];
      await new Promise((resolve) => setTimeout(resolve, 100 + Math.random() * 500));
      const ended = Promise.allSettled(callers);
      await server.kill();
      await ended;
      await server.start();
    }
    const isOpen = (id: string): boolean => !seen.has(id);
    for (const until = Date.now() + 20_000; [...accepted.keys()].some(isOpen) && Date.now() < until; ) await consume();
    assert.deepEqual([...accepted.keys()].filter(isOpen), [], "accepted and lost");
    assert.ok(accepted.size > 20, `${accepted.size} were accepted`);
    for (const [id, location] of accepted) assert.equal(await server.read(location), id);
    seen.delete("test");
    const twice = [...seen].filter(([, { messages }]) => messages.size > 1).map(([id]) => id);
    assert.deepEqual(twice, [], "answered twice");
    const given = server.given();
    const late = given.filter(({ id, at }) => at > (seen.get(id)?.at ?? Number.POSITIVE_INFINITY));
    assert.deepEqual(late, [], "run after they were answered");
    const runs = new Map<string, number>();
    for (const { id, run } of given) {
      assert.ok(run > (runs.get(id) ?? 0), `${id} ran again and was told it is run ${run}`);
      runs.set(id, run);
    }
    assert.ok(
      [...runs.values()].some((run) => run > 1),
      "nothing was under way at any of the kills",
    );
  }).timeout(60_000);
});
