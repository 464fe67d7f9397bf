import assert from "node:assert/strict";
import { eventLine } from "../../../rehearsal/page/event-lines";
import * as told from "../../../rehearsal/page/fields";
import { historyOf, thin } from "../../../rehearsal/page/history";
import { legs } from "../../../rehearsal/page/requests";
import { activityOf, stateOf } from "../../../rehearsal/page/state";
import { EndpointWorld } from "../../support/endpoint-world";
import { FakeContainers } from "../../support/fake-containers";

/** What documentation and value disagree on: fields that are not told of, and required ones that are not there. */
function untold(value: object, fields: Readonly<Record<string, string>>): string[] {
  const extra = Object.keys(value).filter((name) => !(name in fields));
  const required = Object.keys(fields).filter((name) => !fields[name]?.startsWith("Optional: "));
  return [...extra, ...required.filter((name) => !(name in value)).map((name) => `without ${name}`)];
}

describe("the state a rehearsal shows", () => {
  let at: EndpointWorld;
  afterEach(() => at.close());

  /** Sleeps, is woken by two requests, of which one fails. */
  async function story(): Promise<void> {
    const containers = new FakeContainers((payload) =>
      `${payload}` === "bad" ? { status: 400, body: "no" } : { body: "yes", workSeconds: 5 },
    );
    at = await EndpointWorld.open({ max: 2, containers });
    await at.world.cloudwatch.putMetricAlarm(at.call, {
      AlarmName: "failures",
      Namespace: "AWS/SageMaker",
      MetricName: "InvocationFailures",
      Dimensions: [
        { Name: "EndpointName", Value: "echo" },
        { Name: "VariantName", Value: "primary" },
      ],
      Statistic: "Sum",
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 1,
      ComparisonOperator: "GreaterThanOrEqualToThreshold",
      TreatMissingData: "ignore",
    });
    await at.minutes(15);
    await at.send("good");
    await at.send("bad");
  }

  const now = () => stateOf(at.world, "ab12");
  const shown = async () => {
    const state = await now();
    const [endpoint] = state.endpoints;
    const region = state.regions.find((each) => each.region === "eu-west-1");
    return { state, endpoint, region };
  };

  it("of nothing has the 31 supported regions and nothing in them", async () => {
    at = await EndpointWorld.open();
    await at.world.sagemaker.deleteEndpoint(at.call, { EndpointName: "echo" });
    await at.minutes(5);
    const state = await now();
    assert.equal(state.regions.length, 31);
    assert.deepEqual([...new Set(state.regions.map(({ activity }) => activity))], ["nothing"]);
    assert.deepEqual([state.endpoints, state.alarms, state.requests], [[], [], []]);
    assert.deepEqual([state.clock, state.run, state.newestEvent], ["manual", "ab12", at.world.journal.newest]);
  });

  it("follows an endpoint from sleep through waking to work and its alarms", async () => {
    await story();
    let { state, endpoint, region } = await shown();
    assert.deepEqual(endpoint, {
      account: "123456789012",
      region: "eu-west-1",
      endpointName: "echo",
      activity: "asleep",
      status: "InService",
      variantName: "primary",
      instanceType: "ml.m5.large",
      desired: 0,
      running: 0,
      inService: 0,
      min: 0,
      max: 2,
      backlog: 2,
      inFlight: 0,
      oldestAgeSeconds: 0,
      watchAlarms: 0,
      scalingAlarms: 2,
      problems: 0,
    });
    assert.deepEqual(
      state.requests.map(({ inferenceId, outcome }) => [inferenceId, outcome]),
      [
        ["bad", "waiting"],
        ["good", "waiting"],
      ],
    );
    await at.minutes(2);
    ({ endpoint, region } = await shown());
    assert.deepEqual(
      [endpoint?.activity, endpoint?.status, endpoint?.desired, endpoint?.running, endpoint?.oldestAgeSeconds],
      ["waking", "Updating", 1, 1, 120],
    );
    assert.deepEqual(region, {
      region: "eu-west-1",
      name: "Europe (Ireland)",
      activity: "waking",
      endpoints: 1,
      instances: 1,
      backlog: 2,
      problems: 0,
    });
    await at.minutes(5);
    await at.minutes(6);
    ({ state, endpoint, region } = await shown());
    assert.deepEqual([endpoint?.activity, endpoint?.backlog, endpoint?.problems], ["awake", 0, 1]);
    assert.deepEqual([region?.activity, region?.problems], ["awake", 1]);
    assert.deepEqual(
      state.alarms
        .filter(({ purpose }) => purpose === "watch")
        .map(({ alarmName, endpointName }) => [alarmName, endpointName]),
      [["failures", "echo"]],
    );
    const [bad, good] = state.requests;
    assert.deepEqual([bad?.inferenceId, bad?.outcome, bad?.workedSeconds], ["bad", "failed", 0]);
    assert.match(bad?.reason ?? "", /ClientError: Received client error \(400\)/);
    assert.deepEqual([good?.inferenceId, good?.outcome, good?.workedSeconds], ["good", "completed", 5]);
    assert.equal(good?.totalSeconds, (good?.waitedSeconds ?? 0) + 5);
  });

  it("has just the fields that docs/EVENTS.md tells of, and its events too", async () => {
    await story();
    await at.minutes(8);
    const state = await now();
    const { desired: _, ...history } = historyOf(at.world, "ab12", { ...at.call, endpointName: "echo" });
    const checks: Array<readonly [object, Readonly<Record<string, string>>]> = [
      [state, told.stateFields],
      [{ desired: [], ...history }, told.historyFields],
      ...state.regions.map((each) => [each, told.regionFields] as const),
      ...state.endpoints.map((each) => [each, told.endpointFields] as const),
      ...state.alarms.map((each) => [each, told.alarmFields] as const),
      ...state.requests.map((each) => [each, told.requestFields] as const),
      ...history.scaling.map((each) => [each, told.scalingFields] as const),
      ...at.world.journal.entries.map(
        (entry, index) =>
          [eventLine(index + 1, entry), { ...told.commonFields, ...told.eventKinds[entry.kind].fields }] as const,
      ),
    ];
    assert.deepEqual(
      checks.flatMap(([value, fields]) => untold(value, fields)),
      [],
    );
    const kinds = new Set(at.world.journal.entries.map(({ kind }) => kind));
    assert.deepEqual([...kinds].sort(), ["alarm", "endpoint", "instances", "notice", "request", "scaling"]);
  });

  it("knows the last of a request whose endpoint is gone", async () => {
    await story();
    await at.minutes(8);
    await at.world.sagemaker.deleteEndpoint(at.call, { EndpointName: "echo" });
    await at.minutes(2);
    const { requests } = await now();
    assert.deepEqual(
      requests.map(({ inferenceId, outcome, acceptedAt }) => [inferenceId, outcome, acceptedAt]),
      [
        ["bad", "failed", undefined],
        ["good", "completed", undefined],
      ],
    );
  });

  it("remembers instances and backlog over time, also where the journal has lost its beginning", async () => {
    await story();
    await at.minutes(3);
    const place = { ...at.call, endpointName: "echo" };
    const whole = historyOf(at.world, "ab12", place);
    assert.deepEqual(
      whole.backlog.map(([, value]) => value),
      [0, 1, 2],
    );
    assert.equal(whole.backlog[0]?.[0], Date.UTC(2026, 0, 1));
    assert.deepEqual(
      whole.scaling.map(({ from, to }) => [from, to]),
      [
        [1, 0],
        [0, 1],
      ],
    );
    const { entries } = at.world.journal;
    entries.splice(0, entries.findIndex((entry) => entry.kind === "request") + 1);
    assert.deepEqual(
      historyOf(at.world, "ab12", place).backlog.map(([, value]) => value),
      [1, 2],
    );
    assert.throws(() => historyOf(at.world, "ab12", { ...place, endpointName: "none" }), {
      code: "ValidationException",
    });
  });
});

describe("what an endpoint is doing", () => {
  it("is told by its status while it changes, and by its instances while it scales", () => {
    const rows = [
      ["Creating", 0, 1, false, "updating"],
      ["InService", 1, 1, false, "awake"],
      ["InService", 0, 0, false, "asleep"],
      ["InService", 0, 1, false, "waking"],
      ["Updating", 0, 1, false, "waking"],
      ["Updating", 1, 3, false, "awake"],
      ["Updating", 0, 0, false, "asleep"],
      ["Updating", 1, 1, true, "updating"],
      ["RollingBack", 1, 1, false, "updating"],
      ["Deleting", 1, 0, false, "updating"],
      ["Failed", 0, 0, false, "failed"],
    ] as const;
    for (const [status, length, desired, isMoving, activity] of rows)
      assert.equal(activityOf({ status, inService: { length }, desired, isMoving }), activity, `${status} ${length}`);
  });
});

describe("the legs of a request", () => {
  it("are each told as far as they have come", () => {
    assert.deepEqual(legs(undefined, undefined, undefined, 9000), {});
    assert.deepEqual(legs(1000, undefined, undefined, 9000), { waitedSeconds: 8, totalSeconds: 8 });
    assert.deepEqual(legs(1000, 4000, undefined, 9000), { waitedSeconds: 3, workedSeconds: 5, totalSeconds: 8 });
    assert.deepEqual(legs(1000, 4000, 6500, 9000), { waitedSeconds: 3, workedSeconds: 2.5, totalSeconds: 5.5 });
    assert.deepEqual(legs(1000, undefined, 6000, 9000), { waitedSeconds: 5, totalSeconds: 5 });
  });
});

describe("a long history", () => {
  it("is thinned so that no peak and no end is lost", () => {
    const steps = Array.from({ length: 10_000 }, (_, index) => [index * 10, index === 5003 ? 99 : index % 3] as const);
    const thinned = thin(steps, 400);
    assert.ok(thinned.length <= 400, `${thinned.length}`);
    assert.deepEqual([thinned[0], thinned.at(-1)], [steps[0], steps.at(-1)]);
    assert.ok(thinned.some(([atMs, value]) => atMs === 50_030 && value === 99));
    assert.deepEqual(
      [...thinned].sort(([one], [other]) => one - other),
      thinned,
    );
    assert.equal(thin(steps.slice(0, 400), 400).length, 400);
  });
});
