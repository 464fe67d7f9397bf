import type { ProblemCode } from "../contract/errors";
import type { ImageState } from "./ask/images";
import type { DataState } from "./ask/model-data";
import type { NetworkState } from "./ask/network";
import type { Denial } from "./ask/rights";
import type { RightsOn } from "./deploy-rights";
import type { InstanceNeed } from "./needs";
import { type Answer, fail, none, ok, unknown, type Verdict, warn, worst } from "./verdict";

/** Whether the account can use a region, from EC2's opt-in status. */
export function judgeRegion(region: string, statuses: Answer<ReadonlyMap<string, string>>): Verdict {
  if ("unknown" in statuses) return unknown(statuses.unknown);
  const status = statuses.known.get(region);
  if (status === undefined) return unknown("EC2 does not name this region");
  if (status === "opt-in-not-required") return ok("enabled in every account");
  if (status === "opted-in") return ok("enabled by the account");
  return fail({ code: "ASY-610", at: `region ${region}`, got: status, expected: "opted-in" });
}

/**
 * Whether the quotas cover what the stack may scale to. The quota counts every endpoint of the account in the region, of
 * which this looks at the stack's own only.
 *
 * @param alternatives types that the stack's settings name for this region beside its own
 */
export function judgeQuotas(
  region: string,
  needs: readonly InstanceNeed[],
  quotas: Answer<ReadonlyMap<string, number>>,
  alternatives: readonly string[],
): Verdict {
  if (needs.length === 0) return none("no instances");
  if ("unknown" in quotas) return unknown(quotas.unknown);
  return worst(needs.map((need) => judgeQuota(region, need, quotas.known, alternatives)));
}

function judgeQuota(
  region: string,
  { instanceType, atStart, max }: InstanceNeed,
  quotas: ReadonlyMap<string, number>,
  alternatives: readonly string[],
): Verdict {
  const at = `${instanceType} for endpoint usage in ${region}`;
  const quota = quotas.get(instanceType);
  const others = alternatives.filter((type) => type !== instanceType && (quotas.get(type) ?? 0) > 0);
  const instead = others.map((type) => `${type} (${quotas.get(type)})`).join(", ");
  const hint = instead === "" ? "" : `; of the stack's alternatives the account may have ${instead}`;
  if (quota === undefined) return unknown(`Service Quotas names no "${instanceType} for endpoint usage" here${hint}`);
  const problem = (code: ProblemCode, got: string, expected: string) => ({
    code,
    at,
    got,
    expected: `${expected}${hint}`,
  });
  if (quota === 0) return fail(problem("ASY-611", `a quota of 0 for ${instanceType}`, `at least ${max}`));
  if (quota < atStart) {
    return fail(problem("ASY-612", `a quota of ${quota} for ${instanceType}`, `at least ${atStart} to start with`));
  }
  if (quota < max) {
    return warn(
      problem("ASY-613", `a quota of ${quota} for ${instanceType}`, `at least ${max}, which scaling may go up to`),
    );
  }
  return ok(`${max} of ${quota} ${instanceType}`);
}

/** Whether the caller may do what the deployment needs, from one simulation for each kind of resource. */
export function judgeRights(
  place: string,
  answers: ReadonlyArray<{ readonly rights: RightsOn; readonly answer: Answer<readonly Denial[]> }>,
): Verdict {
  if (answers.length === 0) return none("nothing to do there");
  const denials = answers.flatMap(({ answer }) => ("known" in answer ? answer.known : []));
  const certain = denials.filter(({ missingContext }) => missingContext.length === 0);
  const actions = (list: readonly Denial[]): string => [...new Set(list.map(({ action }) => action))].join(", ");
  if (certain.length > 0) {
    const got = `denied: ${actions(certain)}`;
    return fail({
      code: "ASY-614",
      at: `the caller's rights in ${place}`,
      got,
      expected: "every action of a deployment allowed",
    });
  }
  const reasons = answers.flatMap(({ rights, answer }) => [
    ...(rights.actions.length === 0 ? [`the rights that ${rights.type} needs are not known here`] : []),
    ...("unknown" in answer ? [answer.unknown] : []),
  ]);
  const open = denials.filter(({ missingContext }) => missingContext.length > 0);
  if (open.length > 0) {
    const keys = [...new Set(open.flatMap(({ missingContext }) => missingContext))].join(", ");
    reasons.push(`the policies look at ${keys}, which a simulation cannot know: ${actions(open)}`);
  }
  if (reasons.length > 0) return unknown([...new Set(reasons)].join("; "));
  const count = new Set(answers.flatMap(({ rights }) => rights.actions)).size;
  return ok(`${count} actions allowed`);
}

type Asked<Value> = ReadonlyArray<{ readonly what: string; readonly answer: Answer<Value> }>;

export function judgeImages(region: string, asked: Asked<ImageState>): Verdict {
  return judgeEach(asked, "no image", (uri, state) =>
    "there" in state
      ? ok("can be pulled")
      : fail({
          code: "ASY-615",
          at: `${uri} for ${region}`,
          got: state.missing,
          expected: "an image that the caller can pull",
        }),
  );
}

export function judgeModelData(region: string, asked: Asked<DataState>): Verdict {
  return judgeEach(asked, "the deployment brings it, or there is none", (uri, state) =>
    "there" in state
      ? ok("is there")
      : fail({ code: "ASY-616", at: `${uri} for ${region}`, got: state.missing, expected: "the model's data" }),
  );
}

export function judgeKeys(region: string, asked: Asked<string>): Verdict {
  return judgeEach(asked, "the deployment makes it", (arn, state) =>
    state === "Enabled"
      ? ok("enabled")
      : fail({
          code: "ASY-619",
          at: `${arn} for ${region}`,
          got: state === "NotFound" ? "no such key" : state,
          expected: "a key that is enabled",
        }),
  );
}

/** @param answer undefined for a model outside any VPC */
export function judgeNetwork(region: string, answer: Answer<NetworkState> | undefined): Verdict {
  if (answer === undefined) return none("the model is in no VPC");
  if ("unknown" in answer) return unknown(answer.unknown);
  const { vpcIds, missing, s3Endpoint } = answer.known;
  const at = `async-fleet:network for ${region}`;
  if (missing.length > 0) {
    return fail({
      code: "ASY-617",
      at,
      got: missing.join("; "),
      expected: "subnets and security groups that are there",
    });
  }
  if (vpcIds.length !== 1) {
    return fail({ code: "ASY-617", at, got: `VPCs ${vpcIds.join(", ")}`, expected: "one VPC for all of them" });
  }
  if ("unknown" in s3Endpoint) return unknown(`its endpoint for S3: ${s3Endpoint.unknown}`);
  if (!s3Endpoint.known) {
    return warn({ code: "ASY-618", at, got: `${vpcIds[0]} has no endpoint for S3`, expected: "a way to S3" });
  }
  return ok(`${vpcIds[0]}, with an endpoint for S3`);
}

function judgeEach<Value>(
  asked: Asked<Value>,
  nothing: string,
  judge: (what: string, value: Value) => Verdict,
): Verdict {
  if (asked.length === 0) return none(nothing);
  return worst(
    asked.map(({ what, answer }) => ("unknown" in answer ? unknown(answer.unknown) : judge(what, answer.known))),
  );
}
