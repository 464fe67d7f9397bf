import assert from "node:assert/strict";
import { type RehearsalReport, renderReport } from "../../../cli/rehearse/report";
import { openTerminal } from "../../../cli/terminal";

describe("the report of a rehearsal", () => {
  const reportOf = (waitedSeconds: number): RehearsalReport => ({
    stack: "dev",
    engine: "3.259.0",
    held: true,
    steps: [],
    requests: [
      {
        region: "eu-west-1",
        payload: "seven.pgm",
        payloadBytes: 797,
        outcome: "completed",
        waitedSeconds,
        ranSeconds: 0.01,
        startedAtSeconds: 4799.6,
        answer: "a 7",
        location: "s3://b/k",
        notice: "success",
      },
    ],
    instances: [],
    regions: 1,
    virtualSeconds: 600,
    instanceSeconds: 60,
    alwaysOnInstanceSeconds: 600,
    stateBytes: 1024,
    wallSeconds: 1,
  });
  const terminal = openTerminal({ stdout: process.stdout, stderr: process.stderr, now: () => 0 });

  for (const [seconds, shown] of [
    [239.4, "3:59"],
    [239.7, "4:00"],
    [0.2, "0:00"],
  ] as const) {
    it(`shows ${seconds} s of waiting as ${shown}`, () => {
      const row = renderReport(reportOf(seconds), terminal)
        .split("\n")
        .find((line) => line.includes("seven.pgm"));
      assert.deepEqual(
        row
          ?.split("│")
          .slice(3, 5)
          .map((cell) => cell.trim()),
        [shown, "80:00"],
      );
    });
  }
});
