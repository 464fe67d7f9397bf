import { HeadObjectCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import type { Answer } from "../verdict";
import { asked, isNamed, statusOf } from "./asked";
import type { Asking } from "./asking";

/** Whether model data is there, and what of it is not. */
export type DataState = { readonly there: true } | { readonly missing: string };

/** Asks for an object, or for the first one under a prefix that ends in a slash. */
export function askModelData(asking: Asking, region: string, uri: string): Promise<Answer<DataState>> {
  const [, Bucket = "", Key = ""] = /^s3:\/\/([^/]+)\/?(.*)$/.exec(uri) ?? [];
  const client = asking.client(S3Client, region, asking.access.endpoint === undefined ? {} : { forcePathStyle: true });
  return asked(asking.signal, async (): Promise<DataState> => {
    try {
      if (Key === "" || Key.endsWith("/")) {
        const { KeyCount = 0 } = await client.send(
          new ListObjectsV2Command({ Bucket, Prefix: Key, MaxKeys: 1 }),
          asking.call,
        );
        return KeyCount > 0 ? { there: true } : { missing: "no object under this prefix" };
      }
      await client.send(new HeadObjectCommand({ Bucket, Key }), asking.call);
      return { there: true };
    } catch (cause) {
      if (isNamed(cause, "NoSuchBucket")) return { missing: "no such bucket" };
      if (isNamed(cause, "NotFound", "NoSuchKey")) return { missing: "no such object, or no such bucket" };
      if (statusOf(cause) === 301 || isNamed(cause, "AuthorizationHeaderMalformed")) {
        return { missing: `the bucket lies in another region than ${region}` };
      }
      throw cause;
    }
  });
}
