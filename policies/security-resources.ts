/** KMS keys and their policies. */
export const keyTypes = { key: "aws:kms/key:Key", keyPolicy: "aws:kms/keyPolicy:KeyPolicy" } as const;
