/** Where things lie in a region's bucket. Prefixes end in a slash and none is the beginning of another. */
export const prefixes = {
  inputs: "inputs/",
  results: "results/",
  failures: "failures/",
  model: "model/",
} as const;

/** `s3://bucket/prefix` */
export function s3Uri(bucket: string, key: string): string {
  return `s3://${bucket}/${key}`;
}

/** `template` with `{region}` and `{account}` filled in. */
export function fillTemplate(
  template: string,
  values: { readonly region: string; readonly accountId: string },
): string {
  return template.replaceAll("{region}", values.region).replaceAll("{account}", values.accountId);
}
