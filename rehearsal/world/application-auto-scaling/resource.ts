import { AwsError } from "../aws-error";

export const dimension = "sagemaker:variant:DesiredInstanceCount";
const known: readonly string[] = [dimension, "sagemaker:inference-component:DesiredCopyCount"];

/** @throws AwsError ValidationException for what is no variant of a SageMaker endpoint */
export function resourceIdOf(input: {
  ServiceNamespace?: string | undefined;
  ScalableDimension?: string | undefined;
  ResourceId?: string | undefined;
}): string {
  if (input.ServiceNamespace !== "sagemaker")
    throw new AwsError(
      "ValidationException",
      `Service namespace ${input.ServiceNamespace} is not played by this rehearsal.`,
    );
  if (!known.includes(input.ScalableDimension ?? ""))
    throw new AwsError("ValidationException", `Unsupported scalable dimension: ${input.ScalableDimension}`);
  if (!/^endpoint\/[^/]+\/variant\/[^/]+$/.test(input.ResourceId ?? ""))
    throw new AwsError("ValidationException", `Unsupported resource ID: ${input.ResourceId}`);
  return input.ResourceId ?? "";
}

/** Whether a listing asks for what is played: another namespace or dimension simply has nothing in it. */
export function isPlayed(asked: {
  readonly ServiceNamespace?: string | undefined;
  readonly ScalableDimension?: string | undefined;
}): boolean {
  return asked.ServiceNamespace === "sagemaker" && (asked.ScalableDimension ?? dimension) === dimension;
}
