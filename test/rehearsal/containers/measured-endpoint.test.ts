import assert from "node:assert/strict";
import { RehearsedEndpoint, type RehearsedOptions } from "../../fixtures/rehearsed-endpoint";

const logGroupName = "/aws/sagemaker/Endpoints/echo";

describe("an endpoint whose containers run", () => {
  let at: RehearsedEndpoint;

  afterEach(() => at.close());

  async function open(image: string, more: Partial<RehearsedOptions> = {}): Promise<void> {
    at = await RehearsedEndpoint.open({ image, ...more });
  }

  /** Lets the minute end that is under way, and tells what its instances said of themselves. */
  async function hostMinute(metric: string) {
    const { clock, cloudwatch } = at.world;
    const from = Math.floor(clock.now() / 60_000) * 60_000;
    await at.until(() => clock.now() > from + 61_000, 120);
    const { Datapoints = [] } = await cloudwatch.getMetricStatistics(at.call, {
      Namespace: "/aws/sagemaker/Endpoints",
      MetricName: metric,
      Dimensions: [
        { Name: "EndpointName", Value: "echo" },
        { Name: "VariantName", Value: "primary" },
      ],
      StartTime: new Date(from),
      EndTime: new Date(from + 60_000),
      Period: 60,
      Statistics: ["SampleCount", "Maximum", "Minimum"],
    });
    const [{ SampleCount = 0, Maximum = 0, Minimum = 0 } = {}] = Datapoints;
    return { SampleCount, Maximum, Minimum };
  }

  it("tells the processor time and the memory its instances really used, each once a minute", async () => {
    await open("works-hard", { instances: 2 });
    await at.ended('{"cpuSeconds": 0.6, "bytes": 200000000}');
    const cpu = await hostMinute("CPUUtilization");
    assert.equal(cpu.SampleCount, 2);
    // 0.6 seconds of 60 are one percent; a start of node is not much beside, and the other instance did nothing else.
    assert.ok(cpu.Maximum >= 1 && cpu.Maximum < 10, JSON.stringify(cpu));
    assert.ok(cpu.Maximum - cpu.Minimum >= 0.5, JSON.stringify(cpu));
    const { Maximum, Minimum } = await hostMinute("MemoryUtilization");
    const eightGib = 8 * 2 ** 30;
    assert.ok(Maximum >= (200_000_000 / eightGib) * 100 && Maximum < (400_000_000 / eightGib) * 100, `${Maximum}`);
    assert.ok(Minimum > 0 && Maximum - Minimum >= (150_000_000 / eightGib) * 100, `${Minimum}`);
    const idle = await hostMinute("CPUUtilization");
    assert.ok(idle.Maximum < 0.5, JSON.stringify(idle));
  });

  it("records what each container has used in its life, its child processes included", async () => {
    await open("works-hard");
    await at.ended('{"bytes": 100000000, "child": {"cpuSeconds": 0.4}}');
    await at.world.sagemaker.deleteEndpoint(at.call, { EndpointName: "echo" });
    await at.until(() => at.journal("use").length > 0, 3600);
    const [{ cpuSeconds, peakMemoryBytes, instanceId, endpointName } = assert.fail("nothing recorded"), ...others] =
      at.journal("use");
    assert.deepEqual([others, endpointName], [[], "echo"]);
    assert.match(instanceId, /^i-[0-9a-f]{17}$/);
    assert.ok(cpuSeconds >= 0.4 && cpuSeconds < 5, `${cpuSeconds}`);
    assert.ok(peakMemoryBytes >= 100_000_000 && peakMemoryBytes < 300_000_000, `${peakMemoryBytes}`);
  });

  it("runs each instance as a process of its own, with its own port, home and log stream", async () => {
    await open("describes-itself", { instances: 3 });
    const described = await Promise.all(
      ["a", "b", "c"].map(async (payload) =>
        JSON.parse((await at.read((await at.ended(payload)).OutputLocation ?? "")) ?? ""),
      ),
    );
    for (const own of ["pid", "port", "home"] as const) {
      const all = described.map(
        ({ pid, environment }) => ({ pid, port: environment.SAGEMAKER_BIND_TO_PORT, home: environment.HOME })[own],
      );
      assert.equal(new Set(all).size, 3, `${own}: ${all}`);
    }
    const { logStreams = [] } = await at.world.logs.describeLogStreams(at.call, { logGroupName });
    const instances = new Set(at.journal("log").map(({ instanceId }) => instanceId));
    assert.deepEqual(
      logStreams.map(({ logStreamName }) => logStreamName).sort(),
      [...instances].map((id) => `primary/${id}`).sort(),
    );
    assert.equal(instances.size, 3);
  });

  it("says in the instance's data-log why a request failed, under the request's id, and nothing of a success", async () => {
    await open("echoes");
    await at.ended("fine");
    await at.ended("refuse");
    const [{ instanceId } = assert.fail("no line"), ...others] = at.journal("log");
    assert.deepEqual(others, []);
    const streams = async () => (await at.world.logs.describeLogStreams(at.call, { logGroupName })).logStreams ?? [];
    assert.deepEqual((await streams()).map(({ logStreamName }) => logStreamName).sort(), [
      `primary/${instanceId}`,
      `primary/${instanceId}/data-log`,
    ]);
    const { events = [] } = await at.world.logs.getLogEvents(at.call, {
      logGroupName,
      logStreamName: `primary/${instanceId}/data-log`,
    });
    assert.equal(events.length, 1);
    assert.match(
      events[0]?.message ?? "",
      /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}:\[sagemaker logs\] \[refuse\] ClientError: Received client error \(400\) from model\./,
    );
  });

  it("makes both streams of an instance, whichever has a line first", async () => {
    await open("turns-sick");
    const [instance = assert.fail("no instance")] = at.endpoint.inService;
    await at.endpoint.logs.platform(instance, "r-1", "went wrong");
    await at.endpoint.logs.container(instance, "said");
    const { events = [] } = await at.world.logs.getLogEvents(at.call, {
      logGroupName,
      logStreamName: `primary/${instance.id}`,
    });
    assert.deepEqual(
      events.map(({ message }) => message),
      ["said"],
    );
  });

  it("replaces an instance whose ping has failed three times in a row, one a minute", async () => {
    await open("turns-sick");
    const first = at.endpoint.inService[0]?.id;
    assert.equal((await at.ended("be sick")).outcome, "completed");
    const sickMs = at.world.clock.now();
    await at.until(() => at.endpoint.inService.some(({ id }) => id !== first), 3600);
    const minutes = ((at.journal("endpoint").find(({ reason }) => reason !== undefined)?.atMs ?? 0) - sickMs) / 60_000;
    assert.ok(minutes > 2 && minutes <= 3.1, `${minutes} minutes`);
    assert.deepEqual(
      at.journal("endpoint").flatMap(({ reason }) => reason ?? []),
      [`the container of ${first} answered 3 pings in a row without 200`],
    );
    const { OutputLocation = "" } = await at.ended("hello");
    assert.equal(await at.read(OutputLocation), "ping answers 200");
  });
});
