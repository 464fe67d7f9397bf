/** A place in S3, in the words of its commands. */
export interface Place {
  readonly Bucket: string;
  readonly Key: string;
}

/**
 * The bucket and key of a location that SageMaker gave: `s3://bucket/key`, or `https://` with the bucket in its host or
 * at the beginning of its path, as an endpoint with such an output path gives them.
 */
export function placeOf(location: string): Place {
  const s3 = /^s3:\/\/([^/]+)\/(.+)$/s.exec(location);
  if (s3 !== null) return { Bucket: s3[1] as string, Key: s3[2] as string };
  const { hostname, pathname } = new URL(location);
  const path = decodeURIComponent(pathname.slice(1));
  const hosted = /^(.+)\.s3[.-][^/]*$/.exec(hostname);
  if (hosted !== null) return { Bucket: hosted[1] as string, Key: path };
  const slash = path.indexOf("/");
  return { Bucket: path.slice(0, slash), Key: path.slice(slash + 1) };
}
