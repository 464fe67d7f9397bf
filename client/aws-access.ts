/** Where AWS is and who asks, for every AWS client of this product. */
export interface AwsAccess {
  /** Where AWS is, e.g. a rehearsal's address. @default - AWS itself */
  readonly endpoint?: string;
  /** @default - the AWS SDK's own search: environment, profile, role */
  readonly credentials?: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  };
  /** A profile of the shared configuration files. @default - `AWS_PROFILE`, else `default` */
  readonly profile?: string;
}

/** What each AWS client of a region is made with. S3 clients at an endpoint need `forcePathStyle` beside it. */
export function clientSettings(region: string, access: AwsAccess = {}) {
  return {
    region,
    ...(access.endpoint === undefined ? {} : { endpoint: access.endpoint }),
    ...(access.credentials === undefined ? {} : { credentials: access.credentials }),
    ...(access.profile === undefined ? {} : { profile: access.profile }),
  };
}
