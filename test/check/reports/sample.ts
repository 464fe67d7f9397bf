import type { CheckReport, Finding } from "../../../check/finding";

const model = (region: string): Finding => ({
  policy: "container-accepts-the-declared-payload",
  level: "mandatory",
  severity: "high",
  stack: "prod",
  region,
  urn: `urn:pulumi:prod::async-fleet::asyncinference:components:AsyncEndpoint$aws:sagemaker/model:Model::fleet-${region}-model`,
  message: `LIMIT is 1000 in ${region}: less than the <declared> | 2000 bytes.`,
  fix: "Raise LIMIT.",
  property: "primaryContainer.environment.LIMIT",
  setting: { key: "async-fleet:model.environment", file: "Pulumi.yaml", line: 16, column: 7, isWritten: true },
  place: { file: "Pulumi.yaml", line: 16, column: 7 },
});

const wholeStack: Finding = {
  policy: "waivers-are-used",
  level: "advisory",
  severity: "low",
  stack: "dev",
  urn: "urn:pulumi:dev::async-fleet::pulumi:pulumi:Stack::async-fleet-dev",
  message: "policies/waivers.yaml:3: it excuses nothing.\u0007",
  fix: "Delete it.",
  place: { file: "stacks/Pulumi.dev.yaml", line: 2, column: 1 },
};

const waived: Finding = {
  ...model("eu-west-1"),
  policy: "updates-are-guarded",
  level: "advisory",
  stack: "dev",
  setting: { key: "async-fleet:endpoint", file: "stacks/Pulumi.dev.yaml", line: 2, column: 1, isWritten: false },
  place: { file: "stacks/Pulumi.dev.yaml", line: 2, column: 1 },
  waiver: { reason: "The team replaces it by hand", owner: "fleet-team", expires: "2027-01-31" },
};

/** Two stacks with a finding of every kind: in several regions, about a whole stack, waived. */
export const sample: CheckReport = {
  stacks: [
    {
      stack: "dev",
      resources: 37,
      findings: [wholeStack, waived],
      disabledRules: [],
      notApplicable: 5,
      seconds: { record: 0.25, judge: 0.75, total: 0.75 },
    },
    {
      stack: "prod",
      file: "out/preview.json",
      resources: 74,
      findings: [model("eu-west-1"), model("us-east-1")],
      disabledRules: ["updates-are-guarded"],
      notApplicable: 9,
      seconds: { record: 1, judge: 1.5, total: 2 },
    },
  ],
  rules: [
    {
      name: "container-accepts-the-declared-payload",
      displayName: "The container accepts the declared payload",
      description: "What callers are told is what the server takes.",
      severity: "high",
      level: "mandatory",
      fix: "Raise LIMIT.",
      group: "payload",
      why: "A payload is refused *after* it has waited.",
      controls: ["Checkov CKV_AWS_0"],
    },
    {
      name: "updates-are-guarded",
      displayName: "Updates are guarded",
      description: "An update can be rolled back.",
      severity: "low",
      level: "advisory",
      fix: "Guard it.",
      group: "rollout",
    },
    {
      name: "waivers-are-used",
      displayName: "Every waiver is used",
      description: "None is left over.",
      severity: "low",
      level: "advisory",
      fix: "Delete it.",
      group: "security",
    },
  ],
  problems: [],
  seconds: 2.75,
};

/** The same, and a stack that could not be judged. */
export const withProblem: CheckReport = {
  ...sample,
  problems: [
    { code: "ASY-401", at: "stack typo", got: "no model <today>", expected: "a program that runs to its end" },
  ],
};

export const clean: CheckReport = {
  ...sample,
  stacks: sample.stacks.map((verdict) => ({ ...verdict, findings: [] })),
};
