import assert from "node:assert/strict";
import fc from "fast-check";
import { nameLengthMax } from "../../contract/limits";
import { type NamedKind, type NameParts, nameFor } from "../../contract/names";
import { regions } from "../../contract/regions";

/** What AWS takes, written down beside the product's own limits: service models of 2026-10-01, S3 and SQS guides. */
const rules: Readonly<Record<NamedKind, RegExp>> = {
  sagemaker: /^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/,
  s3Bucket: /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/,
  iamRole: /^[\w+=,.@-]{1,64}$/,
  iamPolicy: /^[\w+=,.@-]{1,128}$/,
  snsTopic: /^[A-Za-z0-9_-]{1,256}$/,
  sqsQueue: /^[A-Za-z0-9_-]{1,80}$/,
  cloudwatchAlarm: /^[A-Za-z0-9-]{1,255}$/,
  kmsAlias: /^(?!aws\/)[A-Za-z0-9/_-]{1,250}$/,
  scalingPolicy: /^[A-Za-z0-9-]{1,256}$/,
  scheduledAction: /^[^:/| ]([^:/|]{0,254}[^:/| ])?$/,
  dashboard: /^[A-Za-z0-9_-]{1,255}$/,
  lambdaStatement: /^[A-Za-z0-9_-]{1,100}$/,
};
const kinds = Object.keys(rules) as NamedKind[];

/** Projects and stacks as Pulumi takes them, with a letter or digit somewhere. */
const pulumiName = fc
  .string({ unit: fc.constantFrom(..."abcXYZ0189_.-"), minLength: 1, maxLength: 100, size: "max" })
  .filter((name) => /[A-Za-z0-9]/.test(name));
const prefix = fc.record({ project: pulumiName, stack: pulumiName });
const role = fc.constantFrom(
  undefined,
  "serving",
  "success",
  "error",
  "notices",
  "notices-dead-letter",
  "has-failures",
);
const region = fc.constantFrom(...regions.map(({ code }) => code));
const accountId = fc.stringMatching(/^\d{12}$/);
const kind = fc.constantFrom(...kinds);

const named = ({ role: purpose, ...parts }: Omit<NameParts, "role"> & { role?: string | undefined }): NameParts => ({
  ...parts,
  ...(purpose === undefined ? {} : { role: purpose }),
});

describe("a name", () => {
  it("is one that AWS takes, for every kind, every region and any project and stack", () => {
    fc.assert(
      fc.property(prefix, role, accountId, (parts, purpose, account) => {
        for (const each of kinds) {
          for (const { code } of regions) {
            assert.match(
              nameFor(each, named({ ...parts, role: purpose, region: code, accountId: account })),
              rules[each],
            );
          }
          if (each !== "s3Bucket") assert.match(nameFor(each, named({ ...parts, role: purpose })), rules[each]);
        }
      }),
    );
  });

  it("is the parts themselves, in order, where they are short and plain", () => {
    assert.equal(nameFor("sagemaker", { project: "digits", stack: "production" }), "digits-production");
    assert.equal(
      nameFor("s3Bucket", { project: "digits", stack: "production", region: "eu-west-1", accountId: "123456789012" }),
      "digits-production-eu-west-1-123456789012",
    );
    assert.equal(
      nameFor("iamRole", { project: "digits", stack: "production", region: "eu-west-1", role: "serving" }),
      "digits-production-serving-eu-west-1",
    );
    assert.equal(nameFor("snsTopic", { project: "Digits.v2", stack: "_test_", role: "error" }), "Digits-v2-test-error");
    assert.equal(nameFor("s3Bucket", { project: "Digits", stack: "Test" }), "digits-test");
  });

  it("leaves out parts that are not there or empty", () => {
    assert.equal(nameFor("sqsQueue", { project: "digits", stack: "test", role: "", region: "" }), "digits-test");
  });

  it("is cut only where it is too long, and then ends in a digest of the whole", () => {
    fc.assert(
      fc.property(kind, prefix, role, region, accountId, (each, parts, purpose, code, account) => {
        const name = nameFor(each, named({ ...parts, role: purpose, region: code, accountId: account }));
        const longest = nameFor("kmsAlias", named({ ...parts, role: purpose, region: code, accountId: account }));
        const whole = each === "s3Bucket" ? longest.toLowerCase() : longest;
        assert.ok(name.length <= nameLengthMax[each]);
        if (whole.length <= nameLengthMax[each] && longest.length < nameLengthMax.kmsAlias) assert.equal(name, whole);
        else assert.match(name, /-[0-9a-f]{8}$/);
        assert.equal(name.includes("--"), false);
        const kept = name.replace(/-[0-9a-f]{8}$/, "");
        if (name !== whole) assert.equal(whole.startsWith(kept), true);
      }),
    );
  });

  it("at the limit stays whole, and one character over is cut to the limit or less", () => {
    for (const each of kinds) {
      const limit = nameLengthMax[each];
      const exact = { project: "a".repeat(limit - 2), stack: "b" };
      assert.equal(nameFor(each, exact), `${exact.project}-b`);
      const over = nameFor(each, { ...exact, stack: "bc" });
      assert.equal(over.length, limit);
      assert.match(over, /^a+-[0-9a-f]{8}$/);
    }
  });

  it("is the same for the same parts", () => {
    fc.assert(
      fc.property(kind, prefix, role, region, (each, parts, purpose, code) => {
        const all = named({ ...parts, role: purpose, region: code });
        assert.equal(nameFor(each, all), nameFor(each, { ...all }));
      }),
    );
  });

  it("differs between all regions, however long the project and the stack are", () => {
    fc.assert(
      fc.property(kind, prefix, role, accountId, (each, parts, purpose, account) => {
        const names = regions.map(({ code }) =>
          nameFor(each, named({ ...parts, role: purpose, region: code, accountId: account })).toLowerCase(),
        );
        assert.equal(new Set(names).size, regions.length);
      }),
    );
  });

  it("differs between roles and between accounts", () => {
    fc.assert(
      fc.property(kind, prefix, region, accountId, accountId, (each, parts, code, left, right) => {
        const roles = ["serving", "success", "error", "notices", "notices-dead-letter"];
        assert.equal(new Set(roles.map((purpose) => nameFor(each, { ...parts, role: purpose }))).size, roles.length);
        fc.pre(left !== right);
        assert.notEqual(
          nameFor(each, { ...parts, region: code, accountId: left }),
          nameFor(each, { ...parts, region: code, accountId: right }),
        );
      }),
    );
  });

  it("of two long stacks that begin alike stays two", () => {
    const long = "a".repeat(90);
    for (const each of ["sagemaker", "s3Bucket", "iamRole", "sqsQueue"] as const) {
      assert.notEqual(
        nameFor(each, { project: "p", stack: `${long}1` }),
        nameFor(each, { project: "p", stack: `${long}2` }),
      );
    }
  });
});
