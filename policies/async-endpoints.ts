import type { PolicyResource, StackValidation, StackValidationArgs } from "@pulumi/policy";
import { isSet, known, textAt, types } from "./async-resources";
import { comesFrom } from "./links";
import { oncePerStack } from "./per-stack";
import { inTurn, looksAtStacksWith, ofType } from "./rule";

/** An asynchronous endpoint of a stack, and the configuration it is made from. */
export interface AsyncEndpoint {
  readonly endpoint: PolicyResource;
  readonly configuration: PolicyResource;
}

/** Tells of one endpoint's problem, and of the resource to mend: the endpoint unless another is named. */
export type Say = (problem: string, at?: PolicyResource) => void;

/**
 * A look at each asynchronous endpoint of a stack by itself, so that something unknown at one does not hide what is wrong
 * at the next. `judge` returns false where an endpoint has nothing of what the rule judges.
 *
 * @param subject what a stack lacks to which the rule is not applicable
 */
export function looksAtAsyncEndpoints(
  subject: string,
  judge: (each: AsyncEndpoint, say: Say, args: StackValidationArgs) => boolean,
): StackValidation {
  return looksAtStacksWith([types.endpoint], (resources, report, args) => {
    let judged = false;
    inTurn(
      asyncEndpoints(resources).map((each) => () => {
        const say: Say = (problem, at = each.endpoint) => report(`${shown(each)}: ${problem}`, at.urn);
        if (judge(each, say, args)) judged = true;
      }),
    );
    if (!judged) args.notApplicable(`no ${subject}`);
  });
}

/** The asynchronous endpoints of a stack; one whose configuration is not in the stack cannot be told from a real-time one. */
export const asyncEndpoints = oncePerStack((resources): readonly AsyncEndpoint[] => {
  const configurations = ofType(resources, types.endpointConfiguration);
  return ofType(resources, types.endpoint).flatMap((endpoint) => {
    const configuration = configurationOf(endpoint, configurations);
    return configuration !== undefined && isSet(configuration.props, "asyncInferenceConfig")
      ? [{ endpoint, configuration }]
      : [];
  });
});

/** By dependency first: a name may be unknown until the configuration exists. */
export function configurationOf(
  endpoint: PolicyResource,
  configurations: readonly PolicyResource[],
): PolicyResource | undefined {
  return (
    configurations.find((each) => comesFrom(endpoint, "endpointConfigName", each)) ??
    configurations.find((each) => sameRegion(each, endpoint) && sameText(each, "name", endpoint, "endpointConfigName"))
  );
}

/** What messages call it. */
function shown({ endpoint }: AsyncEndpoint): string {
  const region = known(endpoint.props, "region");
  return `${known(endpoint.props, "name") ?? endpoint.name}${region === undefined ? "" : ` in ${region}`}`;
}

export function sameRegion(left: PolicyResource, right: PolicyResource): boolean {
  return known(left.props, "region") === known(right.props, "region");
}

function sameText(left: PolicyResource, leftKey: string, right: PolicyResource, rightKey: string): boolean {
  const text = known(left.props, leftKey);
  return text !== undefined && text === known(right.props, rightKey);
}

/** The endpoint of a scalable target's or policy's id, `endpoint/<name>/variant/<name>`. */
export function endpointNameIn(resourceId: unknown): string | undefined {
  return /^endpoint\/([^/]+)\/variant\//.exec(String(resourceId))?.[1];
}

/**
 * The scalable targets, policies or scheduled actions of an endpoint. Where there is none, but one whose resource id is
 * unknown, the answer is unknown as well: it throws as reading that id does.
 */
export function scalingOf(
  { endpoint }: AsyncEndpoint,
  resources: readonly PolicyResource[],
  type: string,
): PolicyResource[] {
  const candidates = ofType(resources, type).filter((each) => sameRegion(each, endpoint) && mayBeOfSageMaker(each));
  const found = candidates.filter((each) => scales(each, endpoint));
  if (found.length === 0) for (const each of candidates) textAt(each.props, "resourceId");
  return found;
}

function mayBeOfSageMaker({ props }: PolicyResource): boolean {
  return (known(props, "serviceNamespace") ?? "sagemaker") === "sagemaker";
}

/** A policy's resource id comes from its target, and the target's from the endpoint. */
export function scales(scaling: PolicyResource, endpoint: PolicyResource): boolean {
  const from = scaling.propertyDependencies.resourceId ?? [];
  if (from.some(({ urn }) => urn === endpoint.urn)) return true;
  const name = known(endpoint.props, "name");
  if (name !== undefined && endpointNameIn(known(scaling.props, "resourceId")) === name) return true;
  return from.some((each) => each.type === types.target && scales(each, endpoint));
}
