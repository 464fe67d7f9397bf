import assert from "node:assert/strict";
import { regions, supportedRegions } from "../../../contract/regions";
import { pageModule } from "../../support/page-module";

interface Words {
  byGeography(regions: ReadonlyArray<{ region: string }>): Array<{ name: string; regions: Array<{ region: string }> }>;
  doing(region: object): string;
  summary(state: object): string;
  problemsOf(state: object): Array<{ region: string; what: string }>;
  duration(seconds: number | undefined): string;
  timeOfDay(iso: string, now: string): string;
  speedOf(samples: ReadonlyArray<{ virtualMs: number; wallMs: number }>): number | undefined;
  speedWords(speed: number | undefined): string;
  instancesWords(endpoint: object): string;
  sentence(event: object): string;
  isShown(event: object, filter: object): boolean;
}
const words = pageModule<Words>("words.mjs");

describe("the page's words", () => {
  it("place every region in one part of the world", () => {
    const every = [...regions.map(({ code }) => ({ region: code })), { region: "xx-new-1" }];
    const parts = words.byGeography(every);
    assert.deepEqual(
      parts.map(({ name, regions: here }) => [name, here.length]),
      [
        ["Americas", 8],
        ["Europe", 8],
        ["Middle East and Africa", 4],
        ["Asia Pacific", 14],
        ["Elsewhere", 1],
      ],
    );
    const supported = words.byGeography(supportedRegions.map((region) => ({ region })));
    assert.equal(supported.flatMap(({ regions: here }) => here).length, 31);
    assert.equal(supported.length, 4);
  });

  it("say what a region is doing", () => {
    const rows = [
      [{ activity: "nothing", backlog: 0, instances: 0 }, "no endpoint"],
      [{ activity: "asleep", backlog: 0, instances: 0 }, "asleep"],
      [{ activity: "asleep", backlog: 3, instances: 0 }, "asleep, 3 queued"],
      [{ activity: "awake", backlog: 0, instances: 1 }, "awake, 1 instance"],
      [{ activity: "waking", backlog: 1200, instances: 2 }, "waking, 1,200 queued"],
    ] as const;
    for (const [region, told] of rows) assert.equal(words.doing(region), told);
  });

  it("begin with what is wrong, and else say that nothing is", () => {
    const endpoint = { region: "eu-west-1", backlog: 0, running: 0 };
    assert.equal(words.summary({ regions: [], endpoints: [] }), "Ready, and nothing is deployed yet.");
    assert.equal(
      words.summary({ regions: [{ problems: 0 }], endpoints: [endpoint] }),
      "All well in 1 region: no instance runs, nothing is queued.",
    );
    assert.equal(
      words.summary({
        regions: [{ problems: 2 }, { problems: 0 }, { problems: 1 }],
        endpoints: [
          { ...endpoint, running: 1 },
          { ...endpoint, region: "us-east-1", backlog: 1 },
        ],
      }),
      "3 problems in 2 regions; 1 instance runs, 1 request is in the queues.",
    );
  });

  it("list failed endpoints, refused changes and alarms for people, and no alarm that only scales", () => {
    const place = { account: "123456789012", region: "eu-west-1" };
    const problems = words.problemsOf({
      endpoints: [
        { ...place, endpointName: "fine", activity: "awake", status: "InService" },
        { ...place, endpointName: "broken", activity: "failed", status: "Failed", failureReason: "no image" },
        { ...place, endpointName: "undone", activity: "awake", status: "InService", failureReason: "rolled back" },
      ],
      alarms: [
        { ...place, alarmName: "wake", purpose: "scaling", reason: "1" },
        { ...place, alarmName: "failures", purpose: "watch", reason: "6 failed" },
      ],
    });
    assert.deepEqual(
      problems.map(({ what }) => what),
      ["broken is Failed: no image", "undone is InService: rolled back", "failures is in ALARM: 6 failed"],
    );
  });

  it("say durations as people do", () => {
    const rows = [
      [undefined, ""],
      [0, "0 ms"],
      [0.0405, "41 ms"],
      [1, "1 s"],
      [12.34, "12.3 s"],
      [60, "1 min"],
      [242, "4 min 2 s"],
      [3600, "1 h"],
      [12_000, "3 h 20 min"],
      [187_200, "2 d 4 h"],
      [86_460, "1 d"],
    ] as const;
    for (const [seconds, told] of rows) assert.equal(words.duration(seconds), told, String(seconds));
  });

  it("name the day only of another day", () => {
    const at = "2026-01-02T03:04:05.678Z";
    assert.equal(words.timeOfDay(at, "2026-01-02T23:00:00.000Z"), "03:04:05");
    assert.equal(words.timeOfDay(at, "2026-01-03T00:00:00.000Z"), "01-02 03:04:05");
  });

  it("measure how fast virtual time runs", () => {
    const samples = [
      { virtualMs: 0, wallMs: 0 },
      { virtualMs: 5000, wallMs: 1000 },
      { virtualMs: 480_000, wallMs: 2000 },
    ];
    assert.equal(words.speedOf([]), undefined);
    assert.equal(words.speedOf(samples.slice(0, 1)), undefined);
    assert.equal(words.speedOf(samples), 240);
    assert.deepEqual([undefined, 1.02, 2.5, 240, 3600].map(words.speedWords), [
      "…",
      "as the wall clock",
      "× 2.5",
      "× 240",
      "× 3,600",
    ]);
  });

  it("tell instances on their way apart from those in service", () => {
    assert.equal(words.instancesWords({ inService: 2, running: 2, desired: 2 }), "2");
    assert.equal(words.instancesWords({ inService: 1, running: 3, desired: 3 }), "1 of 3");
    assert.equal(words.instancesWords({ inService: 1, running: 1, desired: 2 }), "1 → 2");
  });

  it("make a sentence of each kind of event, and show one they do not know as it came", () => {
    const place = { number: 1, time: "", account: "1", region: "r", endpointName: "e", key: "1", day: "d" };
    const rows = [
      [{ kind: "instances", inService: 0, running: 1, desired: 1 }, "e: 0 in service, 1 paid for, 1 desired"],
      [{ kind: "request", inferenceId: "i", step: "accepted" }, "e: i accepted"],
      [{ kind: "request", inferenceId: "i", step: "failed", reason: "why" }, "e: i failed – why"],
      [
        { kind: "notice", eventName: "InferenceResult", inferenceId: "i", topicArn: "arn:aws:sns:r:1:topic" },
        "InferenceResult of i published to topic",
      ],
      [{ kind: "notice", eventName: "Test", topicArn: "arn:aws:sns:r:1:topic" }, "Test published to topic"],
      [
        { kind: "delivery", messageType: "Notification", endpoint: "a@b", outcome: "recorded" },
        "Notification for a@b recorded",
      ],
      [{ kind: "alarm", alarmName: "wake", from: "OK", to: "ALARM", reason: "1 of 1" }, "wake: OK → ALARM – 1 of 1"],
      [
        { kind: "scaling", resourceId: "endpoint/e/variant/v", from: 0, to: 1, cause: "wake" },
        "e: 0 → 1 instances – wake",
      ],
      [{ kind: "endpoint", status: "InService" }, "e is InService"],
      [
        { kind: "use", instanceId: "i-1", cpuSeconds: 1.25, peakMemoryBytes: 1_234_000_000 },
        "e i-1: 1.3 s of processor time, 1,234 MB at most",
      ],
      [{ kind: "log", instanceId: "i-1", line: "<b>hello</b>" }, "e i-1: <b>hello</b>"],
      [{ kind: "missed", count: 1500 }, "1,500 events left out: they came faster than they are shown"],
      [{ kind: "fault", what: "throttled", rate: 0.5 }, "endpointName e, what throttled, rate 0.5"],
    ] as const;
    for (const [event, told] of rows) assert.equal(words.sentence({ ...place, ...event }), told);
  });

  it("leave lines of containers out of the log until they are asked for", () => {
    const log = { kind: "log", region: "eu-west-1", endpointName: "e", instanceId: "i", line: "Hello" };
    const alarm = { kind: "alarm", region: "us-east-1", alarmName: "Wake", from: "OK", to: "ALARM" };
    const shown = (filter: object): boolean[] =>
      [log, alarm].map((event) => words.isShown(event, { kind: "", text: "", ...filter }));
    assert.deepEqual(shown({}), [false, true]);
    assert.deepEqual(shown({ kind: "log" }), [true, false]);
    assert.deepEqual(shown({ kind: "log", text: "hELLO" }), [true, false]);
    assert.deepEqual(shown({ text: "wake" }), [false, true]);
    assert.deepEqual(shown({ text: "sleep" }), [false, false]);
    assert.deepEqual(shown({ region: "eu-west-1" }), [false, false]);
  });
});
