import type { Policies, PolicyResource, ReportViolation, ResourceValidation, StackValidation } from "@pulumi/policy";
import type { ResolvedRule } from "./configuration/resolve";
import type { OneReading } from "./one-reading";
import { bucketPoliciesRefusePlainHttp } from "./remediations/tls";
import type { ResourceRule, Rule } from "./rule";
import { formatWaived } from "./waivers/describe";
import { WaiverLedger } from "./waivers/ledger";
import { placeOf } from "./waivers/place";
import { waiverRules } from "./waivers/rules";
import type { Place, Waiver } from "./waivers/waiver";

export interface Assembly {
  readonly rules: readonly Rule[];
  /** How each of them is enforced, and the rules about waivers too. */
  readonly resolved: Readonly<Record<string, ResolvedRule>>;
  readonly waivers: readonly Waiver[];
  /** The day, as a waiver's `expires` has it. */
  readonly today: () => string;
  /** Gives rules about stacks their resources. @default - each is given its own */
  readonly reading?: OneReading;
}

/** The rules as the SDK serves them: levels and parameters applied, waived findings told as advice. */
export function assemble({ rules, resolved, waivers, today, reading }: Assembly): Policies {
  const ledger = new WaiverLedger(waivers, today);
  // Rules about waivers come last: by then every other has been asked.
  return [...rules, bucketPoliciesRefusePlainHttp, ...waiverRules(ledger)].map((rule) => {
    const { level, parameters } = resolved[rule.name] ?? { level: rule.enforcementLevel, parameters: {} };
    const enforced = { ...rule, tags: [rule.group], enforcementLevel: level };
    return "validateStack" in rule
      ? { ...enforced, validateStack: judgesStack(rule, rule.validateStack, parameters, ledger, reading) }
      : { ...enforced, ...judgesResource(rule, parameters, ledger) };
  });
}

type Parameters = ResolvedRule["parameters"];

function judgesResource(
  rule: ResourceRule,
  parameters: Parameters,
  ledger: WaiverLedger,
): Pick<ResourceRule, "validateResource" | "remediateResource"> {
  const { validateResource, remediateResource } = rule;
  const wrapped = (validate: ResourceValidation): ResourceValidation => {
    const judge: ResourceValidation = (args, report) =>
      validate(
        { ...args, getConfig: configOf(args, parameters) },
        excusing(rule, ledger, report, () => placeOf(args)),
      );
    return sameType(validate, judge);
  };
  return {
    ...(validateResource === undefined
      ? {}
      : {
          validateResource: Array.isArray(validateResource) ? validateResource.map(wrapped) : wrapped(validateResource),
        }),
    ...(remediateResource === undefined
      ? {}
      : {
          remediateResource: sameType(remediateResource, (args) =>
            remediateResource({ ...args, getConfig: configOf(args, parameters) }),
          ),
        }),
  };
}

function judgesStack(
  rule: Rule,
  validate: StackValidation,
  parameters: Parameters,
  ledger: WaiverLedger,
  reading: OneReading | undefined,
): StackValidation {
  const judge: StackValidation = (args, report) => {
    const resources = reading === undefined ? args.resources : reading.of(args.resources);
    return validate(
      { ...args, resources, getConfig: configOf(args, parameters) },
      excusing(rule, ledger, report, (urn) => placeIn(resources, urn)),
    );
  };
  return sameType(validate, judge);
}

/** A finding about the stack as a whole is at the stack's own resource. */
function placeIn(resources: readonly PolicyResource[], urn: string | undefined): Place {
  const found = resources.find((each) => (urn === undefined ? each.type === "pulumi:pulumi:Stack" : each.urn === urn));
  return found === undefined ? { stack: "", urn: urn ?? "" } : placeOf(found);
}

/** The engine hands over parameters whole, with every default; a check that does not must not judge without them. */
function configOf(args: { getConfig<T extends object>(): T }, parameters: Parameters) {
  return <T extends object>(): T => ({ ...parameters, ...args.getConfig<T>() });
}

/**
 * A report that tells a waived finding as advice. The SDK takes an object with a level of its own for each finding,
 * though its types do not say so; a companion rule would be made mandatory by `all: mandatory`.
 */
function excusing(
  rule: Rule,
  ledger: WaiverLedger,
  report: ReportViolation,
  placed: (urn: string | undefined) => Place,
): ReportViolation {
  const tell = report as (finding: string | object, urn?: string) => void;
  return (message, urn) => {
    const waiver = ledger.excuse(rule.name, placed(urn));
    if (waiver === undefined) return tell(message, urn);
    const { owner, reason, expires } = waiver;
    const text = formatWaived({ rule: rule.name, owner, reason, expires, message });
    tell({
      message: `${rule.description}\n${text}`,
      enforcementLevel: "advisory",
      ...(urn === undefined ? {} : { urn }),
    });
  };
}

/** The SDK skips a function marked with a type before it unpacks a resource of another. */
function sameType<F extends object>(from: object, to: F): F {
  const { __pulumiType } = from as { __pulumiType?: string };
  return __pulumiType === undefined ? to : Object.assign(to, { __pulumiType });
}
