import { AwsError } from "./aws-error";

/** What a write fails with where there is no room: the disk, the user's quota, the largest file a process may write. */
const codes = ["ENOSPC", "EDQUOT", "EFBIG"];

/** Whether something failed because there is no room on this machine's disk. */
export function isDiskFull(cause: unknown): boolean {
  return codes.includes(String((cause as { code?: unknown } | undefined)?.code));
}

/**
 * What a rehearsal answers when its disk is full. AWS has no such error; 503 is what clients take for passing, so that
 * their own retries succeed once there is room again, and the sentence says what is wrong.
 */
export function diskFull(): AwsError {
  return new AwsError("ServiceUnavailable", "The rehearsal's disk is full: free some space and try again.", 503);
}
