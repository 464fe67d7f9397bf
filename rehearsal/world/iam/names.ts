import { AwsError } from "../aws-error";

/** The last part of an ARN's path: the entity's own name. */
export function nameOf(arn: string): string {
  return arn.split("/").at(-1) ?? "";
}

export function missing(message: string): AwsError {
  return new AwsError("NoSuchEntity", message, 404);
}

/** @throws AwsError ValidationError for a name IAM does not take */
export function validName(name: string | undefined, longest: number): string {
  if (name !== undefined && name.length <= longest && /^[\w+=,.@-]+$/.test(name)) return name;
  throw new AwsError(
    "ValidationError",
    `The specified value for name is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_- and be at most ${longest} long`,
  );
}
