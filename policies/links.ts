import { type PolicyResource, UnknownValueError } from "@pulumi/policy";
import type { Props } from "./async-resources";

/** What resources are called by others. */
const nameKeys = ["id", "arn", "bucket", "name", "url", "keyId"] as const;

/** The text at a key; undefined where there is none, and where it is unknown at preview. */
export function knownText(props: Props | undefined, key: string): string | undefined {
  try {
    const value = props?.[key];
    return typeof value === "string" ? value : undefined;
  } catch (cause) {
    if (cause instanceof UnknownValueError) return undefined;
    throw cause;
  }
}

/** Whether a property's value came from another resource, known or not. */
export function comesFrom(one: PolicyResource, property: string, other: PolicyResource): boolean {
  return one.propertyDependencies[property]?.some(({ urn }) => urn === other.urn) ?? false;
}

/**
 * Whether a property of one resource names another: by dependency first, because a name is unknown until the resource
 * exists, else by any name of it that is known.
 */
export function refersTo(one: PolicyResource, property: string, other: PolicyResource): boolean {
  return comesFrom(one, property, other) || isNamed(other, knownText(one.props, property));
}

/** Whether a text is one of a resource's known names, or the ARN that its name and region make. */
export function isNamed(resource: PolicyResource, text: string | undefined): boolean {
  if (text === undefined || text === "") return false;
  if (nameKeys.some((key) => knownText(resource.props, key) === text)) return true;
  const [, service, region, own] = /^arn:[^:]+:([^:]+):([^:]*):[^:]*:(?:.*[:/])?([^:/]+)$/.exec(text) ?? [];
  return (
    own !== undefined &&
    resource.type.startsWith(`aws:${service}/`) &&
    (region === "" || knownText(resource.props, "region") === region) &&
    (knownText(resource.props, "name") ?? knownText(resource.props, "bucket")) === own
  );
}

/** Whether two resources are known to be in one region. */
export function inOneRegion(one: PolicyResource, other: PolicyResource): boolean {
  return knownText(one.props, "region") === knownText(other.props, "region");
}
