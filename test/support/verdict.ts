import type { PolicyResource } from "@pulumi/policy";
import { UnknownValueError, unknownCheckingProxy } from "@pulumi/policy";
import type { ResourceRule, StackRule } from "../../policies/rule";

/** What a rule came to: what it reported, that it is not its affair, or that it met an unknown value. */
export type Verdict = { readonly violated: readonly string[] } | "complies" | "not applicable" | "unknown";

class NotApplicable extends Error {}

/** Pulumi's marker of a value that is unknown at preview. */
export const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Judges one resource as the SDK would at preview, unknown values included. */
export function judgeResource(
  policy: ResourceRule,
  type: string,
  props: object,
  config: object = {},
  opts: object = {},
): Verdict {
  const reported: string[] = [];
  const validate = Array.isArray(policy.validateResource) ? policy.validateResource : [policy.validateResource];
  try {
    for (const each of validate) {
      void each?.(
        {
          type,
          name: "under-test",
          urn: `urn:pulumi:test::test::${type}::under-test`,
          props: unknownCheckingProxy({ ...props }),
          opts,
          getConfig: () => config as never,
          notApplicable: () => {
            throw new NotApplicable();
          },
        } as never,
        (message: string) => void reported.push(message),
      );
    }
  } catch (cause) {
    if (cause instanceof NotApplicable) return "not applicable";
    if (cause instanceof UnknownValueError) return reported.length > 0 ? { violated: reported } : "unknown";
    throw cause;
  }
  return reported.length > 0 ? { violated: reported } : "complies";
}

/** A resource of a stack; `dependsOn` names, by property, the resources its value came from. */
export interface StackResource {
  readonly type: string;
  readonly name: string;
  readonly props: object;
  readonly dependsOn?: Readonly<Record<string, readonly string[]>>;
}

/** Judges a stack as the SDK would at preview. */
export function judgeStack(policy: StackRule, resources: readonly StackResource[], config: object = {}): Verdict {
  const reported: string[] = [];
  const seen = resources.map(({ type, name, props }) => ({
    type,
    name,
    urn: `urn:${name}`,
    props: unknownCheckingProxy({ ...props }),
    propertyDependencies: {},
  })) as unknown as PolicyResource[];
  // As the SDK does: a dependency is the resource itself, if it is there.
  for (const [index, { dependsOn = {} }] of resources.entries())
    for (const [property, names] of Object.entries(dependsOn))
      Object.assign(seen[index]?.propertyDependencies ?? {}, {
        [property]: seen.filter((each) => names.includes(each.name)),
      });
  try {
    void policy.validateStack(
      {
        resources: seen,
        getConfig: () => config as never,
        notApplicable: () => {
          throw new NotApplicable();
        },
      } as never,
      (message: string) => void reported.push(message),
    );
  } catch (cause) {
    if (cause instanceof NotApplicable) return "not applicable";
    if (cause instanceof UnknownValueError) return reported.length > 0 ? { violated: reported } : "unknown";
    throw cause;
  }
  return reported.length > 0 ? { violated: reported } : "complies";
}
