import type { ServiceError } from "@grpc/grpc-js";

export type Answered<Answer> = (error: ServiceError | null, answer: Answer) => void;

/** A call that the pack answered with an error. */
export class CallFailed extends Error {
  constructor(
    readonly error: ServiceError,
    readonly said: readonly string[],
  ) {
    super(error.details || error.message);
  }
}

/** @throws CallFailed with what the pack has `said` until then */
export function call<Answer>(start: (done: Answered<Answer>) => void, said: readonly string[]): Promise<Answer> {
  return new Promise((resolve, reject) => {
    start((error, answer) => {
      if (error === null) resolve(answer);
      else reject(new CallFailed(error, said));
    });
  });
}
