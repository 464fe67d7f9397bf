import assert from "node:assert/strict";
import { copyFile, mkdir, readdir, readFile, rmdir } from "node:fs/promises";
import { join } from "node:path";
import { digits, ServedFleet } from "../../support/served-fleet";

describe("fleet batch, status and logs", function () {
  this.timeout(90_000);
  let at: ServedFleet;
  let source: string;
  before(async () => {
    at = await ServedFleet.open();
    source = join(at.folder, "in");
    await mkdir(join(source, "more"), { recursive: true });
    await copyFile(digits("seven.pgm"), join(source, "seven.pgm"));
    await copyFile(digits("three.pgm"), join(source, "more/three.pgm"));
  });
  after(() => at.close());

  // Before anything fails here: a minute later an alarm would tell of it, and rightly so.
  it("shows every region at a glance, for people and for programs", async () => {
    const { code, stdout, stderr } = await at.run("status");
    assert.equal(code, 0, stderr);
    assert.match(
      stdout,
      /│ eu-west-1 │ InService │ \d+( → \d+)? of 2 +│ (\d+|\?) +│ (\d+ (s|min)|\?) +│ \d+ +│ none +│/,
    );
    const [state] = JSON.parse((await at.run("status", "--json")).stdout) as Array<Record<string, unknown>>;
    assert.deepEqual(
      [state?.region, state?.endpointName, state?.instancesMax, state?.unknown],
      ["eu-west-1", "async-fleet-dev", 2, []],
    );
  });

  it("sends a folder, collects each result beside an index, and sums up", async () => {
    const results = join(at.folder, "out");
    const { code, stdout, stderr } = await at.run("batch", source, "--results", results, "--price-per-hour", "0.5");
    assert.equal(code, 0, stderr);
    assert.deepEqual((await readdir(results, { recursive: true })).sort(), [
      "index.jsonl",
      "more",
      "more/three.pgm.out",
      "seven.pgm.out",
    ]);
    assert.equal(await readFile(join(results, "seven.pgm.out"), "utf8"), '{"digit":7,"confidence":1}\n');
    const index = (await readFile(join(results, "index.jsonl"), "utf8")).trimEnd().split("\n");
    assert.deepEqual(
      index.map((line) => (JSON.parse(line) as { name: string; outcome: string }).name),
      ["more/three.pgm", "seven.pgm"],
    );
    assert.match(stdout, /^2 items: 2 completed; /);
    assert.match(stdout, /^instances ran \d+ minutes meanwhile, .*, \d+\.\d\d at that price$/m);
    assert.match(stdout, /^every item: .*index\.jsonl$/m);
  });

  it("takes a pattern and a manifest from standard input, and gives a program its figures", async () => {
    const pattern = await at.run("batch", `${source}/**/*.pgm`, "--results", join(at.folder, "out2"), "--json");
    assert.equal(pattern.code, 0, pattern.stderr);
    const summary = JSON.parse(pattern.stdout) as Record<string, unknown>;
    assert.deepEqual(Object.keys(summary), [
      "id",
      "items",
      "outcomes",
      "payloadBytes",
      "resultBytes",
      "serviceSeconds",
      "wholeSeconds",
      "perRegion",
      "instances",
      "indexPath",
      "journalPath",
    ]);
    assert.deepEqual([summary.items, summary.outcomes, summary.perRegion], [2, { completed: 2 }, { "eu-west-1": 2 }]);
    const lines = [digits("seven.pgm"), digits("broken.pgm")].map((payload) =>
      JSON.stringify({ payload, name: payload.split("/").at(-1) }),
    );
    const child = await at.start(["batch", "-", "--results", join(at.folder, "out3")], `${lines.join("\n")}\n`);
    const { code, stdout } = await child.finished();
    assert.equal(code, 1);
    assert.match(stdout, /^2 items: 1 completed, 1 failed; /);
    assert.match(stdout, /^✗ broken\.pgm: \{"error":"300 pixels: expected 784"\}$/m);
  });

  it("interrupted, says how to go on; the same command then sends only what was not sent", async () => {
    const many = join(at.folder, "many");
    await mkdir(many);
    for (let index = 0; index < 400; index++) await copyFile(digits("seven.pgm"), join(many, `${index}.pgm`));
    const args = ["batch", many, "--results", join(at.folder, "out4"), "--open-max", "4"];
    const journal = join(at.folder, "out4.journal.jsonl");
    const child = await at.start(args);
    for (;;) {
      const text = await readFile(journal, "utf8").catch(() => "");
      if (text.includes('"kind":"ended"')) break;
      await new Promise((resolve) => setImmediate(resolve));
    }
    child.interrupt();
    const interrupted = await child.finished();
    assert.equal(interrupted.code, 130, interrupted.stderr);
    const told = /^(\d+) of 400 items have ended\. The same command goes on from (\S+)\.$/m.exec(interrupted.stderr);
    assert.equal(told?.[2], journal, interrupted.stderr);
    assert.ok(Number(told[1]) < 400, interrupted.stderr);
    const before = (await readFile(journal, "utf8")).split("\n").filter((line) => line.includes('"submitted"')).length;
    assert.ok(before > 0);
    const done = await at.run(...args);
    assert.equal(done.code, 0, done.stderr);
    assert.match(done.stdout, /^400 items: 400 completed; /);
    const items = (await readFile(journal, "utf8"))
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as { kind: string; item: string })
      .filter(({ kind }) => kind === "submitted")
      .map(({ item }) => item);
    assert.equal(new Set(items).size, 400);
    assert.equal(items.length, 400);
  });

  it("stopped by what it cannot write, says how to go on when that is mended", async () => {
    const one = join(at.folder, "one");
    await mkdir(one);
    await copyFile(digits("seven.pgm"), join(one, "seven.pgm"));
    const results = join(at.folder, "out5");
    const inTheWay = join(results, "seven.pgm.out");
    await mkdir(inTheWay, { recursive: true });
    const args = ["batch", one, "--results", results];
    const stopped = await at.run(...args);
    assert.equal(stopped.code, 2, stopped.stderr);
    assert.match(
      stopped.stderr,
      /^0 of 1 items have ended\. The same command goes on from \S+out5\.journal\.jsonl\.$/m,
    );
    assert.match(stopped.stderr, /^ASY-307 /m);
    await rmdir(inTheWay);
    const done = await at.run(...args);
    assert.equal(done.code, 0, done.stderr);
    assert.match(done.stdout, /^1 items: 1 completed; /);
  });

  it("shows what containers wrote, those lines alone that were asked for, and says when there is none", async () => {
    const all = await at.run("logs");
    assert.equal(all.code, 0, all.stderr);
    assert.match(all.stdout, /^\d{4}-\d\d-\d\dT\S+Z {2}primary\/i-[0-9a-f]+ {2}ready$/m);
    const some = await at.run("logs", "--filter", "refused", "--json");
    for (const line of some.stdout.trimEnd().split("\n")) {
      assert.match((JSON.parse(line) as { message: string }).message, /^refused: 300 pixels/);
    }
    const none = await at.run("logs", "--filter", "no such words");
    assert.deepEqual(
      [none.code, none.stdout, none.stderr],
      [0, "", "Nothing was written in eu-west-1 in the last 60 minutes.\n"],
    );
  });

  it("follows the logs until it is interrupted, and watches in the same way", async () => {
    const following = await at.start(["logs", "--follow"]);
    await following.said(/ready/);
    following.interrupt();
    assert.equal((await following.finished()).code, 130);
    const watching = await at.start(["status", "--watch", "--json"]);
    await watching.said(/"endpointStatus":"InService"/);
    watching.interrupt();
    const { code, stdout, stderr } = await watching.finished();
    assert.equal(code, 130);
    assert.doesNotMatch(stderr, /\n\s+at /);
    assert.equal(stdout.trimEnd().split("\n").length, 1);
  });
});
