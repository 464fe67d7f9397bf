import assert from "node:assert/strict";
import { UsageError } from "../../contract/errors";
import { parseSettings, type RegionSettings, settingsJsonSchema } from "../../contract/settings";

const image = "123456789012.dkr.ecr.{region}.amazonaws.com/team/model:1";
const context = { stack: "test" };
const regions = ["us-east-1", "eu-west-1"];

function settingsOf(raw: Record<string, unknown>): Readonly<Record<string, RegionSettings>> {
  return parseSettings({ regions, model: { image }, ...raw }, context).region;
}

function wrong(raw: Record<string, unknown>): string[][] {
  try {
    settingsOf(raw);
  } catch (cause) {
    assert.ok(cause instanceof UsageError, String(cause));
    return cause.problems.map(({ code, at, got, expected }) => [code, at.replace(" in stack test", ""), got, expected]);
  }
  return assert.fail("the settings were accepted");
}

describe("a region's overrides", () => {
  const inRegion = (base: Record<string, unknown>, override: Record<string, unknown>): RegionSettings => {
    const settings = settingsOf({ ...base, overrides: { "eu-west-1": override } });
    assert.deepEqual(settings["us-east-1"], settingsOf(base)["us-east-1"]);
    return settings["eu-west-1"] ?? assert.fail("no settings");
  };

  it("turn off what the stack has, and on what it has off", () => {
    const off = { scaling: { min: 1, wake: false }, alarms: false };
    assert.equal(inRegion({}, off).alarms, false);
    assert.equal(inRegion({}, off).scaling.wake, false);
    const on = inRegion(off, { scaling: { wake: { instances: 2 } }, alarms: { withoutCapacityMinutes: 30 } });
    assert.deepEqual(on.scaling.wake, { instances: 2, minutes: 1, cooldownSeconds: 300 });
    const byDefault = inRegion({}, {}).alarms;
    assert.notEqual(byDefault, false);
    assert.deepEqual(on.alarms, { ...(byDefault as object), withoutCapacityMinutes: 30 });
  });

  it("replace an object by one of another kind, and merge one of the same", () => {
    const base = { scaling: { scaleIn: { kind: "whenIdle", minutes: 20 } } };
    assert.deepEqual(inRegion(base, { scaling: { scaleIn: { kind: "withBacklog" } } }).scaling.scaleIn, {
      kind: "withBacklog",
    });
    assert.deepEqual(inRegion(base, { scaling: { scaleIn: { minutes: 5 } } }).scaling.scaleIn, {
      kind: "whenIdle",
      minutes: 5,
    });
  });

  it("replace lists whole", () => {
    const topic = (name: string): string => `arn:aws:sns:{region}:{account}:${name}`;
    const settings = inRegion({ alarms: { notify: [topic("a"), topic("b")] } }, { alarms: { notify: [topic("c")] } });
    assert.deepEqual(settings.alarms === false ? [] : settings.alarms.notify, [topic("c")]);
  });

  it("take the stack's value away with null, so that the default stands", () => {
    const base = {
      storage: { keyArn: "arn:aws:kms:{region}:{account}:key/payloads" },
      scaling: { max: 7 },
      endpoint: { volumeGb: 50 },
    };
    const settings = inRegion(base, {
      storage: { keyArn: null },
      scaling: { max: null },
      endpoint: { volumeGb: null },
    });
    assert.equal(settings.storage.keyArn, undefined);
    assert.equal(settings.scaling.max, 2);
    assert.deepEqual(settings.endpoint, { instanceType: "ml.m5.large", initialInstances: 1 });
  });

  it("name an image for one region beside a map or a template for the others", () => {
    const map = { "us-east-1": "1.example/a:1", "eu-west-1": "1.example/b:1" };
    const own = { "eu-west-1": "1.example/c:1" };
    assert.deepEqual(inRegion({ model: { image: map } }, { model: { image: own } }).model.image, { ...map, ...own });
    assert.equal(inRegion({}, { model: { image: "1.example/d:1" } }).model.image, "1.example/d:1");
  });

  it("are judged for regions that the stack leaves out, too", () => {
    assert.deepEqual(wrong({ overrides: { "eu-west-2": { scaling: { max: 0 }, endpoint: { volumGb: 1 } } } }), [
      [
        "ASY-103",
        "async-fleet:overrides.eu-west-2.endpoint.volumGb",
        "a setting called volumGb",
        "did you mean volumeGb? The settings here are instanceType, alternatives, unavailable, initialInstances, deployment, volumeGb, concurrencyPerInstance, startupTimeoutSeconds, downloadTimeoutSeconds",
      ],
      ["ASY-102", "async-fleet:overrides.eu-west-2.scaling.max", "0", "a whole number from 1 to 1000"],
    ]);
  });
});

describe("the JSON Schema of an override", () => {
  it("requires nothing and takes null for everything", () => {
    const { properties } = settingsJsonSchema() as { properties: Record<string, { additionalProperties: object }> };
    const override = properties.overrides?.additionalProperties as Record<string, unknown>;
    // A list is replaced whole, so what stands in one is complete.
    const outsideLists = JSON.stringify(override, (key, value: unknown) => (key === "items" ? undefined : value));
    assert.equal(outsideLists.includes('"required"'), false);
    const { model, network } = override.properties as Record<string, { anyOf: Array<Record<string, unknown>> }>;
    for (const each of [model, network]) assert.deepEqual(each?.anyOf.at(-1), { type: "null" });
    assert.deepEqual(Object.keys(model?.anyOf[0]?.properties as object), [
      "image",
      "data",
      "environment",
      "networkIsolation",
    ]);
  });
});

describe("the regions of a stack", () => {
  it("hold one that is excluded by default, when it comes with a reason", () => {
    assert.deepEqual(
      Object.keys(settingsOf({ regions: [{ region: "eu-south-1", reason: "tried on 2026-11-01" }, "eu-west-1"] })),
      ["eu-west-1", "eu-south-1"],
    );
    assert.deepEqual(wrong({ regions: [{ region: "eu-south-1", reason: "" }] }), [
      [
        "ASY-105",
        "async-fleet:regions.0",
        "eu-south-1 (Europe (Milan)), with an empty reason",
        "a reason, because the announcement of 2021 left it out",
      ],
    ]);
  });
});

describe("a region's instance type", () => {
  const typesOf = (raw: Record<string, unknown>): Record<string, string> =>
    Object.fromEntries(Object.entries(settingsOf(raw)).map(([code, { endpoint }]) => [code, endpoint.instanceType]));

  it("is the stack's own where that is to be had, else the first alternative that is", () => {
    const endpoint = {
      instanceType: "ml.g5.xlarge",
      alternatives: ["ml.g4dn.xlarge", "ml.m5.xlarge"],
      unavailable: { "ml.g5.xlarge": ["eu-west-1"], "ml.g4dn.xlarge": ["eu-west-1", "mx-central-1"] },
    };
    assert.deepEqual(typesOf({ endpoint }), { "us-east-1": "ml.g5.xlarge", "eu-west-1": "ml.m5.xlarge" });
  });

  it("is the override's, whatever the stack's own is", () => {
    assert.deepEqual(
      typesOf({
        endpoint: { instanceType: "ml.g5.xlarge", unavailable: { "ml.g5.xlarge": ["eu-west-1"] } },
        overrides: { "eu-west-1": { endpoint: { instanceType: "ml.m5.xlarge" } } },
      }),
      { "us-east-1": "ml.g5.xlarge", "eu-west-1": "ml.m5.xlarge" },
    );
  });

  it("is asked for by its code where none is left, with what the stack takes elsewhere", () => {
    assert.deepEqual(
      wrong({
        regions: [...regions, "eu-west-2"],
        endpoint: { instanceType: "ml.g5.xlarge", unavailable: { "ml.g5.xlarge": ["eu-west-1"] } },
        overrides: { "eu-west-2": { endpoint: { instanceType: "ml.m5.xlarge" } } },
      }),
      [
        [
          "ASY-122",
          "async-fleet:endpoint.instanceType",
          "ml.g5.xlarge: unavailable in eu-west-1",
          "a type that is to be had in eu-west-1; this stack's settings also name ml.m5.xlarge",
        ],
      ],
    );
    assert.deepEqual(
      wrong({
        regions: ["eu-west-1"],
        endpoint: {
          instanceType: "ml.g5.xlarge",
          alternatives: ["ml.g4dn.xlarge"],
          unavailable: { "ml.g5.xlarge": ["eu-west-1"], "ml.g4dn.xlarge": ["eu-west-1"] },
        },
      }),
      [
        [
          "ASY-122",
          "async-fleet:endpoint.alternatives",
          "ml.g5.xlarge, ml.g4dn.xlarge: unavailable in eu-west-1",
          "a type that is to be had in eu-west-1",
        ],
      ],
    );
  });

  it("may not be overridden with one that the settings say is not to be had", () => {
    assert.deepEqual(
      wrong({
        endpoint: { unavailable: { "ml.p4d.24xlarge": ["eu-west-1"] }, alternatives: ["ml.g5.xlarge"] },
        overrides: { "eu-west-1": { endpoint: { instanceType: "ml.p4d.24xlarge" } } },
      }),
      [
        [
          "ASY-123",
          "async-fleet:overrides.eu-west-1.endpoint.instanceType",
          "ml.p4d.24xlarge, which endpoint.unavailable says is not to be had in eu-west-1",
          "a type that is to be had there",
        ],
      ],
    );
  });

  it("is refused in every wrong form at once", () => {
    assert.deepEqual(
      wrong({
        endpoint: {
          instanceType: 5,
          alternatives: ["ml.g5.xlarge", "ml.g5.xlarge"],
          unavailable: { "g5.xlarge": ["eu-west-1"], "ml.g5.xlarge": "eu-west-1" },
        },
      }),
      [
        ["ASY-102", "async-fleet:endpoint.instanceType", "5", "a SageMaker instance type such as ml.m5.large"],
        [
          "ASY-102",
          "async-fleet:endpoint.alternatives",
          '["ml.g5.xlarge","ml.g5.xlarge"]',
          "a list without the same type twice",
        ],
        [
          "ASY-102",
          "async-fleet:endpoint.unavailable.g5.xlarge",
          "g5.xlarge",
          "a SageMaker instance type such as ml.m5.large",
        ],
        ["ASY-102", "async-fleet:endpoint.unavailable.ml.g5.xlarge", '"eu-west-1"', "a list of region codes"],
      ],
    );
    assert.deepEqual(wrong({ endpoint: { unavailable: { "ml.g5.xlarge": ["eu-wset-2"] } } }), [
      [
        "ASY-104",
        "async-fleet:endpoint.unavailable.ml.g5.xlarge.0",
        "eu-wset-2",
        "a commercial region with SageMaker; did you mean eu-west-2?",
      ],
    ]);
  });
});
