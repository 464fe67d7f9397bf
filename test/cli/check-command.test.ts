import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fleet } from "../support/fleet-process";

describe("fleet check", function () {
  this.timeout(90_000);
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "check-command-"));
  });
  after(() => rm(folder, { recursive: true, force: true }));
  const at = (name: string): string => join(folder, name);

  it("tells everything that is wrong with a call at once, before it judges anything", async () => {
    const { code, stdout, stderr } = await fleet(
      ...["check", "--all", "--stack", "nope", "--format", "yaml", "text", "json"],
      ...["--format", `sarif=${at("none/check.sarif")}`, "--changed", "no-such-revision"],
    );
    assert.equal(code, 2);
    assert.equal(stdout, "");
    assert.deepEqual(
      [...stderr.matchAll(/^ASY-\d+/gm)].map(([found]) => found),
      ["ASY-608", "ASY-605", "ASY-607", "ASY-606", "ASY-602", "ASY-425"],
    );
    assert.doesNotMatch(stderr, /\n\s+at /);
  });

  it("writes several reports at once, and leaves standard output to the one without a file", async () => {
    const { code, stdout } = await fleet(
      ...["check", "--stack", "dev", "--format", "json"],
      ...["--format", `markdown=${at("check.md")}`, `sarif=${at("check.sarif")}`, `junit=${at("check.xml")}`],
    );
    assert.equal(code, 0);
    assert.equal(JSON.parse(stdout).stacks[0].stack, "dev");
    assert.match(await readFile(at("check.md"), "utf8"), /^## Policy check\n/);
    assert.equal(JSON.parse(await readFile(at("check.sarif"), "utf8")).version, "2.1.0");
    assert.match(await readFile(at("check.xml"), "utf8"), /^<\?xml version="1\.0"/);
  });

  it("lets a configuration make a rule mandatory and a waiver excuse what it finds", async () => {
    const config = at("policy.json");
    await writeFile(config, JSON.stringify({ "updates-are-guarded": "mandatory" }));
    const strict = await fleet("check", "--stack", "dev", "--policy-config", config);
    assert.equal(strict.code, 1, strict.stderr);
    assert.match(strict.stdout, /^updates-are-guarded {2}mandatory, /m);
    const waivers = at("waivers.yaml");
    await writeFile(
      waivers,
      [
        "waivers:",
        "  - rule: updates-are-guarded",
        "    region: eu-west-1",
        "    reason: The team replaces this endpoint by hand while it is being tried",
        "    owner: fleet-team",
        "    expires: 2999-12-31",
        "",
      ].join("\n"),
    );
    const excused = await fleet("check", "--stack", "dev", "--policy-config", config, "--waivers", waivers, "--json");
    assert.equal(excused.code, 0, excused.stderr);
    const { stacks, summary } = JSON.parse(excused.stdout);
    assert.equal(summary.waived, 1);
    const [waived] = stacks[0].findings.filter(({ policy }: { policy: string }) => policy === "updates-are-guarded");
    assert.deepEqual([waived.waiver.owner, waived.waiver.expires], ["fleet-team", "2999-12-31"]);
  });

  it("refuses a configuration and a file it cannot use, each by its code, and judges nothing", async () => {
    const config = at("wrong.json");
    await writeFile(config, JSON.stringify({ "no-such-rule": "mandatory" }));
    const wrong = await fleet("check", "--stack", "dev", "--policy-config", config);
    assert.equal(wrong.code, 2);
    assert.match(wrong.stdout, /ASY-406/);
    const missing = await fleet("check", "--stack", "dev", "--policy-config", at("none.json"));
    assert.deepEqual([missing.code, /ASY-426/.test(missing.stdout)], [2, true]);
    await writeFile(at("package.json"), "{}");
    const notState = await fleet("check", "--file", at("package.json"), "--json");
    assert.equal(notState.code, 2);
    assert.deepEqual(
      JSON.parse(notState.stdout).problems.map(({ code: found }: { code: string }) => found),
      ["ASY-424"],
    );
  });
});
