import type { Range } from "../../../contract/limits";
import { AwsError } from "../aws-error";

/** One member's constraint, in the words of AWS's validation errors. */
type Violation = string;

/** Collects what is wrong with an input and tells it all at once, as AWS does. */
export class Validation {
  private readonly violations: Violation[] = [];

  required(member: string, value: unknown): this {
    if (value === undefined || value === "") this.add(member, null, "Member must not be null");
    return this;
  }

  pattern(member: string, value: string | undefined, pattern: RegExp, longest: number): this {
    if (value === undefined) return this;
    if (value.length > longest) this.add(member, value, `Member must have length less than or equal to ${longest}`);
    if (!pattern.test(value))
      this.add(member, value, `Member must satisfy regular expression pattern: ${pattern.source}`);
    return this;
  }

  range(member: string, value: number | undefined, { min, max }: Range): this {
    if (value === undefined) return this;
    if (value < min) this.add(member, String(value), `Member must have value greater than or equal to ${min}`);
    if (value > max) this.add(member, String(value), `Member must have value less than or equal to ${max}`);
    return this;
  }

  /** @throws AwsError `code` with every violation */
  end(code: string): void {
    const count = this.violations.length;
    if (count === 0) return;
    throw new AwsError(
      code,
      `${count} validation error${count === 1 ? "" : "s"} detected: ${this.violations.join("; ")}`,
    );
  }

  private add(member: string, value: string | null, constraint: string): void {
    const shown = value === null ? "null" : `'${value}'`;
    this.violations.push(`Value ${shown} at '${member}' failed to satisfy constraint: ${constraint}`);
  }
}

/** Names of models, endpoint configurations and endpoints. */
export const namePattern = /^[a-zA-Z0-9]([-a-zA-Z0-9]*[a-zA-Z0-9])?$/;
export const s3UriPattern = /^(https|s3):\/\/([^/]+)\/?(.*)$/;

/** Bucket and key of an `s3://` or path- or host-style `https://` location. */
export function splitS3(location: string): { bucket: string; key: string } {
  const url = new URL(location);
  const path = decodeURIComponent(url.pathname.slice(1));
  if (url.protocol === "s3:") return { bucket: url.hostname, key: path };
  const hosted = /^(.+)\.s3[.-][^/]*$/.exec(url.hostname);
  if (hosted !== null) return { bucket: hosted[1] ?? "", key: path };
  const slash = path.indexOf("/");
  return { bucket: path.slice(0, slash), key: path.slice(slash + 1) };
}

/** `base` with `name` behind it, one slash between. */
export function under(base: string, ...names: readonly string[]): string {
  return names.reduce((path, name) => `${path.replace(/\/+$/, "")}/${name.replace(/^\/+/, "")}`, base);
}
