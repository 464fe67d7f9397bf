import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import type { Incoming } from "../../../rehearsal/wire/incoming";
import { signatureOf } from "../../../rehearsal/wire/signature";

const emptyDigest = createHash("sha256").digest("hex");

function asked(path: string, query: string, region: string, headers: Record<string, string>): Incoming {
  return { method: "GET", path, query: new URLSearchParams(query), region, message: { headers } } as never;
}

/** The worked examples of AWS's own pages: S3 API reference, sig-v4-header-based-auth; IAM user guide, signing requests. */
describe("a signature of version 4", () => {
  const s3 = (path: string, query: string, more: Record<string, string> = {}) => {
    const headers = {
      host: "examplebucket.s3.amazonaws.com",
      ...more,
      "x-amz-content-sha256": emptyDigest,
      "x-amz-date": "20130524T000000Z",
    };
    const signed = { date: "20130524T000000Z", service: "s3", headers: Object.keys(headers), payload: emptyDigest };
    return signatureOf(asked(path, query, "us-east-1", headers), signed, "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
  };

  it("is S3's own of a range of an object", () => {
    assert.equal(
      s3("/test.txt", "", { range: "bytes=0-9" }),
      "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
    );
  });

  it("is S3's own of a bucket's lifecycle, whose query has no value, and of a listing", () => {
    assert.equal(s3("/", "lifecycle"), "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543");
    assert.equal(s3("/", "max-keys=2&prefix=J"), "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7");
  });

  it("is IAM's own of a query", () => {
    const headers = {
      "content-type": "application/x-www-form-urlencoded; charset=utf-8",
      host: "iam.amazonaws.com",
      "x-amz-date": "20150830T123600Z",
    };
    const signed = { date: "20150830T123600Z", service: "iam", headers: Object.keys(headers), payload: emptyDigest };
    assert.equal(
      signatureOf(
        asked("/", "Action=ListUsers&Version=2010-05-08", "us-east-1", headers),
        signed,
        "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
      ),
      "5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7",
    );
  });
});
