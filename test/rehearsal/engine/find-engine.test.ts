import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UsageError } from "../../../contract/errors";
import { buildEngine } from "../../../rehearsal/engine/build-engine";
import { findEngine, type Machine } from "../../../rehearsal/engine/find-engine";
import { compareVersions, pinnedVersion } from "../../../rehearsal/engine/version";

const signal = new AbortController().signal;

function machine(programs: Record<string, string>, more: Partial<Machine> = {}): Machine {
  return {
    env: { PATH: "/old:/new", ASYNC_FLEET_CACHE: "/cache" },
    run: async (program) => programs[program],
    isExecutable: async (path) => path in programs,
    install: async () => {
      throw new Error("its host does not answer");
    },
    build: async () => assert.fail("nothing is to be built"),
    ...more,
  };
}
const search = (it: Machine) => findEngine({ progress: () => {}, signal, machine: it });

describe("the search for an engine", () => {
  it("takes PULUMI before anything else, and refuses a wrong one by its code", async () => {
    const env = { PULUMI: "/mine", PATH: "/new" };
    assert.deepEqual((await search(machine({ "/mine": "v3.260.0\n", "/new/pulumi": "v3.259.0" }, { env }))).engine, {
      path: "/mine",
      version: "3.260.0",
      source: "PULUMI",
    });
    for (const said of ["v3.254.9", "not pulumi"]) {
      await assert.rejects(
        search(machine({ "/mine": said }, { env })),
        (cause) => cause instanceof UsageError && cause.problems[0]?.code === "ASY-701",
      );
    }
  });

  it("takes one on PATH that is new enough", async () => {
    assert.equal((await search(machine({ "/new/pulumi": "v3.255.0" }))).engine?.source, "PATH");
  });

  it("passes an old one on PATH by, and the cache comes next", async () => {
    const cached = `/cache/pulumi-${pinnedVersion()}-${process.platform}-${process.arch}/pulumi`;
    const { engine, tried } = await search(machine({ "/old/pulumi": "v3.100.0", [cached]: `v${pinnedVersion()}` }));
    assert.deepEqual([engine?.source, tried], ["cache", ["/old/pulumi is 3.100.0, older than 3.255.0"]]);
  });

  it("builds with Go when no release can be had, and says what was tried when there is no Go", async () => {
    let built = "";
    const withGo = machine(
      { go: "go version go1.26.8 linux/amd64" },
      {
        build: async (version) => {
          built = version;
        },
      },
    );
    assert.equal((await search(withGo)).engine?.source, "built");
    assert.equal(built, pinnedVersion());
    assert.deepEqual(await search(machine({ go: "go version go1.20 linux/amd64" })), {
      engine: undefined,
      tried: [
        "no pulumi on PATH",
        "none in the cache",
        "the official release cannot be had (its host does not answer)",
        "Go 1.20 is older than 1.25.11",
      ],
    });
  });

  it("compares versions by number", () => {
    assert.ok(compareVersions("3.259.0", "3.26.0") > 0);
    assert.equal(compareVersions("v3.1.0", "3.1.0-alpha"), 0);
  });
});

describe("the build of an engine", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "build-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  /** A compiler that writes a program which knows its version, or does what `script` says. */
  async function compiler(script: string): Promise<string> {
    const path = join(folder, "go");
    await writeFile(path, `#!/bin/sh\n${script}\n`);
    await chmod(path, 0o755);
    return path;
  }
  const writing = `echo x >> ${"$"}(dirname "${"$"}0")/runs; while [ "${"$"}1" != -o ]; do shift; done; printf '#!/bin/sh\\necho v3.259.0\\n' > "${"$"}2"; chmod +x "${"$"}2"`;

  it("is done once when two ask for it", async () => {
    const go = await compiler(writing);
    const target = join(folder, "cache", "pulumi");
    await Promise.all([1, 2].map(() => buildEngine("3.259.0", target, () => {}, signal, { go })));
    assert.ok(existsSync(target));
    const { readFileSync } = await import("node:fs");
    assert.equal(readFileSync(join(folder, "runs"), "utf8"), "x\n");
  });

  it("that fails is told with the compiler's last lines and leaves nothing", async () => {
    const go = await compiler("echo 'no space left on device' >&2; exit 1");
    const target = join(folder, "cache", "pulumi");
    await assert.rejects(
      buildEngine("3.259.0", target, () => {}, signal, { go }),
      /ASY-703[\s\S]*no space left on device/,
    );
    assert.deepEqual(readdirSync(join(folder, "cache")), []);
  });

  it("that is interrupted ends the compiler and leaves nothing", async () => {
    const go = await compiler(`echo working >&2; exec sleep 600`);
    const target = join(folder, "cache", "pulumi");
    const abort = new AbortController();
    const building = buildEngine(
      "3.259.0",
      target,
      (text) => text.includes("1 of about") && abort.abort(new Error("stop")),
      abort.signal,
      { go },
    );
    await assert.rejects(building, /stop/);
    assert.deepEqual(readdirSync(join(folder, "cache")), []);
  });
});
