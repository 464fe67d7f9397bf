import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { request } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { coverage, methodOf } from "../../../rehearsal/wire/coverage";
import { members, modelOf, requiredMembers, type ServiceKey, type Shape } from "../../../rehearsal/wire/schemas";
import { startWire, type Wire } from "../../../rehearsal/wire/server";
import { parseXml } from "../../../rehearsal/wire/xml-codec";
import { administrator } from "../../../rehearsal/world/call";
import { Clock } from "../../../rehearsal/world/clock";
import { World } from "../../../rehearsal/world/world";
import { FakeContainers } from "../../support/fake-containers";

interface Answer {
  readonly status: number;
  readonly text: string;
}

const jsonServices = {
  sagemaker: ["sagemaker", "SageMaker"],
  applicationAutoScaling: ["application-autoscaling", "AnyScaleFrontendService"],
  kms: ["kms", "TrentService"],
  sqs: ["sqs", "AmazonSQS"],
  logs: ["logs", "Logs_20140328"],
  ecr: ["ecr", "AmazonEC2ContainerRegistry_V20150921"],
  serviceQuotas: ["servicequotas", "ServiceQuotasV20190624"],
  cloudwatch: ["monitoring", "GraniteServiceVersion20100801"],
} as const satisfies Partial<Record<ServiceKey, readonly [string, string]>>;

/** Texts that look like what AWS's members hold, and texts that look like nothing. */
const text = fc.oneof(
  fc.constantFrom(
    "",
    "a",
    "s3://b/k",
    "arn:aws:iam::123456789012:role/r",
    "{}",
    "[]",
    '{"Version":"2012-10-17"}',
    "*",
    "1",
    "::",
    "../x",
  ),
  fc.string({ maxLength: 20 }),
);

/** Any value that a shape's schema lets through, sense or nonsense. */
function anyOf(shape: Shape, depth = 0): fc.Arbitrary<unknown> {
  if (shape.isStructSchema()) {
    const required = requiredMembers(shape) as string[];
    const shown = members(shape).filter(([name]) => depth < 3 || required.includes(name));
    return fc.record(Object.fromEntries(shown.map(([name, member]) => [name, anyOf(member, depth + 1)])), {
      requiredKeys: required,
    });
  }
  if (shape.isListSchema()) return fc.array(anyOf(shape.getValueSchema(), depth + 1), { maxLength: 2 });
  if (shape.isMapSchema())
    return fc.dictionary(fc.string({ maxLength: 8 }), anyOf(shape.getValueSchema(), depth + 1), { maxKeys: 2 });
  if (shape.isBooleanSchema()) return fc.boolean();
  if (shape.isNumericSchema()) return fc.oneof(fc.integer(), fc.constantFrom(0, 1, -1, 1e300, 0.5, 60));
  if (shape.isTimestampSchema()) return fc.oneof(fc.integer(), fc.constantFrom(0, 1e15, -1e15));
  return text;
}

describe("a request that is not of its protocol", () => {
  let folder: string;
  let world: World;
  let wire: Wire;
  const faults: string[] = [];

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "malformed-"));
    const clock = new Clock({ kind: "fast-forward", quietMs: 0 }, Date.UTC(2026, 0, 1));
    world = new World({ clock, folder, containers: new FakeContainers() });
    wire = await startWire(world, { onFault: (cause) => faults.push(String((cause as Error).stack ?? cause)) });
    await world.s3.createBucket(
      { accountId: "123456789012", region: "eu-west-1", principal: administrator },
      { Bucket: "here" },
    );
  });
  after(async () => {
    await wire.close();
    await world.close();
    await rm(folder, { recursive: true });
  });
  afterEach(() => assert.deepEqual(faults, []));

  const scoped = (service: string) =>
    `AWS4-HMAC-SHA256 Credential=a/20260101/eu-west-1/${service}/aws4_request, SignedHeaders=host, Signature=0`;
  const send = (
    service: string,
    {
      path = "/",
      method = "POST",
      body = "",
      headers = {},
    }: { path?: string; method?: string; body?: string | Uint8Array; headers?: Record<string, string> },
  ): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const all = { authorization: scoped(service), ...headers };
      const sent = request({ host: "127.0.0.1", port: wire.port, path, method, headers: all }, async (answer) => {
        const chunks: Buffer[] = [];
        for await (const chunk of answer) chunks.push(chunk as Buffer);
        resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(chunks).toString() });
      });
      sent.on("error", reject);
      sent.end(body);
    });
  const target = (service: keyof typeof jsonServices, operation: string) => ({
    "x-amz-target": `${jsonServices[service][1]}.${operation}`,
  });
  const codeOf = ({ text: body }: Answer): string =>
    /<Code>(.*)<\/Code>/.exec(body)?.[1] ?? String(JSON.parse(body || "{}").__type ?? "").replace(/.*#/, "");

  for (const [body, message] of [
    ['{"EndpointName":1}', "NUMBER_VALUE cannot be converted to String"],
    ['{"EndpointName":true}', "TRUE_VALUE cannot be converted to String"],
    ['{"EndpointName":["a"]}', "Start of list found where not expected"],
    ['{"EndpointName":{"a":1}}', "Start of structure or map found where not expected"],
    ['["a"]', "Start of list found where not expected"],
    ['"a"', "Unexpected field type"],
    ["{", "The request's body is not valid JSON."],
    [`${"[".repeat(100_000)}`, "The request's body is not valid JSON."],
  ] as const) {
    it(`in JSON is refused for what it is: ${body.slice(0, 30)}`, async () => {
      const answer = await send("sagemaker", { body, headers: target("sagemaker", "DescribeEndpoint") });
      assert.equal(answer.status, 400);
      assert.deepEqual(
        [JSON.parse(answer.text).__type, JSON.parse(answer.text).message],
        ["SerializationException", message],
      );
    });
  }

  it("in JSON is refused for a list, a number and a moment that are none", async () => {
    const alarm = async (more: object) => {
      const body = JSON.stringify({ AlarmName: "a", EvaluationPeriods: 1, ComparisonOperator: "x", ...more });
      const answer = await send("monitoring", { body, headers: target("cloudwatch", "PutMetricAlarm") });
      return JSON.parse(answer.text).message;
    };
    assert.equal(await alarm({ AlarmActions: "a" }), "Unexpected field type");
    assert.equal(await alarm({ Threshold: "high" }), "STRING_VALUE cannot be converted to Integer");
    assert.equal(await alarm({ ActionsEnabled: "yes" }), "STRING_VALUE cannot be converted to Boolean");
  });

  it("is refused when structures hold themselves without end", async () => {
    let body = "{}";
    for (let depth = 0; depth < 5000; depth++) body = `{"SubExpressions":[${body}]}`;
    const json = await send("sagemaker", {
      body: `{"Resource":"Endpoint","SearchExpression":${body}}`,
      headers: target("sagemaker", "Search"),
    });
    assert.deepEqual([json.status, codeOf(json)], [400, "SerializationException"]);
  });

  it("as a form is refused for numbers and yes-or-noes that are none, and read at once however long it is", async () => {
    const form = { "content-type": "application/x-www-form-urlencoded" };
    const sent = (body: string) => send("iam", { body, headers: form });
    assert.equal(codeOf(await sent("Action=ListRoles&MaxItems=many")), "MalformedInput");
    assert.equal(codeOf(await sent("Action=Nothing")), "UnknownOperationException");
    const long = Array.from({ length: 100_000 }, (_, index) => `Tags.member.${index + 1}.Key=k`).join("&");
    const began = process.cpuUsage();
    assert.equal(codeOf(await sent(`Action=CreateRole&RoleName=r&${long}`)), "ValidationError");
    const { user } = process.cpuUsage(began);
    assert.ok(user < 5_000_000, `${user} µs`);
    const ec2 = await send("ec2", { body: "Action=DescribeRegions&AllRegions=maybe", headers: form });
    assert.equal(codeOf(ec2), "InvalidParameterValue");
  });

  for (const [what, body] of [
    ["cut short", "<Delete><Object><Key>a</Key>"],
    ["no XML", "Key=a"],
    ["without what it needs", "<Delete></Delete>"],
    [
      "a bomb of entities",
      '<!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><Delete><Object><Key>&b;</Key></Object></Delete>',
    ],
    [
      "a reader of files",
      '<!DOCTYPE d [<!ENTITY a SYSTEM "file:///etc/passwd">]><Delete><Object><Key>&a;</Key></Object></Delete>',
    ],
    ["nested without end", `${"<Object>".repeat(5000)}${"</Object>".repeat(5000)}`],
    ["poisoned", "<Delete><__proto__><x>1</x></__proto__></Delete>"],
  ] as const) {
    it(`in XML is refused when it is ${what}`, async () => {
      const answer = await send("s3", { path: "/here?delete", body });
      assert.deepEqual([answer.status, codeOf(answer)], [400, "MalformedXML"]);
    });
  }

  it("keeps the characters that XML writes by number", () => {
    assert.deepEqual(parseXml("<a>x&#13;&#xA;&amp;</a>"), { a: "x\r\n&" });
  });

  for (const [path, code] of [
    ["/here/%zz", "InvalidURI"],
    ["/here/%ff", "InvalidURI"],
    ["/%c3%28/key", "InvalidURI"],
    ["/here/..%2f..%2fetc%2fpasswd", "InvalidURI"],
    ["/here/a/../../b", "InvalidURI"],
    [`/here/${"k".repeat(1025)}`, "KeyTooLongError"],
    ["/here/k?partNumber=one&uploadId=x", "InvalidArgument"],
  ] as const) {
    it(`names nothing: ${path.slice(0, 40)}`, async () => {
      const answer = await send("s3", { path, method: "PUT", body: "x" });
      assert.deepEqual([answer.status, codeOf(answer)], [400, code]);
    });
  }

  it("keeps keys that only look strange: a NUL, an inner way up, percent signs", async () => {
    for (const path of ["/here/a%00b", "/here/a/../b", "/here/100%25", "/here/%E2%82%AC"]) {
      assert.equal((await send("s3", { path, method: "PUT", body: path })).status, 200, path);
      assert.equal((await send("s3", { path, method: "GET" })).text, path);
    }
  });

  it("with more headers than anybody needs is refused, and the server goes on", async () => {
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect(wire.port, "127.0.0.1");
      let got = "";
      socket.on("data", (chunk) => {
        got += chunk;
      });
      socket.on("close", () => resolve(got));
      socket.on("error", (cause: NodeJS.ErrnoException) => (cause.code === "EPIPE" ? undefined : reject(cause)));
      socket.write(`GET / HTTP/1.1\r\nhost: 127.0.0.1\r\nx-long: ${"x".repeat(40_000)}\r\n\r\n`);
    });
    assert.match(answer, /^HTTP\/1\.1 431 /);
    const garbage = await new Promise<string>((resolve) => {
      const socket = connect(wire.port, "127.0.0.1");
      let got = "";
      socket.on("data", (chunk) => {
        got += chunk;
      });
      socket.on("close", () => resolve(got));
      socket.on("error", () => undefined);
      socket.write("\x16\x03\x01\x02\x00\x01\x00 this is TLS\r\n\r\n");
    });
    assert.match(garbage, /^HTTP\/1\.1 400 /);
    assert.equal((await fetch(wire.url)).status, 200);
  });

  it("with user metadata over 2 KB is refused", async () => {
    const headers = { "x-amz-meta-note": "n".repeat(2049) };
    const answer = await send("s3", { path: "/here/noted", method: "PUT", body: "x", headers });
    assert.deepEqual([answer.status, codeOf(answer)], [400, "MetadataTooLarge"]);
  });

  it("of any bytes, for any protocol, is an error of the caller", async () => {
    const ways = [
      ["sagemaker", { headers: target("sagemaker", "CreateEndpointConfig") }],
      ["sqs", { headers: target("sqs", "SendMessageBatch") }],
      ["sns", {}],
      ["ec2", {}],
      ["sagemaker", { path: "/endpoints/none/async-invocations" }],
      ["s3", { path: "/here?delete" }],
      ["s3", { path: "/here/k?uploadId=u" }],
      ["s3", { path: "/here?lifecycle", method: "PUT" }],
      ["s3", { path: "/here/k", method: "PUT", headers: { "content-encoding": "aws-chunked" } }],
      [
        "monitoring",
        {
          path: "/service/GraniteServiceVersion20100801/operation/ListMetrics",
          headers: { "content-type": "application/cbor", "smithy-protocol": "rpc-v2-cbor" },
        },
      ],
    ] as const;
    const seeds = ["{}", "<a/>", "Action=Publish&", "5\r\nhello\r\n0\r\n\r\n", ""].map((seed) => Buffer.from(seed));
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...ways),
        fc.constantFrom(...seeds),
        fc.uint8Array({ maxLength: 200 }),
        async ([service, how], seed, bytes) => {
          const answer = await send(service, { ...how, body: Buffer.concat([seed, bytes]) });
          assert.ok(answer.status < 500, `${answer.status} ${answer.text}`);
          if (answer.status >= 400) assert.notEqual(codeOf(answer), "", answer.text);
        },
      ),
      { numRuns: 300 },
    );
  });

  for (const service of Object.keys(jsonServices) as Array<keyof typeof jsonServices>) {
    it(`whose values make no sense to ${service} is an error of the caller, for every operation played`, async () => {
      const played = coverage(world).find((each) => each.service === service)?.played ?? [];
      for (const name of played) {
        assert.ok(methodOf(name) in world[service]);
        const operation = modelOf(service).operations.get(name);
        assert.ok(operation !== undefined);
        await fc.assert(
          fc.asyncProperty(anyOf(operation.input), async (value) => {
            const body = JSON.stringify(value);
            const answer = await send(jsonServices[service][0], { body, headers: target(service, name) });
            assert.ok(answer.status < 500, `${name} ${body}: ${answer.status} ${answer.text} ${faults.join()}`);
          }),
          { numRuns: 12 },
        );
      }
    }).timeout(30_000);
  }
});
