import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { policyConfigFiles } from "../../check/policy-config-files";
import { errorsPage, policiesPage } from "../../check/print-docs";
import { settingsPage, stackFileSchema } from "../../check/settings-page";
import { scripts } from "../../package.json";
import { importRules } from "../architecture/import-rules";

const root = resolve(__dirname, "../..");
const page = (name: string): string => readFileSync(join(root, name), "utf8");

describe("the documents", () => {
  it("tell of policies, errors and settings what the sources say", () => {
    assert.equal(page("docs/POLICIES.md"), policiesPage());
    assert.equal(page("docs/ERRORS.md"), errorsPage());
    assert.equal(page("docs/SETTINGS.md"), settingsPage());
    assert.equal(page("stacks/stack.schema.json"), stackFileSchema());
    for (const { path, text } of policyConfigFiles()) assert.equal(page(path), text, path);
  });

  it("show the import rules the test enforces", () => {
    const shown = /<!-- imports -->\n([\s\S]*?)<!-- \/imports -->/.exec(page("docs/ARCHITECTURE.md"))?.[1];
    const rows = importRules.map(
      ({ folder, ours, because }) =>
        `| \`${folder}\` | ${ours.length === 0 ? "nothing" : ours.map((each) => `\`${each}\``).join(", ")} | ${because} |`,
    );
    // The formatter pads the columns.
    const unpadded = shown?.replace(/ +\|/g, " |").replace(/-{3,}/g, "---");
    assert.equal(unpadded, `| folder | may import of ours | because |\n| --- | --- | --- |\n${rows.join("\n")}\n`);
  });

  it("name only scripts and files that exist", () => {
    for (const name of ["README.md", "CONTRIBUTING.md", "docs/ARCHITECTURE.md", "docs/CHECK.md"]) {
      for (const [, script = ""] of page(name).matchAll(/npm run ([\w:-]+)/g))
        assert.ok(script in scripts, `${name}: npm run ${script}`);
      for (const [, path = ""] of page(name).matchAll(/\]\(((?!https?:)[^)#]+)\)/g)) {
        assert.ok(existsSync(resolve(root, name, "..", path)), `${name}: ${path}`);
      }
    }
  });
});
