import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/**
 * A setting of a profile in AWS's shared configuration file, read at once: the AWS SDK's own reader makes its callers
 * wait, and what a client connects with is settled when it is made. A file that is not there says nothing.
 *
 * @param env where AWS_CONFIG_FILE and AWS_PROFILE are looked for
 */
export function sharedSetting(
  name: string,
  env: NodeJS.ProcessEnv,
  profile = env.AWS_PROFILE || "default",
): { readonly value: string; readonly at: string } | undefined {
  const path = env.AWS_CONFIG_FILE || join(homedir(), ".aws", "config");
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
  let isOwn = false;
  let value: string | undefined;
  for (const line of text.split(/\r?\n/)) {
    const section = /^\s*\[\s*(?:profile\s+)?["']?([^"'\]]*?)["']?\s*\]/.exec(line)?.[1];
    if (section !== undefined) isOwn = section === profile && (profile === "default" || /\[\s*profile\s/.test(line));
    // What is indented belongs to the setting above it, e.g. `s3 =`.
    else if (isOwn && line.startsWith(name)) {
      const found = /^\s*=\s*(.*?)\s*(?:\s[#;].*)?$/.exec(line.slice(name.length))?.[1];
      value = found === undefined || found === "" ? value : found;
    }
  }
  return value === undefined ? undefined : { value, at: `${name}=${value} of profile ${profile} in ${path}` };
}
