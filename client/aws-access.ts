import { roleCredentials } from "./assumed-role";
import { type Network, networkFor } from "./network";

/** Where AWS is and who asks, for every AWS client of this product. */
export interface AwsAccess {
  /** Where AWS is, e.g. a rehearsal's address. @default - AWS itself */
  readonly endpoint?: string;
  /** @default - the AWS SDK's own search: environment, profile, role */
  readonly credentials?: Keys;
  /** A profile of the shared configuration files. @default - `AWS_PROFILE`, else `default` */
  readonly profile?: string;
  /** A role that these credentials take on, and that then asks. @default - they ask themselves */
  readonly role?: RoleAccess;
}

/** What requests are signed with. */
export interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface RoleAccess {
  readonly arn: string;
  /** What the role's trust policy asks for beside the caller. @default - none */
  readonly externalId?: string;
}

/** What an AWS client of a region is made with. */
export interface ClientSettings {
  readonly region: string;
  readonly endpoint?: string;
  readonly credentials?: Keys | (() => Promise<Keys>);
  readonly profile?: string;
  readonly requestHandler?: Network;
}

/** What each AWS client of a region is made with. S3 clients at an endpoint need `forcePathStyle` beside it. */
export function clientSettings(region: string, access: AwsAccess = {}): ClientSettings {
  const requestHandler = networkFor(access.endpoint, process.env, access.profile);
  const shared = {
    region,
    ...(access.endpoint === undefined ? {} : { endpoint: access.endpoint }),
    ...(access.credentials === undefined ? {} : { credentials: access.credentials }),
    ...(access.profile === undefined ? {} : { profile: access.profile }),
    ...(requestHandler === undefined ? {} : { requestHandler }),
  };
  return access.role === undefined ? shared : { ...shared, credentials: roleCredentials(access, access.role, shared) };
}
