import { recordProgram } from "../../check/record-program";
import { plausibleAws } from "../../check/stand-in";
import { parseSettings } from "../../contract/settings";
import { preflight } from "../../preflight/preflight";
import type { RegisteredResource } from "../../preflight/registered-resource";
import { program } from "../../stacks/program";
import { rawSettingsOf, readStackConfig } from "../../stacks/stack-config";
import { type AwsOptions, awsAccess } from "../aws-options";
import { rootDir } from "../images";
import type { ExitCode } from "../main";
import type { Terminal } from "../terminal";
import { renderReport, statesIn } from "./report";

export interface PreflightCommandOptions extends AwsOptions {
  readonly stack: string;
  readonly json?: boolean;
  readonly strict?: boolean;
}

/** `fleet preflight`: asks an account whether a stack can be deployed to it. 1 when something would fail. */
export async function preflightCommand(
  options: PreflightCommandOptions,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<ExitCode> {
  const { stack } = options;
  const access = awsAccess(options);
  const { config } = await readStackConfig(rootDir, stack);
  const homeRegion = config["aws:region"];
  const settings = parseSettings(rawSettingsOf(config), {
    stack,
    ...(homeRegion === undefined ? {} : { homeRegion }),
  });
  terminal.progress("… asking who asks");
  const report = await preflight({
    access,
    signal,
    register: (accountId) => registered(stack, accountId),
    alternatives: (region) => settings.region[region]?.endpoint.alternatives ?? [],
    onProgress: (done, all, region) => terminal.progress(`… ${done} of ${all} asked about, ${region}`),
  });
  const states = statesIn(report);
  const failed = states.has("fail") || (options.strict === true && (states.has("warn") || states.has("unknown")));
  terminal.out(
    options.json
      ? JSON.stringify({ stack, ready: !failed, ...report }, null, 2)
      : renderReport(stack, report, terminal),
  );
  return failed ? 1 : 0;
}

/** What the stack's program registers, as if in this account. Nothing is created. */
async function registered(stack: string, accountId: string): Promise<readonly RegisteredResource[]> {
  const { resources } = await recordProgram({
    rootDir,
    stack,
    program: () => program({ rootDir }),
    stand: {
      create: plausibleAws.create,
      invoke: async (token, args) => {
        const answer = await plausibleAws.invoke(token, args);
        return token === "aws:index/getCallerIdentity:getCallerIdentity"
          ? { ...answer, accountId, id: accountId }
          : answer;
      },
    },
  });
  return resources;
}
