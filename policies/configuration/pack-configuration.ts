import { bucketPoliciesRefusePlainHttp } from "../remediations/tls";
import type { Rule } from "../rule";
import { WaiverLedger } from "../waivers/ledger";
import { loadWaivers } from "../waivers/load";
import { waiverRules } from "../waivers/rules";
import type { Waiver } from "../waivers/waiver";
import { readPoliciesSetting } from "./read";
import { type ResolvedRule, resolveRules } from "./resolve";
import type { RuleConfigs } from "./rule-configs";
import type { Configurable } from "./schemas";

export interface PackConfigurationOptions {
  readonly rules: readonly Rule[];
  /** The stack's name, for messages. */
  readonly stack: string;
  /** The stack's configuration: keys with their namespace, objects as JSON text. */
  readonly config: Readonly<Record<string, string>>;
  /** What paths in the configuration are relative to. */
  readonly projectFolder: string;
  /** A file for `--policy-pack-config`, read. @default - none */
  readonly policyConfig?: RuleConfigs;
}

/** How the pack judges one stack. */
export interface PackConfiguration {
  readonly resolved: Readonly<Record<string, ResolvedRule>>;
  readonly waivers: readonly Waiver[];
}

/** Every policy that a configuration may name: the given rules, the one that only mends, and those about waivers. */
export function configurableRules(rules: readonly Rule[]): readonly Configurable[] {
  return [...rules, bucketPoliciesRefusePlainHttp, ...waiverRules(new WaiverLedger([], () => ""))];
}

/**
 * Reads how the pack judges a stack: its setting, the file of waivers, and the configuration file laid over both.
 *
 * @throws UsageError with every problem (ASY-405 to ASY-413)
 */
export function readPackConfiguration(options: PackConfigurationOptions): PackConfiguration {
  const { rules, stack, config, projectFolder, policyConfig } = options;
  const known = configurableRules(rules);
  const setting = readPoliciesSetting(config, known, stack);
  const names = rules.map(({ name }) => name);
  const layers = policyConfig === undefined ? [setting.rules] : [setting.rules, policyConfig];
  return {
    resolved: resolveRules(known, setting.preset, layers),
    waivers: loadWaivers(projectFolder, setting.waivers, names),
  };
}
