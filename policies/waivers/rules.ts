import type { PolicyResource } from "@pulumi/policy";
import type { StackRule } from "../rule";
import { describeExpired, describeUnused } from "./describe";
import type { WaiverLedger } from "./ledger";
import { placeOf, stackOf } from "./place";

const facts = { group: "security", controls: [] } as const;

/** The rules about waivers themselves: in every preset, judged when everything else has been. */
export function waiverRules(ledger: WaiverLedger): readonly StackRule[] {
  return [
    {
      ...facts,
      name: "waivers-are-current",
      displayName: "No waiver has expired",
      description: "Every waiver meant for this stack still holds.",
      why: "An expired waiver is a promise to mend something that was not kept.",
      notJudged: "Whether the reason of a waiver is still true.",
      severity: "high",
      enforcementLevel: "mandatory",
      remediationSteps: "Mend the finding and delete the waiver, or renew it with a reason that holds today.",
      validateStack: ({ resources }, report) => {
        for (const waiver of ledger.expired(stackNameOf(resources), regionsOf(resources)))
          report(describeExpired(waiver));
      },
    },
    {
      ...facts,
      name: "waivers-are-used",
      displayName: "Every waiver excuses something",
      description: "Every waiver meant for this stack excuses at least one finding.",
      why: "A waiver that excuses nothing today hides the finding it will match tomorrow.",
      notJudged: "Waivers meant for other stacks or for regions this stack is not in.",
      severity: "low",
      enforcementLevel: "advisory",
      remediationSteps: "Delete the waiver, or correct its pattern.",
      validateStack: ({ resources }, report) => {
        for (const waiver of ledger.unused(stackNameOf(resources), regionsOf(resources)))
          report(describeUnused(waiver));
      },
    },
  ];
}

function stackNameOf(resources: readonly PolicyResource[]): string {
  return stackOf(resources[0]?.urn ?? "");
}

function regionsOf(resources: readonly PolicyResource[]): ReadonlySet<string> {
  return new Set(resources.flatMap((resource) => placeOf(resource).region ?? []));
}
