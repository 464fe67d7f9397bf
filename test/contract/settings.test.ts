import assert from "node:assert/strict";
import { renderProblem, UsageError } from "../../contract/errors";
import { supportedRegions } from "../../contract/regions";
import { parseSettings, settingsJsonSchema } from "../../contract/settings";

const image = "123456789012.dkr.ecr.{region}.amazonaws.com/team/model:1";
const context = { stack: "test" };
const iamPath = "/, or a path such as /teams/vision/ of at most 512 characters";

function wrong(raw: Record<string, unknown>): Array<[string, string, string, string]> {
  try {
    parseSettings(raw, context);
  } catch (cause) {
    assert.ok(cause instanceof UsageError, String(cause));
    return cause.problems.map(({ code, at, got, expected }) => [code, at.replace(" in stack test", ""), got, expected]);
  }
  return assert.fail("the settings were accepted");
}

describe("settings", () => {
  it("need no more than a region and a model; the rest has defaults", () => {
    assert.deepEqual(parseSettings({ regions: ["eu-west-1"], model: { image } }, context), {
      regions: ["eu-west-1"],
      region: {
        "eu-west-1": {
          model: { image, environment: {}, networkIsolation: true },
          endpoint: { instanceType: "ml.m5.large", initialInstances: 1 },
          scaling: {
            min: 0,
            max: 2,
            backlogPerInstance: 5,
            scaleOutCooldownSeconds: 60,
            scaleInCooldownSeconds: 300,
            wake: { instances: 1, minutes: 1, cooldownSeconds: 300 },
            scaleIn: { kind: "whenIdle", minutes: 10 },
            schedule: [],
          },
          requests: { payloadBytes: 1_000_000_000, invocationTimeoutSeconds: 900, timeToLiveSeconds: 21_600 },
          notifications: { includeResponseIn: [], retentionDays: 4, subscribers: [], accounts: [] },
          storage: {
            retentionDays: { inputs: 30, results: 30, failures: 30 },
            forceDestroy: false,
            versioning: false,
            protect: false,
            retainOnDelete: false,
          },
          identity: { path: "/" },
          alarms: {
            oldestRequestShare: 0.5,
            withoutCapacityMinutes: 20,
            failures: 1,
            expired: 1,
            downloadFailures: 1,
            uploadFailures: 1,
            notificationFailures: 1,
            modelLatencyShare: 0.8,
            atMaxMinutes: 60,
            diskPercent: 85,
            memoryPercent: 90,
            notify: [],
            emails: [],
          },
          dashboard: true,
          containerLogs: { retentionDays: 30 },
        },
      },
      tags: {},
    });
  });

  it("take the stack's own region when they name none", () => {
    assert.deepEqual(parseSettings({ model: { image } }, { stack: "eu-west-3", homeRegion: "eu-west-3" }).regions, [
      "eu-west-3",
    ]);
  });

  it("stand for regions in four ways", () => {
    const regionsOf = (regions: unknown): readonly string[] =>
      parseSettings({ regions, model: { image } }, context).regions;
    assert.deepEqual(regionsOf("supported"), supportedRegions);
    assert.deepEqual(regionsOf(["eu-west-1", "us-east-1"]), ["us-east-1", "eu-west-1"]);
    assert.equal(regionsOf({ base: "supported", optIn: "skip" }).length, 16);
    assert.deepEqual(
      regionsOf({
        base: "supported",
        without: supportedRegions.slice(1),
        with: [{ region: "eu-south-1", reason: "tried on 2026-11-01" }],
      }),
      ["us-east-1", "eu-south-1"],
    );
  });

  it("merge a region's overrides deeply and leave the others alone", () => {
    const { region } = parseSettings(
      {
        regions: ["eu-west-1", "us-east-1"],
        model: { image },
        scaling: { max: 3, wake: { minutes: 2 } },
        overrides: { "us-east-1": { scaling: { wake: { instances: 2 } }, endpoint: { instanceType: "ml.g5.xlarge" } } },
      },
      context,
    );
    assert.deepEqual(region["us-east-1"]?.scaling.wake, { minutes: 2, instances: 2, cooldownSeconds: 300 });
    assert.deepEqual(region["eu-west-1"]?.scaling.wake, { minutes: 2, instances: 1, cooldownSeconds: 300 });
    assert.equal(region["us-east-1"]?.endpoint.instanceType, "ml.g5.xlarge");
    assert.equal(region["eu-west-1"]?.endpoint.instanceType, "ml.m5.large");
    assert.equal(region["us-east-1"]?.scaling.max, 3);
  });

  it("tell every problem at once, each with its code, place and cure", () => {
    assert.deepEqual(
      wrong({
        regions: ["eu-west-1", "eu-wset-2", "eu-south-1"],
        model: { immage: image },
        requests: { timeToLiveSeconds: 59, invocationTimeoutSeconds: "long" },
        endpoint: { instanceType: "m5.large", concurrencyPerInstance: 1001 },
        scalling: {},
      }),
      [
        [
          "ASY-103",
          "async-fleet:scalling",
          "a setting called scalling",
          "did you mean scaling? The settings here are regions, model, endpoint, scaling, requests, notifications, storage, identity, alarms, dashboard, containerLogs, network, tags, overrides, policies",
        ],
        [
          "ASY-104",
          "async-fleet:regions.1",
          "eu-wset-2",
          "a commercial region with SageMaker; did you mean eu-west-2?",
        ],
        [
          "ASY-105",
          "async-fleet:regions.2",
          "eu-south-1 (Europe (Milan)), without a reason",
          "a reason, because the announcement of 2021 left it out",
        ],
        [
          "ASY-101",
          "async-fleet:model.image",
          "nothing",
          "an image URI (it may hold {region} and {account}), { prebuilt: { repository, tag } }, { replicate: { repository, tag, from } }, or a URI for each region",
        ],
        [
          "ASY-103",
          "async-fleet:model.immage",
          "a setting called immage",
          "did you mean image? The settings here are image, data, environment, networkIsolation",
        ],
        ["ASY-102", "async-fleet:endpoint.instanceType", '"m5.large"', "a SageMaker instance type such as ml.m5.large"],
        ["ASY-102", "async-fleet:endpoint.concurrencyPerInstance", "1001", "a whole number from 1 to 1000"],
        ["ASY-102", "async-fleet:requests.invocationTimeoutSeconds", '"long"', "a whole number from 1 to 3600"],
        ["ASY-102", "async-fleet:requests.timeToLiveSeconds", "59", "a whole number from 60 to 21600"],
      ],
    );
  });

  const base = { regions: ["eu-west-1"], model: { image } };
  const rows: Array<[string, Record<string, unknown>, Array<[string, string, string, string]>]> = [
    [
      "no region and no home region",
      { model: { image } },
      [["ASY-101", "async-fleet:regions", "nothing, and no aws:region either", "supported, or a list of region codes"]],
    ],
    [
      "no model",
      { regions: ["eu-west-1"] },
      [["ASY-101", "async-fleet:model", "nothing", "an object with at least image"]],
    ],
    [
      "every region taken away",
      { ...base, regions: { base: "supported", without: supportedRegions } },
      [["ASY-107", "async-fleet:regions", "no region is left", "at least one region"]],
    ],
    [
      "an exclusion lifted with an empty reason",
      { ...base, regions: { base: "supported", with: [{ region: "af-south-1", reason: " " }] } },
      [
        [
          "ASY-105",
          "async-fleet:regions.with.0",
          "af-south-1 (Africa (Cape Town)), with an empty reason",
          "a reason, because the announcement of 2021 left it out",
        ],
      ],
    ],
    [
      "max below min",
      { ...base, scaling: { min: 3, max: 2 } },
      [["ASY-106", "async-fleet:scaling.max", "max 2 with min 3", "max at least min"]],
    ],
    [
      "no wake at min 0",
      { ...base, scaling: { wake: false } },
      [
        [
          "ASY-106",
          "async-fleet:scaling.wake",
          "wake false with min 0",
          "a wake setting when min is 0: without it a lone request waits until it expires",
        ],
      ],
    ],
    [
      "more woken than allowed",
      { ...base, scaling: { wake: { instances: 3 } } },
      [["ASY-106", "async-fleet:scaling.wake.instances", "3 instances at once with max 2", "at most scaling.max"]],
    ],
    [
      "a time to live shorter than waking",
      { ...base, requests: { timeToLiveSeconds: 1319 } },
      [
        [
          "ASY-106",
          "async-fleet:requests.timeToLiveSeconds",
          "1319, while waking and one invocation may take 1320 seconds",
          "at least 1320: a request must not expire while the fleet wakes for it",
        ],
      ],
    ],
    [
      "a payload over 1 GB",
      { ...base, requests: { payloadBytes: 1_000_000_001 } },
      [["ASY-102", "async-fleet:requests.payloadBytes", "1000000001", "a whole number from 1 to 1000000000"]],
    ],
    [
      "a VPC without subnets",
      { ...base, network: { securityGroupIds: ["sg-0a"] } },
      [["ASY-101", "async-fleet:network.subnetIds", "nothing", "a list of subnet ids"]],
    ],
    [
      "an override of an unknown region",
      { ...base, overrides: { "eu-west-9": {} } },
      [
        [
          "ASY-104",
          "async-fleet:overrides.eu-west-9",
          "eu-west-9",
          "a commercial region with SageMaker; did you mean eu-west-1?",
        ],
      ],
    ],
    [
      "an override that is wrong",
      { ...base, overrides: { "eu-west-1": { scaling: { max: 0 }, tags: {} } } },
      [
        [
          "ASY-103",
          "async-fleet:overrides.eu-west-1.tags",
          "a setting called tags",
          "The settings here are model, endpoint, scaling, requests, notifications, storage, identity, alarms, dashboard, containerLogs, network",
        ],
        ["ASY-102", "async-fleet:overrides.eu-west-1.scaling.max", "0", "a whole number from 1 to 1000"],
      ],
    ],
    [
      "an unknown key far down",
      { ...base, scaling: { wake: { minuts: 2 } } },
      [
        [
          "ASY-103",
          "async-fleet:scaling.wake.minuts",
          "a setting called minuts",
          "did you mean minutes? The settings here are instances, minutes, cooldownSeconds",
        ],
      ],
    ],
    [
      "storage switches that are no switches",
      { ...base, storage: { versioning: true, protect: "yes", retainOnDelete: 1 } },
      [
        ["ASY-102", "async-fleet:storage.versioning", "true", "false, or an object with noncurrentDays"],
        ["ASY-102", "async-fleet:storage.protect", '"yes"', "true or false"],
        ["ASY-102", "async-fleet:storage.retainOnDelete", "1", "true or false"],
      ],
    ],
    [
      "versions kept for no day at all",
      { ...base, storage: { versioning: { noncurrentDays: 0 } } },
      [["ASY-102", "async-fleet:storage.versioning.noncurrentDays", "0", "a whole number from 1 to 3650"]],
    ],
    [
      "versions kept for longer than can be said",
      { ...base, storage: { versioning: { noncurrentDays: 3651 } } },
      [["ASY-102", "async-fleet:storage.versioning.noncurrentDays", "3651", "a whole number from 1 to 3650"]],
    ],
    [
      "a bucket that is to be kept and deleted",
      { ...base, storage: { forceDestroy: true, protect: true, retainOnDelete: true } },
      [
        [
          "ASY-106",
          "async-fleet:storage.forceDestroy",
          "forceDestroy true with protect true",
          "forceDestroy false beside protect: one deletes what the other keeps",
        ],
        [
          "ASY-106",
          "async-fleet:storage.forceDestroy",
          "forceDestroy true with retainOnDelete true",
          "forceDestroy false beside retainOnDelete: one deletes what the other keeps",
        ],
      ],
    ],
    [
      "one region's key for several, once",
      {
        ...base,
        regions: ["eu-west-1", "us-east-1", "us-west-2"],
        storage: { keyArn: "arn:aws:kms:eu-west-1:123456789012:key/0a" },
      },
      [
        [
          "ASY-106",
          "async-fleet:storage.keyArn",
          "a key in eu-west-1",
          "a key in each region of the fleet: S3, SNS, SQS and SageMaker take no other",
        ],
      ],
    ],
    [
      "a path and a boundary IAM would not take",
      { ...base, identity: { path: "teams", permissionsBoundaryArn: "boundary" } },
      [
        ["ASY-102", "async-fleet:identity.path", '"teams"', iamPath],
        [
          "ASY-102",
          "async-fleet:identity.permissionsBoundaryArn",
          '"boundary"',
          "the ARN of an IAM policy; it may hold {account}",
        ],
      ],
    ],
    [
      "a path of 513 characters, and one that is no text",
      { ...base, identity: { path: `/${"a".repeat(511)}/` }, overrides: { "eu-west-1": { identity: { path: 7 } } } },
      [["ASY-102", "async-fleet:overrides.eu-west-1.identity.path", "7", iamPath]],
    ],
    [
      "an identity that is no object",
      { ...base, identity: "admin" },
      [["ASY-102", "async-fleet:identity", '"admin"', "an object with path and permissionsBoundaryArn"]],
    ],
    [
      "a schedule that is no list of entries",
      { ...base, scaling: { schedule: { name: "day" } } },
      [
        [
          "ASY-102",
          "async-fleet:scaling.schedule",
          '{"name":"day"}',
          "a list of { name, cron or at, timezone, min, max }",
        ],
      ],
    ],
    [
      "a schedule with wrong values",
      {
        ...base,
        scaling: {
          schedule: [{ name: "Day", cron: "0 8 * * MON-FRI *", timezone: "Europe/Atlantis", min: -1, max: 0 }],
        },
      },
      [
        ["ASY-102", "async-fleet:scaling.schedule.0.name", '"Day"', "a name of lower-case letters, digits and dashes"],
        [
          "ASY-102",
          "async-fleet:scaling.schedule.0.cron",
          '"0 8 * * MON-FRI *"',
          "six cron fields (minutes, hours, day of month, month, day of week, year; one of the two days ?) such as 0 8 ? * MON-FRI *",
        ],
        [
          "ASY-102",
          "async-fleet:scaling.schedule.0.timezone",
          '"Europe/Atlantis"',
          "a name of the time zone database such as Europe/Dublin",
        ],
        ["ASY-102", "async-fleet:scaling.schedule.0.min", "-1", "a whole number from 0 to 1000"],
        ["ASY-102", "async-fleet:scaling.schedule.0.max", "0", "a whole number from 1 to 1000"],
      ],
    ],
    [
      "a moment that is none",
      { ...base, scaling: { schedule: [{ name: "launch", at: "2026-13-01T00:00:00", min: 1 }] } },
      [
        [
          "ASY-102",
          "async-fleet:scaling.schedule.0.at",
          '"2026-13-01T00:00:00"',
          "a local time such as 2026-12-24T18:00:00",
        ],
      ],
    ],
    [
      "entries of a schedule that contradict themselves, each other and the bounds that stand",
      {
        ...base,
        scaling: {
          schedule: [
            { name: "day", cron: "0 8 ? * MON-FRI *", min: 3 },
            { name: "day", cron: "0 9 * * ? *", at: "2026-12-24T18:00:00", min: 2, max: 1 },
            { name: "never" },
          ],
        },
      },
      [
        [
          "ASY-118",
          "async-fleet:scaling.schedule.0",
          "min 3 with max 1",
          "max at least min whatever stood before; set both in this entry",
        ],
        ["ASY-118", "async-fleet:scaling.schedule.1", "a second entry called day", "a name of its own for each entry"],
        ["ASY-118", "async-fleet:scaling.schedule.1", "both cron and at", "either cron or at"],
        ["ASY-118", "async-fleet:scaling.schedule.1", "min 2 with max 1", "max at least min"],
        ["ASY-118", "async-fleet:scaling.schedule.2", "neither cron nor at", "either cron or at"],
        ["ASY-118", "async-fleet:scaling.schedule.2", "neither min nor max", "min, max or both"],
      ],
    ],
    [
      "a night at zero without a wake",
      {
        ...base,
        scaling: { min: 1, wake: false, schedule: [{ name: "night", cron: "0 20 * * ? *", min: 0 }] },
      },
      [
        [
          "ASY-106",
          "async-fleet:scaling.wake",
          "wake false with a schedule that sets min 0",
          "a wake setting when min is 0: without it a lone request waits until it expires",
        ],
      ],
    ],
    [
      "subscribers that cannot be",
      {
        ...base,
        notifications: {
          subscribers: [
            { name: "plain", to: "http://hooks.example.com/results" },
            { name: "Team", to: "ops@example.com", outcome: "all", raw: "yes", deadLetter: 1, filter: [] },
          ],
          accounts: ["12345"],
        },
      },
      [
        [
          "ASY-102",
          "async-fleet:notifications.subscribers.0.to",
          '"http://hooks.example.com/results"',
          "the ARN of an SQS queue or a Lambda function (it may hold {region} and {account}), an https URL, or an e-mail address",
        ],
        [
          "ASY-102",
          "async-fleet:notifications.subscribers.1.name",
          '"Team"',
          "a name of lower-case letters, digits and dashes",
        ],
        ["ASY-102", "async-fleet:notifications.subscribers.1.outcome", '"all"', "success, error or both"],
        [
          "ASY-102",
          "async-fleet:notifications.subscribers.1.filter",
          "[]",
          "an SNS filter policy on the notice's body, e.g. { invocationStatus: [Failed] }",
        ],
        ["ASY-102", "async-fleet:notifications.subscribers.1.raw", '"yes"', "true or false"],
        ["ASY-102", "async-fleet:notifications.subscribers.1.deadLetter", "1", "true or false"],
        ["ASY-102", "async-fleet:notifications.accounts.0", '"12345"', "an account id of twelve digits"],
      ],
    ],
    [
      "subscribers that contradict themselves and each other",
      {
        ...base,
        notifications: {
          subscribers: [
            { name: "ops", to: "ops@example.com", raw: true },
            { name: "ops", to: "https://hooks.example.com/", filter: { invocationStatus: "Failed" } },
            { name: "log", to: "arn:aws:sqs:{region}:{account}:log", filter: { awsRegion: [] } },
          ],
        },
      },
      [
        [
          "ASY-120",
          "async-fleet:notifications.subscribers.0.raw",
          "raw for ops@example.com",
          "raw only for a queue or an https URL: SNS always wraps what it sends to others",
        ],
        [
          "ASY-119",
          "async-fleet:notifications.subscribers.1.name",
          "a second subscriber called ops",
          "a name of its own for each subscriber",
        ],
        [
          "ASY-120",
          "async-fleet:notifications.subscribers.1.filter",
          '"Failed" for invocationStatus',
          "names (at most 5, nested ones counted) with lists of values or conditions, at most 150 combinations of them",
        ],
        [
          "ASY-120",
          "async-fleet:notifications.subscribers.2.filter",
          "an empty list for awsRegion",
          "names (at most 5, nested ones counted) with lists of values or conditions, at most 150 combinations of them",
        ],
      ],
    ],
    [
      "alarms with thresholds that are none",
      {
        ...base,
        alarms: {
          oldestRequestShare: 0,
          modelLatencyShare: 1.5,
          withoutCapacityMinutes: 1441,
          atMaxMinutes: true,
          failures: 0,
          diskPercent: 101,
          memoryPercent: "full",
          notify: ["ops"],
          emails: ["ops"],
        },
      },
      [
        ["ASY-102", "async-fleet:alarms.oldestRequestShare", "0", "a number above 0, at most 1, or false"],
        ["ASY-102", "async-fleet:alarms.withoutCapacityMinutes", "1441", "a whole number from 1 to 1440, or false"],
        ["ASY-102", "async-fleet:alarms.failures", "0", "a whole number from 1 to 1000000, or false"],
        ["ASY-102", "async-fleet:alarms.modelLatencyShare", "1.5", "a number above 0, at most 1, or false"],
        ["ASY-102", "async-fleet:alarms.atMaxMinutes", "true", "a whole number from 1 to 1440, or false"],
        ["ASY-102", "async-fleet:alarms.diskPercent", "101", "a whole number from 1 to 100, or false"],
        ["ASY-102", "async-fleet:alarms.memoryPercent", '"full"', "a whole number from 1 to 100, or false"],
        [
          "ASY-102",
          "async-fleet:alarms.notify.0",
          '"ops"',
          "the ARN of an SNS topic; it may hold {region} and {account}",
        ],
        ["ASY-102", "async-fleet:alarms.emails.0", '"ops"', "an e-mail address"],
      ],
    ],
    [
      "more topics than an alarm can tell",
      {
        ...base,
        alarms: {
          notify: [1, 2, 3, 4, 5].map((each) => `arn:aws:sns:{region}:{account}:topic-${each}`),
          emails: ["ops@example.com"],
        },
      },
      [
        [
          "ASY-121",
          "async-fleet:alarms.notify",
          "5 topics, and one more for the e-mail addresses",
          "at most 5 together",
        ],
      ],
    ],
    [
      "a retention of log lines that CloudWatch does not know, and a dashboard that is neither",
      { ...base, containerLogs: { retentionDays: 31 }, dashboard: "yes" },
      [
        ["ASY-102", "async-fleet:dashboard", '"yes"', "true or false"],
        [
          "ASY-102",
          "async-fleet:containerLogs.retentionDays",
          "31",
          "a number of days CloudWatch Logs knows: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653",
        ],
      ],
    ],
  ];
  for (const [name, raw, expected] of rows) it(`refuse ${name}`, () => assert.deepEqual(wrong(raw), expected));

  it("show a problem with what was got, what is expected and the fix", () => {
    assert.equal(
      renderProblem({
        code: "ASY-107",
        at: "async-fleet:regions in stack prod",
        got: "no region is left",
        expected: "at least one region",
      }),
      "ASY-107  async-fleet:regions in stack prod\n  got       no region is left\n  expected  at least one region\n  fix       Name at least one region.",
    );
  });

  it("have a JSON Schema that names every setting with a sentence", () => {
    const schema = settingsJsonSchema() as { properties: Record<string, unknown> };
    assert.deepEqual(Object.keys(schema.properties).sort(), [
      "alarms",
      "containerLogs",
      "dashboard",
      "endpoint",
      "identity",
      "model",
      "network",
      "notifications",
      "overrides",
      "regions",
      "requests",
      "scaling",
      "storage",
      "tags",
    ]);
  });
});
