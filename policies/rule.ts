import type {
  Policy,
  PolicyResource,
  ReportViolation,
  ResourceValidation,
  ResourceValidationArgs,
  ResourceValidationPolicy,
  StackValidation,
  StackValidationArgs,
  StackValidationPolicy,
} from "@pulumi/policy";
import { UnknownValueError } from "@pulumi/policy";
import { asyncConfig, type Props, types } from "./async-resources";
import { oncePerStack } from "./per-stack";

/** What a rule is about; docs/POLICIES.md is grouped by it. */
export const groups = [
  "payload",
  "time",
  "notifications",
  "scaling",
  "storage",
  "security",
  "regions",
  "alarms",
  "rollout",
  "cost",
] as const;

/** The same demand where other tools make it, by their own ids. */
export interface Control {
  readonly source: "Security Hub" | "AWS Config" | "Checkov" | "cdk-nag" | "Trivy" | "Prowler" | "KICS" | "cfn-guard";
  readonly ids: readonly string[];
}

/** What is said of a rule beside what the engine takes: once, here; documents and reports are printed from it. */
export interface RuleFacts {
  readonly group: (typeof groups)[number];
  /** The risk of violating it, in one sentence. */
  readonly why: string;
  /** What it does not judge, so that nobody relies on it for that. */
  readonly notJudged: string;
  /** Empty where no other tool asks for it. */
  readonly controls: readonly Control[];
}

/** What the SDK leaves optional and a reader needs; tags would only repeat the group. */
type Told<P extends Policy> = Omit<P, "tags"> &
  Required<Pick<Policy, "displayName" | "severity" | "enforcementLevel" | "remediationSteps">> &
  RuleFacts;

export type ResourceRule = Told<ResourceValidationPolicy>;
export type StackRule = Told<StackValidationPolicy>;
export type Rule = ResourceRule | StackRule;

type Report = (message: string) => void;

/** A look at resources of the given types; any other is not this rule's affair. */
export function looksAt(
  wanted: readonly string[],
  judge: (props: Props, report: Report, args: ResourceValidationArgs) => void,
): ResourceValidation {
  return marked(wanted, (args, report) => {
    if (!wanted.includes(args.type)) return args.notApplicable(`judges ${wanted.map(shortType).join(", ")}`);
    judge(args.props as Props, (message) => report(message), args);
  });
}

/** A look at all resources of a stack that has one of the given type; any other stack is not this rule's affair. */
export function looksAtStacksWith(
  wanted: readonly string[],
  judge: (resources: readonly PolicyResource[], report: ReportViolation, args: StackValidationArgs) => void,
): StackValidation {
  return marked(wanted, (args, report) => {
    const { resources } = args;
    if (!resources.some(({ type }) => wanted.includes(type)))
      return args.notApplicable(`judges stacks with ${wanted.map(shortType).join(", ")}`);
    judge(resources, report, args);
  });
}

/** The SDK's own mark of the one type a rule looks at: it then does not even unpack the properties of others. */
function marked<Look extends object>(wanted: readonly string[], look: Look): Look {
  return wanted.length === 1 ? Object.assign(look, { __pulumiType: wanted[0] }) : look;
}

/** A look at the configurations of asynchronous endpoints. */
export function looksAtAsyncConfigs(
  judge: (async: Props, report: Report, args: ResourceValidationArgs, props: Props) => void,
) {
  return looksAt([types.endpointConfiguration], (props, report, args) => {
    const async = asyncConfig(props);
    if (async === undefined) return args.notApplicable("not an asynchronous endpoint");
    judge(async, report, args, props);
  });
}

/**
 * Takes every look, so that a value unknown at preview in one does not hide what the next would find; only then tells
 * of the first that was unknown.
 */
export function inTurn(looks: ReadonlyArray<() => void>): void {
  let unknown: UnknownValueError | undefined;
  for (const look of looks) {
    try {
      look();
    } catch (cause) {
      if (!(cause instanceof UnknownValueError)) throw cause;
      unknown ??= cause;
    }
  }
  if (unknown !== undefined) throw unknown;
}

/** The resources of one type in a stack. */
export function ofType(resources: readonly PolicyResource[], type: string): readonly PolicyResource[] {
  return byType(resources).get(type) ?? [];
}

const byType = oncePerStack((resources) => {
  const types = new Map<string, PolicyResource[]>();
  for (const resource of resources) {
    const known = types.get(resource.type);
    if (known === undefined) types.set(resource.type, [resource]);
    else known.push(resource);
  }
  return types;
});

function shortType(type: string): string {
  return type.split(":").at(-1) ?? type;
}
