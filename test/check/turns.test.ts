import assert from "node:assert/strict";
import { Turns } from "../../check/turns";

const nextTurn = (): Promise<void> => new Promise((turn) => setImmediate(turn));

describe("turns of the event loop", () => {
  it("let so many through in each, in the order they came", async () => {
    const turns = new Turns(2);
    const through: number[] = [];
    const all = [1, 2, 3, 4, 5].map(async (each) => {
      await turns.next();
      through.push(each);
    });
    await Promise.resolve();
    assert.deepEqual(through, [1, 2]);
    await nextTurn();
    assert.deepEqual(through, [1, 2, 3, 4]);
    await Promise.all(all);
    assert.deepEqual(through, [1, 2, 3, 4, 5]);
  });

  it("count those that waited among those of their turn", async () => {
    const turns = new Turns(2);
    const waiting = [1, 2, 3].map(() => turns.next());
    await nextTurn();
    await waiting[2];
    assert.equal(turns.next(), undefined);
    assert.notEqual(turns.next(), undefined);
    await nextTurn();
  });

  it("count anew after a pause", async () => {
    const turns = new Turns(1);
    assert.equal(turns.next(), undefined);
    await nextTurn();
    await nextTurn();
    assert.equal(turns.next(), undefined);
    assert.notEqual(turns.next(), undefined);
    await nextTurn();
  });
});
