import assert from "node:assert/strict";
import { createServer } from "node:net";
import { cliPage } from "../../cli/reference";
import { fleet, fleetIntoClosedPipe } from "../support/fleet-process";

describe("fleet", function () {
  this.timeout(30_000);

  it("explains itself and ends with 0", async () => {
    const { code, stdout, stderr } = await fleet("--help");
    assert.equal(code, 0);
    assert.equal(stderr, "");
    for (const command of ["rehearse", "check", "regions", "stacks", "preflight", "serve"])
      assert.match(stdout, new RegExp(`^  ${command}`, "m"));
    assert.match(stdout, /Exit codes: 0 done/);
  });

  it("shows examples with each command's help", () => {
    const sections = cliPage().split("\n## fleet ").slice(1);
    assert.ok(sections.length >= 12, `${sections.length} commands`);
    for (const section of sections) assert.match(section, /\nExamples?(, for CI)?:\n {2}\S/, section);
  });

  const wrong: ReadonlyArray<readonly [string, readonly string[], RegExp]> = [
    ["an unknown command", ["deploy"], /unknown command 'deploy'/],
    ["an unknown option", ["check", "--fix"], /unknown option '--fix'/],
    ["a port that is none", ["serve", "--port", "70000"], /expected a port number from 0 \(any free one\) to 65535/],
    ["a preflight of no stack", ["preflight"], /required option '--stack <name>' not specified/],
    ["a preflight of a stack without a file", ["preflight", "--stack", "nope"], /^ASY-602 {2}stack nope$/m],
    [
      "a rehearsal's address that is none",
      ["preflight", "--stack", "dev", "--rehearsal", "localhost"],
      /^ASY-601 {2}--rehearsal$/m,
    ],
    [
      "a rehearsal with a profile",
      ["preflight", "--stack", "dev", "--rehearsal", "--profile", "a"],
      /^ASY-601 {2}--profile$/m,
    ],
    [
      "a rehearsal that nobody serves",
      ["preflight", "--stack", "dev", "--rehearsal", "http://127.0.0.1:1"],
      /^ASY-622 {2}http:\/\/127\.0\.0\.1:1$/m,
    ],
    ["an account file that is missing", ["serve", "--account", "none.json"], /^ASY-623 {2}none\.json$/m],
    ["an account file of another kind", ["serve", "--account", "package.json"], /^ASY-623 {2}package\.json: name$/m],
    ["an assumption without a value", ["serve", "--assume", "queueOrder"], /expected NAME=VALUE/],
    [
      "assumptions that are none, all at once",
      ["serve", "--assume", "sunshine=1", "--assume", "queueOrder=newestFirst"],
      /^ASY-541 {2}--assume sunshine$[\s\S]*^ASY-542 {2}--assume queueOrder$/m,
    ],
    ["a file of faults that is missing", ["serve", "--faults", "none.yaml"], /^ASY-580 {2}none\.yaml$/m],
    ["a file of faults that is none", ["serve", "--faults", "README.md"], /^ASY-58[01] {2}README\.md/m],
    ["a speed that is none", ["serve", "--speed", "quick"], /^ASY-585 {2}--speed$/m],
    ["a stack without a file to show", ["regions", "--stack", "nope"], /^ASY-602 {2}stack nope$/m],
    ["a stack without a file", ["check", "--stack", "nope"], /^ASY-602 {2}stack nope$/m],
    ["a stack name that is a path", ["rehearse", "--stack", "../dev"], /^ASY-602 {2}--stack \.\.\/dev$/m],
    ["a payload without its media type", ["rehearse", "--payload", "README.md"], /^ASY-604 {2}--payload$/m],
    ["a payload that is missing", ["rehearse", "--payload", "/none", "--content-type", "a/b"], /^ASY-301 {2}\/none$/m],
    ["an image folder without a container.json", ["serve", "--images", "docs"], /^ASY-601 {2}--images docs$/m],
  ];
  for (const [name, args, told] of wrong) {
    it(`answers ${name} with 2 and without a stack trace`, async () => {
      const { code, stdout, stderr, leftFiles } = await fleet(...args);
      assert.equal(code, 2, stderr);
      assert.match(stderr, told);
      assert.doesNotMatch(stderr, /\n\s+at /);
      assert.equal(stdout, "");
      assert.deepEqual(leftFiles, []);
    });
  }

  it("gives a machine the same problems as data", async () => {
    const { code, stdout } = await fleet("rehearse", "--json", "--payload", "/none", "--content-type", "a/b");
    assert.equal(code, 2);
    assert.deepEqual(JSON.parse(stdout), {
      problems: [
        {
          code: "ASY-301",
          at: "/none",
          got: "no such file",
          expected: "a file that can be read",
          fix: "Give the path of a file that exists and that you may read.",
        },
      ],
    });
  });

  it("tells of a port that is taken", async () => {
    const taken = createServer();
    await new Promise<void>((listening) => void taken.listen(0, "127.0.0.1", listening));
    const { port } = taken.address() as { port: number };
    try {
      const { code, stderr, leftFiles } = await fleet("serve", "--port", String(port));
      assert.equal(code, 2, stderr);
      assert.match(stderr, new RegExp(`^ASY-540 {2}127.0.0.1:${port}$`, "m"));
      assert.deepEqual(leftFiles, []);
    } finally {
      taken.close();
    }
  });

  it("prints the regions for people and for machines", async () => {
    const { stdout } = await fleet("regions");
    assert.match(
      stdout,
      /^34 commercial regions with SageMaker, 31 in a fleet by default; 15 of those need the account's opt-in first/m,
    );
    assert.match(stdout, /\(evidence read on 2026-11-22\)/);
    const rows = JSON.parse((await fleet("regions", "--json", "--supported")).stdout) as Array<Record<string, unknown>>;
    assert.equal(rows.length, 31);
    assert.deepEqual(rows[0], {
      code: "us-east-1",
      name: "US East (N. Virginia)",
      optIn: false,
      listedForAsync: true,
      excludedIn2021: false,
      evidence: "in AWS's list of 2026-06-17; SageMaker endpoints in the service model of 2026-10-01",
      inFleetByDefault: true,
      evidenceReadOn: "2026-11-22",
    });
  });

  it("prints what one stack deploys where", async () => {
    assert.match(
      (await fleet("regions", "--stack", "dev")).stdout,
      /eu-west-1 +│ Europe \(Ireland\) +│ +│ 0 to 2 +│ ml\.m5\.large[\s\S]*Stack dev is in 1 region, none of them opt-in\./,
    );
  });

  it("ends quietly when its reader has seen enough", async () => {
    const { code, stderr } = await fleetIntoClosedPipe("regions");
    assert.deepEqual({ code, stderr }, { code: 0, stderr: "" });
  });

  it("finds the stack files in step", async () => {
    const { code, stdout } = await fleet("stacks", "--check");
    assert.equal(code, 0);
    assert.equal(stdout, "Every supported region has its stack file, and no other: 31 files in stacks/.\n");
  });
});
