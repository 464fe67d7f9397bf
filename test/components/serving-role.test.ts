import assert from "node:assert/strict";
import type { RecordedResource, Recording } from "../../check/record-program";
import { recorded } from "../support/recorded";

const inputsOf = ({ resources }: Recording, type: string): RecordedResource["inputs"] =>
  resources.find((each) => each.type === type)?.inputs ?? {};
const boundary = "arn:aws:iam::{account}:policy/bounds/of-teams";

describe("identity settings", () => {
  it("put role and policy on a path, bind the role, and are in the key's policy", async function () {
    this.timeout(60_000);
    const recording = await recorded("dev", {
      identity: { path: "/teams/vision/", permissionsBoundaryArn: boundary },
    });
    const role = inputsOf(recording, "aws:iam/role:Role");
    assert.deepEqual(
      [role.name, role.path, role.permissionsBoundary],
      ["async-fleet-dev-serving-eu-west-1", "/teams/vision/", "arn:aws:iam::123456789012:policy/bounds/of-teams"],
    );
    const policy = inputsOf(recording, "aws:iam/policy:Policy");
    assert.deepEqual([policy.name, policy.path], ["async-fleet-dev-callers-eu-west-1", "/teams/vision/"]);
    assert.ok(
      String(inputsOf(recording, "aws:kms/key:Key").policy).includes(
        "arn:aws:iam::123456789012:role/teams/vision/async-fleet-dev-serving-eu-west-1",
      ),
    );
  });

  it("leave role and policy without path and boundary by default", async function () {
    this.timeout(60_000);
    const recording = await recorded("dev");
    const role = inputsOf(recording, "aws:iam/role:Role");
    assert.deepEqual([role.path, role.permissionsBoundary], ["/", undefined]);
  });

  it("tell callers their policy's ARN in the manifest", async function () {
    this.timeout(60_000);
    const { outputs } = await recorded("dev", { identity: { path: "/teams/" } });
    const { regions } = outputs.manifest as { regions: Record<string, { callerPolicyArn?: string }> };
    assert.equal(
      regions["eu-west-1"]?.callerPolicyArn,
      "arn:aws:iam::123456789012:policy/teams/async-fleet-dev-callers-eu-west-1",
    );
  });

  it("let the role list a given model's prefix and nothing else of its bucket", async function () {
    this.timeout(60_000);
    const recording = await recorded("dev", {
      model: {
        image: "123456789012.dkr.ecr.{region}.amazonaws.com/team/model:1",
        data: "s3://models-{region}/digits/3/",
      },
    });
    const { Statement } = JSON.parse(String(inputsOf(recording, "aws:iam/rolePolicy:RolePolicy").policy)) as {
      Statement: Array<{ Sid: string; Resource: unknown; Condition?: unknown }>;
    };
    const named = (sid: string) => Statement.find(({ Sid }) => Sid === sid);
    assert.deepEqual(named("FindGivenModel"), {
      Sid: "FindGivenModel",
      Effect: "Allow",
      Action: "s3:ListBucket",
      Resource: "arn:aws:s3:::models-eu-west-1",
      Condition: { StringLike: { "s3:prefix": "digits/3/*" } },
    });
    assert.deepEqual(named("ReadInputsAndModel")?.Resource, [
      "arn:aws:s3:::async-fleet-dev-eu-west-1-123456789012/inputs/*",
      "arn:aws:s3:::async-fleet-dev-eu-west-1-123456789012/model/*",
      "arn:aws:s3:::models-eu-west-1/digits/3/*",
    ]);
  });
});
