import assert from "node:assert/strict";
import {
  InvokeEndpointAsyncCommand,
  type InvokeEndpointAsyncCommandInput,
  SageMakerRuntimeClient,
  type SageMakerRuntimeClientConfig,
} from "@aws-sdk/client-sagemaker-runtime";
import { HttpRequest, HttpResponse } from "@smithy/core/protocols";
import { ConfiguredRetryStrategy } from "@smithy/core/retry";
import fc from "fast-check";
import { AsyncInvocation } from "../../client/async-invocation";

const nowMs = Date.parse("2026-03-01T12:00:00Z");
const keys = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret" };
const input = { EndpointName: "fleet-eu", Body: Buffer.from("x"), ContentType: "text/plain", InferenceId: "one" };
const accepted = {
  statusCode: 202,
  headers: { "x-amzn-sagemaker-outputlocation": "s3://b/k.out" },
  body: '{"InferenceId":"one"}',
};
type Next = (args: object) => unknown;
type Answer = { statusCode: number; headers?: Record<string, string>; body?: string };

/** A client whose requests reach nobody and are answered as told, the last answer again and again. */
function clientOf(config: SageMakerRuntimeClientConfig, ...answers: Answer[]) {
  const sent: HttpRequest[] = [];
  const client = new SageMakerRuntimeClient({
    region: "eu-west-1",
    credentials: keys,
    retryStrategy: new ConfiguredRetryStrategy(3, 0),
    requestHandler: {
      metadata: { handlerProtocol: "http/1.1" },
      handle: async (request: HttpRequest) => {
        sent.push(HttpRequest.clone(request));
        const { statusCode, headers = {}, body = "" } = (answers.length > 1 ? answers.shift() : answers[0]) ?? accepted;
        return { response: new HttpResponse({ statusCode, headers, body: Buffer.from(body) }) };
      },
    },
    ...config,
  });
  return { client, sent };
}

/** Sends by the short way and by the SDK's whole stack, and finds the same. */
async function sentAlike(config: SageMakerRuntimeClientConfig, said: InvokeEndpointAsyncCommandInput): Promise<void> {
  const quick = clientOf(config);
  await quick.client.send(new AsyncInvocation(said));
  const [ours] = quick.sent;
  const own = clientOf(config);
  own.client.middlewareStack.addRelativeTo(
    ((next: Next) => (args: { request: unknown }) => {
      // Drawn by lot for each call, and signed.
      (args.request as HttpRequest).headers["amz-sdk-invocation-id"] = ours?.headers["amz-sdk-invocation-id"] ?? "";
      return next(args);
    }) as never,
    { relation: "before", toMiddleware: "httpSigningMiddleware", name: "sameId" },
  );
  await own.client.send(new InvokeEndpointAsyncCommand(said));
  assert.deepEqual({ ...ours }, { ...own.sent[0] });
}

describe("an asynchronous invocation", () => {
  const wallClock = Date.now;
  let playedMs: number;
  beforeEach(() => {
    playedMs = nowMs;
    Date.now = () => playedMs;
  });
  afterEach(() => {
    Date.now = wallClock;
  });

  const configs: ReadonlyArray<readonly [string, SageMakerRuntimeClientConfig, object]> = [
    ["to a region", {}, {}],
    ["to a region's FIPS endpoint", { useFipsEndpoint: true }, {}],
    ["in China", { region: "cn-north-1" }, {}],
    ["to an address of one's own below a path", { endpoint: "http://127.0.0.1:4567/aws/here" }, {}],
    ["with a session's keys", { credentials: { ...keys, sessionToken: "token" } }, {}],
    ["of an application with a name", { userAgentAppId: "caller" }, {}],
    ["of an object in S3", {}, { Body: undefined, InputLocation: "s3://b/in put" }],
    [
      "with everything that can be said",
      {},
      { Accept: "a/b", CustomAttributes: "a  b", RequestTTLSeconds: 60, Filename: "a.out" },
    ],
  ];
  for (const [which, config, more] of configs) {
    it(`${which} is sent as the SDK itself sends it`, async () => {
      await sentAlike(config, { ...input, ...more });
    });
  }

  it("is signed as the SDK itself signs, whatever a caller says of it", async () => {
    const words = fc.string({ unit: fc.constantFrom(..."ab \t~!*'()=:;,%/\"é"), maxLength: 40 });
    const secrets = fc.string({ unit: fc.constantFrom(..."ab+/é"), minLength: 1, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(words, fc.uint8Array({ minLength: 1 }), secrets, async (text, bytes, secretAccessKey) => {
        const said = { ...input, Body: bytes, CustomAttributes: text, EndpointName: text.replace(/[^ab]/g, "") || "e" };
        await sentAlike({ credentials: { ...keys, secretAccessKey } }, said);
      }),
      { numRuns: 50 },
    );
  });

  it("goes the short way, which asks nothing anew", async () => {
    let asked = 0;
    const { client } = clientOf({});
    const { defaultUserAgentProvider } = client.config;
    client.config.defaultUserAgentProvider = async () => {
      asked++;
      return defaultUserAgentProvider();
    };
    for (let times = 0; times < 3; times++) await client.send(new AsyncInvocation(input));
    assert.equal(asked, 1);
  });

  it("gives the answer, and tells of its headers", async () => {
    const told: unknown[] = [];
    const { client } = clientOf({}, { ...accepted, headers: { ...accepted.headers, date: "now" } });
    const answer = await client.send(new AsyncInvocation(input, (headers) => told.push(headers.date)));
    assert.deepEqual(
      [answer.InferenceId, answer.OutputLocation, answer.$metadata.httpStatusCode],
      ["one", "s3://b/k.out", 202],
    );
    assert.deepEqual(told, ["now"]);
  });

  it("is tried again as often as the client may, under one id after the first", async () => {
    const { client, sent } = clientOf({}, { statusCode: 503 }, { statusCode: 500 }, accepted);
    await client.send(new AsyncInvocation(input));
    assert.deepEqual(
      sent.map(({ headers }) => headers["amz-sdk-request"]),
      ["attempt=1; max=3", "attempt=2; max=3", "attempt=3; max=3"],
    );
  });

  it("that fails for good fails with SageMaker's words and status", async () => {
    const refusal = { statusCode: 400, headers: { "x-amzn-errortype": "ValidationError" }, body: '{"message":"no"}' };
    const { client, sent } = clientOf({}, refusal);
    await assert.rejects(client.send(new AsyncInvocation(input)), (cause: Error & { $metadata?: object }) => {
      assert.deepEqual([cause.name, cause.message], ["ValidationError", "no"]);
      assert.equal((cause.$metadata as { httpStatusCode?: number }).httpStatusCode, 400);
      return true;
    });
    assert.equal(sent.length, 1);
    const down = clientOf({}, { statusCode: 503, body: "not even JSON" });
    await assert.rejects(down.client.send(new AsyncInvocation(input)), (cause: { $metadata?: object }) => {
      assert.equal((cause.$metadata as { httpStatusCode?: number }).httpStatusCode, 503);
      return true;
    });
    assert.equal(down.sent.length, 3);
  });

  it("is signed by AWS's clock once an answer has told that the own one is off", async () => {
    const date = new Date(nowMs + 3_600_000).toUTCString();
    const skewed = { statusCode: 403, headers: { date, "x-amzn-errortype": "InvalidSignatureException" }, body: "{}" };
    const { client, sent } = clientOf({}, skewed, { ...accepted, headers: { ...accepted.headers, date } });
    for (let times = 0; times < 2; times++) await client.send(new AsyncInvocation(input));
    assert.deepEqual(
      sent.map(({ headers }) => headers["x-amz-date"]),
      ["20260301T120000Z", "20260301T130000Z", "20260301T130000Z"],
    );
  });

  it("is signed with new keys once the old have expired", async () => {
    let given = 0;
    const credentials = async () => ({
      ...keys,
      accessKeyId: `AKID${++given}`,
      expiration: new Date(Date.now() + 3_600_000),
    });
    const { client, sent } = clientOf({ credentials });
    for (const laterMs of [0, 60_000, 3_600_000]) {
      playedMs = nowMs + laterMs;
      await client.send(new AsyncInvocation(input));
    }
    const used = sent.map(({ headers }) => /Credential=(\w+)/.exec(headers.authorization ?? "")?.[1]);
    assert.deepEqual(used, ["AKID1", "AKID1", "AKID2"]);
  });

  it("for want of credentials fails as the SDK does, and goes when they are there", async () => {
    let isThere = false;
    const credentials = async () => {
      if (!isThere) throw Object.assign(new Error("none here"), { name: "CredentialsProviderError" });
      return keys;
    };
    const { client, sent } = clientOf({ credentials });
    await assert.rejects(client.send(new AsyncInvocation(input)), { name: "CredentialsProviderError" });
    isThere = true;
    await client.send(new AsyncInvocation(input));
    assert.equal(sent.length, 1);
  });

  it("ends with its signal, while it is sent and while it waits to be tried again", async () => {
    const stop = new AbortController();
    const { client, sent } = clientOf({ retryStrategy: new ConfiguredRetryStrategy(3, 60_000) }, { statusCode: 503 });
    const ended = client.send(new AsyncInvocation(input), { abortSignal: stop.signal });
    setImmediate(() => setImmediate(() => stop.abort()));
    await assert.rejects(ended, { name: "AbortError" });
    assert.equal(sent.length, 1);
    let signal: AbortSignal | undefined;
    const requestHandler = {
      handle: async (_request: unknown, options?: { abortSignal?: AbortSignal }): Promise<never> => {
        signal = options?.abortSignal;
        throw Object.assign(new Error("aborted"), { name: "AbortError" });
      },
    };
    const hanging = clientOf({ requestHandler: requestHandler as never });
    await assert.rejects(hanging.client.send(new AsyncInvocation(input), { abortSignal: stop.signal }), {
      name: "AbortError",
    });
    assert.equal(signal, stop.signal);
  });

  it("goes through whatever else is put on the client's stack, before its first request or after", async () => {
    const { client } = clientOf({});
    const passed: string[] = [];
    const pass = (name: string) =>
      client.middlewareStack.add(
        (next) => (args) => {
          passed.push(name);
          return next(args);
        },
        { step: "build", name },
      );
    pass("before");
    await client.send(new AsyncInvocation(input));
    pass("after");
    await client.send(new AsyncInvocation(input));
    client.middlewareStack.remove("before");
    client.middlewareStack.remove("after");
    await client.send(new AsyncInvocation(input));
    assert.deepEqual(passed, ["before", "before", "after"]);
  });

  it("carries the trace of the event it is made for in Lambda", async () => {
    const { client, sent } = clientOf({});
    process.env.AWS_LAMBDA_FUNCTION_NAME = "consumer";
    try {
      for (const trace of ["Root=1", "Root=2"]) {
        process.env._X_AMZN_TRACE_ID = trace;
        await client.send(new AsyncInvocation(input));
      }
    } finally {
      delete process.env.AWS_LAMBDA_FUNCTION_NAME;
      delete process.env._X_AMZN_TRACE_ID;
    }
    assert.deepEqual(
      sent.map(({ headers }) => headers["X-Amzn-Trace-Id"]),
      ["Root=1", "Root=2"],
    );
  });
});
