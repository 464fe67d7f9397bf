import { policyDocument, type Statement, tlsOnly } from "./policy-document";

const algorithm = "s3:x-amz-server-side-encryption";
const key = "s3:x-amz-server-side-encryption-aws-kms-key-id";
const customerKey = "s3:x-amz-server-side-encryption-customer-algorithm";

/**
 * What nobody may do with the bucket, whatever else he may: talk to it without TLS 1.2, or store something under another
 * key than the region's. It grants nothing.
 *
 * A put that names no encryption is fine: the bucket's default encrypts it with the region's key. A put that names some
 * must name that key in full, because S3 takes its own key for an algorithm named alone.
 */
export function bucketPolicy(bucketArn: string, keyArn: string): string {
  const everything = [bucketArn, `${bucketArn}/*`];
  const denyPut = (Sid: string, Condition: NonNullable<Statement["Condition"]>): Statement => ({
    Sid,
    Effect: "Deny",
    Principal: "*",
    Action: "s3:PutObject",
    Resource: `${bucketArn}/*`,
    Condition,
  });
  return policyDocument(
    tlsOnly("s3:*", everything),
    {
      Sid: "ModernTlsOnly",
      Effect: "Deny",
      Principal: "*",
      Action: "s3:*",
      Resource: everything,
      Condition: { NumericLessThan: { "s3:TlsVersion": "1.2" } },
    },
    denyPut("NoOtherAlgorithm", { Null: { [algorithm]: "false" }, StringNotEquals: { [algorithm]: "aws:kms" } }),
    denyPut("NoAlgorithmWithoutItsKey", { StringEquals: { [algorithm]: "aws:kms" }, Null: { [key]: "true" } }),
    denyPut("NoOtherKey", { Null: { [key]: "false" }, StringNotEquals: { [key]: keyArn } }),
    denyPut("NoCustomersOwnKey", { Null: { [customerKey]: "false" } }),
  );
}
