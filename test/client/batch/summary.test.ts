import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BatchResult } from "../../../client/batch/run-batch";
import { percentiles, summarize, writeIndex } from "../../../client/batch/summary";

const submission = {
  region: "eu-west-1",
  inferenceId: "a",
  payloadBytes: 10,
  outputLocation: "s3://b/a",
  acceptedAtMs: 0,
  uploadSeconds: 0,
  timeToLiveSeconds: 60,
  invocationTimeoutSeconds: 60,
};
const result: BatchResult = {
  id: "batch",
  items: [
    {
      name: "done",
      submission,
      end: {
        inferenceId: "a",
        outcome: "completed",
        location: "s3://b/a",
        toldBy: "notice",
        times: { acceptedAtMs: 0, receivedAtMs: 100, endedAtMs: 2100, heardAtMs: 3000 },
        resultFile: "done.out",
        resultBytes: 7,
      },
    },
    { name: "unsent", problem: "ASY-301 …" },
    { name: "on its way", submission: { ...submission, region: "us-east-1" } },
  ],
};

describe("a batch's summary", () => {
  it("counts ends, bytes and regions, and times what was heard", () => {
    const two = { p50: 2, p90: 2, p99: 2, max: 2 };
    assert.deepEqual(summarize(result), {
      id: "batch",
      items: 3,
      outcomes: { completed: 1, refused: 1, open: 1 },
      payloadBytes: 20,
      resultBytes: 7,
      serviceSeconds: two,
      wholeSeconds: { p50: 3, p90: 3, p99: 3, max: 3 },
      perRegion: { "eu-west-1": 1, "us-east-1": 1 },
    });
  });

  it("gives percentiles that were measured", () => {
    const values = Array.from({ length: 200 }, (_, index) => 200 - index);
    assert.deepEqual(percentiles(values), { p50: 100, p90: 180, p99: 198, max: 200 });
    assert.deepEqual(percentiles([5]), { p50: 5, p90: 5, p99: 5, max: 5 });
  });

  it("is written as one line for each item, and leaves no half file", async () => {
    const folder = await mkdtemp(join(tmpdir(), "index-"));
    await writeIndex(join(folder, "out", "index.jsonl"), result);
    const lines = (await readFile(join(folder, "out", "index.jsonl"), "utf8")).trimEnd().split("\n");
    assert.deepEqual(
      lines.map((line) => JSON.parse(line)).map(({ name, outcome, resultFile }) => [name, outcome, resultFile]),
      [
        ["done", "completed", "done.out"],
        ["unsent", "refused", undefined],
        ["on its way", "open", undefined],
      ],
    );
    assert.deepEqual(await readdir(join(folder, "out")), ["index.jsonl"]);
    await rm(folder, { recursive: true });
  });
});
