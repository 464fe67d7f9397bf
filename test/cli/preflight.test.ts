import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FleetProcess, fleet } from "../support/fleet-process";

describe("fleet preflight against fleet serve", function () {
  this.timeout(60_000);
  let folder: string;
  let serving: FleetProcess;
  let url: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "account-file-"));
    const account = join(folder, "account.json");
    await writeFile(
      account,
      JSON.stringify({
        disabledRegions: ["me-south-1"],
        endpointQuotas: { "ap-south-2": { "ml.m5.xlarge": 3, "ml.m5.large": 1 }, "eu-south-2": { "ml.m5.xlarge": 0 } },
        missingImages: { "sa-east-1": ["async-fleet-examples/digits"], "us-west-1": ["async-fleet-examples/digits"] },
      }),
    );
    serving = await FleetProcess.start(["serve", "--port", "0", "--account", account]);
    url = (await serving.said(/AWS is played at (\S+)/))[1] ?? "";
  });
  after(async () => {
    serving.interrupt();
    await serving.finished();
    await rm(folder, { recursive: true });
  });

  it("shows every region with every check, and each problem once with its code, its regions and its cure", async () => {
    const { code, stdout } = await fleet("preflight", "--stack", "prod", "--rehearsal", url);
    assert.equal(code, 1);
    const row = (region: string): string[] =>
      (new RegExp(`^│ ${region}( opt-in)? +│(.*)│$`, "m").exec(stdout)?.[2] ?? "")
        .split("│")
        .map((cell) => cell.trim());
    assert.deepEqual(row("eu-west-1"), ["ok", "ok", "ok", "ok", "-", "-", "-"]);
    assert.deepEqual(row("me-south-1"), ["FAIL", "?", "?", "?", "?", "?", "?"]);
    assert.deepEqual(row("eu-south-2"), ["ok", "FAIL", "ok", "ok", "-", "-", "-"]);
    assert.deepEqual(row("ap-south-2"), ["ok", "warn", "ok", "ok", "-", "-", "-"]);
    const codes = [...stdout.matchAll(/^(ASY-\d+) {2}(.*)$/gm)].map(([, asy, at]) => [asy, at]);
    assert.deepEqual(codes, [
      ["ASY-610", "region me-south-1"],
      ["ASY-611", "ml.m5.xlarge for endpoint usage in eu-south-2"],
      ["ASY-613", "ml.m5.xlarge for endpoint usage in ap-south-2"],
      ["ASY-615", "image in us-west-1, sa-east-1"],
    ]);
    assert.match(
      stdout,
      /got {7}no repository async-fleet-examples\/digits there\n {2}expected .*\n {2}fix {7}Push the image/,
    );
    assert.match(stdout, /27 of 31 regions ready, 4 would fail, 1 with a warning, 1 not wholly known\.\n$/);
  });

  it("ends with 0 where nothing stands in the way, and gives a machine every answer", async () => {
    const { code, stdout } = await fleet("preflight", "--stack", "dev", "--rehearsal", url, "--json", "--strict");
    assert.equal(code, 0);
    const { ready, accountId, regions } = JSON.parse(stdout) as {
      ready: boolean;
      accountId: string;
      regions: Array<{ region: string; checks: Record<string, { state: string; detail: string }> }>;
    };
    assert.deepEqual(
      [ready, accountId, regions.map(({ region }) => region)],
      [true, "123456789012", ["account", "eu-west-1"]],
    );
    assert.deepEqual(regions[1]?.checks.quota, { state: "ok", detail: "2 of 100 ml.m5.large" });
  });

  it("counts a warning as failure only when it is told to be strict", async () => {
    const args = ["preflight", "--stack", "ap-south-2", "--rehearsal", url];
    assert.deepEqual([(await fleet(...args)).code, (await fleet(...args, "--strict")).code], [0, 1]);
  });
});
