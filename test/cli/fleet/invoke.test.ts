import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { FleetProcess } from "../../support/fleet-process";
import { bare, digits, ServedFleet } from "../../support/served-fleet";

const pgm = "image/x-portable-graymap";

describe("fleet invoke and fleet wait", function () {
  this.timeout(60_000);
  let at: ServedFleet;
  before(async () => {
    at = await ServedFleet.open();
  });
  after(() => at.close());

  it("brings a file's answer to standard output, and tells the rest beside it", async () => {
    const { code, stdout, stderr } = await at.run("invoke", digits("seven.pgm"));
    assert.equal(code, 0, stderr);
    assert.equal(stdout, '{"digit":7,"confidence":1}\n');
    assert.match(stderr, /^accepted in eu-west-1 as [0-9a-f-]{36}\n✓ [0-9a-f-]{36} completed in eu-west-1 \(SageMaker/);
    assert.doesNotMatch(stderr, /█|…/);
  });

  it("writes the answer to a file, and all that a program wants to know as JSON", async () => {
    const output = join(at.folder, "three.json");
    const { code, stdout } = await at.run("invoke", digits("three.pgm"), "-o", output, "--json", "--key", "three");
    assert.equal(code, 0);
    assert.equal((JSON.parse(await readFile(output, "utf8")) as { digit: number }).digit, 3);
    const { submission, ending } = JSON.parse(stdout) as Record<string, Record<string, unknown>>;
    assert.deepEqual(
      [submission?.region, submission?.inferenceId, submission?.payloadBytes, ending?.outcome, ending?.location],
      ["eu-west-1", "three", 797, "completed", submission?.outputLocation],
    );
  });

  it("sends standard input", async () => {
    const child = await at.start(["invoke", "-", "--content-type", pgm], await readFile(digits("seven.pgm")));
    const { code, stdout, stderr } = await child.finished();
    assert.deepEqual([code, stdout], [0, '{"digit":7,"confidence":1}\n'], stderr);
  });

  it("shows the model's own words of a failure and ends with 1", async () => {
    const { code, stdout, stderr } = await at.run("invoke", digits("broken.pgm"));
    assert.equal(code, 1);
    assert.equal(stdout, "");
    assert.match(stderr, /✗ \S+ failed in eu-west-1[\s\S]* {2}its words: \{"error":"300 pixels: expected 784"\}\n$/);
  });

  it("leaves a request to fleet wait, and finds the first one of a key", async () => {
    const sent = await at.run("invoke", digits("seven.pgm"), "--no-wait", "--key", "twice");
    assert.deepEqual([sent.code, sent.stderr], [0, "accepted in eu-west-1 as twice\n"]);
    const file = join(at.folder, "sent.json");
    await writeFile(file, sent.stdout);
    const waited = await at.run("wait", file);
    assert.deepEqual([waited.code, waited.stdout], [0, '{"digit":7,"confidence":1}\n'], waited.stderr);
    const again = await at.run("invoke", digits("seven.pgm"), "--key", "twice");
    assert.deepEqual([again.code, again.stdout], [0, '{"digit":7,"confidence":1}\n']);
    assert.match(again.stderr, /^accepted in eu-west-1 as twice before\n/);
  });

  const wrong: ReadonlyArray<readonly [string, readonly string[], RegExp]> = [
    ["a missing file", ["invoke", "/none.png"], /^ASY-301 {2}\/none\.png$/m],
    ["a folder", ["invoke", "/"], /^ASY-301 {2}\/\n {2}got {7}a folder$/m],
    ["an object that is not there", ["invoke", "s3://none/none"], /^ASY-301 {2}s3:\/\/none\/none$/m],
    ["a region the fleet has not", ["invoke", digits("seven.pgm"), "--region", "us-east-1"], /^ASY-305 {2}region$/m],
    ["options SageMaker refuses", ["invoke", digits("seven.pgm"), "--ttl", "1"], /^ASY-303 {2}timeToLiveSeconds$/m],
    ["weights that are none", ["invoke", digits("seven.pgm"), "--choose", "eu-west-1=x"], /^ASY-601 {2}--choose$/m],
    ["nothing to wait for", ["wait", "/dev/null"], /^ASY-301 {2}\/dev\/null\n {2}got {7}nothing$/m],
    ["a role that is none", ["status", "--role", "admin"], /^ASY-601 {2}--role$/m],
    ["an external id alone", ["status", "--external-id", "x"], /^ASY-601 {2}--external-id$/m],
    ["logs of a region the fleet has not", ["logs", "--region", "mars-1"], /^ASY-305 {2}--region$/m],
  ];
  for (const [name, args, told] of wrong) {
    it(`answers ${name} with 2, and nothing but the problem`, async () => {
      const { code, stdout, stderr } = await at.run(...args);
      assert.equal(code, 2, stderr);
      assert.match(stderr, told);
      assert.doesNotMatch(stderr, /\n\s+at |fault of async-fleet/);
      assert.equal(stdout, "");
    });
  }

  it("refuses more than the fleet declares before a byte of it is sent", async () => {
    const small = join(at.folder, "small.json");
    const region = at.manifest.regions["eu-west-1"];
    assert.ok(region !== undefined);
    const requests = { ...region.requests, payloadBytes: 700 };
    await writeFile(small, JSON.stringify({ ...at.manifest, regions: { "eu-west-1": { ...region, requests } } }));
    const { code, stderr } = await at.run("invoke", digits("seven.pgm"), "--manifest", small);
    assert.equal(code, 2);
    assert.match(
      stderr,
      /^ASY-302 .*\n {2}got {7}797 bytes\n {2}expected {2}at most 700 bytes, as the fleet declares$/m,
    );
  });

  const manifests: ReadonlyArray<readonly [string, string, RegExp]> = [
    ["no JSON", "regions:", /got {7}no JSON/],
    ["another kind of JSON", "[1]", /got {7}JSON that is no manifest/],
    ["another version", '{"version":2,"regions":{"eu-west-1":{}}}', /got {7}version 2/],
    ["no region", '{"version":1,"regions":{}}', /got {7}no region/],
    [
      "a region cut short",
      '{"version":1,"regions":{"eu-west-1":{"region":"eu-west-1"}}}',
      /got {7}no endpointName, no inputPrefix/,
    ],
  ];
  for (const [name, text, got] of manifests) {
    it(`names what is wrong with a manifest of ${name}`, async () => {
      const path = join(at.folder, "wrong.json");
      await writeFile(path, text);
      const { code, stderr } = await at.run("invoke", digits("seven.pgm"), "--manifest", path);
      assert.equal(code, 2, stderr);
      assert.match(stderr, /^ASY-304 /);
      assert.match(stderr, got);
      assert.doesNotMatch(stderr, /\n\s+at /);
    });
  }

  it("tells of a rehearsal that nobody serves, and of missing credentials", async () => {
    const alone = async (...args: string[]) =>
      (await FleetProcess.start(args, { ...bare, ASYNC_FLEET_MANIFEST: at.manifestPath })).finished();
    const [nobody, unsigned, asked] = await Promise.all([
      alone("invoke", digits("seven.pgm"), "--rehearsal", "http://127.0.0.1:1"),
      alone("invoke", digits("seven.pgm")),
      alone("status"),
    ]);
    assert.deepEqual([nobody.code, nobody.stderr.slice(0, 12)], [2, "ASY-622  AWS"], nobody.stderr);
    assert.deepEqual([unsigned.code, unsigned.stderr.slice(0, 12)], [2, "ASY-620  AWS"], unsigned.stderr);
    assert.deepEqual([asked.code, asked.stderr.slice(0, 12)], [2, "ASY-620  AWS"], asked.stderr);
  });
});
