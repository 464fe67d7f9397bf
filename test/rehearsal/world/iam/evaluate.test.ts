import assert from "node:assert/strict";
import type { Principal } from "../../../../rehearsal/world/call";
import { type AccessRequest, decide, type Policies } from "../../../../rehearsal/world/iam/evaluate";
import { parsePolicy } from "../../../../rehearsal/world/iam/policy-document";

const accountId = "123456789012";
const root = `arn:aws:iam::${accountId}:root`;
const role: Principal = { kind: "role", roleArn: `arn:aws:iam::${accountId}:role/serving` };
const user: Principal = { kind: "user", userArn: `arn:aws:iam::${accountId}:user/caller` };
const sns: Principal = { kind: "service", service: "sns.amazonaws.com" };
const administrator: Principal = { kind: "administrator" };
const get: AccessRequest = { action: "s3:GetObject", resource: "arn:aws:s3:::payloads/results/one" };

const says = (...Statement: object[]) => parsePolicy(JSON.stringify({ Version: "2012-10-17", Statement }));
const allow = (more: object = {}) => ({ Effect: "Allow", Action: "*", Resource: "*", ...more });
const deny = (more: object = {}) => ({ ...allow(more), Effect: "Deny" });
const decided = (principal: Principal, policies: Omit<Policies, "accountId">, request = get) => {
  const { allowed, reason } = decide(principal, request, { accountId, ...policies });
  return allowed ? true : reason;
};
/** Whether one statement allows a request. */
const fits = (statement: object, request = get): boolean =>
  decide(role, request, { accountId, identity: says({ ...allow(), ...statement }) }).allowed;

const unspoken = "because no identity-based policy allows the s3:GetObject action";

/** After AWS's IAM user guide, "Policy evaluation logic"; policies of other accounts and of organizations are not played. */
describe("the decision about a call", () => {
  const rows: Array<[string, true | string, Principal, Omit<Policies, "accountId">]> = [
    ["nothing is said", unspoken, user, { identity: [] }],
    ["an identity policy allows", true, user, { identity: says(allow()) }],
    [
      "an identity policy allows and denies",
      "with an explicit deny in an identity-based policy",
      user,
      { identity: says(allow(), deny()) },
    ],
    [
      "the resource's policy denies what the identity's allows",
      "with an explicit deny in a resource-based policy",
      user,
      { identity: says(allow()), resource: says(deny({ Principal: "*" })) },
    ],
    [
      "the resource's policy denies the administrator",
      "with an explicit deny in a resource-based policy",
      administrator,
      { resource: says(deny({ Principal: { AWS: "*" } })) },
    ],
    [
      "the resource's policy allows this user by name",
      true,
      user,
      { identity: [], resource: says(allow({ Principal: { AWS: user.userArn } })) },
    ],
    [
      "the resource's policy allows another principal",
      unspoken,
      user,
      { identity: [], resource: says(allow({ Principal: { AWS: role.roleArn } })) },
    ],
    [
      "the resource's policy allows the account, which leaves it to the identity's",
      unspoken,
      user,
      { identity: [], resource: says(allow({ Principal: { AWS: root } })) },
    ],
    [
      "a key's policy leaves it to nobody",
      "because no resource-based policy allows the s3:GetObject action",
      user,
      { identity: says(allow()), resource: [], resourceMustDelegate: true },
    ],
    [
      "a key's policy leaves it to the account",
      true,
      user,
      { identity: says(allow()), resource: says(allow({ Principal: { AWS: accountId } })), resourceMustDelegate: true },
    ],
    [
      "a boundary does not speak of what the identity's allows",
      "because no permissions boundary allows the s3:GetObject action",
      role,
      { identity: says(allow()), boundary: says(allow({ Action: "s3:PutObject" })) },
    ],
    [
      "a boundary denies",
      "with an explicit deny in a permissions boundary",
      role,
      { identity: says(allow()), boundary: says(allow(), deny()) },
    ],
    ["a boundary and the identity's allow", true, role, { identity: says(allow()), boundary: says(allow()) }],
    ["a boundary alone grants nothing", unspoken, role, { identity: [], boundary: says(allow()) }],
    [
      "a boundary bounds what the resource's policy gives a role",
      "because no permissions boundary allows the s3:GetObject action",
      role,
      { identity: [], boundary: [], resource: says(allow({ Principal: { AWS: role.roleArn } })) },
    ],
    [
      "a service is allowed by name",
      true,
      sns,
      { resource: says(allow({ Principal: { Service: ["sqs.amazonaws.com", "sns.amazonaws.com"] } })) },
    ],
    [
      "a service is not the account",
      "because no resource-based policy allows the s3:GetObject action",
      sns,
      { resource: says(allow({ Principal: { AWS: root } })) },
    ],
  ];
  for (const [name, expected, principal, policies] of rows) {
    it(`is ${expected === true ? "yes" : "no"} when ${name}`, () => {
      assert.equal(decided(principal, policies), expected);
    });
  }
});

describe("a statement", () => {
  const matches: Array<[string, object, boolean]> = [
    ["its action, whatever the case", { Action: "S3:getobject" }, true],
    ["an action by wildcards", { Action: ["sqs:*", "s3:Get*"] }, true],
    ["another action", { Action: "s3:GetObjectVersion" }, false],
    ["whatever is not NotAction", { Action: undefined, NotAction: "iam:*" }, true],
    ["not what NotAction names", { Action: undefined, NotAction: "s3:*" }, false],
    ["a resource by wildcards", { Resource: "arn:aws:s3:::payloads/results/?ne" }, true],
    ["a resource in its own case only", { Resource: "arn:aws:s3:::payloads/Results/*" }, false],
    ["whatever is not NotResource", { Resource: undefined, NotResource: "arn:aws:s3:::other/*" }, true],
    ["not what NotResource names", { Resource: undefined, NotResource: "arn:aws:s3:::payloads/*" }, false],
  ];
  for (const [name, statement, expected] of matches) {
    it(`covers ${name}: ${expected}`, () => assert.equal(fits(statement), expected));
  }

  const context = { size: "7", name: "alpha", flag: "true", arn: "arn:aws:sns:eu-west-1:123456789012:one" };
  const conditions: Array<[string, string, string | string[], boolean]> = [
    ["StringEquals", "name", ["beta", "alpha"], true],
    ["StringEquals", "name", "Alpha", false],
    ["StringEqualsIgnoreCase", "name", "ALPHA", true],
    ["StringNotEquals", "name", ["beta", "alpha"], false],
    ["StringNotEquals", "absent", "beta", true],
    ["StringNotEquals", "name", "beta", true],
    ["StringLike", "name", "al*", true],
    ["StringNotLike", "name", "al*", false],
    ["StringEquals", "absent", "alpha", false],
    ["StringEqualsIfExists", "absent", "alpha", true],
    ["StringEqualsIfExists", "name", "beta", false],
    ["Bool", "flag", "true", true],
    ["Bool", "absent", "true", false],
    ["Null", "absent", "true", true],
    ["Null", "name", "true", false],
    ["Null", "name", "false", true],
    ["NumericLessThan", "size", "7.5", true],
    ["NumericLessThan", "size", "7", false],
    ["NumericGreaterThanEquals", "size", "7", true],
    ["NumericNotEquals", "size", "7", false],
    ["ArnEquals", "arn", "arn:aws:sns:eu-west-1:123456789012:*", true],
    ["ArnLike", "arn", "arn:aws:sns:us-east-1:*", false],
    ["ArnNotEquals", "arn", "arn:aws:sns:us-east-1:*", true],
    ["ForAnyValue:StringEquals", "name", "alpha", true],
    ["ForAllValues:StringEquals", "absent", "alpha", true],
    ["StringEqualz", "name", "alpha", false],
  ];
  for (const [operator, key, wanted, expected] of conditions) {
    it(`under ${operator} of ${key} with ${[wanted].flat().join(", ")} holds: ${expected}`, () => {
      const statement = { Condition: { [operator]: { [key]: wanted } } };
      assert.equal(fits(statement, { ...get, context }), expected);
    });
  }

  it("holds only where every condition does, and reads keys in any case", () => {
    const statement = (name: string) => ({ Condition: { StringEquals: { NAME: name }, Bool: { flag: "true" } } });
    assert.deepEqual(
      [fits(statement("alpha"), { ...get, context }), fits(statement("beta"), { ...get, context })],
      [true, false],
    );
  });
});
