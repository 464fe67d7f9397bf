import type { ProblemTable } from "./table";

/** ASY-405 to ASY-419: what configures the policy pack, and what excuses findings from it. */
export const policiesProblems = {
  "ASY-405": {
    means: "The configuration of the policy pack cannot be read.",
    fix: "Give it the form docs/GUARDS.md shows; nothing was judged.",
  },
  "ASY-406": {
    means: "The configuration of the policy pack names a rule that does not exist.",
    fix: "Correct the name; docs/POLICIES.md lists them all.",
  },
  "ASY-407": {
    means: "The configuration of a rule has a level or a parameter the rule does not take.",
    fix: "Change the value; docs/POLICIES.md and policies/policy-config.schema.json say what each rule takes.",
  },
  "ASY-408": {
    means: "The file of waivers cannot be read.",
    fix: "Mend the file; until then nothing is judged, so that no waiver is dropped or invented.",
  },
  "ASY-409": {
    means: "A waiver names a rule that does not exist.",
    fix: "Correct the name or delete the waiver; docs/POLICIES.md lists the rules.",
  },
  "ASY-410": {
    means: "A waiver does not say what it covers.",
    fix: "Give it either a urn or a region, each of which may hold *.",
  },
  "ASY-411": {
    means: "A waiver gives no reason that another person could judge.",
    fix: "Say in a sentence why the finding is accepted here and what limits the harm.",
  },
  "ASY-412": {
    means: "A waiver has no owner.",
    fix: "Name the team or person who answers for it.",
  },
  "ASY-413": {
    means: "A waiver has no day on which it ends.",
    fix: "Write expires as a day that exists, in the form 2027-01-31.",
  },
} as const satisfies ProblemTable;
