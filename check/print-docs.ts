import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { problems } from "../contract/errors";
import type { ProblemKind } from "../contract/problems/table";
import { rules } from "../policies/rules";
import { policyConfigFiles } from "./policy-config-files";
import { settingsPage, stackFileSchema } from "./settings-page";

/** docs/POLICIES.md, from the rules themselves. */
export function policiesPage(): string {
  const sections = rules.map((rule) =>
    [
      `## ${rule.name}`,
      "",
      `**${rule.displayName}.** ${rule.description}`,
      "",
      `- severity ${rule.severity}, ${rule.enforcementLevel}, judges ${"validateStack" in rule ? "the stack" : "each resource"}`,
      ...(rule.configSchema === undefined
        ? []
        : [`- configurable: ${Object.keys(rule.configSchema.properties).join(", ")}`]),
      `- fix: ${rule.remediationSteps}`,
    ].join("\n"),
  );
  return `# Policies\n\nPrinted from the rules by \`npm run docs\`.\n\n${sections.join("\n\n")}\n`;
}

/** docs/ERRORS.md, from the table of problems. */
export function errorsPage(): string {
  const rows = (Object.entries(problems) as Array<[string, ProblemKind]>)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([code, { means, fix }]) => `| ${code} | ${means} | ${fix} |`);
  return `# Errors\n\nPrinted from the table by \`npm run docs\`. A code is never given to another problem.\n\n| code | means | fix |\n| --- | --- | --- |\n${rows.join("\n")}\n`;
}

if (require.main === module) {
  const docs = join(__dirname, "../docs");
  writeFileSync(join(docs, "POLICIES.md"), policiesPage());
  writeFileSync(join(docs, "ERRORS.md"), errorsPage());
  writeFileSync(join(docs, "SETTINGS.md"), settingsPage());
  writeFileSync(join(docs, "../stacks/stack.schema.json"), stackFileSchema());
  for (const { path, text } of policyConfigFiles()) writeFileSync(join(docs, "..", path), text);
}
