import type * as pulumi from "@pulumi/pulumi";
import { type NamedKind, nameFor } from "../contract/names";
import type { RegionSettings } from "../contract/settings";

/**
 * What every part of a region's deployment knows. Names and ARNs are computed from plain text, not taken from other
 * resources' outputs, so that policies can judge them before anything exists.
 */
export interface RegionContext {
  readonly project: string;
  readonly stack: string;
  /** e.g. `eu-west-1`; every regional resource is given it. */
  readonly region: string;
  readonly accountId: string;
  readonly settings: RegionSettings;
  /** On everything that takes tags. */
  readonly tags: Readonly<Record<string, string>>;
}

/** The fixed name of a regional thing: the same in every region. */
export function regionalName(context: RegionContext, kind: NamedKind, role?: string): string {
  return nameFor(kind, { project: context.project, stack: context.stack, ...(role === undefined ? {} : { role }) });
}

/** The ARN of a thing in this region, e.g. `arnFor(context, "sns", "topic-name")`. */
export function arnFor(context: RegionContext, service: string, resource: string): string {
  return `arn:aws:${service}:${context.region}:${context.accountId}:${resource}`;
}

/** The endpoint's name, which is also in the names of its log group and scalable target. */
export function endpointName(context: RegionContext): string {
  return regionalName(context, "sagemaker");
}

/** The one production variant of an asynchronous endpoint. Fixed: the scalable target's id holds it. */
export const variantName = "primary";

/** The region's one bucket. */
export function bucketName(context: RegionContext): string {
  return nameFor("s3Bucket", {
    project: context.project,
    stack: context.stack,
    region: context.region,
    accountId: context.accountId,
  });
}

/** The bucket's ARN. */
export function bucketArn(context: RegionContext): string {
  return `arn:aws:s3:::${bucketName(context)}`;
}

/** The serving role's name; IAM is global, so it carries the region. */
export function servingRoleName(context: RegionContext): string {
  const { project, stack, region } = context;
  return nameFor("iamRole", { project, stack, region, role: "serving" });
}

/** The serving role's ARN, known before the role is made: the key's policy names it. */
export function servingRoleArn(context: RegionContext): string {
  return `arn:aws:iam::${context.accountId}:role${context.settings.identity.path}${servingRoleName(context)}`;
}

/** How what holds payloads is kept: against a destroy, or beyond one. */
export function keptOptions(context: RegionContext): pulumi.CustomResourceOptions {
  const { protect, retainOnDelete } = context.settings.storage;
  return { ...(protect ? { protect } : {}), ...(retainOnDelete ? { retainOnDelete } : {}) };
}

/** Options of a resource within a component: its parent, and whatever else. */
export function childOf(
  parent: pulumi.Resource,
  more: pulumi.CustomResourceOptions = {},
): pulumi.CustomResourceOptions {
  return { ...more, parent };
}
