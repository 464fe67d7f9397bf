import type { ResourceRemediation } from "@pulumi/policy";
import { refusesPlainHttp, statementsOf } from "../access-policy";
import type { ResourceRule } from "../rule";
import { s3Types } from "../storage-resources";

/**
 * Adds the statement that refuses calls without TLS to a bucket's policy that lacks it. A bucket without a policy gets
 * none: a remediation changes resources and makes none.
 */
const refusePlainHttp: ResourceRemediation = (args) => {
  const { props, type } = args;
  if (!(s3Types.policy as readonly string[]).includes(type)) return args.notApplicable("mends bucket policies");
  const policy: unknown = "policy" in props ? props.policy : undefined;
  const statements = statementsOf(policy);
  const bucket = bucketArn(props, statements?.flatMap(({ resources }) => resources) ?? []);
  if (statements === undefined || bucket === undefined) return undefined;
  const both = [bucket, `${bucket}/*`];
  if (refusesPlainHttp(statements, ["s3:*"], (resources) => both.every((each) => resources.includes(each))))
    return undefined;
  const document = (typeof policy === "string" ? JSON.parse(policy) : policy) as { Statement: unknown };
  const mended = {
    ...document,
    Statement: [
      ...(Array.isArray(document.Statement) ? document.Statement : [document.Statement]),
      {
        Sid: "TlsOnly",
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Resource: both,
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ],
  };
  props.policy = typeof policy === "string" ? JSON.stringify(mended) : mended;
  return props;
};

/** The bucket as the policy itself names it, which says the partition too; else by its name. */
function bucketArn(props: Readonly<Record<string, unknown>>, resources: readonly string[]): string | undefined {
  const named = resources.flatMap((each) => /^arn:[^:]+:s3:::[^/*]+/.exec(each)?.[0] ?? []);
  const unique = new Set(named);
  if (unique.size === 1) return [...unique][0];
  const bucket = unique.size === 0 && "bucket" in props ? props.bucket : undefined;
  return typeof bucket === "string" && bucket !== "" ? `arn:aws:s3:::${bucket}` : undefined;
}

/** Mends and judges nothing: buckets-refuse-plain-http judges, over the whole stack, which cannot be mended as one. */
export const bucketPoliciesRefusePlainHttp: ResourceRule = {
  name: "bucket-policies-refuse-plain-http",
  group: "storage",
  displayName: "Bucket policies are given a refusal of plain HTTP",
  description: "A bucket's policy that does not refuse calls without TLS gets the statement that does.",
  why: "S3 takes calls over plain HTTP unless a policy refuses them.",
  notJudged: "Anything: it mends what buckets-refuse-plain-http judges. A bucket without a policy gets none.",
  severity: "high",
  enforcementLevel: "disabled",
  controls: [],
  remediationSteps: "Set this policy to remediate, or add the statement by hand.",
  remediateResource: refusePlainHttp,
};
