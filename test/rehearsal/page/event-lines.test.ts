import assert from "node:assert/strict";
import { follow, restAfter } from "../../../rehearsal/page/event-lines";
import { Journal } from "../../../rehearsal/world/journal";

const where = { accountId: "123456789012", region: "eu-west-1" };

/** Writes `count` lines, numbered on from what is there. */
function write(journal: Journal, count: number): void {
  for (let left = count; left > 0; left--)
    journal.add(0, where, { kind: "log", endpointName: "echo", instanceId: "i", line: `line ${journal.newest + 1}` });
}

/** What is yielded for each batch: numbers, or how many were missed. */
async function read(batches: AsyncGenerator<object[]>, count: number): Promise<string[]> {
  const told: string[] = [];
  for (let left = count; left > 0; left--) {
    const { value } = await batches.next();
    const lines = value as Array<{ kind: string; number?: number; count?: number }>;
    const numbers = lines.flatMap(({ number }) => number ?? []);
    const missed = lines.flatMap(({ kind, count: of }) => (kind === "missed" ? [`${of} missed, `] : []));
    told.push(`${missed.join("")}${numbers[0]} to ${numbers.at(-1)}`);
    assert.deepEqual(
      numbers,
      Array.from(numbers, (_, index) => (numbers[0] ?? 0) + index),
    );
  }
  return told;
}

describe("the journal, read on from a number", () => {
  it("numbers its entries from 1 on, also those it no longer keeps", () => {
    const journal = new Journal(10);
    write(journal, 11);
    assert.equal(journal.newest, 11);
    const lines = (after: number, max: number) => {
      const { missed, entries } = journal.since(after, max);
      return [missed, entries.map((entry) => (entry.kind === "log" ? entry.line : ""))];
    };
    assert.deepEqual(lines(0, 2), [1, ["line 2", "line 3"]]);
    assert.deepEqual(lines(1, 2), [0, ["line 2", "line 3"]]);
    assert.deepEqual(lines(9, 5), [0, ["line 10", "line 11"]]);
    assert.deepEqual(lines(11, 5), [0, []]);
    assert.deepEqual(lines(99, 5), [0, []]);
  });

  it("is told in batches, everything once and in order, and goes on when there is more", async () => {
    const journal = new Journal();
    const { signal } = new AbortController();
    write(journal, 1203);
    const batches = follow(journal, { after: 3, signal });
    assert.deepEqual(await read(batches, 3), ["4 to 503", "504 to 1003", "1004 to 1203"]);
    const next = read(batches, 1);
    write(journal, 2);
    assert.deepEqual(await next, ["1204 to 1205"]);
    await batches.return(undefined);
  });

  it("tells a slow reader what is no longer kept", async () => {
    const journal = new Journal(100);
    write(journal, 50);
    const batches = follow(journal, { after: 0, signal: new AbortController().signal });
    assert.deepEqual(await read(batches, 1), ["1 to 50"]);
    write(journal, 200);
    const kept = journal.newest - journal.entries.length;
    assert.deepEqual(await read(batches, 1), [`${kept - 50} missed, ${kept + 1} to 250`]);
    await batches.return(undefined);
  });

  it("goes ahead for a reader who is too far behind, and tells how much is left out", async () => {
    const journal = new Journal();
    write(journal, 2501);
    const batches = follow(journal, { after: 0, signal: new AbortController().signal, lagMax: 2000 });
    assert.deepEqual(await read(batches, 1), ["2001 missed, 2002 to 2501"]);
    write(journal, 2000);
    assert.deepEqual((await read(batches, 4))[0], "2502 to 3001");
    await batches.return(undefined);
  });

  it("has a rest, of which the newest are told and how many came before", () => {
    const journal = new Journal();
    write(journal, 12);
    const rest = (after: number, max: number) =>
      restAfter(journal, after, max).map((line) => (line.kind === "missed" ? `${line.count} missed` : line.number));
    assert.deepEqual(rest(12, 5), []);
    assert.deepEqual(rest(9, 5), [10, 11, 12]);
    assert.deepEqual(rest(7, 5), [8, 9, 10, 11, 12]);
    assert.deepEqual(rest(3, 5), ["4 missed", 8, 9, 10, 11, 12]);
  });

  it("ends when it is told to, and listens no more", async () => {
    const journal = new Journal();
    const ending = new AbortController();
    const batches = follow(journal, { after: 0, signal: ending.signal, pauseMs: 60_000 });
    const waiting = batches.next();
    ending.abort();
    assert.deepEqual(await waiting, { done: true, value: undefined });
    const heard = follow(journal, { after: 0, signal: ending.signal });
    assert.deepEqual(await heard.next(), { done: true, value: undefined });
    assert.equal((journal as unknown as { listeners: Set<unknown> }).listeners.size, 0);
  });
});
