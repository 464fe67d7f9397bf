import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import ts from "typescript";

const root = resolve(__dirname, "../..");
/** Not `cli`: its options are flags, which `fleet --help` explains. */
const folders = ["contract", "components", "stacks", "client", "preflight", "policies", "rehearsal", "check"];

interface Member {
  readonly where: string;
  readonly documented: boolean;
  readonly default: string | undefined;
}

/** Every optional member of an exported interface that takes what a caller may leave out. */
function optionalMembers(file: string): Member[] {
  const source = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.ES2022, true);
  const found: Member[] = [];
  source.forEachChild((node) => {
    if (!ts.isInterfaceDeclaration(node) || !/(Args|Options|Conditions|Access)$/.test(node.name.text)) return;
    if (!node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)) return;
    for (const member of node.members) {
      if (!ts.isPropertySignature(member) || member.questionToken === undefined) continue;
      const tag = ts.getJSDocTags(member).find(({ tagName }) => tagName.text === "default");
      found.push({
        where: `${relative(root, file)}: ${node.name.text}.${member.name.getText()}`,
        documented: ts.getJSDocCommentsAndTags(member).length > 0,
        default: tag === undefined ? undefined : (ts.getTextOfJSDocComment(tag.comment) ?? ""),
      });
    }
  });
  return found;
}

const members = folders.flatMap((folder) =>
  readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts") && !entry.name.endsWith(".d.ts"))
    .flatMap((entry) => optionalMembers(join(entry.parentPath, entry.name))),
);

describe("optional arguments and options", () => {
  it("are found at all", () => {
    assert.ok(members.some(({ where }) => where === "components/async-fleet.ts: AsyncFleetArgs.rootDir"));
  });

  it("say each what happens when they are absent", () => {
    assert.deepEqual(
      members
        .filter((member) => member.default === undefined || member.default.trim() === "")
        .map(({ where }) => where),
      [],
    );
  });
});
