import assert from "node:assert/strict";
import { origins, settingOf } from "../../check/setting-of";
import { limitTags } from "../../contract/manifest";
import { settingsJsonSchema } from "../../contract/settings";
import { rules } from "../../policies/rules";

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly anyOf?: readonly Schema[];
}

function has(schema: Schema, [first, ...rest]: readonly string[]): boolean {
  if (first === undefined) return true;
  const all = [schema, ...(schema.anyOf ?? [])];
  return all.some((each) => each.properties?.[first] !== undefined && has(each.properties[first], rest));
}

describe("the setting that a finding comes from", () => {
  it("is always one that there is", () => {
    const unknown = origins.flatMap(({ setting }) =>
      setting === undefined || has(settingsJsonSchema() as Schema, setting.split(".")) ? [] : [setting],
    );
    assert.deepEqual(unknown, []);
  });

  it("is told of by a rule or a property that somebody could report", () => {
    const names = rules.map(({ name }) => name);
    const idle = origins.flatMap(({ rules: pattern }) =>
      pattern === undefined || names.some((name) => pattern.test(name)) ? [] : [String(pattern)],
    );
    assert.deepEqual(idle, []);
  });

  const endpointConfiguration = "aws:sagemaker/endpointConfiguration:EndpointConfiguration";
  const rows: ReadonlyArray<readonly [string, Parameters<typeof settingOf>[0], string | undefined]> = [
    [
      "a declared limit by its tag",
      { policy: "any", type: endpointConfiguration, property: `tags["${limitTags.timeToLiveSeconds}"]` },
      "requests.timeToLiveSeconds",
    ],
    [
      "a container's environment by its rule",
      { policy: "container-accepts-the-declared-payload", type: "aws:sagemaker/model:Model" },
      "model.environment",
    ],
    [
      "an instance type by its property",
      { policy: "any", type: endpointConfiguration, property: "productionVariants[0].instanceType" },
      "endpoint.instanceType",
    ],
    [
      "most instances by their property",
      { policy: "any", type: "aws:appautoscaling/target:Target", property: "maxCapacity" },
      "scaling.max",
    ],
    [
      "nothing where no setting decides",
      { policy: "every-resource-names-its-region", type: "aws:sns/topic:Topic" },
      undefined,
    ],
  ];
  for (const [name, finding, expected] of rows)
    it(`is found for ${name}`, () => assert.equal(settingOf(finding), expected));
});
