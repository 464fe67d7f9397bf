import { Readable } from "node:stream";
import type { World } from "../world/world";

/** Whatever an answer tells of, a crash must not undo: where the world is kept, it is safe before it is told. */
export async function answeredSafely(
  { keeper, clock }: World,
  work: () => Promise<Record<string, unknown>>,
): Promise<Record<string, unknown>> {
  if (keeper === undefined) return work();
  await keeper.ready();
  let output: Record<string, unknown> = {};
  try {
    output = await work();
    return output;
  } finally {
    await clock
      .holding(() => keeper.flushed())
      .catch((cause: unknown) => {
        if (output.Body instanceof Readable) output.Body.destroy();
        throw cause;
      });
  }
}
