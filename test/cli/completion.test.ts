import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Shell, shells } from "../../cli/completion";
import { fleet, rootDir } from "../support/fleet-process";

const scripts = new Map<Shell, string>();
let folder: string;
const offersInZsh = join(rootDir, "test/fixtures/shells/offers.zsh");

/** Whether the machine has the shell. */
function isThere(shell: Shell): boolean {
  return spawnSync(shell, ["--version"]).error === undefined;
}

/** What a shell itself offers for a half-typed line. */
function offered(shell: Shell, ...words: string[]): string[] {
  const line = ["fleet", ...words].join(" ");
  const script = scripts.get(shell) ?? "";
  const inBash = `eval "$SCRIPT"; COMP_WORDS=(fleet "$@"); COMP_CWORD=$#; _fleet; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const [command, args] = {
    bash: ["bash", ["--norc", "-c", inBash, "bash", ...words.flatMap((word) => word.split(/(?<==)|(?==)/))]] as const,
    zsh: ["zsh", ["-f", offersInZsh, join(folder, "fleet.zsh"), line]] as const,
    fish: ["fish", ["--no-config", "-c", "echo $SCRIPT | source; complete -C $LINE"]] as const,
  }[shell];
  const { stdout, stderr } = spawnSync(command, args, {
    cwd: rootDir,
    env: { ...process.env, SCRIPT: script, LINE: line },
    encoding: "utf8",
  });
  assert.equal(stderr, "");
  // fish tells what an offer means, completes the word as it stands, and marks folders.
  const offers = stdout
    .split("\n")
    .map((each) => (each.split("\t")[0] ?? "").replace(/^--[a-z]+=/, "").replace(/\/$/, ""));
  return [...new Set(offers.filter((each) => each !== ""))].sort();
}

describe("fleet completion", function () {
  this.timeout(30_000);
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "completion-"));
    for (const shell of shells) {
      scripts.set(shell, (await fleet("completion", shell)).stdout);
      await writeFile(join(folder, `fleet.${shell}`), scripts.get(shell) ?? "");
    }
  });
  after(() => rm(folder, { recursive: true }));

  const lines: ReadonlyArray<readonly [readonly string[], readonly string[]]> = [
    [["inv"], ["invoke"]],
    [["st"], ["stacks", "status"]],
    [
      ["batch", "--re"],
      ["--rehearsal", "--region", "--results"],
    ],
    [["invoke", "READ"], ["README.md"]],
    [["invoke", "x", "--region", "eu-north"], ["eu-north-1"]],
    [["status", "--manifest", "tsconfig.l"], ["tsconfig.library.json"]],
    [["batch", "x", "--results", "exa"], ["examples"]],
    [["check", "--stack", "pr"], ["prod"]],
    [
      ["completion", ""],
      ["bash", "zsh", "fish"],
    ],
    [["invoke", "x", "--key", ""], []],
    [["invoke", "x", "--region=eu-north"], ["eu-north-1"]],
    [["help", "inv"], ["invoke"]],
    [["nothing", ""], []],
  ];
  for (const shell of shells) {
    if (!isThere(shell)) {
      it(`is not tried in ${shell}, which this machine has not`, () => {
        assert.equal(process.env.EVERY_SHELL, undefined, `${shell} was to be installed`);
      });
      continue;
    }
    if (shell === "zsh") {
      for (const [how, script] of [
        ["read by a .zshrc that has not set completion up", "source $1"],
        ["found in a folder of functions", "fpath=($1:h $fpath); autoload -Uz compinit; compinit -i -D"],
      ] as const) {
        it(`completes in zsh when it is ${how}`, async () => {
          await writeFile(join(folder, "_fleet"), scripts.get("zsh") ?? "");
          const args = ["-f", "-c", `${script}; print -r -- $_comps[fleet]`, "zsh", join(folder, "_fleet")];
          const env = { ...process.env, ZDOTDIR: folder };
          const { stdout, stderr } = spawnSync("zsh", args, { env, encoding: "utf8" });
          assert.deepEqual([stdout, stderr], ["_fleet\n", ""]);
        });
      }
    }
    for (const [typed, expected] of lines) {
      it(`offers ${expected.join(", ") || "nothing"} in ${shell} for fleet ${typed.join(" ")}`, () => {
        assert.deepEqual(offered(shell, ...typed), [...expected].sort());
      });
    }
  }

  it("offers a name with a space whole", async () => {
    await writeFile(join(folder, "two words.txt"), "");
    assert.deepEqual(offered("bash", "invoke", join(folder, "two")), [join(folder, "two words.txt")]);
  });

  it("tells in every shell of every command, with its description as it stands", () => {
    for (const command of ["invoke", "batch", "status", "preflight", "completion"]) {
      for (const shell of shells) assert.match(scripts.get(shell) ?? "", new RegExp(`\\b${command}\\b`));
    }
    assert.match(scripts.get("zsh") ?? "", /\[the payload'\\''s media type\]/);
    assert.match(scripts.get("fish") ?? "", /-d 'the payload\\'s media type'/);
  });

  it("knows three shells and no other", async () => {
    const { code, stderr } = await fleet("completion", "tcsh");
    assert.equal(code, 2);
    assert.match(stderr, /Allowed choices are bash, zsh, fish/);
  });
});
