import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import fc from "fast-check";
import { collect, collectText } from "../../client/collect";
import type { Connection } from "../../client/connection";
import type { Payload } from "../../client/payload";
import { type SubmitOptions, submit } from "../../client/submit";
import { waitForAll } from "../../client/wait";
import { type Problem, UsageError } from "../../contract/errors";
import { RehearsedEndpoint } from "../fixtures/rehearsed-endpoint";

const contentType = "application/octet-stream";

async function problemsOf(work: Promise<unknown>): Promise<readonly Problem[]> {
  return work.then(
    () => assert.fail("it was accepted"),
    (cause: unknown) => {
      assert.ok(cause instanceof UsageError, String(cause));
      return cause.problems;
    },
  );
}

describe("a submission", () => {
  let at: RehearsedEndpoint;
  let connection: Connection;
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "submit-"));
    at = await RehearsedEndpoint.open({ image: "echoes", concurrency: 4 });
    connection = at.connection;
  });
  after(async () => {
    await at.close();
    await rm(folder, { recursive: true });
  });

  /** Submits, waits and reads the answer. */
  async function answered(payload: Payload, options: Partial<SubmitOptions> = {}) {
    const submission = await submit(connection, payload, { contentType, ...options });
    const [ending] = await waitForAll(connection, [submission]);
    assert.equal(ending?.outcome, "completed", ending?.reason);
    assert.equal(ending?.location, submission.outputLocation);
    const chunks: Buffer[] = [];
    const { body, ...collected } = await collect(connection, submission.outputLocation);
    for await (const chunk of body) chunks.push(chunk as Buffer);
    return { submission, collected, bytes: Buffer.concat(chunks) };
  }

  const accepted = (): string[] =>
    at
      .journal("request")
      .filter(({ step }) => step === "accepted")
      .map(({ inferenceId }) => inferenceId);

  async function inputs(): Promise<string[]> {
    const { Contents = [] } = await at.world.s3.listObjectsV2(at.call, { Bucket: "payloads", Prefix: "inputs/" });
    return Contents.map(({ Key = "" }) => Key);
  }

  for (const [bytes, how] of [
    [1, "within the call"],
    [128_000, "within the call"],
    [128_001, "through S3"],
    [17_000_000, "through S3, in parts"],
  ] as const) {
    it(`of ${bytes} bytes goes ${how}`, async () => {
      const payload = randomBytes(bytes);
      const beganMs = Date.now();
      const inferenceId = `${bytes}-bytes`;
      const { submission, collected, bytes: answer } = await answered({ bytes: payload }, { inferenceId });
      const { outputLocation, failureLocation, acceptedAtMs, uploadSeconds, ...rest } = submission;
      assert.ok(acceptedAtMs >= beganMs && acceptedAtMs <= Date.now());
      assert.ok(how === "within the call" ? uploadSeconds === 0 : uploadSeconds >= 0);
      assert.deepEqual(rest, {
        region: "eu-west-1",
        inferenceId,
        payloadBytes: bytes,
        timeToLiveSeconds: 21_600,
        invocationTimeoutSeconds: 900,
        ...(how === "within the call" ? {} : { inputLocation: `s3://payloads/inputs/${inferenceId}` }),
      });
      assert.match(outputLocation, /^s3:\/\/payloads\/results\/[0-9a-f-]{36}\.out$/);
      assert.match(failureLocation ?? "", /^s3:\/\/payloads\/failures\/[0-9a-f-]{36}-error\.out$/);
      assert.deepEqual(collected, { contentType, bytes: bytes + 5 });
      assert.equal(answer.equals(Buffer.concat([Buffer.from("echo "), payload])), true);
      assert.equal((await inputs()).includes(`inputs/${inferenceId}`), how !== "within the call");
    });
  }

  it("through S3 is encrypted with the fleet's key and keeps its media type", async () => {
    await submit(connection, { bytes: randomBytes(128_001) }, { contentType: "image/png", inferenceId: "kept" });
    const stored = await at.world.s3.headObject(at.call, { Bucket: "payloads", Key: "inputs/kept" });
    assert.deepEqual(
      [stored.ContentType, stored.ServerSideEncryption, stored.SSEKMSKeyId],
      ["image/png", "aws:kms", connection.manifest.kmsKeyArn],
    );
  });

  it("of a file sends the file, small or large", async () => {
    for (const bytes of [10, 300_000]) {
      const path = join(folder, String(bytes));
      const content = randomBytes(bytes);
      await writeFile(path, content);
      const { submission, bytes: answer } = await answered({ path });
      assert.equal(submission.payloadBytes, bytes);
      assert.equal(answer.subarray(5).equals(content), true);
    }
  });

  it("that is empty is refused before anything is sent, wherever it comes from", async () => {
    const path = join(folder, "empty");
    await writeFile(path, "");
    await at.world.s3.putObject(at.call, { Bucket: "payloads", Key: "inputs/empty", Body: Buffer.alloc(0) });
    const before = at.journal("request").length;
    for (const payload of [
      { path },
      { bytes: Buffer.alloc(0) },
      { stream: Readable.from([]) },
      { s3Uri: "s3://payloads/inputs/empty" },
    ]) {
      await assert.rejects(
        submit(connection, payload, { contentType: "text/plain" }),
        (cause) => cause instanceof UsageError && cause.problems[0]?.code === "ASY-314",
      );
    }
    assert.equal(at.journal("request").length, before);
  });

  it("carries its media type to the container and the answer's back", async () => {
    for (const type of ["text/csv; charset=utf-8", "application/json"]) {
      const { collected, bytes } = await answered({ bytes: Buffer.from("1,2") }, { contentType: type });
      assert.equal(collected.contentType, type);
      assert.equal(bytes.toString(), "echo 1,2");
    }
  });

  it("has an id of its own when it is given none", async () => {
    const first = await submit(connection, { bytes: Buffer.from("x") }, { contentType });
    const second = await submit(connection, { bytes: Buffer.from("x") }, { contentType });
    assert.match(first.inferenceId, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    assert.notEqual(first.inferenceId, second.inferenceId);
    assert.deepEqual(accepted().slice(-2), [first.inferenceId, second.inferenceId]);
  });

  it("says the time to live and the timeout it asked for", async () => {
    const options = { contentType, timeToLiveSeconds: 60, invocationTimeoutSeconds: 3600 };
    const { timeToLiveSeconds, invocationTimeoutSeconds } = await submit(
      connection,
      { bytes: Buffer.from("x") },
      options,
    );
    assert.deepEqual([timeToLiveSeconds, invocationTimeoutSeconds], [60, 3600]);
  });

  it("with options out of range is refused with all of them, before anything is sent", async () => {
    const before = { accepted: accepted(), inputs: await inputs() };
    const refused = submit(
      connection,
      { bytes: Buffer.alloc(200_000) },
      { contentType, timeToLiveSeconds: 59, invocationTimeoutSeconds: 3601 },
    );
    assert.deepEqual(await problemsOf(refused), [
      { code: "ASY-303", at: "timeToLiveSeconds", got: "59", expected: "a whole number from 60 to 21600" },
      { code: "ASY-303", at: "invocationTimeoutSeconds", got: "3601", expected: "a whole number from 1 to 3600" },
    ]);
    assert.deepEqual({ accepted: accepted(), inputs: await inputs() }, before);
  });

  it("refuses every number that is not whole or not in range", async () => {
    const whole = (min: number, max: number) => (value: number) =>
      !(Number.isInteger(value) && value >= min && value <= max);
    const number = fc.oneof(fc.double(), fc.integer(), fc.constantFrom(0, -0, 59, 3601, 21_601, 0.5, Number.NaN));
    await fc.assert(
      fc.asyncProperty(
        number.filter(whole(60, 21_600)),
        number.filter(whole(1, 3600)),
        async (timeToLiveSeconds, invocationTimeoutSeconds) => {
          const problems = await problemsOf(
            submit(
              connection,
              { bytes: Buffer.from("x") },
              { contentType, timeToLiveSeconds, invocationTimeoutSeconds },
            ),
          );
          assert.deepEqual(
            problems.map(({ code, at: place, got }) => [code, place, got]),
            [
              ["ASY-303", "timeToLiveSeconds", String(timeToLiveSeconds)],
              ["ASY-303", "invocationTimeoutSeconds", String(invocationTimeoutSeconds)],
            ],
          );
        },
      ),
    );
  });

  it("larger than the fleet declares is refused before anything is sent", async () => {
    const before = { accepted: accepted(), inputs: await inputs() };
    const problems = await problemsOf(submit(connection, { bytes: Buffer.alloc(20_000_001) }, { contentType }));
    assert.deepEqual(
      problems.map(({ code, got }) => [code, got]),
      [["ASY-302", "20000001 bytes"]],
    );
    const missing = await problemsOf(submit(connection, { path: join(folder, "none") }, { contentType }));
    assert.deepEqual(
      missing.map(({ code, got }) => [code, got]),
      [["ASY-301", "no such file"]],
    );
    assert.deepEqual({ accepted: accepted(), inputs: await inputs() }, before);
  });

  it("that is stopped in the middle of its upload reaches no endpoint and leaves no object", async () => {
    const before = { accepted: accepted(), inputs: await inputs() };
    const stop = new AbortController();
    const name = "stopsAtFirstPart";
    connection.s3.middlewareStack.add(
      (next, context) => async (args) => {
        if (context.commandName === "UploadPartCommand") stop.abort();
        return next(args);
      },
      { step: "initialize", name },
    );
    try {
      await assert.rejects(
        submit(connection, { bytes: randomBytes(18_000_000) }, { contentType, signal: stop.signal }),
        { name: "AbortError" },
      );
    } finally {
      connection.s3.middlewareStack.remove(name);
    }
    assert.deepEqual({ accepted: accepted(), inputs: await inputs() }, before);
  });

  it("refuses every text that SageMaker would refuse, all at once, and shows no custom attributes", async () => {
    const wrong = {
      contentType: "text/plän",
      accept: "x".repeat(1025),
      customAttributes: "tökën",
      inferenceId: "x".repeat(65),
      outputPathExtension: "s3://elsewhere",
      filename: "a.b.c",
    };
    assert.deepEqual(
      (await problemsOf(submit(connection, { bytes: Buffer.from("x") }, wrong))).map(({ code, at: where, got }) => [
        code,
        where,
        got,
      ]),
      [
        ["ASY-303", "contentType", '"text/plän"'],
        ["ASY-303", "accept", "1025 characters"],
        ["ASY-303", "customAttributes", "5 characters"],
        ["ASY-303", "inferenceId", '"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"'],
        ["ASY-303", "outputPathExtension", '"s3://elsewhere"'],
        ["ASY-303", "filename", '"a.b.c"'],
      ],
    );
  });

  it("that the endpoint refuses is refused in AWS's words", async () => {
    const bytes = Buffer.from("x");
    const elsewhere = { ...connection, manifest: { ...connection.manifest, endpointName: "none" } };
    await assert.rejects(submit(elsewhere, { bytes }, { contentType }), {
      name: "ValidationError",
      message: "Endpoint none of account 123456789012 not found.",
    });
  });

  it("is answered in text where text is wanted", async () => {
    const submission = await submit(connection, { bytes: Buffer.from("grüße") }, { contentType: "text/plain" });
    await waitForAll(connection, [submission]);
    assert.equal(await collectText(connection, submission.outputLocation), "echo grüße");
  });
});

describe("a submission to an endpoint without a failure path", () => {
  it("tells no place for a failure", async () => {
    const at = await RehearsedEndpoint.open({ image: "echoes", failurePath: false });
    try {
      const submission = await submit(at.connection, { bytes: Buffer.from("refuse") }, { contentType: "text/plain" });
      assert.equal("failureLocation" in submission, false);
      const [ending] = await waitForAll(at.connection, [submission]);
      assert.deepEqual([ending?.outcome, ending?.toldBy, ending?.location], ["failed", "notice", undefined]);
      assert.match(ending?.reason ?? "", /^ClientError: Received client error \(400\) from model\./);
    } finally {
      await at.close();
    }
  });
});
