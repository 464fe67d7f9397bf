import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { type Shell, shells } from "../../cli/completion";
import { fleet, rootDir } from "../support/fleet-process";

const scripts = new Map<Shell, string>();

/** What bash offers for a half-typed line. */
function offered(...words: string[]): string[] {
  const { stdout, stderr } = spawnSync(
    "bash",
    [
      "--norc",
      "-c",
      `eval "$SCRIPT"; COMP_WORDS=(fleet "$@"); COMP_CWORD=$#; _fleet; printf '%s\\n' "\${COMPREPLY[@]}"`,
      "bash",
      ...words,
    ],
    { cwd: rootDir, env: { ...process.env, SCRIPT: scripts.get("bash") }, encoding: "utf8" },
  );
  assert.equal(stderr, "");
  return stdout.split("\n").filter((line) => line !== "");
}

describe("fleet completion", function () {
  this.timeout(30_000);
  before(async () => {
    for (const shell of shells) scripts.set(shell, (await fleet("completion", shell)).stdout);
  });

  for (const [shell, args] of [
    ["bash", ["-n"]],
    ["zsh", ["-n"]],
    ["fish", ["--no-execute"]],
  ] as const) {
    it(`prints what ${shell} can read, where it is there, with every command in it`, () => {
      const script = scripts.get(shell) ?? "";
      for (const command of ["invoke", "batch", "status", "preflight", "completion"])
        assert.match(script, new RegExp(`\\b${command}\\b`));
      const { error, status, stderr } = spawnSync(shell, [...args], { input: script, encoding: "utf8" });
      if ((error as NodeJS.ErrnoException | undefined)?.code !== "ENOENT") assert.equal(status, 0, stderr);
    });
  }

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
    [["nothing", ""], []],
  ];
  for (const [typed, expected] of lines) {
    it(`offers ${expected.join(", ") || "nothing"} for fleet ${typed.join(" ")}`, () => {
      assert.deepEqual(offered(...typed).sort(), [...expected].sort());
    });
  }

  it("knows three shells and no other", async () => {
    const { code, stderr } = await fleet("completion", "tcsh");
    assert.equal(code, 2);
    assert.match(stderr, /Allowed choices are bash, zsh, fish/);
  });
});
