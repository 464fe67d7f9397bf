import assert from "node:assert/strict";
import type { IncomingMessage } from "node:http";
import { bucketOfHost, refuseForeign } from "../../../rehearsal/wire/hosts";

function ask(host: string, headers: IncomingMessage["headers"] = {}): void {
  refuseForeign(host, { headers: { host: `${host}:4599`, ...headers } } as IncomingMessage);
}

describe("who is answered", () => {
  it("is who names this machine, the rehearsal, or a service of AWS", () => {
    for (const host of [
      "127.0.0.1",
      "localhost",
      "[::1]",
      "mine.s3.localhost",
      "sqs.rehearsal.test",
      "s3.eu-west-1.amazonaws.com",
      "s3.amazonaws.com",
      "my.bucket.s3.eu-west-1.amazonaws.com",
      "api.sagemaker.eu-west-1.amazonaws.com",
      "runtime.sagemaker.ap-southeast-2.amazonaws.com",
    ])
      ask(host);
  });

  it("is nobody who names another host", () => {
    for (const host of [
      "",
      "example.com",
      "localhost.example.com",
      "127.0.0.1.nip.io",
      "evil127.0.0.1",
      "ec2-203-0-113-7.eu-west-1.compute.amazonaws.com",
      "mine.sqs.eu-west-1.amazonaws.com",
      "s3.eu-west-1.amazonaws.com.example.com",
      "s3-website.eu-west-1.amazonaws.com",
    ])
      assert.throws(() => ask(host), { code: "UnknownHost" }, host);
  });

  it("is no page of another origin, but a page of the rehearsal's own", () => {
    ask("127.0.0.1", { origin: "http://127.0.0.1:4599", "sec-fetch-site": "same-origin" });
    ask("127.0.0.1", { "sec-fetch-site": "none" });
    const foreign: Array<IncomingMessage["headers"]> = [
      { origin: "https://example.com" },
      { origin: "null" },
      { origin: "http://127.0.0.1:4600" },
      { "sec-fetch-site": "cross-site" },
      { "sec-fetch-site": "same-site" },
    ];
    for (const headers of foreign)
      assert.throws(() => ask("127.0.0.1", headers), { code: "AccessDenied", statusCode: 403 });
  });

  it("names a bucket before the service's host, or none", () => {
    const buckets = {
      localhost: undefined,
      "127.0.0.1": undefined,
      "mine.localhost": "mine",
      "mine.s3.localhost": "mine",
      "s3.localhost": undefined,
      "my.own.s3.eu-west-1.localhost": "my.own",
      "mine.aws.rehearsal.test": "mine",
      "aws.rehearsal.test": undefined,
      "s3.amazonaws.com": undefined,
      "mine.s3.amazonaws.com": "mine",
      "my.own.s3.eu-west-1.amazonaws.com": "my.own",
      "mine.s3.dualstack.eu-west-1.amazonaws.com": "mine",
      "mine.s3-eu-west-1.amazonaws.com": "mine",
    };
    for (const [host, bucket] of Object.entries(buckets)) assert.equal(bucketOfHost(host), bucket, host);
  });
});
