import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * The environment an engine runs in during a rehearsal: its home and its state in a temporary folder, no login, no AWS
 * credentials, no update check, and the AWS provider attached from this process.
 */
export function offlineEnvironment(folder: string, providerPort: number): Record<string, string> {
  const home = join(folder, "home");
  const state = join(folder, "state");
  for (const each of [home, state]) mkdirSync(each, { recursive: true });
  // The engine's own debug log, written for its makers into a home that is thrown away, was a third of its work. Some
  // releases heed the variable below; 3.259 does not, and goes without its log where there can be no folder for it.
  writeFileSync(join(home, "logs"), "");
  return {
    PULUMI_HOME: home,
    PULUMI_BACKEND_URL: `file://${state}`,
    PULUMI_CONFIG_PASSPHRASE: "",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    PULUMI_CREDENTIAL_STORE: "plaintext",
    PULUMI_ENABLE_AUTOMATIC_LOGGING: "false",
    // A short-lived process on a machine with memory to spare collects its garbage less often.
    GOGC: process.env.GOGC ?? "400",
    PULUMI_ACCESS_TOKEN: "",
    PULUMI_DEBUG_PROVIDERS: `aws:${providerPort}`,
    AWS_ACCESS_KEY_ID: "rehearsal",
    AWS_SECRET_ACCESS_KEY: "rehearsal",
    AWS_SESSION_TOKEN: "",
    AWS_PROFILE: "",
    AWS_EC2_METADATA_DISABLED: "true",
  };
}
