import { readFileSync } from "node:fs";
import type { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import { UsageError } from "../contract/errors";
import { sharedSetting } from "./shared-config";

/** What the AWS SDK's HTTP handler is made with. */
export interface Network {
  readonly httpAgent?: HttpAgent;
  readonly httpsAgent: HttpsAgent;
}

const loopback = /^https?:\/\/(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:|\/|$)/i;
const proxyVariables = ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"];
/** As many as the AWS SDK opens of its own accord. */
const maxSockets = 50;

/**
 * The way to AWS that the environment names: a proxy (HTTPS_PROXY, HTTP_PROXY, ALL_PROXY, but not to the hosts of
 * NO_PROXY), and certificate authorities in place of the usual (AWS_CA_BUNDLE, else the profile's `ca_bundle` in the
 * shared configuration file). The AWS SDK for JavaScript reads neither by itself; NODE_EXTRA_CA_CERTS, which adds authorities, is Node's own. This machine is reached without a proxy.
 *
 * @returns undefined where nothing is said: the SDK's own way
 * @throws UsageError ASY-313 when the bundle cannot be read
 */
export function networkFor(
  endpoint: string | undefined,
  env: NodeJS.ProcessEnv = process.env,
  profile?: string,
): Network | undefined {
  if (endpoint !== undefined && loopback.test(endpoint)) return undefined;
  const proxied = proxyVariables.some((name) => (env[name] ?? "") !== "");
  const bundle = env.AWS_CA_BUNDLE
    ? { value: env.AWS_CA_BUNDLE, at: `AWS_CA_BUNDLE=${env.AWS_CA_BUNDLE}` }
    : sharedSetting("ca_bundle", env, profile);
  if (!proxied && bundle === undefined) return undefined;
  const settings = {
    keepAlive: true,
    maxSockets,
    ...(bundle === undefined ? {} : { ca: readBundle(bundle.value, bundle.at) }),
  };
  if (!proxied) return { httpsAgent: new HttpsAgent(settings) };
  // Loaded behind a proxy alone.
  const { ProxyAgent } = require("proxy-agent") as typeof import("proxy-agent");
  const agent = new ProxyAgent({ ...settings, httpsAgent: new HttpsAgent(settings) });
  return { httpAgent: agent, httpsAgent: agent as unknown as HttpsAgent };
}

function readBundle(path: string, at: string): string {
  try {
    const text = readFileSync(path, "utf8");
    if (text.includes("-----BEGIN CERTIFICATE-----")) return text;
    throw new UsageError({
      code: "ASY-313",
      at,
      got: "no certificate in it",
      expected: "PEM",
    });
  } catch (cause) {
    if (cause instanceof UsageError) throw cause;
    const { code, message } = cause as NodeJS.ErrnoException;
    throw new UsageError({
      code: "ASY-313",
      at,
      got: code === "ENOENT" ? "no such file" : (code ?? message),
      expected: "a file of certificates (PEM) that can be read",
    });
  }
}
