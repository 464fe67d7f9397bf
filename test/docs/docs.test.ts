import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { policiesPage } from "../../check/policies-page";
import { policyConfigFiles } from "../../check/policy-config-files";
import { errorsPage } from "../../check/print-docs";
import { scalingPage } from "../../check/scaling-page";
import { settingsPage, stackFileSchema } from "../../check/settings-page";
import { eventsPage } from "../../cli/events-page";
import { cliPage, faultsSchemaFile, printedRehearsalPage } from "../../cli/reference";
import { scripts } from "../../package.json";
import { rules } from "../../policies/rules";
import { areas } from "../../rehearsal/areas";
import { serviceKeys } from "../../rehearsal/wire/schemas";
import { assumptions } from "../../rehearsal/world/assumption-table";
import { importRules } from "../architecture/import-rules";

const root = resolve(__dirname, "../..");
const page = (name: string): string => readFileSync(join(root, name), "utf8");

describe("the documents", () => {
  it("tell of policies, errors and settings what the sources say", () => {
    assert.equal(page("docs/POLICIES.md"), policiesPage(rules));
    assert.equal(page("docs/ERRORS.md"), errorsPage());
    assert.equal(page("docs/SETTINGS.md"), settingsPage());
    assert.equal(page("docs/CLI.md"), cliPage());
    assert.equal(page("docs/EVENTS.md"), eventsPage());
    assert.equal(page("stacks/stack.schema.json"), stackFileSchema());
    assert.equal(page("docs/faults.schema.json"), faultsSchemaFile());
    for (const { path, text } of policyConfigFiles()) assert.equal(page(path), text, path);
    assert.equal(page("docs/SCALING.md"), scalingPage(page("docs/SCALING.md")));
  });

  it("tell what the rehearsal models, each assumption and each service in one place", async () => {
    assert.equal(page("docs/REHEARSAL.md"), await printedRehearsalPage());
    const assumed = areas.flatMap((area) => area.assumed);
    assert.deepEqual([...assumed].sort(), Object.keys(assumptions).sort());
    const services = areas.flatMap((area) => area.services);
    assert.deepEqual([...services].sort(), [...serviceKeys].sort());
    for (const { title, modelled, absent } of areas) {
      assert.ok(modelled.length > 0 && absent.length > 0, title);
      assert.ok(page("docs/REHEARSAL.md").includes(`\n## ${title}\n`), title);
    }
    // What the page names in code is there: options of the command line, files, assumptions.
    const named = [...page("docs/REHEARSAL.md").matchAll(/^\| `(\w+)`: /gm)].map(([, name]) => name);
    assert.deepEqual(named.sort(), Object.keys(assumptions).sort());
  });

  it("have a section for each rule, in its group, with what is to be known of it, and none besides", () => {
    const told = new Map<string, { group: string; text: string }>();
    for (const section of page("docs/POLICIES.md").split(/^## /m).slice(1)) {
      const [head = "", ...entries] = section.split(/^### /m);
      for (const entry of entries) {
        const [name = "", ...lines] = entry.split("\n");
        told.set(name, { group: (head.split("\n")[0] ?? "").toLowerCase(), text: lines.join("\n") });
      }
    }
    assert.deepEqual([...told.keys()].sort(), rules.map(({ name }) => name).sort());
    for (const rule of rules) {
      const { group, text } = told.get(rule.name) ?? { group: "", text: "" };
      assert.equal(group, rule.group, rule.name);
      const ids = rule.controls.flatMap((control) => control.ids);
      for (const each of [
        rule.why,
        rule.notJudged,
        rule.remediationSteps,
        rule.severity,
        rule.enforcementLevel,
        ...ids,
      ])
        assert.ok(text.includes(each), `${rule.name}: ${each}`);
      assert.deepEqual(
        [...text.matchAll(/^\| `(\w+)` \|/gm)].map(([, parameter]) => parameter),
        Object.keys(rule.configSchema?.properties ?? {}),
        rule.name,
      );
    }
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
    for (const name of [
      "README.md",
      "CONTRIBUTING.md",
      "docs/ARCHITECTURE.md",
      "docs/CHECK.md",
      "docs/GUARDS.md",
      "docs/SCALING.md",
      "docs/OPERATIONS.md",
      "docs/COST.md",
      "docs/REHEARSAL.md",
      "docs/FAULTS.md",
      "docs/EVENTS.md",
    ]) {
      for (const [, script = ""] of page(name).matchAll(/npm run ([\w:-]+)/g))
        assert.ok(script in scripts, `${name}: npm run ${script}`);
      for (const [, path = ""] of page(name).matchAll(/\]\(((?!https?:)[^)#]+)\)/g)) {
        assert.ok(existsSync(resolve(root, name, "..", path)), `${name}: ${path}`);
      }
    }
  });
});
