import type { PolicyConfigSchema } from "@pulumi/policy";
import { groups, type Rule } from "../policies/rule";

type Parameter = PolicyConfigSchema["properties"][string];

/** docs/POLICIES.md, from the rules themselves. */
export function policiesPage(rules: readonly Rule[]): string {
  const used = groups.filter((group) => rules.some((rule) => rule.group === group));
  return `${[
    "# Policies",
    "Printed from the rules by `npm run docs`.",
    `${rules.length} rules judge what a program registers, whoever wrote it. A rule _violated_ at level \`mandatory\` stops a deployment and fails a check; \`advisory\` only tells; \`disabled\` is off until it is configured. A value that is unknown at preview is judged at the update.`,
    used.map((group) => `- [${title(group)}](#${group})\n${contents(rules, group)}`).join("\n"),
    ...used.map((group) => groupSection(group, of(rules, group))),
  ].join("\n\n")}\n`;
}

function of(rules: readonly Rule[], group: Rule["group"]): readonly Rule[] {
  return rules.filter((rule) => rule.group === group);
}

function contents(rules: readonly Rule[], group: Rule["group"]): string {
  return of(rules, group)
    .map(({ name, displayName }) => `  - [${name}](#${name}): ${displayName}`)
    .join("\n");
}

function groupSection(group: Rule["group"], rules: readonly Rule[]): string {
  const rows = rules.map(
    (rule) => `| [${rule.name}](#${rule.name}) | ${rule.severity} | ${rule.enforcementLevel} | ${judged(rule)} |`,
  );
  return [
    `## ${title(group)}`,
    `| rule | severity | level | judges |\n| --- | --- | --- | --- |\n${rows.join("\n")}`,
    ...rules.map(ruleSection),
  ].join("\n\n");
}

function ruleSection(rule: Rule): string {
  const elsewhere = rule.controls.map(({ source, ids }) => `${source} ${ids.map((id) => `\`${id}\``).join(", ")}`);
  const parameters = Object.entries(rule.configSchema?.properties ?? {});
  return [
    `### ${rule.name}`,
    `**${rule.displayName}.** ${rule.description}`,
    [
      `- why: ${rule.why}`,
      `- severity ${rule.severity}, ${rule.enforcementLevel}, judges ${judged(rule)}`,
      `- fix: ${rule.remediationSteps}`,
      `- not judged: ${rule.notJudged}`,
      ...(elsewhere.length === 0 ? [] : [`- elsewhere: ${elsewhere.join("; ")}`]),
    ].join("\n"),
    ...(parameters.length === 0
      ? []
      : [
          `| parameter | what | values | default |\n| --- | --- | --- | --- |\n${parameters.map(parameterRow).join("\n")}`,
        ]),
  ].join("\n\n");
}

function parameterRow([name, schema]: readonly [string, Parameter]): string {
  return `| \`${name}\` | ${schema.description} | ${values(schema)} | \`${JSON.stringify(schema.default)}\` |`;
}

/** The values a parameter takes, in a few words. */
function values(schema: Parameter): string {
  const bounds = [
    ...(schema.minimum === undefined ? [] : [`from ${schema.minimum}`]),
    ...(schema.exclusiveMinimum === undefined ? [] : [`above ${schema.exclusiveMinimum}`]),
    ...(schema.maximum === undefined ? [] : [`to ${schema.maximum}`]),
    ...(schema.minLength === undefined ? [] : [`of at least ${schema.minLength} letters`]),
  ];
  const { items, additionalProperties, enum: choices } = schema;
  if (choices !== undefined) return choices.map((each) => `\`${String(each)}\``).join(", ");
  if (typeof items === "object" && !Array.isArray(items)) return `a list of ${values(items)}`;
  if (typeof additionalProperties === "object") return `names with ${values(additionalProperties)}`;
  return [String(schema.type), ...bounds].join(" ");
}

function judged(rule: Rule): string {
  return "validateStack" in rule ? "the stack" : "each resource";
}

function title(group: string): string {
  return `${group.charAt(0).toUpperCase()}${group.slice(1)}`;
}
