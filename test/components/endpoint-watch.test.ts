import assert from "node:assert/strict";
import type { RecordedResource } from "../../check/record-program";
import { dashboardMetricsMax, dashboardWidgetsMax, widgetMetricsMax } from "../../contract/limits";
import type { Manifest } from "../../contract/manifest";
import { metrics } from "../../contract/metrics";
import { supportedRegions } from "../../contract/regions";
import { dashboardFaults } from "../../rehearsal/world/cloudwatch/dashboard-body";
import { recorded } from "../support/recorded";

const alarmsOf = (resources: readonly RecordedResource[]) =>
  resources.filter(({ type, name }) => type === "aws:cloudwatch/metricAlarm:MetricAlarm" && name.includes("-watch-"));

describe("the watch over an endpoint", () => {
  it("has an alarm on everything callers would feel, with its threshold", async () => {
    const { resources } = await recorded("dev");
    assert.deepEqual(
      alarmsOf(resources).map(({ inputs }) => [
        inputs.name,
        inputs.metricName,
        inputs.statistic,
        inputs.threshold,
        `${inputs.evaluationPeriods} x ${inputs.period} s`,
        inputs.treatMissingData,
      ]),
      [
        ["async-fleet-dev-oldest-request", "ApproximateAgeOfOldestRequest", "Maximum", 10_800, "1 x 60 s", "missing"],
        ["async-fleet-dev-without-capacity", "HasBacklogWithoutCapacity", "Average", 1, "20 x 60 s", "missing"],
        ["async-fleet-dev-failures", "InvocationFailures", "Sum", 1, "1 x 300 s", "notBreaching"],
        ["async-fleet-dev-expired", "ExpiredRequests", "Sum", 1, "1 x 300 s", "notBreaching"],
        ["async-fleet-dev-download-failures", "RequestDownloadFailures", "Sum", 1, "1 x 300 s", "notBreaching"],
        ["async-fleet-dev-upload-failures", "ResponseUploadFailures", "Sum", 1, "1 x 300 s", "notBreaching"],
        ["async-fleet-dev-notification-failures", "NotificationFailures", "Sum", 1, "1 x 300 s", "notBreaching"],
        // 80 % of 900 seconds, in microseconds.
        ["async-fleet-dev-model-latency", "ModelLatency", "Maximum", 720_000_000, "1 x 300 s", "notBreaching"],
        ["async-fleet-dev-at-max", "CPUUtilization", "SampleCount", 2, "60 x 60 s", "notBreaching"],
        ["async-fleet-dev-disk", "DiskUtilization", "Maximum", 85, "5 x 60 s", "notBreaching"],
        ["async-fleet-dev-memory", "MemoryUtilization", "Maximum", 90, "5 x 60 s", "notBreaching"],
      ],
    );
  });

  it("leaves out what is switched off, and the maximum where the endpoint is always there", async () => {
    const off = {
      oldestRequestShare: false,
      withoutCapacityMinutes: false,
      failures: false,
      expired: false,
      downloadFailures: false,
      uploadFailures: false,
      notificationFailures: false,
      modelLatencyShare: false,
      diskPercent: false,
      memoryPercent: false,
    };
    const { resources } = await recorded("dev", { alarms: off });
    assert.deepEqual(
      alarmsOf(resources).map(({ inputs }) => inputs.name),
      ["async-fleet-dev-at-max"],
    );
    const fixed = await recorded("dev", { alarms: off, scaling: { min: 2, max: 2 } });
    assert.deepEqual(alarmsOf(fixed.resources), []);
    const none = await recorded("dev", { alarms: false });
    assert.deepEqual(alarmsOf(none.resources), []);
  });

  it("tells the settings' topics, and people through an encrypted topic that only this account's alarms may use", async () => {
    const { resources, outputs } = await recorded("dev", {
      alarms: { notify: ["arn:aws:sns:{region}:{account}:pager"], emails: ["ops@example.com"] },
    });
    const own = "arn:aws:sns:eu-west-1:123456789012:async-fleet-dev-alarms";
    for (const { inputs } of alarmsOf(resources)) {
      assert.deepEqual(inputs.alarmActions, ["arn:aws:sns:eu-west-1:123456789012:pager", own]);
      assert.deepEqual(inputs.okActions, inputs.alarmActions);
    }
    const topic = resources.find(({ name }) => name === "fleet-eu-west-1-watch-topic");
    assert.notEqual(topic?.inputs.kmsMasterKeyId, undefined);
    const policy = resources.find(({ name }) => name === "fleet-eu-west-1-watch-topic-policy");
    const { Statement } = JSON.parse(String(policy?.inputs.policy)) as { Statement: unknown[] };
    assert.deepEqual(Statement[0], {
      Sid: "AlarmsTell",
      Effect: "Allow",
      Principal: { Service: "cloudwatch.amazonaws.com" },
      Action: "sns:Publish",
      Resource: own,
      Condition: {
        StringEquals: { "aws:SourceAccount": "123456789012" },
        ArnLike: { "aws:SourceArn": "arn:aws:cloudwatch:eu-west-1:123456789012:alarm:*" },
      },
    });
    const mail = resources.filter(({ name }) => name.startsWith("fleet-eu-west-1-watch-mail-"));
    assert.deepEqual(
      mail.map(({ inputs }) => [inputs.protocol, inputs.endpoint]),
      [["email", "ops@example.com"]],
    );
    assert.equal((outputs.manifest as Manifest).regions["eu-west-1"]?.alarmTopicArn, own);
  });

  it("keeps the containers' lines as long as the settings say", async () => {
    const { resources } = await recorded("dev", { containerLogs: { retentionDays: 365 } });
    const group = resources.find(({ type }) => type === "aws:cloudwatch/logGroup:LogGroup");
    assert.equal(group?.inputs.retentionInDays, 365);
  });
});

interface Body {
  readonly widgets: ReadonlyArray<{ readonly type: string; readonly properties: { readonly metrics?: unknown[][] } }>;
}

describe("dashboards", () => {
  const dashboards = (resources: readonly RecordedResource[]) =>
    resources.filter(({ type }) => type === "aws:cloudwatch/dashboard:Dashboard");

  it("are one for each region and one for the fleet, named in the manifest and taken by CloudWatch", async function () {
    this.timeout(60_000);
    const { resources, outputs } = await recorded("prod");
    const made = dashboards(resources);
    const manifest = outputs.manifest as Manifest;
    assert.deepEqual(
      made.map(({ inputs }) => inputs.dashboardName).sort(),
      ["async-fleet-prod-fleet", ...supportedRegions.map((region) => `async-fleet-prod-${region}`)].sort(),
    );
    assert.equal(manifest.dashboardName, "async-fleet-prod-fleet");
    assert.equal(manifest.regions["eu-west-1"]?.dashboardName, "async-fleet-prod-eu-west-1");
    for (const { inputs } of made) {
      const body = String(inputs.dashboardBody);
      assert.deepEqual(dashboardFaults(body), []);
      const { widgets } = JSON.parse(body) as Body;
      assert.ok(widgets.length <= dashboardWidgetsMax);
      const counts = widgets.map(({ properties }) => properties.metrics?.length ?? 0);
      assert.ok(Math.max(...counts) <= widgetMetricsMax);
      assert.ok(counts.reduce((sum, count) => sum + count, 0) <= dashboardMetricsMax);
      for (const [namespace, name, ...rest] of widgets.flatMap(({ properties }) => properties.metrics ?? [])) {
        const metric = metrics[name as keyof typeof metrics];
        assert.equal(namespace, metric.namespace);
        const dimensions = rest.slice(0, -1).filter((_, index) => index % 2 === 0);
        assert.deepEqual(dimensions, [...metric.dimensions], String(name));
      }
    }
    const fleet = made.find(({ inputs }) => inputs.dashboardName === "async-fleet-prod-fleet");
    assert.equal(fleet?.inputs.region, "us-east-1");
    const [first] = (JSON.parse(String(fleet?.inputs.dashboardBody)) as Body).widgets.filter(
      ({ type }) => type === "metric",
    );
    assert.deepEqual(
      first?.properties.metrics?.map((metric) => (metric.at(-1) as { label: string }).label),
      [...supportedRegions],
    );
  });

  it("show the alarms and draw the thresholds that the alarms and the plan have", async () => {
    const { resources } = await recorded("dev");
    const [made] = dashboards(resources);
    const { widgets } = JSON.parse(String(made?.inputs.dashboardBody)) as {
      widgets: Array<{ properties: { title: string; alarms?: string[]; annotations?: { horizontal: unknown[] } } }>;
    };
    const levels = Object.fromEntries(
      widgets.flatMap(({ properties: { title, annotations } }) =>
        annotations === undefined ? [] : [[title, annotations.horizontal]],
      ),
    );
    assert.deepEqual(levels, {
      "Queued and running": [{ label: "target per instance", value: 5 }],
      Instances: [{ label: "most", value: 2 }],
      "Age of the oldest request, seconds": [
        { label: "alarm", value: 10_800 },
        { label: "expires", value: 21_600 },
      ],
      "Model latency, microseconds": [{ label: "timeout", value: 900_000_000 }],
    });
    assert.deepEqual(
      widgets.find(({ properties }) => properties.title === "Alarms")?.properties.alarms,
      alarmsOf(resources).map(({ inputs }) => `arn:aws:cloudwatch:eu-west-1:123456789012:alarm:${inputs.name}`),
    );
  });

  it("are not made for the fleet of one region, nor where the settings want none", async () => {
    assert.equal(dashboards((await recorded("dev")).resources).length, 1);
    const { resources, outputs } = await recorded("dev", { dashboard: false });
    assert.deepEqual(dashboards(resources), []);
    assert.equal("dashboardName" in ((outputs.manifest as Manifest).regions["eu-west-1"] ?? {}), false);
  });
});
