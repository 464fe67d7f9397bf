import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { itemsOf } from "../../../client/batch/items";
import { BatchJournal } from "../../../client/batch/journal";
import { type BatchProgress, runBatch } from "../../../client/batch/run-batch";
import { FleetClient } from "../../../client/fleet-client";
import { UsageError } from "../../../contract/errors";
import type { Manifest } from "../../../contract/manifest";
import { RehearsedEndpoint } from "../../fixtures/rehearsed-endpoint";
import { rootDir } from "../../support/fleet-process";

const credentials = { accessKeyId: "rehearsal", secretAccessKey: "rehearsal" };

describe("a batch", () => {
  let at: RehearsedEndpoint;
  let folder: string;
  let manifest: Manifest;
  before(async () => {
    at = await RehearsedEndpoint.open({ image: "echoes", concurrency: 4 });
    manifest = { version: 1, project: "p", stack: "s", regions: { "eu-west-1": at.connection.manifest } };
  });
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "batch-"));
    await mkdir(join(folder, "in"));
  });
  afterEach(() => rm(folder, { recursive: true }));
  after(() => at.close());

  const client = (): FleetClient => new FleetClient(manifest, { endpoint: at.rehearsal.url, credentials });
  const paths = () => ({ journalPath: join(folder, "journal.jsonl"), resultsFolder: join(folder, "out") });
  const acceptedSince = (index: number): string[] =>
    at
      .journal("request")
      .slice(index)
      .filter(({ step }) => step === "accepted")
      .map(({ inferenceId }) => inferenceId);
  const soFar = (): number => at.journal("request").length;

  async function files(count: number): Promise<void> {
    for (let index = 0; index < count; index++) await writeFile(join(folder, "in", `f${index}.txt`), `t${index}`);
  }

  it("sends every file of a folder and puts every result beside its name", async () => {
    await files(40);
    await mkdir(join(folder, "in", "deeper"));
    await writeFile(join(folder, "in", "deeper", "f.txt"), "deep");
    const fleet = client();
    const progress: BatchProgress[] = [];
    const result = await runBatch(fleet, await itemsOf(join(folder, "in"), Readable.from([])), {
      ...paths(),
      onProgress: (each) => progress.push(each),
    });
    fleet.close();
    assert.deepEqual(
      result.items.map(({ name, end }) => [name, end?.outcome, end?.resultFile]).slice(0, 3),
      ["deeper/f.txt", "f0.txt", "f1.txt"].map((name) => [name, "completed", `${name}.out`]),
    );
    assert.equal(await readFile(join(folder, "out", "deeper", "f.txt.out"), "utf8"), "echo deep");
    for (let index = 0; index < 40; index++) {
      assert.equal(await readFile(join(folder, "out", `f${index}.txt.out`), "utf8"), `echo t${index}`);
    }
    const { submissionsAtOnce: _atOnce, ...last } = progress.at(-1) as BatchProgress;
    assert.deepEqual(last, { items: 41, sent: 41, ended: 41, refused: 0 });
  });

  it("never has more open than it may", async () => {
    await files(30);
    const fleet = client();
    let most = 0;
    await runBatch(fleet, await itemsOf(join(folder, "in"), Readable.from([])), {
      ...paths(),
      openMax: 3,
      onProgress: ({ sent, ended }) => {
        most = Math.max(most, sent - ended);
      },
    });
    fleet.close();
    assert.ok(most >= 1 && most <= 3, String(most));
  });

  it("sends nothing the second time", async () => {
    await files(5);
    const items = await itemsOf(join(folder, "in"), Readable.from([]));
    const fleet = client();
    const first = await runBatch(fleet, items, paths());
    const before = soFar();
    assert.deepEqual(await runBatch(fleet, items, paths()), first);
    assert.deepEqual(acceptedSince(before), []);
    fleet.close();
  });

  it("notes an item that cannot be sent and one the model refuses, and goes on with the others", async () => {
    await files(2);
    await writeFile(join(folder, "in", "refused.txt"), "refuse");
    const items = await itemsOf(join(folder, "in"), Readable.from([]));
    await rm(join(folder, "in", "f0.txt"));
    const fleet = client();
    const { items: states } = await runBatch(fleet, items, paths());
    assert.deepEqual(
      states.map(({ name, end, problem }) => [
        name,
        end?.outcome,
        problem?.split("\n")[0]?.slice(0, 7),
        end?.failureText,
      ]),
      [
        ["f0.txt", undefined, "ASY-301", undefined],
        ["f1.txt", "completed", undefined, undefined],
        ["refused.txt", "failed", undefined, "refused, as asked"],
      ],
    );
    // The one that could not be sent is tried again by the next run.
    await writeFile(join(folder, "in", "f0.txt"), "t0");
    const again = await runBatch(fleet, items, paths());
    assert.equal(again.items[0]?.end?.outcome, "completed");
    assert.equal(again.items[0]?.problem, undefined);
    fleet.close();
  });

  it("sends a throttled item again, with fewer at once", async () => {
    await files(20);
    const fleet = client();
    let left = 10;
    fleet.connection("eu-west-1").runtime.middlewareStack.add(
      (next) => async (args) => {
        if (left-- > 0) throw Object.assign(new Error("slow down"), { name: "ThrottlingException" });
        return next(args);
      },
      { step: "initialize", name: "throttling" },
    );
    const atOnce: number[] = [];
    const { items } = await runBatch(fleet, await itemsOf(join(folder, "in"), Readable.from([])), {
      ...paths(),
      pause: async () => {},
      onProgress: ({ submissionsAtOnce }) => atOnce.push(submissionsAtOnce),
    });
    fleet.close();
    assert.deepEqual(new Set(items.map(({ end }) => end?.outcome)), new Set(["completed"]));
    assert.deepEqual([atOnce[0], Math.min(...atOnce)], [8, 4]);
  });

  it("stops where it is told to, and goes on from there", async () => {
    await files(30);
    const items = await itemsOf(join(folder, "in"), Readable.from([]));
    const fleet = client();
    const stop = new AbortController();
    const before = soFar();
    await assert.rejects(
      runBatch(fleet, items, {
        ...paths(),
        signal: stop.signal,
        onProgress: ({ sent }) => sent >= 10 && stop.abort(new Error("enough")),
      }),
      /enough/,
    );
    const { items: states } = await runBatch(fleet, items, paths());
    fleet.close();
    assert.deepEqual(new Set(states.map(({ end }) => end?.outcome)), new Set(["completed"]));
    const accepted = acceptedSince(before);
    assert.deepEqual([accepted.length, new Set(accepted).size], [30, 30]);
  });

  it("refuses a journal that is another fleet's, is in use, or has been written to by somebody else", async () => {
    await files(1);
    const items = await itemsOf(join(folder, "in"), Readable.from([]));
    const refusal = async (text: string): Promise<unknown> => {
      await writeFile(paths().journalPath, text);
      const fleet = client();
      return runBatch(fleet, items, paths()).then(
        () => assert.fail("it ran"),
        (cause: unknown) => {
          fleet.close();
          assert.ok(cause instanceof UsageError, String(cause));
          return cause.problems.map(({ code, at: where, got }) => [code, where.replace(folder, ""), got]);
        },
      );
    };
    const head = '{"kind":"batch","version":1,"id":"i","project":"p","stack":"s"}\n';
    assert.deepEqual(await refusal(head.replace('"stack":"s"', '"stack":"other"')), [
      ["ASY-309", "/journal.jsonl", "version 1 of a batch for p, stack other"],
    ]);
    assert.deepEqual(await refusal(`${head}nonsense\n`), [["ASY-309", "/journal.jsonl line 2", "nonsense"]]);
    assert.deepEqual(await refusal('{"kind":"ended"}\n'), [["ASY-309", "/journal.jsonl line 1", '{"kind":"ended"}']]);
    await writeFile(paths().journalPath, "");
    const open = await BatchJournal.open(paths().journalPath, { id: "i", project: "p", stack: "s" });
    const fleet = client();
    await assert.rejects(runBatch(fleet, items, paths()), /ASY-311/);
    fleet.close();
    await open.close();
  });

  it("says that the disk is full when its journal cannot be written", async () => {
    const journal = await BatchJournal.open(paths().journalPath, { id: "b", project: "p", stack: "s" });
    const { file } = journal as unknown as { file: { appendFile(text: string): Promise<void> } };
    file.appendFile = async () => {
      throw Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC", syscall: "write" });
    };
    await assert.rejects(
      journal.add({ kind: "refused", item: "a", problem: "p" }),
      (cause) =>
        cause instanceof UsageError &&
        cause.problems[0]?.code === "ASY-307" &&
        cause.problems[0].at === paths().journalPath &&
        cause.problems[0].got === "no space left on the disk",
    );
    await journal.close();
  });

  it("takes up a journal whose last line was cut short", async () => {
    await files(2);
    const items = await itemsOf(join(folder, "in"), Readable.from([]));
    const fleet = client();
    await runBatch(fleet, items, paths());
    const text = await readFile(paths().journalPath, "utf8");
    await writeFile(paths().journalPath, text.slice(0, -20));
    const { items: states } = await runBatch(fleet, items, paths());
    fleet.close();
    assert.deepEqual(
      states.map(({ end }) => end?.outcome),
      ["completed", "completed"],
    );
    for (const line of (await readFile(paths().journalPath, "utf8")).trimEnd().split("\n")) JSON.parse(line);
  });

  it("killed at any moment and run again loses nothing and sends nothing twice", async function () {
    this.timeout(120_000);
    await files(24);
    const manifestPath = join(folder, "manifest.json");
    await writeFile(manifestPath, JSON.stringify(manifest));
    const before = soFar();
    const args = [
      "-r",
      require.resolve("ts-node/register/transpile-only"),
      join(rootDir, "test/fixtures/programs/batch.ts"),
      manifestPath,
      at.rehearsal.url,
      paths().journalPath,
      paths().resultsFolder,
      join(folder, "in"),
    ];
    /** Runs the batch until it has sent so many more and kills it; or to its end. */
    const run = (killAfter?: number): Promise<string> =>
      new Promise((resolve) => {
        const child = spawn(process.execPath, args, { cwd: rootDir, stdio: ["ignore", "pipe", "pipe"] });
        let last = "";
        let lines = 0;
        createInterface({ input: child.stdout }).on("line", (line) => {
          last = line;
          if (++lines === killAfter) child.kill("SIGKILL");
        });
        child.stderr.on("data", (chunk: Buffer) => {
          if (!chunk.includes("NodeVersionSupportWarning")) last = chunk.toString();
        });
        child.once("close", () => resolve(last));
      });
    for (const killAfter of [2, 3, 7, 12]) {
      await run(killAfter);
      // The lock of the killed is taken over as that of one that died.
      await rm(`${paths().journalPath}.lock`, { recursive: true, force: true });
    }
    assert.equal(await run(), "done 24");
    const accepted = acceptedSince(before);
    assert.equal(new Set(accepted).size, 24);
    assert.deepEqual((await readdir(paths().resultsFolder)).length, 24);
    for (let index = 0; index < 24; index++) {
      assert.equal(await readFile(join(folder, "out", `f${index}.txt.out`), "utf8"), `echo t${index}`);
    }
    // A request is sent twice only if it was killed between SageMaker's acceptance and its own note of it.
    assert.ok(accepted.length <= 24 + 4 * 8, `${accepted.length} accepted`);
  });
});
