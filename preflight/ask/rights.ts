import { type EvaluationResult, IAMClient, paginateSimulatePrincipalPolicy } from "@aws-sdk/client-iam";
import type { RightsOn } from "../deploy-rights";
import type { Answer } from "../verdict";
import { asked } from "./asked";
import type { Asking } from "./asking";

/** What the simulation said against an action. */
export interface Denial {
  readonly action: string;
  readonly arn: string;
  /** Condition keys that the policies look at and a simulation cannot know: with them it might be allowed. */
  readonly missingContext: readonly string[];
}

/** Asks what the caller's policies, boundary and service control policies say to a kind's actions in a region. */
export function askRights(
  asking: Asking,
  policySource: string,
  rights: RightsOn,
  region: string | undefined,
): Promise<Answer<readonly Denial[]>> {
  const client = asking.client(IAMClient, asking.homeRegion);
  const context = {
    "iam:PassedToService": "sagemaker.amazonaws.com",
    ...(region === undefined ? {} : { "aws:RequestedRegion": region }),
  };
  return asked(asking.signal, async () => {
    const denials: Denial[] = [];
    const pages = paginateSimulatePrincipalPolicy(
      { client },
      {
        PolicySourceArn: policySource,
        ActionNames: [...rights.actions],
        ResourceArns: [...rights.arns],
        ContextEntries: Object.entries(context).map(([ContextKeyName, value]) => ({
          ContextKeyName,
          ContextKeyType: "string",
          ContextKeyValues: [value],
        })),
      },
    );
    for await (const { EvaluationResults = [] } of pages) {
      asking.signal.throwIfAborted();
      denials.push(...EvaluationResults.filter(({ EvalDecision }) => EvalDecision !== "allowed").map(denialOf));
    }
    return denials;
  });
}

function denialOf({ EvalActionName, EvalResourceName, EvalDecision, MissingContextValues }: EvaluationResult): Denial {
  return {
    action: EvalActionName ?? "",
    arn: EvalResourceName ?? "*",
    missingContext: EvalDecision === "implicitDeny" ? (MissingContextValues ?? []) : [],
  };
}
