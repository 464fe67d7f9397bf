import assert from "node:assert/strict";
import { getPolicyDocument } from "../../../rehearsal/provider/functions/get-policy-document";
import type { StepContext } from "../../../rehearsal/provider/resource-type";

const nowhere = {} as StepContext;

async function documentOf(args: Readonly<Record<string, unknown>>): Promise<unknown> {
  const { minifiedJson } = await getPolicyDocument.answer(nowhere, args);
  return JSON.parse(String(minifiedJson));
}

describe("getPolicyDocument", () => {
  it("writes one value alone and several in falling order, principals and conditions as IAM wants them", async () => {
    assert.deepEqual(
      await documentOf({
        version: "2012-10-17",
        statements: [
          {
            sid: "Read",
            effect: "Allow",
            actions: ["s3:GetObject", "s3:ListBucket"],
            resources: ["arn:aws:s3:::b/&{aws:username}"],
            principals: [
              { type: "AWS", identifiers: ["1", "2"] },
              { type: "Service", identifiers: ["sagemaker.amazonaws.com"] },
            ],
            conditions: [{ test: "StringEquals", variable: "aws:SourceAccount", values: ["1"] }],
          },
          { effect: "Deny", principals: [{ type: "*", identifiers: ["*"] }] },
        ],
      }),
      {
        Version: "2012-10-17",
        Statement: [
          {
            Sid: "Read",
            Effect: "Allow",
            Action: ["s3:ListBucket", "s3:GetObject"],
            Resource: `arn:aws:s3:::b/${"$"}{aws:username}`,
            Principal: { AWS: ["2", "1"], Service: "sagemaker.amazonaws.com" },
            Condition: { StringEquals: { "aws:SourceAccount": "1" } },
          },
          { Effect: "Deny", Principal: "*" },
        ],
      },
    );
  });

  it("merges source documents before and overriding documents after its own statements, by Sid", async () => {
    const statement = (sid: string, action: string) =>
      JSON.stringify({ Version: "2012-10-17", Statement: { Sid: sid, Effect: "Allow", Action: action } });
    assert.deepEqual(
      await documentOf({
        version: "2012-10-17",
        sourcePolicyDocuments: [statement("A", "s3:Get*"), statement("B", "s3:Put*")],
        statements: [{ sid: "A", effect: "Deny", actions: ["s3:*"] }],
        overridePolicyDocuments: [statement("B", "s3:List*")],
      }),
      {
        Version: "2012-10-17",
        Statement: [
          { Sid: "A", Effect: "Deny", Action: "s3:*" },
          { Sid: "B", Effect: "Allow", Action: "s3:List*" },
        ],
      },
    );
  });
});
