import * as assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";

interface LockedPackage {
  readonly version?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** Optional packages that the lock file asks for and does not hold. `npm ci` refuses a lock file with such a hole. */
function holes(packages: Readonly<Record<string, LockedPackage>>): readonly string[] {
  return Object.entries(packages).flatMap(([path, locked]) =>
    Object.keys(locked.optionalDependencies ?? {})
      .filter((name) => packages[`node_modules/${name}`] === undefined)
      .filter((name) => packages[`${path}/node_modules/${name}`] === undefined)
      .map((name) => `${path}@${locked.version}: ${name}`),
  );
}

const root = join(__dirname, "../..");

describe("the lock file", () => {
  it("holds the packages of every platform, so that a clean install works on each", () => {
    const lock = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8"));
    assert.deepEqual(holes(lock.packages), []);
  });

  it("would be found out if one platform's package were missing", () => {
    const packages = {
      "node_modules/tool": {
        version: "1.0.0",
        optionalDependencies: { "tool-linux": "1.0.0", "tool-darwin": "1.0.0" },
      },
      "node_modules/tool-linux": { version: "1.0.0" },
    };
    assert.deepEqual(holes(packages), ["node_modules/tool@1.0.0: tool-darwin"]);
  });

  it("pins every package that the project names to one exact version", () => {
    const named = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    const loose = Object.entries({ ...named.dependencies, ...named.devDependencies }).filter(
      ([, version]) => !/^\d+\.\d+\.\d+(-[a-z]+\.\d+)?$/.test(String(version)),
    );
    assert.deepEqual(loose, []);
  });
});
