import type { Problem } from "../contract/errors";

/** Where in a file of settings something stands, counted from 1. */
export interface Position {
  /** Relative to the folder of Pulumi.yaml, with `/`. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** The setting that a finding comes from. */
export interface SettingPlace extends Position {
  /** e.g. `async-fleet:scaling.max` */
  readonly key: string;
  /** Whether the setting is written there; otherwise it is a default, and this is where it would be written. */
  readonly isWritten: boolean;
}

/** Who accepts a finding for now, and why. */
export interface Acceptance {
  readonly reason: string;
  readonly owner: string;
  /** The last day it holds, e.g. `2027-01-31`. */
  readonly expires: string;
}

/** One thing a rule said. */
export interface Finding {
  readonly policy: string;
  /** `advisory` or `mandatory`. */
  readonly level: string;
  /** `low`, `medium`, `high`, `critical`, or empty. */
  readonly severity: string;
  readonly stack: string;
  /** @default - the resource is of no region, or the finding is about the whole stack */
  readonly region?: string;
  readonly urn: string;
  readonly message: string;
  readonly fix: string;
  /** The resource's property, e.g. `asyncInferenceConfig.outputConfig.s3FailurePath`. @default - not told by the rule */
  readonly property?: string;
  /** @default - no setting causes it */
  readonly setting?: SettingPlace;
  /** Where to look: the setting, or the resource in the judged file. @default - nowhere in a file */
  readonly place?: Position;
  /** Set when a waiver accepts it: it is shown, and fails nothing. @default - not waived */
  readonly waiver?: Acceptance;
}

/** What is known of a rule. */
export interface RuleInfo {
  readonly name: string;
  readonly displayName: string;
  readonly description: string;
  readonly severity: string;
  /** How it is enforced where nobody sets it: `advisory` or `mandatory`. */
  readonly level: string;
  readonly fix: string;
  readonly group: string;
  /** The risk, in one sentence. @default - not told */
  readonly why?: string;
  /** The same demand in other tools, e.g. `Checkov CKV_AWS_98`. @default - none */
  readonly controls?: readonly string[];
}

/** What judging one stack came to. */
export interface StackVerdict {
  readonly stack: string;
  /** The preview or state that was judged. @default - the stack's program was recorded */
  readonly file?: string;
  readonly resources: number;
  readonly findings: readonly Finding[];
  /** Rules that are off for this stack. */
  readonly disabledRules: readonly string[];
  /** How often a rule said that a resource is not its affair. */
  readonly notApplicable: number;
  readonly seconds: {
    /** The program, or reading the file. */
    readonly record: number;
    /** How long the pack had questions to answer: from the first resource on, beside the program. */
    readonly judge: number;
    /** From the start of the program to the verdict, without what other stacks took. */
    readonly total: number;
  };
}

/** Everything a check found. */
export interface CheckReport {
  readonly stacks: readonly StackVerdict[];
  readonly rules: readonly RuleInfo[];
  /** What could not be judged, and why: while there is any, nothing is called clean. */
  readonly problems: readonly Problem[];
  /** From the call to the last verdict. */
  readonly seconds: number;
}

/** Whether a finding fails the check. */
export function isViolation({ level, waiver }: Finding): boolean {
  return level === "mandatory" && waiver === undefined;
}

/** 0 clean, 1 a mandatory rule is violated, 2 something could not be judged. */
export function exitCodeOf({ stacks, problems }: CheckReport): 0 | 1 | 2 {
  if (problems.length > 0) return 2;
  return stacks.some(({ findings }) => findings.some(isViolation)) ? 1 : 0;
}
