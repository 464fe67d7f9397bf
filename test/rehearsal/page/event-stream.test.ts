import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import type { ServerResponse } from "node:http";
import { placeOf, sendEvents } from "../../../rehearsal/page/event-stream";
import { Journal } from "../../../rehearsal/world/journal";
import type { World } from "../../../rehearsal/world/world";

const where = { accountId: "123456789012", region: "eu-west-1" };

/** A reader who takes what is written only when he is told to. */
class SlowReader extends EventEmitter {
  writableNeedDrain = false;
  destroyed = false;
  readonly written: string[] = [];

  writeHead(): void {}

  write(text: string): boolean {
    this.written.push(text);
    this.writableNeedDrain = text.includes("id: ");
    return !this.writableNeedDrain;
  }

  take(): void {
    this.written.splice(0);
    this.writableNeedDrain = false;
    this.emit("drain");
  }

  destroy(): void {
    this.destroyed = true;
    this.emit("close");
  }
}

function opened(stalledMs?: number) {
  const journal = new Journal();
  const world = { journal, clock: { now: () => 0 } } as unknown as World;
  const reader = new SlowReader();
  const write = (count: number): void => {
    for (let left = count; left > 0; left--)
      journal.add(0, where, { kind: "log", endpointName: "echo", instanceId: "i", line: "x".repeat(1000) });
  };
  write(10);
  const resume = { lastEventId: undefined, after: "0", ...(stalledMs === undefined ? {} : { stalledMs }) };
  const done = sendEvents(world, "ab12", reader as unknown as ServerResponse, resume);
  return { reader, write, done };
}

/** Lets everything run that is ready to. */
const settle = async (): Promise<void> => {
  for (let turns = 0; turns < 10; turns++) await new Promise((resolve) => setImmediate(resolve));
};

describe("the stream of events", () => {
  it("goes on after the last event of this process, and nowhere else", () => {
    const rows = [
      [undefined, undefined, 100],
      [undefined, "7", 7],
      [undefined, "0", 0],
      [undefined, "1e9", 100],
      [undefined, "-5", 100],
      [undefined, "5000", 100],
      ["ab12-42", undefined, 42],
      ["ab12-42", "7", 42],
      ["ab12-4200", undefined, 100],
      ["cd34-42", "7", 7],
      ["cd34-42", undefined, 100],
      ["ab12-42; DROP", undefined, 100],
    ] as const;
    for (const [lastEventId, after, place] of rows)
      assert.equal(placeOf({ lastEventId, after }, "ab12", 100), place, `${lastEventId} ${after}`);
  });

  it("says first who speaks and what time it is, then each event with its number as the id", async () => {
    const { reader, done } = opened();
    await settle();
    const [hello, clock, first] = reader.written;
    assert.equal(hello, 'event: hello\ndata: {"format":1,"run":"ab12","newestEvent":10}\n\n');
    assert.match(clock ?? "", /^event: clock\ndata: \{"time":"1970-01-01T00:00:00\.000Z","wallTime":"[^"]+"\}\n\n$/);
    assert.deepEqual(
      [...(first ?? "").matchAll(/^id: (.*)$/gm)].map(([, id]) => id),
      Array.from({ length: 10 }, (_, index) => `ab12-${index + 1}`),
    );
    reader.destroy();
    await done;
  });

  it("writes nothing more for a reader who takes nothing, however much happens, and then what is newest", async () => {
    const { reader, write, done } = opened();
    await settle();
    assert.equal(reader.written.length, 3);
    write(5000);
    await settle();
    assert.equal(reader.written.length, 3);
    reader.take();
    await settle();
    assert.equal(reader.written.length, 1);
    assert.match(reader.written[0] ?? "", /^event: missed\ndata: \{"kind":"missed","count":4500\}\n\nid: ab12-4511\n/);
    reader.destroy();
    await done;
  });

  it("drops a reader who has taken nothing for too long", async () => {
    const { reader, done } = opened(1);
    await done;
    assert.equal(reader.destroyed, true);
  });

  it("lets go of everything when the reader goes", async () => {
    const { reader, done } = opened();
    await settle();
    reader.destroy();
    await done;
    assert.equal(reader.listenerCount("drain"), 0);
  });
});
