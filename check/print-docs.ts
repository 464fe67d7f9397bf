import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { problems } from "../contract/errors";
import type { ProblemKind } from "../contract/problems/table";
import { rules } from "../policies/rules";
import { identityPage } from "./identity-page";
import { policiesPage } from "./policies-page";
import { policyConfigFiles } from "./policy-config-files";
import { scalingPage } from "./scaling-page";
import { settingsPage, stackFileSchema } from "./settings-page";

/** docs/ERRORS.md, from the table of problems. */
export function errorsPage(): string {
  const rows = (Object.entries(problems) as Array<[string, ProblemKind]>)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([code, { means, fix }]) => `| ${code} | ${means} | ${fix} |`);
  return `# Errors\n\nPrinted from the table by \`npm run docs\`. A code is never given to another problem.\n\n| code | means | fix |\n| --- | --- | --- |\n${rows.join("\n")}\n`;
}

if (require.main === module) {
  const docs = join(__dirname, "../docs");
  writeFileSync(join(docs, "POLICIES.md"), policiesPage(rules));
  writeFileSync(join(docs, "ERRORS.md"), errorsPage());
  writeFileSync(join(docs, "SETTINGS.md"), settingsPage());
  writeFileSync(join(docs, "SCALING.md"), scalingPage(readFileSync(join(docs, "SCALING.md"), "utf8")));
  writeFileSync(join(docs, "../stacks/stack.schema.json"), stackFileSchema());
  for (const { path, text } of policyConfigFiles()) writeFileSync(join(docs, "..", path), text);
  void identityPage(join(docs, "..")).then((page) => {
    writeFileSync(join(docs, "../test/components/identity.txt"), page);
  });
}
