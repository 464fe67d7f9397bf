import { DescribeKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import type { Answer } from "../verdict";
import { asked, isNamed } from "./asked";
import type { Asking } from "./asking";

/** Asks for a key's state, e.g. `Enabled` or `PendingDeletion`; `NotFound` when it is not there. */
export function askKey(asking: Asking, region: string, arn: string): Promise<Answer<string>> {
  const client = asking.client(KMSClient, region);
  return asked(asking.signal, async () => {
    try {
      const { KeyMetadata } = await client.send(new DescribeKeyCommand({ KeyId: arn }), asking.call);
      return KeyMetadata?.KeyState ?? "without a state";
    } catch (cause) {
      if (isNamed(cause, "NotFoundException")) return "NotFound";
      throw cause;
    }
  });
}
