import assert from "node:assert/strict";
import { UsageError } from "../../contract/errors";
import { parseSettings, type RegionSettings } from "../../contract/settings";

const image = "123456789012.dkr.ecr.{region}.amazonaws.com/team/model:1";
const context = { stack: "test" };
const base = { regions: ["eu-west-1"], model: { image } };
const imageForms =
  "an image URI (it may hold {region} and {account}), { prebuilt: { repository, tag } }, { replicate: { repository, tag, from } }, or a URI for each region";
const dataForms = "an S3 URI ending in .tar.gz, an S3 prefix ending in /, a local path, or an S3 URI for each region";

function settingsOf(raw: Record<string, unknown>): RegionSettings {
  return parseSettings({ ...base, ...raw }, context).region["eu-west-1"] ?? assert.fail("no settings");
}

function wrong(raw: Record<string, unknown>): string[][] {
  try {
    parseSettings({ ...base, ...raw }, context);
  } catch (cause) {
    assert.ok(cause instanceof UsageError, String(cause));
    return cause.problems.map(({ code, at, got, expected }) => [code, at.replace(" in stack test", ""), got, expected]);
  }
  return assert.fail("the settings were accepted");
}

describe("settings of a model", () => {
  it("take an image in four forms and data in four", () => {
    const forms = [
      image,
      { "eu-west-1": image },
      { prebuilt: { repository: "pytorch-inference", tag: "2.3-cpu" } },
      { replicate: { repository: "team/model", tag: "1", from: "us-east-1" } },
    ];
    for (const form of forms) assert.deepEqual(settingsOf({ model: { image: form } }).model.image, form);
    const datas = ["s3://models-{region}/m.tar.gz", "s3://models/m/", "./model", { "eu-west-1": "s3://models/m/" }];
    for (const data of datas) assert.deepEqual(settingsOf({ model: { image, data } }).model.data, data);
  });

  const networked = { securityGroupIds: ["sg-0a"] };
  const rows: Array<[string, Record<string, unknown>, string[][]]> = [
    ["a number for an image", { model: { image: 3 } }, [["ASY-102", "async-fleet:model.image", "3", imageForms]]],
    [
      "a prebuilt image without a tag",
      { model: { image: { prebuilt: { repository: "x" } } } },
      [["ASY-102", "async-fleet:model.image", '{"prebuilt":{"repository":"x"}}', imageForms]],
    ],
    [
      "a repository ECR would refuse",
      { model: { image: { replicate: { repository: "Team", tag: "1", from: "eu-west-1" } } } },
      [["ASY-102", "async-fleet:model.image.replicate.repository", '"Team"', "an ECR repository such as team/model"]],
    ],
    [
      "images by something else than regions",
      { model: { image: { europe: image } } },
      [["ASY-102", "async-fleet:model.image.europe", "europe", "a region code"]],
    ],
    [
      "an image map and a data map that leave a region out",
      {
        regions: ["eu-west-1", "us-east-1"],
        model: { image: { "eu-west-1": image }, data: { "us-east-1": "s3://models/m/" } },
      },
      [
        ["ASY-117", "async-fleet:model.image", "one for eu-west-1", "one for us-east-1, too"],
        ["ASY-117", "async-fleet:model.data", "one for us-east-1", "one for eu-west-1, too"],
      ],
    ],
    [
      "a copy to more regions than ECR copies to",
      {
        regions: "supported",
        model: { image: { replicate: { repository: "team/model", tag: "1", from: "eu-west-1" } } },
      },
      [
        [
          "ASY-116",
          "async-fleet:model.image.replicate",
          "30 regions to copy to from eu-west-1",
          "at most 25, which is all that ECR copies to from one registry",
        ],
      ],
    ],
    [
      "an S3 object that is no archive",
      { model: { image, data: "s3://models/model.bin" } },
      [["ASY-102", "async-fleet:model.data", '"s3://models/model.bin"', dataForms]],
    ],
    [
      "data from the web",
      { model: { image, data: "https://example.com/m.tar.gz" } },
      [["ASY-102", "async-fleet:model.data", '"https://example.com/m.tar.gz"', dataForms]],
    ],
    [
      "a local path for one region",
      { model: { image, data: { "eu-west-1": "./model" } } },
      [
        [
          "ASY-102",
          "async-fleet:model.data.eu-west-1",
          '"./model"',
          "an S3 URI ending in .tar.gz, or an S3 prefix ending in /; it may hold {region} and {account}",
        ],
      ],
    ],
    [
      "a network that is a list",
      { network: [] },
      [["ASY-102", "async-fleet:network", "[]", "an object with subnetIds and securityGroupIds"]],
    ],
    [
      "seventeen subnets and six groups",
      {
        network: {
          subnetIds: Array.from({ length: 17 }, (_, index) => `subnet-${index}`),
          securityGroupIds: Array.from({ length: 6 }, (_, index) => `sg-${index}`),
        },
      },
      [
        [
          "ASY-102",
          "async-fleet:network.subnetIds",
          `${JSON.stringify(Array.from({ length: 17 }, (_, index) => `subnet-${index}`)).slice(0, 117)}...`,
          "1 to 16 subnet ids",
        ],
        [
          "ASY-102",
          "async-fleet:network.securityGroupIds",
          '["sg-0","sg-1","sg-2","sg-3","sg-4","sg-5"]',
          "1 to 5 security group ids",
        ],
      ],
    ],
    [
      "no subnet, one twice, and a group that is none",
      { network: { subnetIds: ["subnet-0a", "subnet-0a"], securityGroupIds: ["vpc-1"] } },
      [
        [
          "ASY-102",
          "async-fleet:network.subnetIds",
          '["subnet-0a","subnet-0a"]',
          "a list without the same subnet twice",
        ],
        ["ASY-102", "async-fleet:network.securityGroupIds.0", '"vpc-1"', "a security group id"],
      ],
    ],
    [
      "endpoints to check that are no list of services",
      { network: { subnetIds: ["subnet-0a"], ...networked, checkEndpoints: true } },
      [["ASY-102", "async-fleet:network.checkEndpoints", "true", "a list of AWS services"]],
    ],
    [
      "a whole service name to check",
      { network: { subnetIds: ["subnet-0a"], ...networked, checkEndpoints: ["com amazonaws"] } },
      [
        [
          "ASY-102",
          "async-fleet:network.checkEndpoints.0",
          '"com amazonaws"',
          "an AWS service as in com.amazonaws.<region>.<service>, e.g. s3",
        ],
      ],
    ],
    [
      "one region's network for two",
      { regions: ["us-east-1", "eu-west-1"], network: { subnetIds: ["subnet-0a"], ...networked } },
      [
        [
          "ASY-115",
          "async-fleet:network.subnetIds",
          "subnet-0a in us-east-1 and in eu-west-1",
          "ids of the region's own VPC",
        ],
        [
          "ASY-115",
          "async-fleet:network.securityGroupIds",
          "sg-0a in us-east-1 and in eu-west-1",
          "ids of the region's own VPC",
        ],
      ],
    ],
  ];
  for (const [name, raw, expected] of rows) it(`refuse ${name}`, () => assert.deepEqual(wrong(raw), expected));
});

describe("settings of an endpoint's updates", () => {
  const two = { scaling: { max: 4 } };
  const endpoint = (deployment: unknown, initialInstances: unknown = 2) => ({
    ...two,
    endpoint: { initialInstances, deployment },
  });

  it("need no more than a kind and the part of the fleet that moves first", () => {
    assert.deepEqual(
      settingsOf(endpoint({ kind: "canary", canary: { instances: 1 }, rollbackAlarms: ["failures"] })).endpoint
        .deployment,
      {
        kind: "canary",
        canary: { instances: 1 },
        waitSeconds: 300,
        terminationWaitSeconds: 0,
        rollbackAlarms: ["failures"],
      },
    );
    assert.deepEqual(settingsOf(endpoint({ kind: "allAtOnce" }, 1)).endpoint.deployment, {
      kind: "allAtOnce",
      terminationWaitSeconds: 0,
      rollbackAlarms: [],
    });
  });

  const at = "async-fleet:endpoint.deployment";
  const rows: Array<[string, Record<string, unknown>, string[][]]> = [
    [
      "an unknown kind",
      endpoint({ kind: "blueGreen" }),
      [["ASY-102", `${at}.kind`, '"blueGreen"', "an object with kind: allAtOnce, canary, linear or rolling"]],
    ],
    [
      "a word for all of it",
      endpoint("canary"),
      [["ASY-102", at, '"canary"', "an object with kind: allAtOnce, canary, linear or rolling"]],
    ],
    [
      "a canary without a size",
      endpoint({ kind: "canary" }),
      [["ASY-101", `${at}.canary`, "nothing", "{ instances: 1 or more } or { percent: 1 to 50 }"]],
    ],
    [
      "a canary of 51 percent",
      endpoint({ kind: "canary", canary: { percent: 51 } }),
      [["ASY-102", `${at}.canary.percent`, "51", "a whole number from 1 to 50"]],
    ],
    [
      "a step of 9 percent",
      endpoint({ kind: "linear", step: { percent: 9 } }),
      [["ASY-102", `${at}.step.percent`, "9", "a whole number from 10 to 50"]],
    ],
    [
      "a batch of 4 percent",
      endpoint({ kind: "rolling", batch: { percent: 4 } }),
      [["ASY-102", `${at}.batch.percent`, "4", "a whole number from 5 to 50"]],
    ],
    [
      "waits beyond the hour and a time that is too short",
      endpoint({
        kind: "canary",
        canary: { percent: 50 },
        waitSeconds: 3601,
        terminationWaitSeconds: -1,
        maximumExecutionSeconds: 599,
      }),
      [
        ["ASY-102", `${at}.waitSeconds`, "3601", "a whole number from 0 to 3600"],
        ["ASY-102", `${at}.terminationWaitSeconds`, "-1", "a whole number from 0 to 3600"],
        ["ASY-102", `${at}.maximumExecutionSeconds`, "599", "a whole number from 600 to 14400"],
      ],
    ],
    [
      "a termination wait where nothing is kept to be terminated",
      endpoint({ kind: "rolling", batch: { percent: 50 }, terminationWaitSeconds: 1 }),
      [
        [
          "ASY-103",
          `${at}.terminationWaitSeconds`,
          "a setting called terminationWaitSeconds",
          "The settings here are kind, batch, rollbackBatch, waitSeconds, maximumExecutionSeconds, rollbackAlarms",
        ],
      ],
    ],
    [
      "alarms that are no list of names",
      endpoint({ kind: "allAtOnce", rollbackAlarms: ["Failures", "failures"] }),
      [
        [
          "ASY-102",
          `${at}.rollbackAlarms.0`,
          '"Failures"',
          "an alarm's name, as in alarms: failures, model-latency, …",
        ],
      ],
    ],
    [
      "eleven rollback alarms",
      endpoint({ kind: "allAtOnce", rollbackAlarms: Array.from({ length: 11 }, (_, index) => `a-${index}`) }),
      [
        [
          "ASY-102",
          `${at}.rollbackAlarms`,
          JSON.stringify(Array.from({ length: 11 }, (_, index) => `a-${index}`)),
          "at most 10 alarm names",
        ],
      ],
    ],
    [
      "no instance to start with",
      endpoint(undefined, 0),
      [["ASY-102", "async-fleet:endpoint.initialInstances", "0", "a whole number from 1 to 1000"]],
    ],
    [
      "more instances to start with than there may be",
      endpoint(undefined, 5),
      [["ASY-114", "async-fleet:endpoint.initialInstances", "5 with scaling.max 4", "at most scaling.max"]],
    ],
    [
      "a canary of a fleet of one",
      endpoint({ kind: "canary", canary: { percent: 10 } }, 1),
      [
        [
          "ASY-114",
          `${at}.canary`,
          "10 % of 1 instance",
          "at most 50 % of endpoint.initialInstances, which must be 2 or more",
        ],
      ],
    ],
    [
      "a batch of more than half",
      endpoint({ kind: "rolling", batch: { instances: 2 } }, 3),
      [
        [
          "ASY-114",
          `${at}.batch`,
          "2 of 3 instances",
          "at most 50 % of endpoint.initialInstances, which must be 2 or more",
        ],
      ],
    ],
    [
      "rollback alarms where alarms are off",
      { ...endpoint({ kind: "allAtOnce", rollbackAlarms: ["failures"] }), alarms: false },
      [["ASY-114", `${at}.rollbackAlarms`, "failures with alarms: false", "alarms that exist"]],
    ],
    [
      "less time than the waits take",
      endpoint({
        kind: "linear",
        step: { instances: 1 },
        waitSeconds: 600,
        terminationWaitSeconds: 300,
        maximumExecutionSeconds: 900,
      }),
      [
        [
          "ASY-114",
          `${at}.maximumExecutionSeconds`,
          "900 with 900 seconds of waiting alone",
          "more than 900, with time for the instances to start: every update would go back",
        ],
      ],
    ],
  ];
  for (const [name, raw, expected] of rows) it(`refuse ${name}`, () => assert.deepEqual(wrong(raw), expected));
});
