import { isDeepStrictEqual } from "node:util";
import type { Policies, PolicyPackConfig } from "@pulumi/policy";
import { type Problem, UsageError } from "../contract/errors";
import { assemble } from "./assemble";
import {
  configurableRules,
  type PackConfiguration,
  type PackConfigurationOptions,
  readPackConfiguration,
} from "./configuration/pack-configuration";
import { resolveRules } from "./configuration/resolve";
import { readRuleConfigs } from "./configuration/rule-configs";
import type { OneReading } from "./one-reading";
import { defaultPreset } from "./presets";
import { dayOf } from "./waivers/match";

export interface SessionOptions extends Pick<PackConfigurationOptions, "rules" | "projectFolder"> {
  readonly now: () => Date;
  /** Gives rules about stacks their resources. @default - each is given its own */
  readonly reading?: OneReading;
}

/**
 * The pack in one run. What it serves follows from the stack's configuration, which arrives when it already serves: so
 * the two lists stay the same objects and change their content.
 */
export class PackSession {
  readonly policies: Policies = [];
  /** What an engine lays its own configuration over. */
  readonly initialConfig: PolicyPackConfig = {};
  private isConfigured = false;
  private resolved: PackConfiguration["resolved"] = {};

  constructor(private readonly options: SessionOptions) {
    this.serve({ resolved: resolveRules(configurableRules(options.rules), defaultPreset, []), waivers: [] });
  }

  /**
   * Takes a stack's configuration.
   *
   * @throws UsageError with every problem of the configuration or of the waivers (ASY-405 to ASY-413)
   */
  configureStack(stack: string, config: Readonly<Record<string, string>>): void {
    this.serve(readPackConfiguration({ ...this.options, stack, config }));
    this.isConfigured = true;
  }

  /** Whoever asks without a stack gets the default preset and the usual file of waivers. @throws as configureStack */
  describe(): void {
    if (!this.isConfigured) this.configureStack("", {});
  }

  /**
   * Looks at the parameters an engine or a check hands over: an engine passes on rules and parameters nobody knows.
   *
   * @throws UsageError ASY-406 or ASY-407
   */
  configure(parameters: Readonly<Record<string, unknown>>): void {
    const problems: Problem[] = [];
    // An engine's own key for every rule comes along without parameters.
    const { all: _, ...given } = parameters;
    // What the pack has told itself need not be looked at again.
    const byRule = Object.fromEntries(
      Object.entries(given).filter(([name, own]) => !isDeepStrictEqual(own, this.resolved[name]?.parameters)),
    );
    const at = (path: readonly string[]): string => `${path.join(".")} in the configuration of the policy pack`;
    readRuleConfigs(byRule, configurableRules(this.options.rules), at, problems);
    if (problems.length > 0) throw new UsageError(problems);
  }

  /** Whether any rule is to mend what it finds; `told` stands over the levels of the stack's own configuration. */
  mends(told: ReadonlyMap<string, boolean>): boolean {
    return this.policies.some(({ name, enforcementLevel }) => told.get(name) ?? enforcementLevel === "remediate");
  }

  private serve({ resolved, waivers }: PackConfiguration): void {
    const { rules, now, reading } = this.options;
    const today = () => dayOf(now());
    this.policies.splice(
      0,
      this.policies.length,
      ...assemble({ rules, resolved, waivers, today, ...(reading === undefined ? {} : { reading }) }),
    );
    this.resolved = resolved;
    for (const [name, { level, parameters }] of Object.entries(resolved))
      this.initialConfig[name] = { ...parameters, enforcementLevel: level };
  }
}
