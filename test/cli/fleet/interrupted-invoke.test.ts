import assert from "node:assert/strict";
import { bringAnswer } from "../../../cli/fleet/invoke-command";
import type { Terminal } from "../../../cli/terminal";
import type { Submission } from "../../../client/submit";

describe("an interrupted fleet invoke", () => {
  it("says that the request goes on, and prints what brings its answer", async () => {
    const submission: Submission = {
      region: "eu-west-1",
      inferenceId: "one",
      outputLocation: "s3://b/one.out",
      acceptedAtMs: 0,
      uploadSeconds: 0,
      timeToLiveSeconds: 60,
      invocationTimeoutSeconds: 60,
    };
    const stop = new AbortController();
    const client = {
      connection: () => ({ manifest: { endpointName: "e", scaling: { expectedWakeSeconds: 300 } } }),
      wait: (_submission: Submission, signal: AbortSignal) =>
        new Promise((_, reject) => {
          signal.addEventListener("abort", () => reject(signal.reason));
          setImmediate(() => stop.abort());
        }),
    };
    const told: string[] = [];
    const quiet = (): void => {};
    const terminal = { out: quiet, progress: quiet, clear: quiet, log: (line: string) => told.push(line) };
    await assert.rejects(
      bringAnswer(
        client as never,
        submission,
        { rehearsal: "http://127.0.0.1:1" },
        terminal as never as Terminal,
        stop.signal,
      ),
      { name: "AbortError" },
    );
    assert.match(told[0] ?? "", /goes on without you.*`fleet wait -`/);
    assert.deepEqual(JSON.parse(told[1] ?? ""), submission);
  });
});
