import type { Principal } from "../call";

/** An access key this world gave out, and whom a call made with it comes from. */
export interface Credential {
  readonly principal: Principal;
  /** What a presigned URL of this key is signed with. */
  readonly secretAccessKey: string;
  /** What must come with a temporary key. */
  readonly sessionToken?: string;
  /** When a temporary key ends, milliseconds of the world's clock. */
  readonly expiresMs?: number;
  isDeleted: boolean;
}

/** Why a key that was given out is refused. */
export type RefusedCredential = "unknown" | "expired";
