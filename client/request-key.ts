import { createHash, createHmac } from "node:crypto";
import { invocationMembers } from "../contract/invocation";

/** The names that one request goes by, all made from the caller's own key: the same key always gives the same names. */
export interface RequestNames {
  /** The key itself where SageMaker takes it as an id, else a digest of it. */
  readonly inferenceId: string;
  /** Names the request's objects: 64 hexadecimal digits. */
  readonly objectName: string;
  /** Names the result below the output path, so that a request sent twice overwrites its own result. */
  readonly filename: string;
}

/**
 * @param key the caller's name of the request, any text
 * @param secret makes object names that nobody can guess who knows the key but not the secret
 */
export function namesFor(key: string, secret?: string): RequestNames {
  const { pattern, charactersMax } = invocationMembers.inferenceId;
  const plain = createHash("sha256").update(key).digest("hex");
  const objectName = secret === undefined ? plain : createHmac("sha256", secret).update(key).digest("hex");
  return {
    inferenceId: pattern.test(key) && key.length <= charactersMax ? key : plain,
    objectName,
    filename: `${objectName.slice(0, 28)}.out`,
  };
}
