import { regions } from "../contract/regions";
import type { Rule } from "../policies/rule";
import { parseWaived } from "../policies/waivers/describe";
import type { Diagnostic, PackRule } from "./analyzer-messages";
import type { Finding, Position, RuleInfo, StackVerdict } from "./finding";
import type { PackStack } from "./pack-process";
import { propertyIn } from "./property-path";
import type { RecordedResource } from "./record-program";
import { settingOf } from "./setting-of";
import type { SettingsFiles } from "./settings-files";
import type { Verdicts } from "./stack-questions";

export interface Judged extends Omit<PackStack, "rules"> {
  readonly resources: readonly RecordedResource[];
  /** @default - the stack has no files here */
  readonly settings?: SettingsFiles;
  /** Where a resource stands in the file that is judged. @default - no file is judged */
  readonly placeOf?: (urn: string) => Position;
}

export interface JudgeResult extends Pick<StackVerdict, "resources" | "findings" | "notApplicable" | "disabledRules"> {
  readonly failures: Verdicts["failures"];
}

/** Says of each finding where it comes from. */
export function resultOf(
  judged: Judged,
  ruleSettings: PackStack["rules"],
  rules: readonly PackRule[],
  { diagnostics, notApplicable, failures }: Verdicts,
): JudgeResult {
  const byUrn = new Map(judged.resources.map((resource) => [resource.urn, resource]));
  const fixes = new Map(rules.map(({ name, fix }) => [name, fix]));
  return {
    resources: judged.resources.filter(isDeployed).length,
    findings: diagnostics.map((diagnostic) =>
      findingOf(diagnostic, byUrn.get(diagnostic.urn), fixes.get(diagnostic.policy) ?? "", judged),
    ),
    notApplicable,
    disabledRules: Object.entries(ruleSettings).flatMap(([name, { level }]) => (level === "disabled" ? [name] : [])),
    failures,
  };
}

/** Rules as the pack tells of them, with what its protocol has no room for. */
export function rulesOf(told: readonly PackRule[], known: readonly Rule[]): readonly RuleInfo[] {
  const byName = new Map(known.map((rule) => [rule.name, rule]));
  return told.map(({ name, displayName, description, severity, level, fix }) => {
    const rule = byName.get(name);
    const ids = rule?.controls.flatMap(({ source, ids }) => ids.map((id) => `${source} ${id}`)) ?? [];
    return {
      name,
      displayName,
      description,
      severity,
      level: rule?.enforcementLevel ?? level,
      fix,
      group: rule?.group ?? "",
      ...(rule === undefined ? {} : { why: rule.why }),
      ...(ids.length === 0 ? {} : { controls: ids }),
    };
  });
}

function findingOf(
  diagnostic: Diagnostic,
  resource: RecordedResource | undefined,
  fix: string,
  { stack, project, settings, placeOf }: Judged,
): Finding {
  const waived = parseWaived(diagnostic.message);
  const message = waived?.message ?? diagnostic.message;
  const policy = waived?.rule ?? diagnostic.policy;
  const region = resource === undefined ? undefined : regionOf(resource);
  const property = resource === undefined ? undefined : propertyIn(message, resource.inputs);
  const path = settingOf({ policy, type: resource?.type ?? "", property });
  const setting = path === undefined ? undefined : settings?.placeOf(path, region);
  const place = setting ?? (resource === undefined ? undefined : placeOf?.(resource.urn)) ?? settings?.configPlace;
  return {
    policy,
    level: diagnostic.level,
    severity: diagnostic.severity,
    stack,
    ...(region === undefined ? {} : { region }),
    // An engine tells of the whole stack by the URN of its root.
    urn: diagnostic.urn || `urn:pulumi:${stack}::${project}::pulumi:pulumi:Stack::${project}-${stack}`,
    message,
    fix,
    ...(property === undefined ? {} : { property }),
    ...(setting === undefined ? {} : { setting }),
    ...(place === undefined ? {} : { place: { file: place.file, line: place.line, column: place.column } }),
    ...(waived === undefined
      ? {}
      : { waiver: { reason: waived.reason, owner: waived.owner, expires: waived.expires } }),
  };
}

const codes = regions.map(({ code }) => code);

/** A resource's own region; that of its name for one that takes no region, such as a role. */
function regionOf({ inputs, name }: RecordedResource): string | undefined {
  if (typeof inputs.region === "string" && codes.includes(inputs.region)) return inputs.region;
  return codes.find((code) => new RegExp(`(^|-)${code}(-|$)`).test(name));
}

/** What a provider makes; the engine's own resources, such as a value it keeps, are nobody's to count. */
function isDeployed({ custom, type }: RecordedResource): boolean {
  return custom && !type.startsWith("pulumi:");
}
