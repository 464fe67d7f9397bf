import { nameLengthMax } from "../../../contract/limits";
import { RefusedCall } from "../failures";
import { text } from "../property";
import type { Tagging } from "../resource-type";

/** A name as SageMaker takes it for models, configurations, endpoints and variants. */
export const sagemakerName = () =>
  text({
    maxLength: nameLengthMax.sagemaker,
    pattern: /^[a-zA-Z0-9](-*[a-zA-Z0-9])*$/,
    patternMeans: "letters and digits with dashes between them",
  });

/** A place in S3 as SageMaker takes it. */
export const s3Path = () =>
  text({ minLength: 1, maxLength: 512, pattern: /^(https|s3):\/\/([^/])\/?(.*)$/, patternMeans: "s3://bucket/prefix" });

/** SageMaker keeps tags under the resource's ARN. */
export const sagemakerTagging: Tagging = {
  async read({ aws }, { outputs }) {
    const { Tags = [] } = await aws.sagemaker.listTags({ ResourceArn: String(outputs.arn) });
    return Object.fromEntries(Tags.map(({ Key = "", Value = "" }) => [Key, Value]));
  },
  async write({ aws }, { outputs }, put, removed) {
    const ResourceArn = String(outputs.arn);
    if (removed.length > 0) await aws.sagemaker.deleteTags({ ResourceArn, TagKeys: [...removed] });
    const Tags = sagemakerTags(put);
    if (Tags.length > 0) await aws.sagemaker.addTags({ ResourceArn, Tags });
  },
};

export function sagemakerTags(tags: Readonly<Record<string, string>> | undefined): { Key: string; Value: string }[] {
  return Object.entries(tags ?? {}).map(([Key, Value]) => ({ Key, Value }));
}

/**
 * What `ask` answers, or nothing when the thing is gone. SageMaker has no error of its own for that: it says
 * `ValidationException` with "Could not find" for nearly everything it does not know.
 */
export async function notFoundAsGone<Answer>(ask: () => Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await ask();
  } catch (cause) {
    const isGone =
      cause instanceof RefusedCall &&
      (cause.code === "ResourceNotFound" ||
        (cause.code === "ValidationException" && /could not find/i.test(cause.message)));
    if (isGone) return undefined;
    throw cause;
  }
}
