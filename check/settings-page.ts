import { settingsJsonSchema } from "../contract/settings";
import { configurableRules } from "../policies/configuration/pack-configuration";
import { policiesKey } from "../policies/configuration/read";
import { policiesSettingSchema } from "../policies/configuration/schemas";
import { rules } from "../policies/rules";

/** What of JSON Schema the settings use. */
interface Schema {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | false;
}

/** docs/SETTINGS.md, from the schema the program itself reads settings with. */
export function settingsPage(): string {
  const { properties = {} } = settingsJsonSchema() as Schema;
  const sections = Object.entries(properties).map(([key, schema]) => {
    // Where a setting may also be switched off, the rows are those of the form that is on.
    const whole = schema.properties === undefined ? (schema.anyOf?.find((each) => each.properties) ?? schema) : schema;
    const off = whole === schema ? [] : (schema.anyOf ?? []).filter((each) => each !== whole);
    const rows = Object.entries(whole.properties ?? {}).map(
      ([name, each]) =>
        `| \`${name}\` | ${cell(each.description ?? "")} | ${cell(values(each))} | ${shownDefault(each, whole.required?.includes(name) === true)} |`,
    );
    return [
      `## async-fleet:${key}`,
      "",
      ...(schema.description === undefined ? [] : [schema.description, ""]),
      ...(rows.length > 0 && off.length > 0 ? [`Values: ${off.map(values).join(", ")}, or an object:`, ""] : []),
      ...(rows.length > 0
        ? ["| setting | what | values | default |", "| --- | --- | --- | --- |", ...rows]
        : [
            `Values: ${values(schema)}.${schema.default === undefined ? "" : ` Default: \`${JSON.stringify(schema.default)}\`.`}`,
          ]),
    ].join("\n");
  });
  return [
    "# Settings",
    "",
    "Printed from the schema by `npm run docs`. They stand in a stack file under `config:`, each key with its namespace; a",
    "stack file's value replaces the one in Pulumi.yaml key by key. Every key but `regions`, `tags` and `overrides` may",
    "also stand under `async-fleet:overrides: { <region>: … }`, merged deeply over the stack's own: objects key by key;",
    "lists, `false` and an object of another `kind` replace what is there; `null` takes a value away, so that its default",
    "stands. `fleet regions --stack NAME` shows what each region ends up with.",
    "One key more, `async-fleet:policies`, configures the policy pack: [GUARDS.md](GUARDS.md).",
    "",
    "An editor with a YAML language server completes and checks a stack file that begins with",
    "`# yaml-language-server: $schema=stack.schema.json`.",
    "",
    sections.join("\n\n"),
    "",
  ].join("\n");
}

/** stacks/stack.schema.json: a whole stack file, for editors. */
export function stackFileSchema(): string {
  const { properties = {} } = settingsJsonSchema() as Schema;
  const qualified = Object.fromEntries(
    Object.entries(properties).map(([key, schema]) => [`async-fleet:${key}`, schema]),
  );
  const schema = {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "A stack of async-fleet",
    type: "object",
    properties: {
      config: {
        type: "object",
        properties: {
          "aws:region": { type: "string" },
          ...qualified,
          [policiesKey]: policiesSettingSchema(configurableRules(rules)),
        },
      },
    },
    required: ["config"],
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
}

/** The values a setting takes, in a few words. */
function values(schema: Schema): string {
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``;
  if (schema.enum !== undefined) return schema.enum.map((each) => `\`${each}\``).join(", ");
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) return choices.map(values).join(", or ");
  if (schema.type === "array") return `a list of ${schema.items === undefined ? "values" : values(schema.items)}`;
  if (schema.properties !== undefined) {
    const members = Object.entries(schema.properties).map(([name, each]) => `\`${name}\`: ${values(each)}`);
    return `{ ${members.join("; ")} }`;
  }
  if (schema.type === "object") return "names with values";
  if (schema.type === "boolean") return "`true`, `false`";
  if (schema.type === "integer" || schema.type === "number") return range(schema);
  return "text";
}

function range({ minimum, exclusiveMinimum, maximum }: Schema): string {
  const from = exclusiveMinimum === undefined ? String(minimum) : `above ${exclusiveMinimum}`;
  return `${from} to ${maximum?.toLocaleString("en")}`;
}

function shownDefault(schema: Schema, required: boolean): string {
  if (schema.default !== undefined) return `\`${JSON.stringify(schema.default)}\``;
  return required ? "required" : "-";
}

/** A table's cell may not hold the table's own sign. */
function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}
