import { refusesPlainHttp, statementsOf } from "../access-policy";
import { inTurn, looksAtStacksWith, type StackRule } from "../rule";
import { bucketsOf, partsOf, s3Types } from "../storage-resources";

export const bucketsRefusePlainHttp: StackRule = {
  name: "buckets-refuse-plain-http",
  group: "storage",
  displayName: "Buckets refuse calls without TLS",
  description:
    "The policy of each bucket denies every call without TLS, on the bucket and on its objects, to everybody.",
  why: "S3 takes calls over plain HTTP unless a policy refuses them: payloads would cross the network in the clear.",
  notJudged: "Buckets that are not in the stack, and which version of TLS.",
  severity: "high",
  enforcementLevel: "mandatory",
  controls: [
    { source: "Checkov", ids: ["CKV_AWS_379"] },
    { source: "cdk-nag", ids: ["AwsSolutions-S10"] },
  ],
  remediationSteps:
    "Add a statement to the bucket's policy: Effect Deny, Principal *, Action s3:*, Resource the bucket and its objects, Condition Bool aws:SecureTransport false.",
  validateStack: looksAtStacksWith(s3Types.bucket, (resources, report, args) => {
    const buckets = bucketsOf(resources);
    if (buckets.length === 0) return args.notApplicable("no bucket in the stack");
    inTurn(
      buckets.map((bucket) => () => {
        const policies = [bucket, ...partsOf(bucket, "policy", resources)].flatMap(({ props }) =>
          "policy" in props ? [props.policy] : [],
        );
        const statements = policies.flatMap((policy) => statementsOf(policy) ?? []);
        if (!refusesPlainHttp(statements, ["s3:*"], coversBucketAndObjects))
          report(
            `no policy of the bucket ${bucket.name} refuses calls without TLS on it and on its objects.`,
            bucket.urn,
          );
      }),
    );
  }),
};

function coversBucketAndObjects(resources: readonly string[]): boolean {
  const objects = resources.some((each) => /^\*$|\/\*$|[^/]\*$/.test(each));
  const itself = resources.some((each) => /^\*$|[^/]\*$/.test(each) || !each.includes("/"));
  return objects && itself;
}
