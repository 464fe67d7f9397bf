import assert from "node:assert/strict";
import { constrain, constraints } from "../../../rehearsal/world/constraints";

/** An input that breaks one constraint, one at its edge that satisfies it, and AWS's code. */
const rows: Readonly<Record<string, readonly [operation: string, broken: object, kept: object, code: string]>> = {
  AlarmName: ["putMetricAlarm", { AlarmName: "a".repeat(256) }, { AlarmName: "a".repeat(255) }, "ValidationError"],
  TreatMissingData: [
    "putMetricAlarm",
    { TreatMissingData: "bogus" },
    { TreatMissingData: "notBreaching" },
    "ValidationError",
  ],
  DashboardName: [
    "putDashboard",
    { DashboardName: "a b" },
    { DashboardName: "a".repeat(255) },
    "InvalidParameterValue",
  ],
  PolicyName: [
    "putScalingPolicy",
    { PolicyName: "p".repeat(257) },
    { PolicyName: "p".repeat(256) },
    "ValidationException",
  ],
  ScheduledActionName: [
    "putScheduledAction",
    { ScheduledActionName: "s".repeat(257) },
    { ScheduledActionName: "s".repeat(256) },
    "ValidationException",
  ],
  repositoryName: [
    "createRepository",
    { repositoryName: "Team" },
    { repositoryName: "team/model_a" },
    "InvalidParameterException",
  ],
  retentionInDays: [
    "putRetentionPolicy",
    { retentionInDays: 2 },
    { retentionInDays: 3653 },
    "InvalidParameterException",
  ],
  ...Object.fromEntries(
    [
      ["MessageRetentionPeriod", "59", "1209600"],
      ["VisibilityTimeout", "43201", "0"],
      ["DelaySeconds", "-1", "900"],
      ["ReceiveMessageWaitTimeSeconds", "1.5", "20"],
    ].map(([name, broken, kept]) => [
      `Attributes.${name}`,
      [
        "createQueue",
        { Attributes: { [name as string]: broken } },
        { Attributes: { [name as string]: kept } },
        "InvalidAttributeValue",
      ],
    ]),
  ),
};

describe("what AWS's schemas do not say of an input", () => {
  it("is written down for every constraint here, too", () => {
    assert.deepEqual(constraints.map(({ member }) => member).sort(), Object.keys(rows).sort());
  });

  for (const { service, member } of constraints) {
    it(`is refused in ${member}, and let through at its edge or absent`, () => {
      const [operation, broken, kept, code] = rows[member] as (typeof rows)[string];
      assert.throws(() => constrain(service, operation, broken), { code });
      constrain(service, operation, kept);
      constrain(service, operation, {});
    });
  }
});
