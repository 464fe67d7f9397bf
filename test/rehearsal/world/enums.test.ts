import assert from "node:assert/strict";
import { AwsError } from "../../../rehearsal/world/aws-error";
import { constrain } from "../../../rehearsal/world/constraints";
import { enums, valuesOf } from "../../../rehearsal/world/enums";

/** An input with one value at a member. */
function inputWith(member: string, value: unknown): unknown {
  const [step = "", ...rest] = member.split(".");
  if (step === "") return value;
  const within = inputWith(rest.join("."), value);
  return step.endsWith("[]") ? { [step.slice(0, -2)]: [within] } : { [step]: within };
}

const refusals = {
  cloudwatch: ["ValidationError"],
  sagemaker: ["ValidationException"],
  applicationAutoScaling: ["ValidationException"],
  s3: ["InvalidEncryptionAlgorithmError", "InvalidStorageClass", "MalformedXML"],
  kms: ["ValidationException"],
  ecr: ["InvalidParameterException"],
  logs: ["InvalidParameterException"],
};

describe("a member that takes one of a list of values", () => {
  it("is known of seven services", () => assert.deepEqual(Object.keys(enums), Object.keys(refusals)));

  for (const [service, of] of Object.entries(enums)) {
    for (const [operations, member, list] of of.members) {
      it(`${service} ${operations.join(", ")} ${member}: takes each of ${list} and nothing else`, () => {
        const values = valuesOf(of, list);
        assert.ok(values.length > 1, `the SDK has no list ${list}`);
        for (const operation of operations) {
          for (const value of values) constrain(service, operation, inputWith(member, value));
          for (const wrong of ["Bogus", "", `${values[0]} `]) {
            assert.throws(
              () => constrain(service, operation, inputWith(member, wrong)),
              (cause: Error) =>
                cause instanceof AwsError && refusals[service as keyof typeof refusals].includes(cause.code),
            );
          }
        }
      });
    }
  }

  it("is told with its place and what it takes", () => {
    const input = { ProductionVariants: [{ InstanceType: "ml.m5.large" }, { AcceleratorType: "ml.eia9.large" }] };
    assert.throws(() => constrain("sagemaker", "createEndpointConfig", input), {
      name: "ValidationException",
      message:
        /^1 validation error detected: Value 'ml\.eia9\.large' at 'productionVariants\.2\.member\.acceleratorType' failed to satisfy constraint: Member must satisfy enum value set: \[.*ml\.eia2\.medium.*\]$/,
    });
  });
});
