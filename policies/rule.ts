import type {
  PolicyResource,
  ResourceValidationArgs,
  ResourceValidationPolicy,
  StackValidationPolicy,
} from "@pulumi/policy";
import { asyncConfig, type Props, types } from "./async-resources";

export type Rule = ResourceValidationPolicy | StackValidationPolicy;

type Report = (message: string) => void;

/** A look at resources of the given types; any other is not this rule's affair. */
export function looksAt(
  wanted: readonly string[],
  judge: (props: Props, report: Report, args: ResourceValidationArgs) => void,
): ResourceValidationPolicy["validateResource"] {
  return (args, report) => {
    if (!wanted.includes(args.type)) return args.notApplicable(`judges ${wanted.map(shortType).join(", ")}`);
    judge(args.props as Props, (message) => report(message), args);
  };
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

/** The resources of one type in a stack. */
export function ofType(resources: readonly PolicyResource[], type: string): PolicyResource[] {
  return resources.filter((resource) => resource.type === type);
}

function shortType(type: string): string {
  return type.split(":").at(-1) ?? type;
}
