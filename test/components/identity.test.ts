import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { identityPage } from "../../check/identity-page";

const rootDir = resolve(__dirname, "../..");

describe("resources' identities", () => {
  let now: string;
  before(async function () {
    this.timeout(60_000);
    now = await identityPage(rootDir);
  });

  it("are those that are written down: a line that changes deletes a resource unless an alias keeps it", () => {
    assert.equal(now, readFileSync(join(__dirname, "identity.txt"), "utf8"));
  });

  it("differ between resources of one stack", () => {
    const lines = now
      .slice(now.indexOf("[stack "))
      .split("\n")
      .filter((line) => line.includes("  "));
    for (const stack of now.split("[stack ").slice(1)) {
      const rows = stack.split("\n").filter((line) => line.includes("  "));
      assert.equal(new Set(rows.map((row) => row.split("  ").slice(0, 2).join("  "))).size, rows.length);
    }
    assert.ok(lines.length > 40, `${lines.length} resources`);
  });
});
